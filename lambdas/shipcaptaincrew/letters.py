"""The words of a crew mail, as plain text and as HTML that reads well on a phone. Pure."""

from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from lambdas.shipcaptaincrew.calls import Call, Kind, day_words, hours_words, time_words, within_words
from lambdas.shipcaptaincrew.event import Event


@dataclass(frozen=True)
class Letter:
    """A mail without its addresses."""

    subject: str
    text: str
    html: str


_TITLES = {
    Kind.INVITED: "Crew call",
    Kind.CHANGED: "Changed",
    Kind.REINSTATED: "Back on",
    Kind.CANCELLED: "Cancelled",
    Kind.RELEASED: "Not needed",
}
_OPENINGS = {
    Kind.INVITED: "You are aboard. Here is your call.",
    Kind.CHANGED: "Something changed. Here is your call as it stands now.",
    Kind.REINSTATED: "This charter sails after all. Here is your call.",
    Kind.CANCELLED: "This charter is cancelled, so there is nothing for you to do. Thank you for having been ready.",
    Kind.RELEASED: "You are no longer needed on this charter. Thank you for having been ready.",
}
_WITH_LINK = frozenset({Kind.INVITED, Kind.CHANGED, Kind.REINSTATED})


def carries_link(kind: Kind) -> bool:
    """Tell whether a mail of this kind lets its reader in."""
    return kind in _WITH_LINK


def letter(call: Call, *, first_name: str, captain: str, zone: ZoneInfo, link: str | None, hours: int) -> Letter:
    """Return a call in words; `link` opens the crew page once, within `hours` hours."""
    event = call.event
    call_day, call_time = day_words(event.call_time, zone), time_words(event.call_time, zone)
    subject = f"{_TITLES[call.kind]}: {event.event_name}, {call_day}, {call_time}"
    facts = _facts(call, captain=captain, zone=zone) if link else _brief_facts(event, zone)
    note = f"The link opens once, within {within_words(hours)}. If it has run out, ask for a fresh one."
    return Letter(
        subject=subject,
        text=_text(call, first_name=first_name, facts=facts, link=link, note=note),
        html=_html(call, first_name=first_name, facts=facts, link=link, note=note),
    )


def way_in(event: Event | None, *, first_name: str, zone: ZoneInfo, link: str, hours: int) -> Letter:
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
        subject = f"{title}, {day_words(event.call_time, zone)}, {time_words(event.call_time, zone)}"
        facts = [
            ("Boat", event.event_name),
            ("Day", day_words(event.call_time, zone)),
            ("Crew call", f"{time_words(event.call_time, zone)} {_zone_name(event, zone)}"),
        ]
    note = f"The link opens once, within {within_words(hours)}. If you did not ask for it, there is nothing to do."
    rows = [_text_rows(facts)] if facts else []
    table = _html_rows(facts) if facts else ""
    return Letter(
        subject=subject,
        text="\n\n".join([f"Hello {first_name},", opening, *rows, link, note]) + "\n",
        html=_html_page(
            title, f"<p>Hello {escape(first_name)},</p><p>{opening}</p>{table}{_html_button(link, button, note)}"
        ),
    )


def _facts(call: Call, *, captain: str, zone: ZoneInfo) -> list[tuple[str, str]]:
    event = call.event
    start = time_words(event.date, zone)
    if day_words(event.date, zone) != day_words(event.call_time, zone):
        start = f"{day_words(event.date, zone)}, {start}"
    facts = [
        ("Day", day_words(event.call_time, zone)),
        ("Crew call", f"{time_words(event.call_time, zone)} {_zone_name(event, zone)}"),
        ("Start", f"{start}, for {hours_words(event.duration_hours)}"),
        ("Boat", event.event_name),
        ("Dock", event.dock),
        ("Guests", str(event.guest_count)),
        ("Your role", call.role),
    ]
    if call.role != "captain":
        facts.append(("Captain", captain))
    return facts


def _brief_facts(event: Event, zone: ZoneInfo) -> list[tuple[str, str]]:
    return [
        ("Day", day_words(event.call_time, zone)),
        ("Crew call", time_words(event.call_time, zone)),
        ("Boat", event.event_name),
        ("Dock", event.dock),
    ]


def _zone_name(event: Event, zone: ZoneInfo) -> str:
    return event.date.astimezone(zone).strftime("%Z")


def _text(call: Call, *, first_name: str, facts: list[tuple[str, str]], link: str | None, note: str) -> str:
    blocks = [f"Hello {first_name},", _OPENINGS[call.kind]]
    if call.changes:
        blocks.append("\n".join(f"* {change}" for change in call.changes))
    blocks.append(_text_rows(facts))
    if link:
        if call.event.notes:
            blocks.append(f"Notes:\n{call.event.notes}")
        blocks.append(f"Checklist and everything else:\n{link}\n\n{note}")
    return "\n\n".join(blocks) + "\n"


def _text_rows(facts: list[tuple[str, str]]) -> str:
    width = max(len(name) for name, _ in facts) + 2
    return "\n".join(f"{name + ':':<{width}}{value}" for name, value in facts)


def _html(call: Call, *, first_name: str, facts: list[tuple[str, str]], link: str | None, note: str) -> str:
    event = call.event
    parts = [f"<p>Hello {escape(first_name)},</p>", f"<p>{escape(_OPENINGS[call.kind])}</p>"]
    if call.changes:
        items = "".join(f"<li>{escape(change.replace(' -> ', ' → '))}</li>" for change in call.changes)
        parts.append(f'<ul style="padding:12px 12px 12px 32px;background:#fff4d6;border-radius:8px">{items}</ul>')
    parts.append(_html_rows(facts))
    if link:
        if event.notes:
            notes = escape(event.notes).replace("\n", "<br>")
            parts.append(f'<p style="padding:12px;background:#f2f5f7;border-radius:8px">{notes}</p>')
        parts.append(_html_button(link, "Open the crew page", note))
    return _html_page(f"{_TITLES[call.kind]}: {event.event_name}", "".join(parts))


def _html_rows(facts: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><td style="padding:6px 16px 6px 0;color:#5b6b75;vertical-align:top">{escape(name)}</td>'
        f'<td style="padding:6px 0;font-weight:600">{escape(value)}</td></tr>'
        for name, value in facts
    )
    return f'<table role="presentation" style="border-collapse:collapse;margin:16px 0">{rows}</table>'


def _html_button(link: str, words: str, note: str) -> str:
    return (
        f'<p style="margin:24px 0"><a href="{escape(link)}" style="display:inline-block;padding:14px 24px;'
        'background:#0b4f6c;color:#ffffff;text-decoration:none;border-radius:8px;font-weight:600">'
        f"{words}</a></p>"
        f'<p style="color:#5b6b75;font-size:14px">{escape(note)}</p>'
    )


def _html_page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{escape(title)}</title></head><body style="margin:0;padding:24px;max-width:560px;'
        'font:17px/1.5 -apple-system,Segoe UI,Roboto,sans-serif;color:#12212a;background:#ffffff">'
        f'<h1 style="font-size:22px;margin:0 0 16px">{escape(title)}</h1>{body}</body></html>'
    )
