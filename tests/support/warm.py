"""castoff in processes of their own that are there at once: each forked from one that has imported and built before.

What a publish leaves to the next, such as a lease of a process that is no more, is as true as with the real command;
what a process keeps of a build (compiled layouts, styled texts) it keeps by their bytes, as `castoff serve` does.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, partial
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest
from support.hurried import Hurried
from support.projects import Ran

from castoff.cli.errors import told
from castoff.cli.publishing import publish_project, tell
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress
from castoff.cloud.facts import load_facts
from castoff.contract.document import Fields
from castoff.contract.state import PublishedBooking
from publisher.adapters.world import connect
from publisher.looks import Look
from publisher.publish import Terms
from publisher.target import Access, Credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from support.projects import Project

    from publisher.adapters.patience import Patience
    from publisher.ports import World
    from publisher.target import Target

Work: TypeAlias = "Callable[[Path], None]"
"""What is to be done in a project's folder; a partial of a function of a module, since it goes to another process."""

_PRELOADED: Final = ["support.warmed", "support.warm", "crash.yard", "races.machines", "castoff.workers"]
"""What has built before, and where the work is that is handed over: nobody imports that anew."""

_SECONDS: Final = 180.0


class Way(Enum):
    """How it is published: as ever, by `--adopt`, by `--repair`, or as a role that is assumed first."""

    USUAL = "usual"
    ADOPT = "adopt"
    REPAIR = "repair"
    ROLE = "role"


_LOOKS: Final = {Way.ADOPT: Look.ADOPT, Way.REPAIR: Look.REPAIR}


def publish(root: Path, *, patience: Patience, lease: float, way: Way = Way.USUAL) -> None:
    """Publish as the command does with `--yes`, but with another patience, and hurried where it waits."""
    progress = Progress()
    with told(progress):
        project = open_project(root, target="local", as_of=None)
        terms = Terms(
            commits=project.git,
            confirm=lambda _plan: True,
            lease=lease,
            look=_LOOKS.get(way, Look.USUAL),
        )
        world = partial(_hurried, patience=patience, role_of=root if way is Way.ROLE else None)
        done = publish_project(project, terms=terms, progress=progress, world=world)
    tell(project, done)


def build(root: Path, *, prior: Mapping[str, Any], out: Path, as_of: str | None = None) -> None:
    """Build as `castoff build` does, on what was published before, and reuse nothing of it."""
    project = open_project(root, target="local", as_of=as_of)
    bookings = {key: PublishedBooking.from_json(Fields(value, key)) for key, value in prior.items()}
    unlike = {key: replace(booking, input="") for key, booking in bookings.items()}
    project.write(commit=project.git.head(), prior=unlike, out=out)


@dataclass(slots=True)
class Running:
    """A process at work; `folder` has what it says."""

    process: multiprocessing.process.BaseProcess
    folder: Path

    def wait(self) -> Ran:
        """Wait for its end; a traceback is a failure whatever else was promised."""
        self.process.join(_SECONDS)
        assert self.process.exitcode is not None, "it never ended"
        out, err = ((self.folder / name).read_text("utf-8") for name in ("out", "err"))
        assert "Traceback" not in err, err
        return Ran(self.process.exitcode, out, err)


def start(project: Project, work: Work, *, folder: Path) -> Running:
    """Start some work in a project; an empty folder takes what it says."""
    context = multiprocessing.get_context("forkserver")
    _open()
    folder.mkdir(parents=True, exist_ok=True)
    process = context.Process(target=_run, args=(work, project.root, dict(project.environment), folder))
    process.start()
    return Running(process, folder)


@cache
def _open() -> None:
    """Start the process to fork from; Python 3.11 does not tell it where this one finds its modules."""
    multiprocessing.set_forkserver_preload(_PRELOADED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        forkserver.ensure_running()


def _run(work: Work, root: Path, environment: dict[str, str], folder: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(root)
    for stream, name in ((sys.stdout, "out"), (sys.stderr, "err")):
        with (folder / name).open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    work(root)


def _hurried(target: Target, *, patience: Patience, role_of: Path | None) -> World:
    world = connect(_through_role(target, role_of) if role_of else target, patience=patience)
    return replace(world, clock=Hurried(world.clock))


def _through_role(target: Target, root: Path) -> Target:
    """Return a target whose cloud is asked as the publisher's role, which the cloud's owner assumes."""
    facts = load_facts(root / ".castoff" / "cloud.json")
    assert facts
    admin = facts.credentials["admin"]
    owner = Credentials(admin.key, admin.secret, admin.token)
    return replace(target, credentials=owner, access=Access(role=facts.outputs["PublisherRole"]))
