"""The words of mails: who is told what, and how it reads."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from inline_snapshot import snapshot

from lambdas.shipcaptaincrew.calls import Call, Kind, change_words, hours_words
from lambdas.shipcaptaincrew.event import Event, Status, from_item, to_item
from lambdas.shipcaptaincrew.letters import Letter, letter, way_in

ZONE = ZoneInfo("America/Los_Angeles")
NAMES = {"captain-001": "Ana Ruiz", "captain-002": "Eli Moor", "crew-001": "Ben Ito", "crew-002": "Cora Lind"}
LINK = "https://queenofsandiego.com/crew/xhqgmdh?token=" + "T" * 43
JADA = Event(
    event_id="ev-xhqgmdh-00000000",
    booking_id="xhqgmdh",
    status=Status.SCHEDULED,
    revision=1,
    event_name="Jada",
    captain_id="captain-001",
    crew_ids=("crew-001",),
    date=datetime.fromisoformat("2024-05-30T09:00:00-07:00"),
    duration_hours=Decimal(3),
    call_time=datetime.fromisoformat("2024-05-30T08:00:00-07:00"),
    dock="Sheraton Marina",
    guest_count=6,
    notes="One guest uses a cane.\nPlease help at the gangway.",
    crew_page="https://queenofsandiego.com/g/xhqgmdh-crew",
)


def written(kind: Kind, *, role: str = "crew", changes: tuple[str, ...] = (), event: Event = JADA) -> Letter:
    """Return a letter to Ben."""
    link = None if kind in {Kind.CANCELLED, Kind.RELEASED} else LINK
    call = Call(kind, "crew-001", role, event, changes)
    return letter(call, first_name="Ben", captain="Ana Ruiz", zone=ZONE, link=link, hours=48)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"date": "2024-05-30T10:00:00-07:00"}, ("starts 9 AM -> 10 AM",), id="start"),
        pytest.param({"date": "2024-05-30T17:00:00+00:00"}, ("starts 9 AM -> 10 AM",), id="start in another offset"),
        pytest.param(
            {"date": "2024-05-31T09:00:00-07:00", "call_time": "2024-05-31T08:00:00-07:00"},
            (
                "crew call Thu, May 30, 8 AM -> Fri, May 31, 8 AM",
                "starts Thu, May 30, 9 AM -> Fri, May 31, 9 AM",
            ),
            id="another day",
        ),
        pytest.param({"duration_hours": Decimal("3.5")}, ("lasts 3 h -> 3 h 30 min",), id="duration"),
        pytest.param({"dock": "Harbor Island"}, ("dock Sheraton Marina -> Harbor Island",), id="dock"),
        pytest.param({"captain_id": "captain-002"}, ("captain Ana Ruiz -> Eli Moor",), id="captain"),
        pytest.param(
            {"captain_id": "crew-001", "crew_ids": ("captain-001",)}, ("captain Ana Ruiz -> Ben Ito",), id="swapped"
        ),
        pytest.param({"crew_ids": ("crew-001", "crew-002")}, ("joins: Cora Lind",), id="one more"),
        pytest.param({"crew_ids": ()}, ("leaves: Ben Ito",), id="one less"),
        pytest.param({"crew_ids": ("crew-009",)}, ("joins: crew-009", "leaves: Ben Ito"), id="name not known"),
        pytest.param({"event_name": "Zoe"}, ("boat Jada -> Zoe",), id="boat"),
        pytest.param({"guest_count": 9, "notes": ""}, (), id="what tells nobody"),
    ],
)
def test_changes_in_words(changes: dict[str, object], words: tuple[str, ...]) -> None:
    """What became different is said in short phrases, in the dock's own time."""
    instants = {name: datetime.fromisoformat(str(changes[name])) for name in ("date", "call_time") if name in changes}
    after = from_item({**to_item(JADA), **changes, **{name: str(instants[name]) for name in instants}})

    assert change_words(JADA, after, names=NAMES, zone=ZONE) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [("3", "3 h"), ("2.5", "2 h 30 min"), ("0.75", "45 min"), ("0.3333", "20 min"), ("24", "24 h"), ("1.9999", "2 h")],
)
def test_durations_in_words(hours: str, words: str) -> None:
    """A duration is said in hours and minutes."""
    assert hours_words(Decimal(hours)) == words


def test_an_invitation() -> None:
    """An invitation says when, where, with whom and how to get in."""
    assert written(Kind.INVITED).subject == snapshot("Crew call: Jada, Thu, May 30, 8 AM")
    assert written(Kind.INVITED).text == snapshot("""\
Hello Ben,

You are aboard. Here is your call.

Day:       Thu, May 30
Crew call: 8 AM PDT
Start:     9 AM, for 3 h
Boat:      Jada
Dock:      Sheraton Marina
Guests:    6
Your role: crew
Captain:   Ana Ruiz

Notes:
One guest uses a cane.
Please help at the gangway.

Checklist and everything else:
https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 48 hours. If it has run out, ask for a fresh one.
""")


def test_a_change() -> None:
    """A mail about a change names it before it repeats the call."""
    changed = written(Kind.CHANGED, changes=("starts 8 AM -> 9 AM", "dock A -> B"))

    assert changed.subject == snapshot("Changed: Jada, Thu, May 30, 8 AM")
    assert changed.text == snapshot("""\
Hello Ben,

Something changed. Here is your call as it stands now.

* starts 8 AM -> 9 AM
* dock A -> B

Day:       Thu, May 30
Crew call: 8 AM PDT
Start:     9 AM, for 3 h
Boat:      Jada
Dock:      Sheraton Marina
Guests:    6
Your role: crew
Captain:   Ana Ruiz

Notes:
One guest uses a cane.
Please help at the gangway.

Checklist and everything else:
https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 48 hours. If it has run out, ask for a fresh one.
""")


def test_a_cancellation() -> None:
    """A cancellation is brief and carries no link."""
    assert written(Kind.CANCELLED).subject == snapshot("Cancelled: Jada, Thu, May 30, 8 AM")
    assert written(Kind.CANCELLED).text == snapshot("""\
Hello Ben,

This charter is cancelled, so there is nothing for you to do. Thank you for having been ready.

Day:       Thu, May 30
Crew call: 8 AM
Boat:      Jada
Dock:      Sheraton Marina
""")


def test_a_release() -> None:
    """Who is no longer needed hears of which charter."""
    assert written(Kind.RELEASED).subject == snapshot("Not needed: Jada, Thu, May 30, 8 AM")
    assert written(Kind.RELEASED).text == snapshot("""\
Hello Ben,

You are no longer needed on this charter. Thank you for having been ready.

Day:       Thu, May 30
Crew call: 8 AM
Boat:      Jada
Dock:      Sheraton Marina
""")


def test_a_return() -> None:
    """A reinstated charter is told with the whole call."""
    assert written(Kind.REINSTATED, role="captain").subject == snapshot("Back on: Jada, Thu, May 30, 8 AM")
    assert written(Kind.REINSTATED, role="captain").text == snapshot("""\
Hello Ben,

This charter sails after all. Here is your call.

Day:       Thu, May 30
Crew call: 8 AM PDT
Start:     9 AM, for 3 h
Boat:      Jada
Dock:      Sheraton Marina
Guests:    6
Your role: captain

Notes:
One guest uses a cane.
Please help at the gangway.

Checklist and everything else:
https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 48 hours. If it has run out, ask for a fresh one.
""")


def test_a_call_on_the_evening_before() -> None:
    """When the crew is called on another day than the start, both days are named."""
    event = replace(JADA, call_time=datetime.fromisoformat("2024-05-29T21:00:00-07:00"))
    mail = written(Kind.INVITED, event=event)

    assert mail.subject == "Crew call: Jada, Wed, May 29, 9 PM"
    assert "Start:     Thu, May 30, 9 AM, for 3 h\n" in mail.text


def test_markup_is_text() -> None:
    """Names and notes with markup in them are shown as they were written."""
    event = replace(JADA, event_name="<b>Jada</b>", notes="<img src=x onerror=alert(1)>", dock='"A" & B')
    mail = written(Kind.CHANGED, event=event, changes=("dock <i> -> B",))

    assert "<b>" not in mail.html
    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in mail.html
    assert "<li>dock &lt;i&gt; → B</li>" in mail.html
    assert f'href="{LINK}"' in mail.html


def test_a_way_in() -> None:
    """A new link comes with what tells this charter from others, and nothing else of it."""
    mail = way_in(JADA, first_name="Ben", zone=ZONE, link=LINK, hours=48)

    assert mail.subject == snapshot("Your way in: Jada, Thu, May 30, 8 AM")
    assert mail.text == snapshot("""\
Hello Ben,

Here is your new link to the crew page.

Boat:      Jada
Day:       Thu, May 30
Crew call: 8 AM PDT

https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 48 hours. If you did not ask for it, there is nothing to do.
""")
    assert f'href="{LINK}"' in mail.html
    assert [fact in mail.text + mail.html for fact in ("Sheraton", "cane", "Ana Ruiz", "Guests")] == [False] * 4


def test_a_way_in_to_the_board() -> None:
    """The link to the ops board comes alone."""
    mail = way_in(None, first_name="Ben", zone=ZONE, link=LINK, hours=1)

    assert mail.subject == snapshot("Your way in: ops board")
    assert mail.text == snapshot("""\
Hello Ben,

Here is your link to the ops board.

https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 1 hour. If you did not ask for it, there is nothing to do.
""")
    assert f'href="{LINK}"' in mail.html
    assert "<table" not in mail.html
