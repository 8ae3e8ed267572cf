"""Whose credentials, until when, and by which clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.credentials import RefreshableCredentials
from support.patients import API, DATE, NOW, account, patient, service, told

from castoff.cloud.account import Account
from castoff.cloud.doctor import access
from castoff.cloud.doctor.finding import Verdict

SENT = datetime(2024, 5, 28, 12, 0, tzinfo=UTC)
"""What DATE says, to the second."""

CLOCKS: list[tuple[str, timedelta, timedelta, Verdict, str]] = [
    ("the same second", timedelta(0), timedelta(milliseconds=900), Verdict.OK, "right to the second"),
    ("a long answer", timedelta(seconds=-4), timedelta(seconds=8), Verdict.OK, "right to the second"),
    ("a second before", timedelta(seconds=-1), timedelta(0), Verdict.OK, "right to the second"),
    ("three behind", timedelta(seconds=-3), timedelta(0), Verdict.WARN, "3 s behind"),
    ("three ahead", timedelta(seconds=4), timedelta(0), Verdict.WARN, "3 s ahead"),
    ("five minutes behind", timedelta(seconds=-300), timedelta(0), Verdict.WARN, "300 s behind"),
    ("more than that", timedelta(seconds=-301), timedelta(0), Verdict.WRONG, "301 s behind: AWS refuses what it signs"),
    ("an hour ahead", timedelta(hours=1), timedelta(0), Verdict.WRONG, "3,599 s ahead: AWS refuses what it signs"),
]


@pytest.mark.parametrize(("what", "off", "took", "verdict", "words"), CLOCKS, ids=[row[0] for row in CLOCKS])
def test_how_far_the_clock_is_off(what: str, off: timedelta, took: timedelta, verdict: Verdict, words: str) -> None:
    """Beyond five minutes AWS takes no signature; what an answer's second and its way hide is not counted."""
    found = access.clock(patient(), {"scc-answers": (SENT + off, told(401), SENT + off + took)})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"
    assert told(401).headers["date"] == DATE


def test_an_answer_without_a_date_tells_no_time() -> None:
    """Which is not held against the clock."""
    dateless = told(401, date="yesterday")

    assert access.clock(patient(), {"scc-answers": (NOW, dateless, NOW)}).verdict is Verdict.SKIPPED


def lent(minutes: float) -> Account:
    """Return an account with credentials of a role that end in so many minutes, however often they are lent anew."""
    ends = NOW + timedelta(minutes=minutes)
    again = {"access_key": "key", "secret_key": "secret", "token": "token", "expiry_time": ends.isoformat()}
    session = boto3.Session(region_name="us-west-2")
    held = RefreshableCredentials("key", "secret", "token", ends, lambda: again, "role", time_fetcher=lambda: NOW)
    session._session._credentials = held  # where botocore keeps what a provider found
    return Account(session)


SESSIONS: list[tuple[str, Account, Verdict, str]] = [
    ("a user's", account(), Verdict.OK, "a user's key, which does not expire"),
    ("of a role, in the environment", account(token="t"), Verdict.OK, "until when, its credentials do not say"),
    ("of a role, for long", lent(95), Verdict.OK, "lent by a role, for 1 h 35 min more"),
    ("of a role, for short", lent(14), Verdict.WARN, "lent by a role, for 14 more minutes"),
]


@pytest.mark.parametrize(("what", "held", "verdict", "words"), SESSIONS, ids=[row[0] for row in SESSIONS])
def test_how_long_the_credentials_last(what: str, held: Account, verdict: Verdict, words: str) -> None:
    """A publish takes minutes: what ends before is told."""
    found = access.session(patient(account=held), {})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"


def test_another_region_than_that_of_the_services() -> None:
    """Secrets are looked for where AWS is asked."""
    here = access.region(patient(), {})
    elsewhere = access.region(patient(account=account(region="us-east-1")), {})
    own = access.region(patient(scc=service(url="https://crew.example.com")), {})

    assert (here.verdict, own.verdict) == (Verdict.OK, Verdict.OK)
    assert elsewhere.words == "AWS is asked in us-east-1, and ShipCaptainCrew is in us-west-2"
    assert API.split(".")[2] == "us-west-2"
