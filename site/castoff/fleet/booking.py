"""A booking's file, parsed: what can be said of it without looking at any other file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.fleet.discretion import indiscretions
from castoff.fleet.model import Booking, Status
from castoff.reading.conversion import Parsed, convert, meant_by, with_more
from castoff.reading.forms import FormError, parse_moment, shortened
from castoff.reading.limits import MOST_CREW
from castoff.reading.reader import read
from castoff.reading.zones import Skipped, resolve, why_not_once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from zoneinfo import ZoneInfo

    from castoff.problems import Problem
    from castoff.reading.reader import Document

_CLOCK: Final = "%Y-%m-%d %H:%M"
_STATUSES: Final = frozenset(Status)


def parse_booking(text: str, path: str) -> Parsed[Booking]:
    """Return the booking that a file describes, or every problem with it."""
    document, problems = read(text, path)
    if document is None:
        return Parsed(None, None, problems)
    booking, wrong = convert(document, Booking)
    problems = with_more(problems, wrong)
    own = _own_problems(document, meant=meant_by(problems) if problems else ())
    problems = with_more(problems, [*own, *indiscretions(document)])
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


def _own_problems(document: Document, *, meant: Collection[str]) -> Iterator[Problem]:
    """Yield what does not fit together; the plain values are looked at, so that one run says all.

    `meant` are the fields that are there after all, under names that are told to be wrong.
    """
    values = document.fields.values
    name = document.path.rpartition("/")[2].removesuffix(".yaml")
    own, status = values.get("id"), values.get("status")
    if own and own != name:
        hint = f"write `{name}`, or name the file `{shortened(str(own))}.yaml`"
        words = f"id `{shortened(str(own))}` is not the file's name"
        yield document.problem("id", words=words, rule="id-not-file-name", hint=hint)
    if status == Status.CANCELLED and "cancelled" not in values and "cancelled" not in meant:
        hint = "write `cancelled: {on: …, why: weather}`, with the day on which it was cancelled"
        words = "a cancelled booking says when and why"
        yield document.problem("status", words=words, rule="cancelled-without-details", hint=hint)
    if isinstance(status, str) and status in _STATUSES - {Status.CANCELLED} and "cancelled" in values:
        words, hint = f"a booking that is {status} has no `cancelled`", "write `status: cancelled`, or remove it"
        yield document.problem("cancelled", words=words, rule="details-without-cancelled", hint=hint)
    crew = values.get("crew")
    if isinstance(crew, list):  # of whatever: what cannot be a name is refused for its form, at the same place
        yield from _crew_problems(document, crew, captain=values.get("captain"))


def _crew_problems(document: Document, crew: list[Any], *, captain: Any) -> Iterator[Problem]:
    hint = "name each member once"
    if captain in crew:
        words = f"`{captain}` is the captain already"
        yield document.problem("crew", crew.index(captain), words=words, rule="repeated-crew", hint=hint)
    if len(crew) > MOST_CREW:
        words = f"{len(crew)} are more than a crew can have"
        most = f"name {MOST_CREW} at most beside the captain"
        yield document.problem("crew", MOST_CREW, words=words, rule="too-many-crew", hint=most)
    for index, member in enumerate(crew):
        if crew[:index].count(member) == 1:
            words = f"`{member}` stands in the crew twice"
            yield document.problem("crew", index, words=words, rule="repeated-crew", hint=hint)
