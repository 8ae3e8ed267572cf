"""What was changed by hand, found and mended: named by `status`, shown by a plan, done once, and then all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from support.hands import Hands

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")
_OWN: Final = {"event_id": "", "revision": 0}
"""What a service makes up itself: another where an event is made anew."""


def guest_page(harbour: Harbour, charter: str) -> str:
    """Return the key of a charter's guest page."""
    (path,) = [path for path in harbour.witness.paths() if path.endswith(f"{charter}.html") and "guest-" in path]
    return path.removeprefix("guest/")


DRIFTS: Final[dict[str, tuple[Callable[[Hands, Harbour, str], Any], str, int]]] = {
    "a page written over": (
        lambda hands, harbour, charter: hands.write(guest_page(harbour, charter), b"<h1>by hand</h1>"),
        "page: not what the last publish wrote",
        0,
    ),
    "a page deleted": (
        lambda hands, _harbour, charter: hands.delete(f"g/{charter}-crew.html"),
        "page: gone from its bucket",
        0,
    ),
    "other headers": (
        lambda hands, harbour, charter: hands.write(
            f"g/{charter}-crew.html", harbour.witness.stored(f"guest/g/{charter}-crew.html")[1]
        ),
        "page: its headers were changed by hand",
        0,
    ),
    "an event edited": (
        lambda hands, _harbour, charter: hands.edit_event(charter, dock="Elsewhere"),
        "event: changed in ShipCaptainCrew by hand: dock",
        2,
    ),
    "an event cancelled": (
        lambda hands, _harbour, charter: hands.edit_event(charter, status="cancelled"),
        "event: cancelled in ShipCaptainCrew by hand, published as scheduled",
        2,
    ),
    "an event gone": (
        lambda hands, _harbour, charter: hands.forget_event(charter),
        "event: event ev-",
        2,
    ),
    "an event lost": (
        lambda hands, _harbour, charter: hands.lose_event(charter),
        "event: event ev-",
        2,
    ),
    "an entry changed": (
        lambda hands, _harbour, charter: hands.edit_entry(charter, vessel="Another"),
        "calendar: changed in the dashboard by hand: vessel",
        0,
    ),
    "an entry removed": (
        lambda hands, _harbour, charter: hands.remove_entry(charter),
        "calendar: the entry is gone from the dashboard",
        0,
    ),
}


@pytest.mark.usefixtures("calm")
def test_each_drift_is_named_and_mended(harbour: Harbour) -> None:
    """`status` says what, with exit 1; the repair writes that alone, mails whom its plan said, and all is well."""
    hands, charters = Hands(harbour.project), {}
    for name in DRIFTS:
        charters[name] = f"hand{(day := next(harbour.days)):03}"
        harbour.project.book(charters[name], days=day)
    harbour.project.commit()
    assert harbour.publish().code == 0
    before, events = harbour.witness.objects(), {key: harbour.witness.events(key) for key in charters.values()}
    for name, (meddle, _, _) in DRIFTS.items():
        meddle(hands, harbour, charters[name])
    sent, told = len(harbour.witness.mails()), {key: len(harbour.witness.mails(key)) for key in charters.values()}

    named = harbour.project.castoff("status", *_LOCAL, "--json")
    planned = harbour.project.castoff("plan", *_LOCAL, "--repair", "--json")
    assert planned.code == 0, planned.err
    plan = planned.json()
    mended = harbour.publish("--repair")
    again = harbour.project.castoff("status", *_LOCAL)

    assert (named.code, mended.code, again.code) == (1, 0, 0), (mended.err, again.out)
    for name, (_, words, mails) in DRIFTS.items():
        key = charters[name]
        (difference,) = named.json()["bookings"][key]["differences"]
        assert f"{difference['part']}: {difference['words']}".startswith(words)
        (group,) = [group for group in plan["bookings"] if group["booking"] == key]
        assert (group["sort"], len(group["mails"])) == ("mended", mails)
        assert len(harbour.witness.mails(key)) - told[key] == mails
        (event,), (was,) = harbour.witness.events(key), events[key]
        assert {**event, **_OWN} == {**was, **_OWN}
        assert len(harbour.witness.entries(key)) == 1
    assert len(harbour.witness.mails()) - sent == plan["mails"] == sum(mails for _, _, mails in DRIFTS.values())
    assert harbour.witness.objects() == before
    assert "    facts  dock Elsewhere → Sheraton Marina\n" in mended.err
    assert "nothing to do" in harbour.publish("--repair").err


def test_a_crew_member_whom_the_service_forgot_is_told_to_it_again(harbour: Harbour, charter: str) -> None:
    """Else the next charter of theirs could not be called; who sails is mailed nothing."""
    assert harbour.publish().code == 0
    sent = len(harbour.witness.mails())
    Hands(harbour.project).forget_member("crew-001")

    named = harbour.project.castoff("status", *_LOCAL)
    mended = harbour.publish("--repair")
    again = harbour.project.castoff("status", charter, *_LOCAL)

    assert (named.code, mended.code, again.code) == (1, 0, 0), mended.err
    assert "event: crew whom ShipCaptainCrew does not know any more: crew-001" in named.out
    assert len(harbour.witness.mails()) == sent
    assert "crew-001" in (Hands(harbour.project).services.crew("GET", "/crew-members").value or {})["members"]


def test_a_publish_that_meets_a_changed_page_says_how_to_mend_it(harbour: Harbour, charter: str) -> None:
    """It writes over nothing that it did not leave there."""
    assert harbour.publish().code == 0
    Hands(harbour.project).write(f"g/{charter}-crew.html", b"<h1>by hand</h1>")
    harbour.project.replace(f"bookings/{charter}.yaml", "duration: 3h", "duration: 4h")
    harbour.project.commit()

    refused = harbour.publish()

    assert refused.code == 1
    assert f"/g/{charter}-crew.html is not what the last publish left there" in refused.err
    assert "hint: run `castoff publish --repair --target local`" in refused.err
    assert harbour.publish("--repair").code == 0
    assert harbour.project.castoff("status", charter, *_LOCAL).code == 0


def test_a_page_of_the_operators_own_is_named_and_left_alone(harbour: Harbour, charter: str) -> None:
    """What no publish wrote goes by a flag of its own."""
    assert harbour.publish().code == 0
    Hands(harbour.project).write("g/from-before.html", b"<h1>an old friend</h1>")

    named = harbour.project.castoff("status", *_LOCAL)
    kept = harbour.publish("--repair")

    assert (named.code, kept.code) == (1, 0)
    assert "page: written by no publish: guest/g/from-before.html" in named.out
    assert "guest/g/from-before.html" in harbour.witness.paths()

    removed = harbour.publish("--repair", "--remove-strays")

    assert removed.code == 0
    assert "guest/g/from-before.html" not in harbour.witness.paths()
    assert charter in removed.err or harbour.project.castoff("status", *_LOCAL).code == 0
