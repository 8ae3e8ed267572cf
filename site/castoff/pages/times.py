"""The times of a charter as people read them, and what has moved since they were first told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from castoff.pages import wording
from castoff.pages.views import TimesView

if TYPE_CHECKING:
    from castoff.fleet.carry import Carry, Facts
    from castoff.fleet.charters import Charter


def charter_times(charter: Charter, facts: Facts) -> TimesView:
    """Return the charter's times in words and for machines."""
    return TimesView(
        day=wording.day(charter.starts),
        calls=wording.clock(charter.calls),
        boards=wording.clock(charter.boards),
        starts=wording.clock(charter.starts),
        ends=wording.clock(charter.ends),
        span=wording.span(charter.booking.duration),
        calls_iso=facts.calls,
        boards_iso=facts.boards,
        starts_iso=facts.starts,
        ends_iso=facts.ends,
    )


def moved(carry: Carry) -> tuple[str, ...]:
    """Return a sentence for each fact that is no longer what people were first told."""
    first, facts = carry.first, carry.facts
    if first == facts:
        return ()
    was, now = datetime.fromisoformat(first.starts), datetime.fromisoformat(facts.starts)
    ended, ends = datetime.fromisoformat(first.ends), datetime.fromisoformat(facts.ends)
    sentences: list[str] = []
    if was.date() != now.date():
        sentences.append(_sentence("The day", wording.day(now), wording.day(was)))
    if was.time() != now.time():
        sentences.append(_sentence("The start", wording.clock(now), wording.clock(was)))
    if ended.time() != ends.time():
        sentences.append(_sentence("The end", wording.clock(ends), wording.clock(ended)))
    if first.dock != facts.dock:
        sentences.append(_sentence("The dock", facts.dock, first.dock))
    return tuple(sentences)


def _sentence(what: str, now: str, was: str) -> str:
    return f"{what} has changed: now {now}, was {was}."
