"""`castoff publish`: the plan, a question, the effects, the guests' links."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from castoff.cli.errors import told
from castoff.cli.link import message_for
from castoff.cli.project import find_root
from castoff.cli.releasing import Project, open_project
from castoff.cli.terminal import Progress, counted, fail, plan_lines, result, result_json, say
from publisher.adapters.world import connect
from publisher.lease import SECONDS
from publisher.publish import Limits, Terms, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.contract.plan import Plan
    from publisher.ports import World
    from publisher.publish import Done
    from publisher.target import Target

_MESSAGES = 5
"""Messages printed after a publish; whoever publishes a season at once is shown its links."""


@click.command()
@click.option("--target", default="production", show_default=True, help="To which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option("--full", is_flag=True, help="Make everything anew, changed or not; upload forms, too.")
@click.option("--yes", is_flag=True, help="Do not ask: for CI.")
@click.option("--expect", metavar="DIGEST", help="Apply only the plan with this digest.")
@click.option(
    "--max-removed",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="How many bookings may vanish uncancelled.",
)
@click.option("--allow-empty", is_flag=True, help="Let a release without any booking remove them all.")
@click.option("--force-from", metavar="COMMIT", help="What is live is this commit of a history since rewritten.")
@click.option("--lease", type=click.FloatRange(0, min_open=True), default=SECONDS, hidden=True, help="Seconds.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    *,
    target: str,
    as_of: str | None,
    expect: str | None,
    max_removed: int,
    force_from: str | None,
    lease: float,
    full: bool,
    yes: bool,
    allow_empty: bool,
    as_json: bool,
) -> None:
    """Make the committed bookings true: pages, crew calls, calendar; each exactly once, however often it is run.

    \b
    Example:
      castoff publish --target local
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off="what was done is known; publish again to do the rest"):
        project = open_project(find_root(directory), target=target, as_of=as_of, full=full)
        project.look_first()
        terms = Terms(
            commits=project.git,
            confirm=partial(_confirm, progress=progress, yes=yes),
            limits=Limits(max_removed=max_removed, allow_empty=allow_empty),
            expect=expect,
            force_from=force_from,
            lease=lease,
            example=project.settings.standing_clock is not None,
            new_forms=full,
        )
        done = publish_project(project, terms=terms, progress=progress)
    if as_json:
        result_json(_as_json(done))
    else:
        tell(project, done)


def publish_project(
    project: Project, *, terms: Terms, progress: Progress, world: Callable[[Target], World] = connect
) -> Done:
    """Publish a project that is committed; a target for real takes nothing that is not."""
    project.git.head()
    changed = project.git.changed()
    if changed and not project.embedded:
        fail(
            f"{counted(len(changed), 'file')} changed since the commit, `{changed[0]}` first",
            hint="commit or remove them: what is live has to be a commit",
        )
    if changed:
        say(f"not committed, and taken all the same since this target is embedded: {', '.join(changed)}")
    return publish(project.made, world(project.destination()), terms=terms, progress=progress)


def tell(project: Project, done: Done) -> None:
    """Say how a publish ended, and print the link of each guest who is new."""
    if not done.plan.actions:
        say(f"nothing to do: {_is_at(project, done)}")
        return
    if not done.applied:
        say("nothing was changed")
        return
    bookings = done.folder.release.bookings
    say(f"done: {counted(len(done.plan.actions), 'action')}, {_is_at(project, done)}")
    new = [key for key in done.new if bookings[key].status == "confirmed"]
    for key in new:
        if len(new) > _MESSAGES:
            result(f"{key}  {bookings[key].guest_url}")
        else:
            result("")
            result(message_for(bookings[key], project.settings.brand))


def _is_at(project: Project, done: Done) -> str:
    """Return what a target holds now, in words; files in no commit go to an embedded one alone."""
    changed = project.git.changed() if project.embedded else []
    beside = f" with {counted(len(changed), 'uncommitted file')}" if changed else ""
    return f"{project.target} is at {done.plan.commit[:12]}{beside}"


def _confirm(plan: Plan, *, progress: Progress, yes: bool) -> bool:
    progress.clear()
    say(f"{plan.target}, {plan.commit[:12]}: {counted(len(plan.actions), 'action')}, plan {plan.digest[:12]}")
    for line in plan_lines(plan):
        say(line)
    if yes:
        return True
    if not sys.stdin.isatty():
        fail("there is no terminal to ask at", hint="read the plan with `castoff plan`, then publish with `--yes`")
    with told(broken_off="nothing was changed"):
        return click.confirm("apply?", err=True)


def _as_json(done: Done) -> dict[str, object]:
    bookings = done.folder.release.bookings
    return {
        "applied": done.applied,
        "plan": done.plan.to_json(),
        "new": [{"booking": key, "guest_url": bookings[key].guest_url} for key in done.new],
    }
