"""The sender of crew mail: made once, and not where SES has it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from support.shore import SETTINGS, Answering

from castoff.cloud.account import account_in
from castoff.cloud.setup.sender import with_sender
from castoff.cloud.standing import Standing, load_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from support.shore import Shore

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts
    from castoff.cloud.setup.change_set import ChangeSet

DOMAIN = "verified.example.com"
ADDRESS = "crew@waiting.example.com"
NEW = "crew@unknown.example.com"


@pytest.fixture(scope="module")
def sender_account(cloud: Facts) -> Account:
    """Return an account whose SES has one domain and one address."""
    account = account_in(cloud, "admin")
    for identity in (DOMAIN, ADDRESS):
        account.session.client("sesv2", **account.options).create_email_identity(EmailIdentity=identity)
    return account


def standing(*, made: bool, **parameters: str) -> Standing:
    """Return a stack with or without a sender of its own."""
    resources = {"MailIdentity": parameters["MailFrom"]} if made else {}
    return Standing("castoff", "UPDATE_COMPLETE", {}, parameters, resources, datetime(2024, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("what", "stack", "asked", "named"),
    [
        ("nobody has it", None, {"MailFrom": NEW}, ""),
        ("SES has the address", None, {"MailFrom": ADDRESS}, ADDRESS),
        ("SES has its domain", None, {"MailFrom": f"crew@{DOMAIN}"}, DOMAIN),
        ("it was said", None, {"MailFrom": ADDRESS, "MailIdentityName": ""}, None),
        ("the stack made it", standing(made=True, MailFrom=ADDRESS), {"MailFrom": ADDRESS}, None),
        ("the stack made it, and nothing is asked", standing(made=True, MailFrom=ADDRESS), {"MailFrom": None}, None),
        ("the stack made another", standing(made=True, MailFrom=ADDRESS), {"MailFrom": NEW}, ""),
        (
            "the stack made another, and SES has the new one",
            standing(made=True, MailFrom=NEW),
            {"MailFrom": ADDRESS, "MailIdentityName": None},
            ADDRESS,
        ),
        (
            "the stack was given it",
            standing(made=False, MailFrom=ADDRESS, MailIdentityName=ADDRESS),
            {"MailFrom": ADDRESS, "MailIdentityName": None},
            None,
        ),
        (
            "the stack was given one that is gone",
            standing(made=False, MailFrom=NEW, MailIdentityName=NEW),
            {"MailFrom": NEW, "MailIdentityName": None},
            "",
        ),
    ],
)
def test_what_ses_has_is_not_made_again(
    sender_account: Account, what: str, stack: Standing | None, asked: Mapping[str, str | None], named: str | None
) -> None:
    """The address before its domain; what the stack made stays its own."""
    found = with_sender(sender_account, stack, asked)

    assert (what, found) == (what, {} if named is None else {"MailIdentityName": named})


def test_whoever_sends_mail_already_can_set_up(ashore: Callable[..., Shore]) -> None:
    """The stack makes no sender, and finds nothing to do the next time; another one is a loss that is told of."""
    settings = SETTINGS.replace("sail@example.com", "sail@at-sea.example.com")
    shore = ashore("mailing", settings)
    ses = shore.account.session.client("sesv2", **shore.account.options)
    ses.create_email_identity(EmailIdentity="at-sea.example.com")

    shore.set_up()

    made = load_standing(shore.account, "mailing")
    assert made is not None
    assert (made.parameters["MailIdentityName"], "MailIdentity" in made.resources) == ("at-sea.example.com", False)
    assert shore.set_up(given={}).nothing

    text = shore.settings.read_text(encoding="utf-8")
    shore.settings.write_text(text.replace("at-sea.", "ashore."), encoding="utf-8")
    shore.set_up(given={})
    shore.settings.write_text(text, encoding="utf-8")
    operator = Answering(changes_too=False)
    shore.set_up(given={}, operator=operator)

    [change_set] = operator.shown
    assert [one.physical for one in _losses(change_set)] == ["sail@ashore.example.com"]


def _losses(change_set: ChangeSet) -> list[object]:
    return [one for one in change_set.changes if one.loses]
