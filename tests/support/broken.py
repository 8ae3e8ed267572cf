"""Publishes that break off over a world in memory, and those that come after them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support.worlds import KilledError, Line, Services, Silent, broken

from castoff.contract.state import State
from publisher.errors import PublishError
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.folder import ReleaseFolder


def run(folder: ReleaseFolder, world: Services, **terms: object) -> Done:
    """Publish with everything confirmed."""
    settled = {"commits": Line(), "confirm": lambda _plan: True} | terms
    return publish(lambda _state: folder, world.ports(), terms=Terms(**settled), progress=Silent())  # type: ignore[arg-type]


def run_killed(folder: ReleaseFolder, world: Services, *, at: str, number: int = 1, **terms: object) -> None:
    """Publish until just before or after an effect, and never again by that process.

    `at` is how its name begins, `number` the how manieth of that beginning.
    """
    left = iter(range(number - 1, -1, -1))

    def step(name: str) -> None:
        if name.startswith(at) and not next(left):
            world.step = _dead
            raise KilledError

    _run_broken(folder, world, step, KilledError, **terms)
    as_dead(world)


def run_failing(folder: ReleaseFolder, world: Services, *, at: str, **terms: object) -> None:
    """Publish while each effect whose name begins so is refused, until that publish gives up."""

    def step(name: str) -> None:
        if name.startswith(at):
            broken(name)

    _run_broken(folder, world, step, PublishError, **terms)


def _run_broken(
    folder: ReleaseFolder, world: Services, step: Callable[[str], None], ends: type[BaseException], **terms: object
) -> None:
    """Publish with that step, which has to break it off by that error."""
    world.step = step
    try:
        run(folder, world, **terms)
    except ends:
        pass
    else:
        raise AssertionError(f"nothing broke it off: {world.calls}")
    finally:
        world.step = lambda _name: None


def as_dead(world: Services) -> None:
    """Let the holder of the lease be a process that is no more."""
    _retell(world, "started", "0")


def as_elsewhere(world: Services) -> None:
    """Let the holder of the lease be of another machine, of which nothing can be known here."""
    _retell(world, "machine", "another")


def state_of(world: Services) -> State:
    """Return the state that the world holds."""
    assert world.state_at
    return State.from_json(world.state_at[0])


def _retell(world: Services, name: str, value: str) -> None:
    assert world.state_at
    text = json.loads(world.state_at[0])
    if text["in_progress"]:
        text["in_progress"]["holder"][name] = value
        world.state_at = (json.dumps(text), world.state_at[1])


def _dead(_name: str) -> None:
    raise KilledError
