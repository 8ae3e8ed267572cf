"""What `castoff plan --against REF` compares: two builds, of a commit and of the work tree, and nothing beyond git."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NoReturn

from castoff.cli.project import parse_instant, refuse, this_instant
from castoff.cli.terminal import fail, say
from castoff.fleet.settings import settings_of
from castoff.fleet.sources import read_settings
from castoff.problems import stops
from castoff.wishes import Wishes
from castoff.writing import build_into
from publisher.folder import load_release
from publisher.planning.diff import diff
from publisher.planning.limits import refusals
from publisher.planning.supposed import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from castoff.cli.releasing import Project
    from castoff.cli.terminal import Progress
    from castoff.contract.plan import Plan
    from castoff.problems import Problem
    from publisher.planning.limits import Limits

_NOTHING_THERE = 3
"""The exit code where the fault is the other commit's, and not the work tree's."""
PROBLEMS_SHOWN = 20
"""Problems of the other commit that are said: they are not what is being worked on."""


def plan_against(project: Project, ref: str, *, limits: Limits, progress: Progress) -> Plan:
    """Return what would be published on top of a commit, had that been published whole: asks no one but git.

    Both are built for the same target and the same instant: the commit on nothing that was published before, the work
    tree on what the commit would have left, as a publish builds. The folder that they are written into goes whatever
    happens.
    """
    commit = project.git.resolve(ref)
    now = this_instant()
    wanted = parse_instant(project.as_of, project.settings.zone)
    wishes = Wishes(target=project.target, clock=now, as_of=wanted or project.settings.standing_clock or now)
    with TemporaryDirectory(prefix="castoff-plan-") as name:
        folder = Path(name)
        there = folder / "commit"
        there.mkdir()
        progress.step(f"building {ref}")
        project.git.write_tree(commit, there)
        _look_at_commit(there, project.target, ref)
        written, problems = build_into(folder / "before", there, wishes)
        if written is None:
            _say_of(ref, problems)
            _fail_to_compare(f"`{ref}` does not build")
        state = state_of(load_release(folder / "before"))
        progress.step("building the work tree")
        written, problems = build_into(folder / "after", project.root, replace(wishes, prior=state.bookings))
        refuse(problems)
        if written is None:
            raise AssertionError("a build without a problem is there")
        after = load_release(folder / "after")
        plan = diff(after.release, state, private=after.private)
        return replace(plan, refusals=refusals(after.release, state, limits))


def _say_of(ref: str, problems: Iterable[Problem]) -> None:
    """Say what is wrong with the other commit, whose paths look like those of the work tree."""
    for problem in [problem for problem in problems if stops([problem])][:PROBLEMS_SHOWN]:
        say(f"{ref}: {problem}")


def _look_at_commit(there: Path, target: str, ref: str) -> None:
    """End where the commit has no project, or not for this target."""
    if not (there / "castoff.yaml").is_file():
        _fail_to_compare(f"`{ref}` has no castoff.yaml")
    content, problems = read_settings(there)
    parsed = None if content is None else settings_of(content)
    problems = [*problems, *(parsed.problems if parsed else ())]
    if parsed is None or parsed.value is None or stops(problems):
        _say_of(ref, problems)
        _fail_to_compare(f"castoff.yaml of `{ref}` cannot be read")
    if target not in parsed.value.targets:
        _fail_to_compare(f"`{ref}` has no target `{target}`")


def _fail_to_compare(words: str) -> NoReturn:
    fail(
        f"{words}, so there is nothing to compare with",
        hint="name a commit that builds; `castoff check` looks at the work tree alone",
        code=_NOTHING_THERE,
    )
