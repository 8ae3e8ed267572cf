"""A booking's file, parsed: what can be said of it without looking at any other file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.fleet.model import Booking, Status
from castoff.reading.conversion import Parsed, convert, with_more
from castoff.reading.forms import FormError, parse_moment
from castoff.reading.limits import MOST_CREW
from castoff.reading.reader import read
from castoff.reading.zones import Skipped, resolve, why_not_once

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from castoff.problems import Problem
    from castoff.reading.reader import Document

_CLOCK: Final = "%Y-%m-%d %H:%M"


def parse_booking(text: str, path: str) -> Parsed[Booking]:
    """Return the booking that a file describes, or every problem with it."""
    document, problems = read(text, path)
    if document is None:
        return Parsed(None, None, problems)
    booking, wrong = convert(document, Booking)
    problems = with_more(problems, wrong)
    if booking is not None:
        problems += _own_problems(booking, document)
    return Parsed(None if problems else booking, document, problems)


def start_of(document: Document, zone: ZoneInfo) -> datetime | Problem | None:
    """Return the instant at which a charter starts, the problem with a wall clock that changes that night, or None.

    None is for what is no time at all, and refused for that; the plain value is looked at, so that one run says all.
    """
    wall: Any = document.fields.values.get("starts")
    try:
        instant = resolve(parse_moment(wall), zone)
    except (FormError, TypeError):
        return None
    if isinstance(instant, datetime):
        return instant
    words = why_not_once(str(wall), instant)
    if isinstance(instant, Skipped):
        hint = f"the first time after it is `{instant.first.strftime(_CLOCK)}`"
        return document.problem("starts", words=words, rule="clock-skips", hint=hint)
    return document.problem("starts", words=words, rule="clock-repeats", hint="choose a time that comes once")


def _own_problems(booking: Booking, document: Document) -> list[Problem]:
    problems: list[Problem] = []
    name = document.path.rpartition("/")[2].removesuffix(".yaml")
    if booking.id != name:
        hint = f"write `{name}`, or name the file `{booking.id}.yaml`"
        words = f"id `{booking.id}` is not the file's name"
        problems.append(document.problem("id", words=words, rule="id-not-file-name", hint=hint))
    if booking.status is Status.CANCELLED and booking.cancelled is None:
        hint = "write `cancelled: {on: 2024-05-28, why: weather}`"
        words = "a cancelled booking says when and why"
        problems.append(document.problem("status", words=words, rule="cancelled-without-details", hint=hint))
    if booking.status is not Status.CANCELLED and booking.cancelled is not None:
        words, hint = (
            f"a booking that is {booking.status.value} has no `cancelled`",
            "write `status: cancelled`, or remove it",
        )
        problems.append(document.problem("cancelled", words=words, rule="details-without-cancelled", hint=hint))
    if booking.captain in booking.crew:
        steps = ("crew", booking.crew.index(booking.captain))
        words = f"`{booking.captain}` is the captain already"
        problems.append(document.problem(*steps, words=words, rule="repeated-crew", hint="name each member once"))
    if len(booking.crew) > MOST_CREW:
        words = f"{len(booking.crew)} are more than a crew can have"
        hint = f"name {MOST_CREW} at most beside the captain"
        problems.append(document.problem("crew", MOST_CREW, words=words, rule="too-many-crew", hint=hint))
    for index, member in enumerate(booking.crew):
        if member in booking.crew[:index]:
            words = f"`{member}` stands in the crew twice"
            problems.append(
                document.problem("crew", index, words=words, rule="repeated-crew", hint="name each member once")
            )
    return problems
