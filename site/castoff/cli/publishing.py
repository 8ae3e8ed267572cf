"""A publish by the command line: a project that is committed, its plan and a question, and how it ended, in words."""

from __future__ import annotations

import sys
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click

from castoff.cli.errors import told
from castoff.cli.glance import remember
from castoff.cli.interrupts import heard
from castoff.cli.lines import width_for
from castoff.cli.messages import is_worth_telling, message_for
from castoff.cli.plans import plan_lines, uncommitted, whole_plan
from castoff.cli.project import find_root
from castoff.cli.releasing import open_project
from castoff.cli.summaries import summarise, summarised
from castoff.cli.terminal import Progress, fail, result, result_json, say
from castoff.contract.counts import counted
from castoff.contract.keys import page_at
from publisher.adapters.world import connect
from publisher.errors import PublishError
from publisher.fence.lease import SECONDS
from publisher.publish import Terms, publish
from publisher.telling.grouped import grouped
from publisher.telling.words import headline

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from castoff.cli.releasing import Project
    from castoff.contract.plan import Plan
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.looks import Look
    from publisher.planning.limits import Limits
    from publisher.ports import World
    from publisher.publish import Done
    from publisher.target import Target

_MESSAGES = 5
"""Messages printed after a publish; whoever publishes a season at once is shown its links."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked for; `lease` is in seconds, None for as long as leases are."""

    target: str
    as_of: str | None
    full: bool
    look: Look
    yes: bool
    expect: str | None
    limits: Limits
    force_from: str | None
    lease: float | None
    summary: str | None
    as_json: bool

    @property
    def more(self) -> str:
        """The command that shows the plan whole; empty where none will: once it is applied, none of it is left."""
        if self.yes or self.force_from:
            return ""
        return whole_plan(look=self.look, as_of=self.as_of, full=self.full, limits=self.limits)


def run(directory: str, asked: Asked, *, program: str) -> None:
    """Publish as the command is asked to, and say how it ended; `program` is the stamp of the code that does."""
    progress = Progress()
    hint = "what was done is known; publish again to do the rest"
    with (
        told(progress, broken_off=hint),
        heard(progress) as interrupts,
        summarised(asked.summary, asked.target),
    ):
        project = open_project(find_root(directory), target=asked.target, as_of=asked.as_of, full=asked.full)
        project.look_first()
        terms = Terms(
            commits=project.git,
            confirm=partial(
                _confirm,
                beside=uncommitted(project) if project.embedded else "",
                progress=progress,
                yes=asked.yes,
                more=asked.more,
                at_once=interrupts.at_once,
            ),
            limits=asked.limits,
            expect=asked.expect,
            force_from=asked.force_from,
            lease=SECONDS if asked.lease is None else asked.lease,
            example=project.settings.standing_clock is not None,
            new_forms=asked.full,
            look=asked.look,
            stop=interrupts,
        )
        done = publish_project(project, terms=terms, progress=progress, at_once=interrupts.at_once)
        with suppress(PublishError):  # it is done, whatever git says now
            remember(project, done, program=program)
    if asked.as_json:
        result_json(_as_json(done))
    else:
        tell(project, done)
    if asked.summary is not None:
        with told():
            summarise(asked.summary, asked.target, done)


def publish_project(
    project: Project,
    *,
    terms: Terms,
    progress: Progress,
    world: Callable[[Target], World] = connect,
    at_once: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Done:
    """Publish a project that is committed; a target for real takes nothing that is not, not even while it is built.

    A build has no effect to finish: whoever asks to stop meanwhile stops it `at_once`.
    """
    _look_at_commit(project)
    if project.embedded and (changed := project.git.changed()):
        say(f"not committed, and taken all the same since this target is embedded: {', '.join(changed)}")

    def build(state: State) -> ReleaseFolder:
        with at_once():
            _look_at_commit(project)  # it may have been waited for another publish
            progress.step("building")
            folder = project.made(state)
            _look_at_commit(project, built=folder.release.commit)
            return folder

    return publish(build, world(project.destination()), terms=terms, progress=progress)


def _look_at_commit(project: Project, *, built: str | None = None) -> None:
    """End where a target for real would get what is in no commit, or in another than the one that was `built`."""
    head = project.git.head()
    if project.embedded:
        return
    if built not in {None, head}:
        fail(
            f"commit {head[:12]} was checked out while {built[:12] if built else ''} was built",
            hint="publish again: nothing was changed",
        )
    changed = project.git.changed()
    if changed:
        fail(
            f"{counted(len(changed), 'file')} changed since the commit, `{changed[0]}` first",
            hint="commit or remove them: what is live has to be a commit",
        )


def tell(project: Project, done: Done) -> None:
    """Say how a publish ended, and print what to send to each guest who is new or whose charter is another now."""
    if not done.plan.actions:
        say(f"nothing to do: {_is_at(project, done)}")
        return
    if not done.applied:
        say("nothing was changed")
        return
    bookings = done.folder.release.bookings
    say(f"done: {headline(grouped(done.plan))}; {_is_at(project, done)}")
    deeds = done.record.bookings if done.record else {}
    files = done.folder.release.files
    seen = {key for key, one in bookings.items() if page_at(one.guest_url) in files}
    news = [key for key in done.new if bookings[key].status == "confirmed" and key in seen]
    news += [key for key, deed in deeds.items() if key in bookings and key not in news and is_worth_telling(deed)]
    for key in news:
        if len(news) > _MESSAGES:
            became = f"  {deeds[key].fate}" if key in deeds and key not in done.new else ""
            result(f"{key}  {bookings[key].guest_url}{became}")
        else:
            result("")
            result(message_for(bookings[key], project.settings.brand, deeds.get(key)))


def _is_at(project: Project, done: Done) -> str:
    """Return what a target holds now, in words; files in no commit go to an embedded one alone."""
    beside = uncommitted(project) if project.embedded else ""
    return f"{project.target} is at {done.plan.commit[:12]}{f' with {beside}' if beside else ''}"


def _confirm(
    plan: Plan,
    *,
    beside: str,
    progress: Progress,
    yes: bool,
    more: str,
    at_once: Callable[[], AbstractContextManager[None]],
) -> bool:
    progress.clear()
    for line in plan_lines(plan, width=width_for(sys.stderr), beside=beside, more=more):
        say(line)
    if yes:
        return True
    if not sys.stdin.isatty():
        fail("there is no terminal to ask at", hint="read the plan with `castoff plan`, then publish with `--yes`")
    with told(broken_off="nothing was changed"), at_once():
        return click.confirm("apply?", err=True)


def _as_json(done: Done) -> dict[str, object]:
    bookings = done.folder.release.bookings
    return {
        "applied": done.applied,
        "plan": grouped(done.plan).to_json(),
        "new": [{"booking": key, "guest_url": bookings[key].guest_url} for key in done.new],
    }
