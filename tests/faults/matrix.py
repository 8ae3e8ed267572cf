"""The fault matrix: a fault on the way of each call, in front of the real cloud, and the next publish makes it good.

`make test` asks a sample, `make proof` every cell, in files that run beside each other.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from faults.bay import WINDOW, Bay, open_bay
from faults.calm import assert_as_without, assert_objects
from faults.kinds import PATIENCE
from faults.places import Place
from faults.scenes import OPEN_FOR_PHOTOS
from faults.table import Outcome, filled
from support.treatments import Answer, Overruled
from support.warm import Way

from publisher.fence.lease import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from faults.table import Cell
    from support.projects import Ran

PROOF: Final = bool(os.environ.get("CASTOFF_PROOF"))

_TURNED_AWAY: Final = Overruled(Answer(403, b'{"message": "Forbidden"}'))
_SLOWLY: Final = Answer(404, b"")
_OF_MANY: Final = replace(PATIENCE, read=10.0)
"""A repair asks for everything at once, which a busy machine does not answer as fast as one call."""
_LOOKS: Final = 8
"""Looks at a page that is not there yet: by the hurried clock, longer than a short lease waits to be renewed."""


@dataclass(slots=True)
class Berths:
    """A bay with a booking for each cell, on a day of its own; `disturbed` since a cell that did not end well."""

    bay: Bay
    days: dict[str, int] = field(default_factory=dict)
    disturbed: bool = False

    def calm(self) -> None:
        """Make good what the cell before may have left."""
        self.bay.mend()
        if self.disturbed:
            assert self.bay.publish().code == 0
        self.disturbed = True


@contextmanager
def open_berths(
    root: Path, environment: Mapping[str, str], wanted: Iterable[Cell], *, free_port: Callable[[], int]
) -> Iterator[Berths]:
    """Open a bay, and publish what the cells find there: a regular booking, and whatever is to be changed."""
    with open_bay(root, environment, free_port=free_port) as bay:
        found = Berths(bay)
        far, near = iter(range(WINDOW + 2, 1000)), iter(range(7, WINDOW))
        bay.project.book("regular", days=next(far))
        for cell in wanted:
            day = next(near) if cell.call.scene is OPEN_FOR_PHOTOS else next(far)
            found.days[str(cell)] = day
            if cell.call.scene.before is not None:
                cell.call.scene.before(bay.project, _booking(day), day)
        bay.project.commit()
        published = bay.publish()
        assert published.code == 0, published.err
        yield found


def in_order(wanted: Iterable[Cell]) -> list[Cell]:
    """Return cells with those last that leave forms open, since each later publish looks at these again."""
    return sorted(wanted, key=lambda cell: cell.call.scene is OPEN_FOR_PHOTOS)


def ask(berths: Berths, cell: Cell) -> None:
    """Assert that it ends as the table says, and that after a publish in peace the world is as without the fault."""
    bay, call, scene = berths.bay, cell.call, cell.call.scene
    day = berths.days[str(cell)]
    booking = _booking(day)
    pattern = call.pattern.replace("{booking}", booking)
    berths.calm()
    scene.change(bay.project, booking, day)
    bay.project.commit()
    if scene.breaks is not None:
        place, broken = scene.breaks
        bay.treat(place, broken.replace("{booking}", booking), _TURNED_AWAY)
        assert bay.publish().code == 1
        bay.mend()
    if call.lease < SECONDS:
        bay.treat(Place.EDGE, rf"^GET \S+ /g/jada-guest-{booking}$", _SLOWLY, times=_LOOKS)
    bay.treat(
        call.place, pattern, cell.fault.treatment(call.speech), after=call.after, times=1 if cell.fault.once else None
    )

    built = bay.new_folder()
    building = bay.start_build(bay.witness.state()["bookings"], out=built)
    many = call.way is Way.REPAIR and cell.fault.name != "slow"
    ran = bay.publish(patience=_OF_MANY if many else PATIENCE, lease=call.lease, way=call.way)
    met = bay.met(call.place, pattern)
    assert building.wait().code == 0
    bay.mend()
    calm = bay.publish(way=call.way)

    assert met > call.after + (cell.verdict.outcome is Outcome.RETRIED)  # which is the call, and once more
    _assert_told(bay, cell, booking, ran)
    assert calm.code == 0, calm.err
    assert ("nothing to do" in calm.err) or cell.verdict.outcome is Outcome.REFUSED, calm.err
    assert_as_without(bay, scene, booking, day=day, built=built)
    berths.disturbed = False


def assert_whole(berths: Berths) -> None:
    """Assert that after all of it every object is that of a build from nothing, known to the state; and no other."""
    bay = berths.bay
    berths.calm()
    built = bay.new_folder()
    state = bay.witness.state()
    assert bay.start_build(state["bookings"], out=built).wait().code == 0

    assert bay.witness.paths() == set(state["files"])
    assert_objects(bay, state, state["files"], built=built)


def _booking(day: int) -> str:
    return f"sail{day:03}"


def _assert_told(bay: Bay, cell: Cell, booking: str, ran: Ran) -> None:
    """Assert what a publish said in the end: that it is done, or the call, how far it came, and what to do."""
    if cell.verdict.outcome is not Outcome.REFUSED:
        assert ran.code == 0, ran.err
        return
    says, hint = filled(
        cell.verdict,
        cell.fault,
        speech=cell.call.speech,
        asked=cell.call.asked.replace("{booking}", booking),
        place=cell.call.place,
        booking=booking,
        silence=PATIENCE.read,
    )
    refusal = bay.plain(ran.refusal).replace(" --target local`", "`")
    so_far = cell.verdict.so_far or cell.call.so_far
    assert re.fullmatch(_pattern(f"error: {says}\n  hint: {hint}\n", booking), refusal), refusal
    assert re.fullmatch(_pattern(so_far, booking), ran.so_far or ""), ran.so_far


def _pattern(words: str, booking: str) -> str:
    """Return a regular expression for words in which `N` is a number and `…` anything."""
    escaped = re.escape(words.replace("{booking}", booking))
    return re.sub(r"\bN\b", r"([0-9,]+|none)", escaped).replace("…", ".+")
