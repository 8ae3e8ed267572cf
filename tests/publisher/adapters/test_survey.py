"""Looks at what stands: a list is read to its end, however a service cuts it; a long look is counted, and stops."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.worlds import Clock, Impatient, Silent

from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.http import Http
from publisher.adapters.lists import entries_between, mails_of
from publisher.adapters.patience import Patience
from publisher.adapters.plain import PlainApi
from publisher.adapters.survey import by_booking, survey
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.errors import StoppedError
from publisher.fence.lease import NoLease
from publisher.seen import Part, Wish
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from support.service import Service

DAYS = ("2024-05-01", "2024-06-01")
BOOKINGS = ["aaaaaaa", "bbbbbbb", "ccccccc"]
PATIENCE = Patience(tries=1)


def page(*bookings: str, **more: str) -> tuple[int, bytes]:
    """Return an answer with the entries of some bookings."""
    return 200, json.dumps({"entries": [{"booking_id": booking} for booking in bookings], **more}).encode()


def api(service: Service) -> PlainApi:
    """Return what asks the service."""
    http = Http(endpoint=None, clock=Clock(), patience=PATIENCE)
    return PlainApi(service.url, http, secret=lambda: ("X-Key", "sesame"))


def unhurried() -> Hands:
    """Return what reads without a lease, whom nobody stops."""
    return Hands(NoLease(), Clock(), stop=Never(), progress=Silent())


@pytest.fixture
def target(service: Service, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Return a target all of which answers as both services do, which is not how S3 answers."""
    monkeypatch.setenv("SESAME", "open")
    said: dict[str, Any] = {"events": [{"event_id": "e-1"}], "members": ["crew-001"], "mails": []}
    service.answers = [(200, json.dumps(said | {"entries": [{"booking_id": "aaaaaaa"}]}).encode())]
    return Target(
        name="tried",
        sites={site: SiteTarget(service.url, f"{site.value}-pages", "E1EXAMPLE") for site in Site},
        state="s3://state/",
        scc=ServiceTarget(service.url, "env:SESAME"),
        dashboard=ServiceTarget(service.url, "env:SESAME"),
        region="us-west-2",
        endpoint=service.url,
        credentials=Credentials("key", "secret"),
    )


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([page("aaaaaaa", "bbbbbbb", "ccccccc")], id="one page"),
        pytest.param([page("aaaaaaa", next="2024-05-30#b"), page("bbbbbbb", "ccccccc")], id="two pages"),
        pytest.param([page("aaaaaaa", "bbbbbbb", "ccccccc", next="the same again")], id="one page for ever"),
    ],
)
def test_entries_are_read_page_by_page(service: Service, answers: Any) -> None:
    """`next` is followed until there is none, and not for ever."""
    service.answers = list(answers)

    found = {entry["booking_id"] for entry in entries_between(api(service), *DAYS)}

    assert sorted(found) == BOOKINGS
    assert service.asked[0][1] == "/calendar?from=2024-05-01&to=2024-06-01"
    assert len(service.asked) <= 2


def test_mails_are_read_page_by_page(service: Service) -> None:
    """The mails of every page are told, those of one booking together; an empty page is not the last."""
    first, last = {"booking_id": "aaaaaaa", "mail_id": "1"}, {"booking_id": "aaaaaaa", "mail_id": "2"}
    pages: list[dict[str, Any]] = [{"mails": [first], "next": "b#1"}, {"mails": [], "next": "c#1"}, {"mails": [last]}]
    service.answers = [(200, json.dumps(page).encode()) for page in pages]

    found = by_booking(mails_of(api(service)) or ())

    assert found == {"aaaaaaa": (first, last)}
    assert [asked[1] for asked in service.asked] == ["/mail", "/mail?next=b%231", "/mail?next=c%231"]


def test_a_part_that_will_not_answer_is_silent_and_the_others_are_seen(service: Service, target: Target) -> None:
    """Of a booking that is not where it should be in the calendar, the entry is asked for by itself."""
    seen = survey(target, Wish(BOOKINGS, {}, DAYS), State(), patience=PATIENCE, reads=unhurried())

    assert (seen.silent.keys(), [*seen.events], [*seen.entries]) == ({Part.PAGE}, BOOKINGS, BOOKINGS)
    assert (seen.members, seen.mails) == (frozenset({"crew-001"}), {})
    assert {path for _, path, *_ in service.asked if path.startswith("/calendar")} == {
        "/calendar?from=2024-05-01&to=2024-06-01",
        *(f"/calendar?booking_id={booking}" for booking in BOOKINGS[1:]),
    }


def test_who_answers_with_something_else_is_not_asked_on(service: Service, target: Target) -> None:
    """An event without an id is none: that part is silent, and nobody waits for three hundred of them."""
    service.answers = [(200, json.dumps(json.loads(service.answers[0][1]) | {"events": [{"id": 1}]}).encode())]
    wish = Wish([f"{number:07}" for number in range(300)], {}, DAYS)

    seen = survey(target, wish, State(), patience=PATIENCE, reads=unhurried())

    assert seen.silent[Part.EVENT] == "ShipCaptainCrew answered with something that is not an event"
    assert len([path for _, path, *_ in service.asked if path.startswith("/events")]) < 100


def test_a_long_look_is_counted_and_stops_where_somebody_asks(service: Service, target: Target) -> None:
    """Who presses Ctrl-C at the first of ten thousand bookings does not wait for the last."""
    wish = Wish([f"{number:07}" for number in range(10_000)], {}, DAYS)
    progress = Impatient("looking at what stands", most=5)

    with pytest.raises(StoppedError):
        survey(
            target,
            wish,
            State(),
            patience=PATIENCE,
            reads=Hands(NoLease(), Clock(), stop=progress, progress=progress),
        )

    assert len(service.asked) < 200
    assert progress.seen[-1][1] == len(wish.bookings) + len(("lists of objects",) * 4 + ("calendar", "crew", "mail"))
