"""Machines that publish from clones of one repository: each with its own work tree, clock and name.

A machine's name is what the lease tells others by: under another name nobody can prove that its process is no more, and
the lease has to run out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from support import warm
from support.projects import ZONE, Project

from castoff.cli.errors import told
from castoff.cli.publishing import publish_project, tell
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress
from publisher.adapters.patience import Patience
from publisher.adapters.world import connect
from publisher.publish import Terms

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.state import State
    from publisher.ports import Clock, Loaded, States, World
    from publisher.target import Target

LEASE = 1.0
"""Seconds of a lease here, so that one that has to run out does so within three."""

_PATIENCE = Patience(read=60.0, enough=120.0)
"""A machine that is shared by many takes its time, and no race is about that."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a publisher runs; its clock is so many seconds ahead, its name another's than this machine's where told."""

    ahead: float = 0.0
    name: str | None = None


@dataclass(frozen=True, slots=True)
class OffsetClock:
    """The clock behind a port, which tells another time."""

    real: Clock
    ahead: float

    def now(self) -> float:
        """Return seconds since 1970 as this machine has them."""
        return self.real.now() + self.ahead

    def monotonic(self) -> float:
        """Return seconds of a clock that knows of no time of day, but starts elsewhere."""
        return self.real.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self.real.sleep(seconds)


@dataclass(frozen=True, slots=True)
class NamedStates:
    """The states behind a port, written by a machine of another name."""

    real: States
    name: str

    def load(self) -> Loaded:
        """Read the state."""
        return self.real.load()

    def again(self, loaded: Loaded) -> Loaded:
        """Look at it again."""
        return self.real.again(loaded)

    def save(self, state: State, *, etag: str | None) -> str:
        """Write the state, and this machine's name in it as the one at work."""
        working = state.in_progress
        if working is not None:
            state = replace(state, in_progress=replace(working, holder=replace(working.holder, machine=self.name)))
        return self.real.save(state, etag=etag)


def publish(root: Path, *, machine: Machine, lease: float) -> None:
    """Publish as the command does with `--yes`, on such a machine."""
    progress = Progress()
    with told(progress):
        project = open_project(root, target="local", as_of=_as_of(machine))
        terms = Terms(commits=project.git, confirm=lambda _plan: True, lease=lease)
        done = publish_project(project, terms=terms, progress=progress, world=partial(_connect, machine=machine))
    tell(project, done)


def start(clone: Project, machine: Machine, *, folder: Path, lease: float = LEASE) -> warm.Running:
    """Start to publish what a clone has checked out; a new folder takes what is said, killed early or not."""
    folder.mkdir()
    for name in ("out", "err"):
        (folder / name).touch()
    return warm.start(clone, partial(publish, machine=machine, lease=lease), folder=folder)


def clone_of(project: Project, root: Path) -> Project:
    """Clone a project's repository, and tell the clone of the running cloud."""
    project.git("clone", "--quiet", "--no-checkout", str(project.root), str(root))
    clone = Project(root, project.environment)
    clone.write(".castoff/cloud.json", json.dumps(project.facts))
    return clone


def check_out(clone: Project, commit: str) -> Project:
    """Let a clone have exactly one commit in its work tree."""
    clone.git("fetch", "--quiet", "origin")
    clone.git("checkout", "--quiet", "--force", "--detach", commit)
    return clone


def _connect(target: Target, *, machine: Machine) -> World:
    world = connect(target, patience=_PATIENCE)
    states = world.states if machine.name is None else NamedStates(world.states, machine.name)
    return replace(world, states=states, clock=OffsetClock(world.clock, machine.ahead))


def _as_of(machine: Machine) -> str | None:
    """Return now as this machine has it, to the minute."""
    return f"{datetime.now(ZONE) + timedelta(seconds=machine.ahead):%Y-%m-%d %H:%M}" if machine.ahead else None
