"""One vessel or person in two charters at once, or with too little time between them, as the operator reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from castoff.fleet.clashes import clashes
from castoff.problems import Severity
from castoff.reading.forms import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from castoff.fleet.clashes import Clash
    from castoff.fleet.outlines import Outline
    from castoff.fleet.places import Places
    from castoff.problems import Problem

_CLOCK: Final = "%Y-%m-%d %H:%M"
_NAMED: Final = 2
"""People who are named beside their vessel."""


def overlaps(
    outlines: Iterable[Outline], *, rest: Mapping[str, timedelta], zone: ZoneInfo, places: Places
) -> list[Problem]:
    """Return a problem for each clash, at the later charter, or at the other where that alone was read.

    `rest` is what each vessel needs between two charters. Bookings that were not read clash with none of their kind:
    they were in order when they were published, and whatever decides that is the same.
    """
    telling = _Telling(zone, places)
    return [telling.problem(clash) for clash in clashes(outlines, rest) if not _is_told_by_another(clash)]


@dataclass(frozen=True, slots=True)
class _Telling:
    """How a clash is told: on the clocks of a zone, with the places of both bookings."""

    zone: ZoneInfo
    places: Places

    def problem(self, clash: Clash) -> Problem:
        after, before = clash.after, clash.before
        if before is None:
            words = (
                f"`{clash.name}` is in {clash.more:,} more {'charter' if clash.more == 1 else 'charters'} at that time"
            )
            return self._problem(
                clash, after, words=words, rule="double-booked", hint=f"choose another {_kind(clash, after)}"
            )
        at, other = (after, before) if after.read else (before, after)
        if after.starts < before.ends:
            when = f"goes from {self._clock(other.starts)} to {self._clock(other.ends)}"
            people = clash.shared if clash.vessel else ()
            words = f"{_who(clash.name, people)} in two charters at once: {self._place(clash, other)} {when}"
            hint = f"choose another {_kind(clash, at)}{' and crew' if people else ''}, or another time"
            return self._problem(clash, at, words=words, rule="double-booked", hint=hint)
        if not clash.vessel:
            return self._called(clash, before, after)
        if after.starts < before.ends + clash.rest:
            return self._short(clash, before, after)
        words = (
            f"guests board at {self._clock(after.boards)}, and `{clash.name}` is out until {self._clock(before.ends)}: "
            f"{self._place(clash, before)}"
        )
        hint = f"let them board no sooner: `boarding: {_length(before.ends, after.starts)}`"
        return self._warning(clash, after, words=words, rule="boarding-too-soon", hint=hint)

    def _called(self, clash: Clash, before: Outline, after: Outline) -> Problem:
        """Return the problem of a person who is called to one charter while the other still goes on."""
        at, other = (after, before) if after.read else (before, after)
        calls, ends, where = self._clock(after.calls), self._clock(before.ends), self._place(clash, other)
        if clash.aboard:
            first, *others = clash.aboard
            who = f"`{first}` is" if not others else f"`{first}` and {len(others)} of the crew are"
            call = f"call them no sooner: `crew_call: {_length(before.ends, after.starts)}`"
            hint = call if at is after else f"end by {calls}"
        else:
            who = f"`{clash.name}` is"
            free = self._clock(before.ends + after.starts - after.calls)
            when = f"start no sooner than {free}" if at is after else f"end by {calls}"
            hint = f"{when}, or choose another {_kind(clash, at)}"
        if at is after:
            words = f"{who} called at {calls}, and under way until {ends}: {where}"
        else:
            words = f"{who} under way until {ends}, and called at {calls}: {where}"
        if clash.aboard:
            return self._warning(clash, at, words=words, rule="called-too-soon", hint=hint)
        return self._problem(clash, at, words=words, rule="double-booked", hint=hint)

    def _short(self, clash: Clash, before: Outline, after: Outline) -> Problem:
        """Return the problem of a vessel that has too little time between two charters."""
        at, other = (after, before) if after.read else (before, after)
        gap, needed = _length(before.ends, after.starts), in_words(timedelta(seconds=clash.rest))
        words = f"`{clash.name}` has {gap} between this charter and {self._place(clash, other)}, and needs {needed}"
        soonest, latest = self._clock(before.ends + clash.rest), self._clock(after.starts - clash.rest)
        when = f"start no sooner than {soonest}" if at is after else f"end by {latest}"
        hint = f"{when}, or choose another vessel"
        return self._problem(clash, at, words=words, rule="short-turnaround", hint=hint)

    def _problem(self, clash: Clash, at: Outline, *, words: str, rule: str, hint: str) -> Problem:
        return self.places.problem(at.booking, *_steps(clash, at), words=words, rule=rule, hint=hint)

    def _warning(self, clash: Clash, at: Outline, *, words: str, rule: str, hint: str) -> Problem:
        steps = _steps(clash, at)
        return self.places.problem(at.booking, *steps, words=words, rule=rule, hint=hint, severity=Severity.WARNING)

    def _place(self, clash: Clash, outline: Outline) -> str:
        return self.places.text_of(outline.booking, *_steps(clash, outline))

    def _clock(self, instant: int) -> str:
        return datetime.fromtimestamp(instant, UTC).astimezone(self.zone).strftime(_CLOCK)


def _is_told_by_another(clash: Clash) -> bool:
    """Tell whether the vessel's own clash says it, or that of the first of those who stay aboard."""
    before, aboard = clash.before, clash.aboard
    if before is None or not aboard:
        return False
    return clash.name != aboard[0] or clash.after.starts < before.ends + clash.rest


def _who(name: str, people: Sequence[str]) -> str:
    """Return a vessel or person as a clash's subject with its verb, and the people who clash with it: two by name."""
    if not people:
        return f"`{name}` is"
    more = len(people) - _NAMED
    said = [f"`{one}`" for one in (name, *people[:_NAMED])] + ([f"{more} more of the crew"] if more > 0 else [])
    return f"{', '.join(said[:-1])} and {said[-1]} are"


def _steps(clash: Clash, outline: Outline) -> tuple[str | int, ...]:
    """Return the field by which a charter wants a vessel or person."""
    if clash.vessel:
        return ("vessel",)
    return ("captain",) if clash.name == outline.captain else ("crew", outline.crew.index(clash.name))


def _kind(clash: Clash, outline: Outline) -> str:
    return "crew member" if _steps(clash, outline)[0] == "crew" else str(_steps(clash, outline)[0])


def _length(begins: int, ends: int) -> str:
    return in_words(timedelta(seconds=ends - begins))
