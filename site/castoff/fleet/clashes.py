"""Which charters want one vessel, or one person, at the same time.

A vessel sails from a charter's start to its end, and rests for its turnaround before it starts again; boarding falls
into that rest. A person is taken from the crew call to the end, and needs no rest beside: the call is there for that,
and for the way from dock to dock. Whoever is called to one vessel while still under way on another is in two charters
at once. Those who stay on the same vessel are aboard already: their call is only made too early, and warned of, and so
is a boarding while the vessel is out.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import timedelta

    from castoff.fleet.outlines import Outline

MOST: Final = 3
"""Charters that one is told to clash with; of more, the number: a thousand at once would be half a million problems."""
_VESSEL: Final = True
_PERSON: Final = False

_Thing = tuple[bool, str]
"""What is kept: a vessel and a person may have one name."""
_Span = tuple[int, int, int]
"""When it is kept, in seconds since 1970, and by which booking, as a place in a list."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two charters, by their start, that want one vessel or person; `before` is None for `more` that are not named.

    `rest` is what the later charter's vessel needs before it starts, in seconds.
    """

    name: str
    vessel: bool
    after: Outline
    before: Outline | None
    rest: int = 0
    more: int = 0

    @property
    def shared(self) -> tuple[str, ...]:
        """The people that both charters want beside the vessel, in the order of the later one."""
        before = self.before
        return () if before is None else tuple(name for name in self.after.people if name in before.people)

    @property
    def aboard(self) -> tuple[str, ...]:
        """Those who stay on the same vessel, and are called to its next charter before this one has ended."""
        before, after = self.before, self.after
        if self.vessel or before is None or before.vessel != after.vessel or after.starts < before.ends:
            return ()
        return self.shared


def clashes(outlines: Iterable[Outline], rest: Mapping[str, timedelta], *, most: int = MOST) -> Iterator[Clash]:
    """Yield every two charters that want one vessel or person, once, in an order that only they decide.

    Spans are sorted, and each is held against those that have not ended: linear but for the sorting, as long as few
    clash. Of more than `most` at once those that end last are told, and the number of the others.
    """
    ordered = sorted(outline for outline in outlines if outline.keeps)
    seconds = {vessel: int(length.total_seconds()) for vessel, length in rest.items()}
    for (vessel, name), spans in _spans(ordered, seconds).items():
        if len(spans) > 1:
            spans.sort()
            for at, others, more in _at_once(spans, ordered, most, apart=vessel is _PERSON):
                for other in others:
                    before, after = sorted((other, at), key=lambda outline: (outline.starts, outline.booking))
                    yield Clash(name, vessel, after, before, seconds.get(after.vessel, 0))
                if more:
                    yield Clash(name, vessel, at, None, more=more)


def _spans(ordered: list[Outline], rest: Mapping[str, int]) -> dict[_Thing, list[_Span]]:
    """Return when each vessel and person is kept, and by which of the charters."""
    spans: dict[_Thing, list[_Span]] = {}
    for at, outline in enumerate(ordered):
        starts = outline.starts - rest.get(outline.vessel, 0)
        spans.setdefault((_VESSEL, outline.vessel), []).append((min(starts, outline.boards), outline.ends, at))
        span = (outline.calls, outline.ends, at)
        for name in outline.people:
            spans.setdefault((_PERSON, name), []).append(span)
    return spans


def _at_once(
    spans: list[_Span], ordered: list[Outline], most: int, *, apart: bool
) -> Iterator[tuple[Outline, list[Outline], int]]:
    """Yield each charter that others have not ended for when it begins, with those to tell of, and how many more.

    `apart` leaves out those at sea on the same vessel at the same time: the vessel's own clash is all that is wrong.
    """
    going: list[tuple[int, int]] = []  # by their end
    for begins, ends, at in spans:
        if going and going[0][0] <= begins:
            del going[: bisect_right(going, begins, key=itemgetter(0))]
        if going:
            this = ordered[at]
            others = going if this.read else [one for one in going if ordered[one[1]].read]
            others = [one for one in others if not _is_one_trip(this, ordered[one[1]])] if apart else others
            if others:
                yield this, [ordered[other] for _, other in others[-most:]], max(0, len(others) - most)
        insort(going, (ends, at))


def _is_one_trip(one: Outline, other: Outline) -> bool:
    return one.vessel == other.vessel and one.starts < other.ends and other.starts < one.ends
