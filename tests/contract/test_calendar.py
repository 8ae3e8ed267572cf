"""Calendar files, read back by two libraries, and by a reader that knows of time zones only what the file says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.calendars import first_events, instants_by_the_file_alone, lines_of, second_events

from castoff.contract.calendar import Event, Method, Status, calendar_text, escape, fold, plain
from castoff.contract.timezones import time_zone_lines
from castoff.reading.zones import later, zone

ZONES = (
    *("America/Los_Angeles", "Asia/Kolkata", "UTC", "Pacific/Apia", "America/Sao_Paulo", "Asia/Tehran"),
    "Europe/Dublin",  # winter is the deviation
    "Africa/Casablanca",  # and here for a month whose place in the year moves
    "Australia/Lord_Howe",  # half an hour
    "America/St_Johns",  # an offset with half an hour
    "America/Havana",  # midnight is skipped, and comes twice
    "Asia/Beirut",
    "Africa/Cairo",  # given up, and taken up again
    "Antarctica/Troll",  # two hours
)
EVENT = Event(
    uid="xhqgmdh-guest@example.com",
    sequence=2,
    stamp=datetime(2024, 1, 1, 0, 2, tzinfo=UTC),
    starts=datetime(2024, 5, 30, 8, 45, tzinfo=zone("America/Los_Angeles")),
    ends=datetime(2024, 5, 30, 12, tzinfo=zone("America/Los_Angeles")),
    summary="Sailing on Jada",
    description="Be at the dock\nby 8:45",
    location="Sheraton Marina, San Diego",
    url="https://queenofsandiego.com/g/boatsetter-may30",
    coordinates=(32.7261, -117.2017),
    organizer=("Queen of San Diego", "sail@example.com"),
    alarms=(timedelta(days=1), timedelta(hours=2)),
)
anything = st.text(max_size=120)
seconds = st.integers(0, 100 * 365 * 86400)


def text_of(event: Event = EVENT) -> str:
    """Return a file of one event."""
    return calendar_text("test", [event])


def at(name: str, moment: int, *, minutes: int) -> Event:
    """Return an event that starts so many seconds after the year 2000 began, in a zone."""
    starts = (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).astimezone(zone(name))
    return replace(EVENT, starts=starts, ends=later(starts, timedelta(minutes=minutes)))


@pytest.mark.parametrize("name", ZONES)
@given(moment=seconds, minutes=st.integers(1, 3 * 24 * 60))
@example(moment=99 * 365 * 86400, minutes=180)
@example(moment=783938700, minutes=120)  # 2024-11-03 01:45 in Los Angeles, the first of two
@example(moment=783942300, minutes=120)  # and the second
def test_every_reader_finds_the_same_instants(name: str, moment: int, minutes: int) -> None:
    """Until 2099, by the libraries' own idea of the zone and by the file's alone, a phone shows when it really is."""
    event = at(name, moment, minutes=minutes)
    meant = (instant(event.starts), instant(event.ends))

    text = text_of(event)

    (first,), (second,) = first_events(text), second_events(text)
    assert instants_by_the_file_alone(text) == [meant]
    if all(
        moment.astimezone(ZoneInfo(name)).utcoffset() == moment.utcoffset() for moment in (event.starts, event.ends)
    ):
        # Libraries go by the machine's own zones, which may be of another year than ours: Casablanca's are foretold.
        assert (instant(first.start), instant(first.end)) == meant
        assert (instant(second.dtstart), instant(second.dtend)) == meant


def instant(moment: datetime | date) -> datetime:
    """Return an instant in UTC, to the second."""
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC).replace(microsecond=0)


def test_events_of_several_zones_and_years_are_explained_once_each() -> None:
    """A file holds a zone once, with all the years that its events are in."""
    events = [at(name, days * 86400, minutes=60) for name in ("Europe/Dublin", "Asia/Kolkata") for days in (100, 9000)]

    text = calendar_text("test", events)

    assert text.count("BEGIN:VTIMEZONE") == 2
    assert instants_by_the_file_alone(text) == [(instant(event.starts), instant(event.ends)) for event in events]


@pytest.mark.parametrize(
    ("name", "year", "kinds"),
    [
        ("America/Los_Angeles", 2024, ["STANDARD PST", "DAYLIGHT PDT", "STANDARD PST", "DAYLIGHT PDT", "STANDARD PST"]),
        ("Europe/Dublin", 2024, ["STANDARD GMT", "DAYLIGHT IST", "STANDARD GMT", "DAYLIGHT IST", "STANDARD GMT"]),
        ("Australia/Sydney", 2024, ["DAYLIGHT AEDT", *["STANDARD AEST", "DAYLIGHT AEDT"] * 2]),
        ("Asia/Kolkata", 2024, ["STANDARD IST"]),
        ("America/Sao_Paulo", 2024, ["STANDARD -03"]),
    ],
)
def test_summer_time_is_called_so(name: str, year: int, kinds: list[str]) -> None:
    """The half of the year with the later clocks is DAYLIGHT, in the south and where winter is the deviation, too."""
    lines = list(time_zone_lines(zone(name), year, year))

    began = [line.removeprefix("BEGIN:") for line in lines if line.startswith("BEGIN:") and "VTIMEZONE" not in line]
    names = [line.removeprefix("TZNAME:") for line in lines if line.startswith("TZNAME:")]
    assert [f"{kind} {named}" for kind, named in zip(began, names, strict=True)] == kinds


def test_an_offset_with_seconds_is_written_with_them() -> None:
    """Liberia's clocks were 44 minutes and 30 seconds behind until 1972."""
    lines = list(time_zone_lines(zone("Africa/Monrovia"), 1971, 1972))

    assert [line for line in lines if line.startswith("TZOFFSET")][1:3] == [
        "TZOFFSETTO:-004430",
        "TZOFFSETFROM:-004430",
    ]


@given(anything, anything, anything, anything)
@example(
    "BEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT", "a\nEND:VEVENT\nEND:VCALENDAR", "x\rURL:https://evil.example", "\x85y"
)
@example("a\\nb\\\\;,:\"'^", "\u202egnp.exe", "⛵" * 60, '"Q" ^n')
@example("é" * 10_000, "⛵" * 10_000, " " * 10_000, "\u0000\ud800")
def test_words_reach_both_readers_and_add_no_line(summary: str, description: str, location: str, name: str) -> None:
    """Whatever is written, the readers find one event, with those words, and no property that is not ours."""
    event = replace(
        EVENT, summary=summary, description=description, location=location, organizer=(name, "a@example.com")
    )

    text = text_of(event)

    (first,), (second,) = first_events(text), second_events(text)
    assert str(first["SUMMARY"]) == plain(summary)
    assert str(first.get("DESCRIPTION", "")) == plain(description)
    assert second.summary == plain(summary)
    assert (second.location or "") == plain(location)
    assert [line.partition(":")[0].partition(";")[0] for line in lines_of(text)] == [
        line.partition(":")[0].partition(";")[0]
        for line in lines_of(text_of())
        if (description or not line.startswith("DESCRIPTION:Be")) and (location or not line.startswith("LOCATION"))
    ]


@given(st.text(max_size=400))
@example("⛵" * 4_000)
def test_lines_are_folded_within_75_octets_and_no_character(words: str) -> None:
    """No line is longer, whole characters stay whole, and unfolding gives the line back."""
    line = f"SUMMARY:{escape(words)}"

    folded = fold(line)

    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("a,b;c\\d\ne\r\nf\rg", "a\\,b\\;c\\\\d\\ne\\nf\\ng"),
        ("a\u2028b\u2029c\x85d\vе\ff", "a\\nb\\nc\\nd\\nе\\nf"),
        ("tab\there", "tab\there"),
        ("\x00\x07\x1b\x7f\x9f", ""),
        ("\u202ecancelled\u202c \u2066x\u2069", "cancelled x"),
        ("שלום \u200fא", "שלום \u200fא"),
        ("\ud83d", ""),
        ("plain: \"quotes\" and 'such'", "plain: \"quotes\" and 'such'"),
    ],
)
def test_a_text_is_escaped(written: str, escaped: str) -> None:
    """Separators stay text, any line end is one, and nothing is left that ends a line or turns writing round."""
    assert escape(written) == escaped


@pytest.mark.parametrize(
    ("name", "email", "line"),
    [
        ("Queen; of: San, Diego", "sail@example.com", 'ORGANIZER;CN="Queen; of: San, Diego":mailto:sail@example.com'),
        ('The "Queen"', "sail@example.com", "ORGANIZER;CN=\"The ^'Queen^'\":mailto:sail@example.com"),
        ("a^b\nc", "sail@example.com", 'ORGANIZER;CN="a^^b^nc":mailto:sail@example.com'),
        ("Q", "a?bcc=b&c@example.com", 'ORGANIZER;CN="Q":mailto:a%3Fbcc%3Db%26c@example.com'.replace("%3D", "=")),
    ],
)
def test_an_organizer_is_named_as_parameters_are_written(name: str, email: str, line: str) -> None:
    """In quotes, with what cannot stand in them written as RFC 6868 says; nobody is added to the mail."""
    text = text_of(replace(EVENT, organizer=(name, email)))

    assert line in lines_of(text)
    assert str(first_events(text)[0]["ORGANIZER"].params["CN"]) == name


def test_an_address_is_an_address() -> None:
    """What does not belong in a URL is written in percents; one that is in order stays as it is."""
    written = [
        next(line for line in lines_of(text_of(replace(EVENT, url=url))) if line.startswith("URL:"))
        for url in ("https://example.com/g/é x\r\nSUMMARY:y", "https://example.com/?a=b&c=%20;d,e")
    ]

    assert written == [
        "URL:https://example.com/g/%C3%A9%20x%0D%0ASUMMARY:y",
        "URL:https://example.com/?a=b&c=%20;d,e",
    ]


@pytest.mark.parametrize("status", Status)
def test_a_status_is_said(status: Status) -> None:
    """A cancelled event takes nobody's time, and both readers know it for one."""
    text = text_of(replace(EVENT, status=status))

    busy = "TRANSPARENT" if status is Status.CANCELLED else "OPAQUE"
    assert (first_events(text)[0]["STATUS"], first_events(text)[0]["TRANSP"]) == (status, busy)
    assert second_events(text)[0].status == status.value


def test_alarms_ring_before_the_start() -> None:
    """Each is a display with words, by whole days, whole hours, or minutes, and so both readers count it."""
    ahead = (timedelta(days=1), timedelta(hours=2), timedelta(minutes=90), timedelta(hours=36))
    text = text_of(replace(EVENT, alarms=ahead))

    first = [
        (alarm["ACTION"], str(alarm["DESCRIPTION"]), -alarm["TRIGGER"].dt)
        for alarm in first_events(text)[0].walk("VALARM")
    ]

    assert first == [("DISPLAY", EVENT.summary, before) for before in ahead]
    assert [alarm.trigger for alarm in second_events(text)[0].alarm] == [-before for before in ahead]
    assert [line for line in lines_of(text) if line.startswith("TRIGGER")] == [
        *("TRIGGER:-P1D", "TRIGGER:-PT2H", "TRIGGER:-PT90M", "TRIGGER:-PT36H"),
    ]


def test_a_whole_day_has_no_hours() -> None:
    """Its end is the day after, as RFC 5545 counts."""
    text = text_of(replace(EVENT, starts=date(2024, 2, 29), ends=date(2024, 3, 1)))

    assert (first_events(text)[0].start, second_events(text)[0].dtend) == (date(2024, 2, 29), date(2024, 3, 1))
    assert "VTIMEZONE" not in text


@pytest.mark.parametrize("method", [None, *Method])
def test_a_method_is_asked_for_once(method: Method | None) -> None:
    """It stands in the calendar, where readers look for it, and not at all where nothing is asked."""
    text = calendar_text("test", [EVENT], method=method, properties=[("NAME", "Charters")])

    asked = [line for line in lines_of(text) if line.startswith("METHOD")]
    assert asked == ([f"METHOD:{method}"] if method else [])
    assert "NAME:Charters" in lines_of(text)


def test_no_event_is_a_file_all_the_same() -> None:
    """An empty feed is one that can be read."""
    assert first_events(calendar_text("test", [])) == second_events(calendar_text("test", [])) == []
