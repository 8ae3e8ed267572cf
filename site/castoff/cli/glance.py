"""A publish of what is live already: known by what the last one found, git, and one request; nothing is built.

What it found is noted beside its release, in `.castoff/publish/<target>.json`, and stays true whatever happens after:
from one instant until another, this program makes of this commit what is live, as long as the published state says
that this very release is. To lose the note costs one build.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import castoff
from castoff.cli.terminal import standing_clock
from castoff.cloud.facts import load_facts
from castoff.cloud.problems import FactsError
from publisher import errors
from publisher.adapters.git import Git
from publisher.adapters.glance import live_release
from publisher.errors import PublishError
from publisher.target import Access, Credentials, ServiceTarget, Target, session_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from castoff.cli.releasing import Project
    from castoff.cloud.facts import Facts
    from castoff.contract.release import Release
    from publisher.publish import Done

_LEAST_LEFT: Final = timedelta(minutes=1)
"""Lent credentials with less left are for who lends new ones."""
_NONE: Final = ServiceTarget("", "")
"""A service, where none is asked."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What a publish found: from `as_of` until `until` there is nothing to do while `live` is live.

    Both are ISO 8601 with offset, and so is `clock`, at which an example's stands still. `live` is a release's digest,
    `program` and `rules` are stamps of castoff's own code and of the time zone's rules; `cloud` is a digest of what the
    embedded cloud said of itself. The rest is where the state is, and who may ask for it; no secret.
    """

    target: str
    commit: str
    as_of: str
    until: str
    live: str
    program: str
    zone: str
    rules: str
    clock: str | None
    cloud: str | None
    state: str
    region: str | None
    endpoint: str | None
    profile: str | None
    role: str | None

    @property
    def lines(self) -> tuple[str, ...]:
        """What is to be said."""
        nothing = f"nothing to do: {self.target} is at {self.commit[:12]}"
        return (nothing,) if self.clock is None else (standing_clock(datetime.fromisoformat(self.clock)), nothing)


@dataclass(frozen=True, slots=True)
class Here:
    """What a glance is held against: this program, this work tree, this instant; `changed` are files in no commit."""

    target: str
    commit: str
    changed: Sequence[str]
    program: str
    rules: str
    cloud: str | None
    now: datetime


def holds(glance: Glance, here: Here) -> bool:
    """Tell whether a publish here and now would find the same, provided that the same release is live."""
    now = datetime.fromisoformat(glance.clock) if glance.clock else here.now
    same = (glance.target, glance.commit, glance.program, glance.rules, glance.cloud)
    return (
        same == (here.target, here.commit, here.program, here.rules, here.cloud)
        and not here.changed
        and datetime.fromisoformat(glance.as_of) <= now < datetime.fromisoformat(glance.until)
    )


def glanced(
    root: Path,
    target: str,
    *,
    program: str,
    now: datetime,
    ask: Callable[[Target], str | None] = live_release,
) -> Glance | None:
    """Return what the last publish found where it is still so, by one request; None says nothing.

    `program` is the stamp of the code that asks. Nobody is asked where what is here has changed.
    """
    with suppress(OSError, ValueError, TypeError, KeyError, PublishError, FactsError):
        glance = Glance(**json.loads(_file(root, target).read_bytes()))
        facts = None if glance.cloud is None else load_facts(_facts_file(root))
        git = Git(root)
        commit = git.head()
        changed = git.changed() if commit == glance.commit else [""]
        cloud = None if facts is None else _digest(facts)
        here = Here(target, commit, changed, program, _rules(glance.zone), cloud, now)
        if holds(glance, here) and ask(_target(glance, facts, now=now)) == glance.live:
            return glance
    return None


def remember(project: Project, done: Done, *, program: str) -> None:
    """Note what a publish found, where the same again, later, can be known to find nothing to do.

    A form in a page has to be renewed in time, and what is in no commit is another by the next publish.
    """
    release = done.folder.release
    if not done.live or any(file.slots for file in release.files.values()):
        return
    if project.git.changed() or project.git.head() != release.commit:
        return
    to, clock, zone = project.destination(), project.settings.standing_clock, project.settings.zone.key
    facts = load_facts(_facts_file(project.root)) if project.embedded else None
    glance = Glance(
        target=project.target,
        commit=release.commit,
        as_of=release.as_of,
        until=first_change(release),
        live=done.live,
        program=program,
        zone=zone,
        rules=_rules(zone),
        clock=None if clock is None else clock.isoformat(),
        cloud=None if facts is None else _digest(facts),
        state=to.state,
        region=to.region,
        endpoint=to.endpoint,
        profile=to.access.profile,
        role=to.access.role,
    )
    file = _file(project.root, project.target)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):  # whoever cannot write it builds again
        fresh.write_text(json.dumps(asdict(glance), indent=1), encoding="utf-8")
        fresh.replace(file)


def first_change(release: Release) -> str:
    """Return the first instant at which the clock alone makes another release than this one (ISO 8601)."""
    ahead = [release.next, *(booking.next for booking in release.bookings.values())]
    return min(filter(None, ahead), key=datetime.fromisoformat, default=release.as_of)


def program_stamp() -> str:
    """Return a stamp of all that runs: castoff's files as git's index would know them, libraries by their versions.

    It is taken before anything else of castoff is imported: files that change later are of another program.
    """
    hashed = hashlib.sha256()
    for module in (castoff, errors):
        for line in sorted(_stamps(os.path.dirname(module.__file__ or ""))):  # noqa: PTH120 - paths take as long again
            hashed.update(line.encode())
    libraries = os.listdir(Path(click.__file__).parents[1])  # noqa: PTH208 - names are enough
    hashed.update("\n".join(sorted(name for name in libraries if name.endswith(".dist-info"))).encode())
    return hashed.hexdigest()


def _stamps(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _stamps(entry.path)
            else:
                yield f"{entry.path} {_stamp(entry.stat())}\n"


def _stamp(found: os.stat_result) -> str:
    """Return size, time of writing, and time of the last change of any kind, which no program can set."""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _rules(zone: str) -> str:
    """Return a stamp of a time zone's rules on this machine; those of a library are known by its version."""
    from zoneinfo import TZPATH  # noqa: PLC0415 - dear, and only who has a note asks

    for folder in TZPATH:
        with suppress(OSError):
            return _stamp((Path(folder) / zone).stat())
    return ""


def _file(root: Path, target: str) -> Path:
    return root / ".castoff" / "publish" / f"{target}.json"


def _facts_file(root: Path) -> Path:
    return root / ".castoff" / "cloud.json"


def _digest(facts: Facts) -> str:
    """Return a digest of where an embedded cloud is and what it is made of."""
    known: Any = (facts.endpoint, facts.region, facts.edge, facts.stack, dict(facts.outputs))
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _target(glance: Glance, facts: Facts | None, *, now: datetime) -> Target:
    """Return as much of a target as tells where its state is; raise ValueError where credentials end soon."""
    lent = None if facts is None else facts.credentials["publisher"]
    if lent is not None and lent.expires is not None and lent.expires - now < _LEAST_LEFT:
        raise ValueError(lent.expires)
    return Target(
        name=glance.target,
        sites={},
        state=glance.state,
        scc=_NONE,
        dashboard=_NONE,
        region=glance.region,
        endpoint=glance.endpoint,
        credentials=None if lent is None else Credentials(lent.key, lent.secret, lent.token),
        access=Access(glance.profile, glance.role, session_name(os.environ)),
    )
