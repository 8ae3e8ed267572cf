"""The words of a crew mail, as plain text and as HTML. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lambdas.shipcaptaincrew import stationery
from lambdas.shipcaptaincrew.brand import Brand
from lambdas.shipcaptaincrew.calls import Call, Kind, day_words, hours_words, time_words, within_words
from lambdas.shipcaptaincrew.event import Event
from lambdas.shipcaptaincrew.invitations import Invitation


@dataclass(frozen=True)
class Letter:
    """A mail without its addresses; with an invitation, a calendar program may take it in."""

    subject: str
    text: str
    html: str
    invitation: Invitation | None = None


_TITLES = {
    Kind.INVITED: "Crew call",
    Kind.CHANGED: "Changed",
    Kind.REINSTATED: "Sails after all",
    Kind.CANCELLED: "Cancelled",
    Kind.RELEASED: "Not needed",
    Kind.REMINDER: "Reminder",
    Kind.SUMMARY: "At a glance",
}
_OPENINGS = {
    Kind.INVITED: "You are aboard. Here is your call.",
    Kind.CHANGED: "Something changed. Here is your call as it stands now.",
    Kind.REINSTATED: "This charter sails after all. Here is your call.",
    Kind.CANCELLED: "This charter is cancelled, so there is nothing for you to do. Thank you for having been ready.",
    Kind.RELEASED: "You are no longer needed on this charter. Thank you for having been ready.",
    Kind.REMINDER: "Your charter is coming up. Here is your call again, with a fresh link.",
    Kind.SUMMARY: "Here is your charter at a glance, captain.",
}
_FAREWELLS = frozenset({Kind.CANCELLED, Kind.RELEASED})
_QUESTIONS = {Kind.CANCELLED: "Questions?", Kind.RELEASED: "Questions?", Kind.SUMMARY: "Questions?"}
_FAR_OFF = timedelta(days=180)  # from here on a day without its year might be taken for this year's


def carries_link(kind: Kind) -> bool:
    """Tell whether a mail of this kind lets its reader in."""
    return kind not in _FAREWELLS


def letter(
    call: Call,
    *,
    first_name: str,
    captain: str,
    zone: ZoneInfo,
    link: str | None,
    hours: int,
    now: datetime,
    brand: Brand,
    crew: tuple[str, ...] = (),
) -> Letter:
    """Return a call in words; `link` opens the crew page once, within `hours` hours, and `crew` are their names."""
    event = call.event
    day = _day(event, zone, now)
    title = f"{_TITLES[call.kind]}: {event.event_name}"
    opening = _OPENINGS[call.kind]
    facts = _facts(call, day, captain=captain, crew=crew, zone=zone) if link else _brief_facts(event, day, zone)
    text = [f"Hello {first_name},", opening]
    html = [stationery.paragraph(f"Hello {first_name},"), stationery.paragraph(opening)]
    if call.changes:
        changed = "\n".join(f"* {change}" for change in call.changes)
        text.append("\n".join([changed, *call.kept]))
        html.append(stationery.news(call.changes, call.kept))
    text.append(_text_rows(facts))
    html.append(stationery.table(facts))
    if link:
        if event.notes:
            text.append(f"Notes:\n{event.notes}")
            html.append(stationery.notes(event.notes))
        if call.kind is Kind.SUMMARY and event.forecast:
            text.append(f"Weather:\n{event.forecast}")
            html.append(stationery.reference(event.forecast, "Weather forecast"))
        note = f"The link opens once, within {within_words(hours)}. If it has run out, it offers you a new one."
        text.append(f"Checklist and everything else:\n{link}\n\n{note}")
        html.append(stationery.button(link, "Open the crew page", note))
    _close(text, html, brand, _QUESTIONS.get(call.kind, "Can't make it?"))
    subject = f"{title}, {day}, {time_words(event.call_time, zone)}"
    return Letter(subject=subject, text="\n\n".join(text) + "\n", html=stationery.page(title, html))


def way_in(
    event: Event | None, *, first_name: str, zone: ZoneInfo, link: str, hours: int, now: datetime, brand: Brand
) -> Letter:
    """Return a new link in words, with what tells one charter from others; without an event it is for ops."""
    if event is None:
        title, opening, button = "Your way in: ops board", "Here is your link to the ops board.", "Open the ops board"
        subject, facts = title, []
    else:
        title, opening, button = (
            f"Your way in: {event.event_name}",
            "Here is your new link to the crew page.",
            "Open the crew page",
        )
        day = _day(event, zone, now)
        subject = f"{title}, {day}, {time_words(event.call_time, zone)}"
        facts = [
            ("Boat", event.event_name),
            ("Day", day),
            ("Crew call", f"{time_words(event.call_time, zone)} {_zone_name(event, zone)}"),
        ]
    note = f"The link opens once, within {within_words(hours)}. If you did not ask for it, there is nothing to do."
    text = [f"Hello {first_name},", opening, *([_text_rows(facts)] if facts else []), link, note]
    html = [stationery.paragraph(f"Hello {first_name},"), stationery.paragraph(opening)]
    html += [*([stationery.table(facts)] if facts else []), stationery.button(link, button, note)]
    _close(text, html, brand, "Questions?")
    return Letter(subject=subject, text="\n\n".join(text) + "\n", html=stationery.page(title, html))


def _close(text: list[str], html: list[str], brand: Brand, question: str) -> None:
    if line := brand.closing(question):
        text.append(line)
        html.append(stationery.closing(line.removesuffix(brand.contact), brand.contact, brand.address))


def _facts(call: Call, day: str, *, captain: str, crew: tuple[str, ...], zone: ZoneInfo) -> list[tuple[str, str]]:
    event = call.event
    facts = [
        ("Day", day),
        ("Crew call", f"{time_words(event.call_time, zone)} {_zone_name(event, zone)}"),
        ("Start", f"{_start(event, zone)}, for {hours_words(event.duration_hours)}"),
        ("Boat", event.event_name),
        ("Dock", event.dock),
        ("Guests", str(event.guest_count)),
    ]
    if call.kind is Kind.SUMMARY:
        return [*facts, ("Crew", ", ".join(crew) or "nobody but you")]
    facts.append(("Your role", call.role))
    if call.role != "captain":
        facts.append(("Captain", captain))
    return facts


def _brief_facts(event: Event, day: str, zone: ZoneInfo) -> list[tuple[str, str]]:
    return [
        ("Day", day),
        ("Crew call", f"{time_words(event.call_time, zone)} {_zone_name(event, zone)}"),
        ("Start", _start(event, zone)),
        ("Boat", event.event_name),
        ("Dock", event.dock),
    ]


def _start(event: Event, zone: ZoneInfo) -> str:
    """Return when it starts, with its day where that is another than the call's."""
    start, day = time_words(event.date, zone), day_words(event.date, zone)
    return start if day == day_words(event.call_time, zone) else f"{day}, {start}"


def _day(event: Event, zone: ZoneInfo, now: datetime) -> str:
    words = day_words(event.call_time, zone)
    is_far_off = abs(event.call_time - now) > _FAR_OFF
    return f"{words}, {event.call_time.astimezone(zone).year}" if is_far_off else words


def _zone_name(event: Event, zone: ZoneInfo) -> str:
    return event.call_time.astimezone(zone).strftime("%Z")


def _text_rows(facts: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in facts) + 2
    return "\n".join(f"{name + ':':<{width}}{value}" for name, value in facts)
