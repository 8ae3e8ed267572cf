"""A worker's share of the bookings, all the way: read in the first task, printed in the second, never handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from castoff.fleet.batches import read_batch
from castoff.fleet.charters import fleet_of
from castoff.fleet.guessable import guessable
from castoff.fleet.slips import slips
from castoff.pages.naming import unclear_names
from castoff.pages.phase import CharterPhase, course_of
from castoff.press import Press

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from castoff.fleet.batches import Batch
    from castoff.fleet.charter import Charter
    from castoff.fleet.shelf import Shelf
    from castoff.fleet.sources import Sources
    from castoff.pages.theme import Theme
    from castoff.press import Printed
    from castoff.problems import Problem
    from castoff.settled import Settled
    from castoff.sinks import Sink
    from castoff.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Ground:
    """What every share stands on: the same in each process, since it was there before any was forked."""

    sources: Sources
    theme: Theme
    shelf: Shelf
    settled: Settled | None
    wishes: Wishes
    sink: Sink


class Output(NamedTuple):
    """What is told of a share that is printed; `done` is for the sink."""

    printed: Printed
    problems: list[Problem]
    done: Any


class Share:
    """Some of the bookings, in one process from their files to their pages."""

    def __init__(self, number: int, ground: Ground) -> None:
        self._number = number
        self._ground = ground
        self._charters: list[Charter] = []
        self._sample: Charter | None = None
        self._press: Press

    def read(self, shares: Sequence[Sequence[str]]) -> Batch:
        """Read the bookings of this share, by id, in addition to what was read; keep the charters."""
        ground = self._ground
        as_of = None if ground.settled is None else ground.settled.as_of
        batch = read_batch(shares[self._number], ground.sources, ground.shelf, as_of=as_of)
        self._charters = sorted((*self._charters, *batch.charters), key=lambda charter: charter.id)
        self._sample = next((charter for charter in self._charters if not charter.cancelled), None)
        unclear = [] if as_of is None else unclear_names(ground.sources, batch.charters, as_of=as_of)
        return replace(batch, charters=(), problems=(*batch.problems, *unclear))

    def sample(self, _: None) -> str | None:
        """Return the first booking of this share that is not cancelled."""
        return None if self._sample is None else self._sample.id

    def print(self, names: Mapping[str, str]) -> Output:
        """Print what was read into a part of the sink, and let go of it; `names` say whose each slug is."""
        ground = self._ground
        if ground.settled is None:
            raise AssertionError("nothing is printed without settings")
        fleet = fleet_of(ground.shelf, names)
        self._press = Press(fleet, ground.sources, ground.theme, settled=ground.settled, wishes=ground.wishes)
        problems = self._first_looked_at(ground.settled) if ground.wishes.publishing else []
        part = ground.sink.part(self._number)
        printed = self._press.print_charters(self._handed_over(), part)
        return Output(printed, problems, part.done())

    def rehearse(self, booking: str) -> None:
        """Render a booking as it will stand from phase to phase, if it is of this share."""
        if self._sample is not None and self._sample.id == booking:
            self._press.rehearse(self._sample)

    def _handed_over(self) -> Iterator[Charter]:
        """Yield the charters, each for the last time."""
        self._charters.reverse()
        while self._charters:
            yield self._charters.pop()

    def _first_looked_at(self, settled: Settled) -> list[Problem]:
        """Return what is said once about each booking: when it is published first."""
        sources, known = self._ground.sources, self._ground.wishes.prior
        new = [one for one in self._charters if one.booking.status.public and one.id not in known]
        found = guessable(sources, (one.booking for one in new if not self._is_retired(one, settled)))
        settings = self._ground.shelf.settings
        stands_still = settings is not None and settings.standing_clock is not None
        return [*found, *slips(sources, (one.booking for one in new), as_of=None if stands_still else settled.as_of)]

    def _is_retired(self, charter: Charter, settled: Settled) -> bool:
        """Tell whether a charter is past retention: what has no page can be found by nobody."""
        settings = self._ground.shelf.settings
        standing = None if settings is None else course_of(charter, settings).standing(settled.as_of)
        return standing is not None and standing.charter is CharterPhase.RETIRED
