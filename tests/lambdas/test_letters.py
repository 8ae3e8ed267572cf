"""The words of mails: who is told what, and how it reads."""

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from inline_snapshot import snapshot

from lambdas.shipcaptaincrew.brand import Brand
from lambdas.shipcaptaincrew.calls import Call, Kind, change_words, hours_words, kept_words, plan_calls
from lambdas.shipcaptaincrew.event import Event, Status, from_item, to_item
from lambdas.shipcaptaincrew.letters import Letter, letter, way_in

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime.fromisoformat("2024-05-20T12:00:00-07:00")
BRAND = Brand("Queen of San Diego", "619-555-0142")
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
    return letter(call, first_name="Ben", captain="Ana Ruiz", zone=ZONE, link=link, hours=48, now=NOW, brand=BRAND)


def changed(changes: dict[str, object]) -> Event:
    """Return Jada's charter with changes."""
    return from_item({**to_item(JADA), **changes})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"date": "2024-05-30T10:00:00-07:00"}, ("Start moved from 9 AM to 10 AM",), id="start"),
        pytest.param(
            {"date": "2024-05-30T17:00:00+00:00"}, ("Start moved from 9 AM to 10 AM",), id="start in another offset"
        ),
        pytest.param(
            {"date": "2024-05-31T09:00:00-07:00", "call_time": "2024-05-31T08:00:00-07:00"},
            (
                "Crew call moved from Thu, May 30, 8 AM to Fri, May 31, 8 AM",
                "Start moved from Thu, May 30, 9 AM to Fri, May 31, 9 AM",
            ),
            id="another day",
        ),
        pytest.param(
            {"date": "2025-05-30T09:00:00-07:00"},
            ("Start moved from Thu, May 30, 2024, 9 AM to Fri, May 30, 2025, 9 AM",),
            id="another year",
        ),
        pytest.param({"duration_hours": Decimal("3.5")}, ("Length changed from 3 h to 3 h 30 min",), id="duration"),
        pytest.param({"dock": "Harbor Island"}, ("Dock changed from Sheraton Marina to Harbor Island",), id="dock"),
        pytest.param({"captain_id": "captain-002"}, ("Captain changed from Ana Ruiz to Eli Moor",), id="captain"),
        pytest.param(
            {"captain_id": "crew-001", "crew_ids": ("captain-001",)},
            ("Captain changed from Ana Ruiz to Ben Ito",),
            id="swapped",
        ),
        pytest.param({"crew_ids": ("crew-001", "crew-002")}, (), id="one more"),
        pytest.param({"crew_ids": ()}, (), id="one less"),
        pytest.param({"captain_id": "crew-009"}, ("Captain changed from Ana Ruiz to crew-009",), id="name not known"),
        pytest.param({"event_name": "Zoe"}, ("Boat changed from Jada to Zoe",), id="boat"),
        pytest.param({"guest_count": 9, "notes": ""}, (), id="what tells nobody"),
    ],
)
def test_changes_in_words(changes: dict[str, object], words: tuple[str, ...]) -> None:
    """What became different is said in short phrases, in the dock's own time."""
    assert change_words(JADA, changed(changes), names=NAMES, zone=ZONE) == words


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    """In the night in which clocks go back, the same words would mean two times."""
    first = changed({"call_time": "2024-11-03T00:30:00-07:00", "date": "2024-11-03T01:30:00-07:00"})
    second = from_item({**to_item(first), "date": "2024-11-03T01:30:00-08:00"})

    assert change_words(first, second, names=NAMES, zone=ZONE) == ("Start moved from 1:30 AM PDT to 1:30 AM PST",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param(
            {"dock": "Harbor Island"}, ("Time unchanged: crew call 8 AM, start 9 AM",), id="another dock, same time"
        ),
        pytest.param(
            {"date": "2024-05-30T10:00:00-07:00", "call_time": "2024-05-30T09:00:00-07:00"},
            ("Dock unchanged: Sheraton Marina",),
            id="another time, same dock",
        ),
        pytest.param(
            {"date": "2024-05-30T10:00:00-07:00"},
            ("Crew call unchanged: 8 AM", "Dock unchanged: Sheraton Marina"),
            id="only the start",
        ),
        pytest.param(
            {"call_time": "2024-05-30T07:00:00-07:00"},
            ("Start unchanged: 9 AM", "Dock unchanged: Sheraton Marina"),
            id="only the call",
        ),
        pytest.param(
            {"captain_id": "captain-002"},
            ("Time unchanged: crew call 8 AM, start 9 AM", "Dock unchanged: Sheraton Marina"),
            id="neither",
        ),
    ],
)
def test_what_stayed_in_words(changes: dict[str, object], words: tuple[str, ...]) -> None:
    """Of time and dock, what stayed is said: nobody has to compare two mails."""
    assert kept_words(JADA, changed(changes), zone=ZONE) == words


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"guest_count": 9, "notes": ""}, {}, id="guests and notes concern nobody by mail"),
        pytest.param(
            {"crew_ids": ("crew-001", "crew-002")}, {"crew-002": Kind.INVITED}, id="one more, and the others rest"
        ),
        pytest.param({"crew_ids": ()}, {"crew-001": Kind.RELEASED}, id="one less, and the others rest"),
        pytest.param(
            {"crew_ids": ("crew-002",), "dock": "Harbor Island"},
            {"captain-001": Kind.CHANGED, "crew-002": Kind.INVITED, "crew-001": Kind.RELEASED},
            id="with another dock, everyone as it concerns them",
        ),
        pytest.param(
            {"captain_id": "captain-002"},
            {"captain-002": Kind.INVITED, "crew-001": Kind.CHANGED, "captain-001": Kind.RELEASED},
            id="another captain, whom the crew will ask for",
        ),
        pytest.param(
            {"captain_id": "crew-001", "crew_ids": ("captain-001",)},
            {"captain-001": Kind.CHANGED, "crew-001": Kind.CHANGED},
            id="roles swapped",
        ),
        pytest.param({"status": Status.CANCELLED}, dict.fromkeys(JADA.member_ids, Kind.CANCELLED), id="called off"),
    ],
)
def test_who_is_told_what(changes: dict[str, object], told: dict[str, Kind]) -> None:
    """Each hears what concerns them, and nobody hears of others who join or leave."""
    calls = plan_calls(JADA, changed(changes), names=NAMES, zone=ZONE, now=JADA.call_time)

    assert {call.member_id: call.kind for call in calls} == told


def test_who_does_something_else_is_told_so() -> None:
    """Who becomes captain reads that first, and who was captain reads that they are crew."""
    swapped = changed({"captain_id": "crew-001", "crew_ids": ("captain-001",)})

    calls = plan_calls(JADA, swapped, names=NAMES, zone=ZONE, now=JADA.call_time)

    assert {call.member_id: (call.role, call.changes[0]) for call in calls} == {
        "crew-001": ("captain", "You are the captain now"),
        "captain-001": ("crew", "You are crew now"),
    }


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

The link opens once, within 48 hours. If it has run out, it offers you a new one.

Can't make it? Queen of San Diego: 619-555-0142
""")


def test_a_change() -> None:
    """A mail about a change names it before it repeats the call."""
    moved = ("Crew call moved from 8 AM to 9 AM", "Start moved from 9 AM to 10 AM")
    call = Call(Kind.CHANGED, "crew-001", "crew", JADA, moved, ("Dock unchanged: Sheraton Marina",))
    mail = letter(call, first_name="Ben", captain="Ana Ruiz", zone=ZONE, link=LINK, hours=48, now=NOW, brand=BRAND)

    assert mail.subject == snapshot("Changed: Jada, Thu, May 30, 8 AM")
    assert mail.text == snapshot("""\
Hello Ben,

Something changed. Here is your call as it stands now.

* Crew call moved from 8 AM to 9 AM
* Start moved from 9 AM to 10 AM
Dock unchanged: Sheraton Marina

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

The link opens once, within 48 hours. If it has run out, it offers you a new one.

Can't make it? Queen of San Diego: 619-555-0142
""")


def test_a_cancellation() -> None:
    """A cancellation is brief and carries no link."""
    assert written(Kind.CANCELLED).subject == snapshot("Cancelled: Jada, Thu, May 30, 8 AM")
    assert written(Kind.CANCELLED).text == snapshot("""\
Hello Ben,

This charter is cancelled, so there is nothing for you to do. Thank you for having been ready.

Day:       Thu, May 30
Crew call: 8 AM PDT
Start:     9 AM
Boat:      Jada
Dock:      Sheraton Marina

Questions? Queen of San Diego: 619-555-0142
""")


def test_a_release() -> None:
    """Who is no longer needed hears of which charter."""
    assert written(Kind.RELEASED).subject == snapshot("Not needed: Jada, Thu, May 30, 8 AM")
    assert written(Kind.RELEASED).text == snapshot("""\
Hello Ben,

You are no longer needed on this charter. Thank you for having been ready.

Day:       Thu, May 30
Crew call: 8 AM PDT
Start:     9 AM
Boat:      Jada
Dock:      Sheraton Marina

Questions? Queen of San Diego: 619-555-0142
""")


def test_a_return() -> None:
    """A reinstated charter is told with the whole call."""
    assert written(Kind.REINSTATED, role="captain").subject == snapshot("Sails after all: Jada, Thu, May 30, 8 AM")
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

The link opens once, within 48 hours. If it has run out, it offers you a new one.

Can't make it? Queen of San Diego: 619-555-0142
""")


def test_a_reminder() -> None:
    """A reminder is the call again."""
    assert written(Kind.REMINDER).subject == snapshot("Reminder: Jada, Thu, May 30, 8 AM")
    assert written(Kind.REMINDER).text == snapshot("""\
Hello Ben,

Your charter is coming up. Here is your call again, with a fresh link.

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

The link opens once, within 48 hours. If it has run out, it offers you a new one.

Can't make it? Queen of San Diego: 619-555-0142
""")


def test_a_summary() -> None:
    """The captain reads who and what comes, and where the weather is; nothing of money, and no role they know."""
    event = replace(JADA, forecast="https://forecast.weather.gov/MapClick.php?lat=32.7&lon=-117.2")
    call = Call(Kind.SUMMARY, "captain-001", "captain", event)
    mail = letter(
        call,
        first_name="Ana",
        captain="Ana Ruiz",
        zone=ZONE,
        link=LINK,
        hours=48,
        now=NOW,
        brand=BRAND,
        crew=("Ben Ito", "Cora Lind"),
    )

    assert mail.subject == snapshot("At a glance: Jada, Thu, May 30, 8 AM")
    assert mail.text == snapshot("""\
Hello Ana,

Here is your charter at a glance, captain.

Day:       Thu, May 30
Crew call: 8 AM PDT
Start:     9 AM, for 3 h
Boat:      Jada
Dock:      Sheraton Marina
Guests:    6
Crew:      Ben Ito, Cora Lind

Notes:
One guest uses a cane.
Please help at the gangway.

Weather:
https://forecast.weather.gov/MapClick.php?lat=32.7&lon=-117.2

Checklist and everything else:
https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 48 hours. If it has run out, it offers you a new one.

Questions? Queen of San Diego: 619-555-0142
""")
    assert 'href="https://forecast.weather.gov/MapClick.php?lat=32.7&amp;lon=-117.2"' in mail.html


def test_a_call_on_the_evening_before() -> None:
    """When the crew is called on another day than the start, both days are named."""
    event = replace(JADA, call_time=datetime.fromisoformat("2024-05-29T21:00:00-07:00"))
    mail = written(Kind.INVITED, event=event)

    assert mail.subject == "Crew call: Jada, Wed, May 29, 9 PM"
    assert "Start:     Thu, May 30, 9 AM, for 3 h\n" in mail.text


def test_the_zone_beside_the_call_is_the_calls() -> None:
    """In the night in which clocks go back, the call is in summer time and the start is not."""
    night = changed({"call_time": "2024-11-03T00:30:00-07:00", "date": "2024-11-03T01:30:00-08:00"})

    mails = [
        written(Kind.INVITED, event=night),
        way_in(night, first_name="Ben", zone=ZONE, link=LINK, hours=48, now=NOW, brand=BRAND),
    ]

    assert ["Crew call: 12:30 AM PDT\n" in mail.text for mail in mails] == [True, True]


@pytest.mark.parametrize(
    ("year", "words"), [(2024, "Thu, May 30"), (2025, "Fri, May 30, 2025"), (2023, "Tue, May 30, 2023")]
)
def test_a_day_far_off_has_its_year(year: int, words: str) -> None:
    """Nobody takes next year's charter for this year's, by subject or by text."""
    event = changed({"date": f"{year}-05-30T09:00:00-07:00", "call_time": f"{year}-05-30T08:00:00-07:00"})

    mails = [
        written(Kind.INVITED, event=event),
        written(Kind.CANCELLED, event=event),
        way_in(event, first_name="Ben", zone=ZONE, link=LINK, hours=48, now=NOW, brand=BRAND),
    ]

    assert [mail.subject.partition(": Jada, ")[2] for mail in mails] == [f"{words}, 8 AM"] * 3
    assert [f"Day:       {words}\n" in mail.text for mail in mails] == [True] * 3


@pytest.mark.parametrize(
    ("brand", "line", "address"),
    [
        pytest.param(BRAND, "Can't make it? Queen of San Diego: 619-555-0142", "tel:6195550142", id="phone"),
        pytest.param(
            Brand("Queen of San Diego", "+1 (619) 555-0142"),
            "Can't make it? Queen of San Diego: +1 (619) 555-0142",
            "tel:+16195550142",
            id="phone with its country",
        ),
        pytest.param(
            Brand("Queen of San Diego", "crew@example.com"),
            "Can't make it? Queen of San Diego: crew@example.com",
            "mailto:crew@example.com",
            id="mail",
        ),
        pytest.param(Brand("", "619-555-0142"), "Can't make it? 619-555-0142", "tel:6195550142", id="no name"),
        pytest.param(Brand("Queen of San Diego", ""), "Queen of San Diego", None, id="no contact"),
        pytest.param(Brand(), "it offers you a new one.", None, id="nothing known"),
    ],
)
def test_a_mail_ends_with_whom_to_ask(brand: Brand, line: str, address: str | None) -> None:
    """The last line says who sent it and how to reach them; a phone calls them at a touch."""
    call = Call(Kind.INVITED, "crew-001", "crew", JADA)

    mail = letter(call, first_name="Ben", captain="Ana Ruiz", zone=ZONE, link=LINK, hours=48, now=NOW, brand=brand)

    assert mail.text.splitlines()[-1].endswith(line)
    assert [found for found in re.findall('href="([^"]+)"', mail.html) if found != LINK] == [address] * bool(address)


def test_markup_is_text() -> None:
    """Names and notes with markup in them are shown as they were written."""
    event = replace(JADA, event_name="<b>Jada</b>", notes="<img src=x onerror=alert(1)>", dock='"A" & B')
    mail = written(Kind.CHANGED, event=event, changes=("Dock changed from <i> to B",))

    assert "<b>" not in mail.html
    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in mail.html
    assert ">Dock changed from &lt;i&gt; to B</li>" in mail.html
    assert f'href="{LINK}"' in mail.html


def test_a_way_in() -> None:
    """A new link comes with what tells this charter from others, and nothing else of it."""
    mail = way_in(JADA, first_name="Ben", zone=ZONE, link=LINK, hours=48, now=NOW, brand=BRAND)

    assert mail.subject == snapshot("Your way in: Jada, Thu, May 30, 8 AM")
    assert mail.text == snapshot("""\
Hello Ben,

Here is your new link to the crew page.

Boat:      Jada
Day:       Thu, May 30
Crew call: 8 AM PDT

https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 48 hours. If you did not ask for it, there is nothing to do.

Questions? Queen of San Diego: 619-555-0142
""")
    assert f'href="{LINK}"' in mail.html
    assert [fact in mail.text + mail.html for fact in ("Sheraton", "cane", "Ana Ruiz", "Guests")] == [False] * 4


def test_a_way_in_to_the_board() -> None:
    """The link to the ops board comes alone."""
    mail = way_in(None, first_name="Ben", zone=ZONE, link=LINK, hours=1, now=NOW, brand=BRAND)

    assert mail.subject == snapshot("Your way in: ops board")
    assert mail.text == snapshot("""\
Hello Ben,

Here is your link to the ops board.

https://queenofsandiego.com/crew/xhqgmdh?token=TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT

The link opens once, within 1 hour. If you did not ask for it, there is nothing to do.

Questions? Queen of San Diego: 619-555-0142
""")
    assert f'href="{LINK}"' in mail.html
    assert "<table" not in mail.html
