"""`castoff publish`: the plan, a question, the effects, the guests' links."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

import click

from castoff.cli.errors import told
from castoff.cli.interrupts import heard
from castoff.cli.messages import is_worth_telling, message_for
from castoff.cli.plans import limits_option, plan_lines
from castoff.cli.project import find_root
from castoff.cli.releasing import Project, open_project
from castoff.cli.summaries import summarise, summarised
from castoff.cli.terminal import Progress, counted, fail, result, result_json, say
from publisher.adapters.world import connect
from publisher.fence.lease import SECONDS
from publisher.planning.limits import Limits
from publisher.publish import Terms, publish
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from castoff.contract.plan import Plan
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import World
    from publisher.publish import Done
    from publisher.target import Target

_MESSAGES = 5
"""Messages printed after a publish; whoever publishes a season at once is shown its links."""


@click.command()
@click.option("--target", default="production", show_default=True, help="To which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option("--full", is_flag=True, help="Make everything anew, changed or not; upload forms, too.")
@click.option("--adopt", is_flag=True, help="Take what was there before castoff for its own; nobody is called anew.")
@click.option("--repair", is_flag=True, help="Look at what really stands, and mend what was changed by hand.")
@click.option("--remove-strays", is_flag=True, help="With --repair: remove what stands there and no publish wrote.")
@click.option("--yes", is_flag=True, help="Do not ask: for CI.")
@click.option("--expect", metavar="DIGEST", help="Apply only the plan with this digest.")
@limits_option
@click.option("--force-from", metavar="REF", help="What is live is this commit of a history since rewritten.")
@click.option("--lease", type=click.FloatRange(0, min_open=True), default=SECONDS, hidden=True, help="Seconds.")
@click.option("--links/--no-links", default=True, help="Tell new guests' links, or new bookings by id alone.")
@click.option("--summary", metavar="FILE", help="Append what was done to FILE, as Markdown.")
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
    adopt: bool,
    repair: bool,
    remove_strays: bool,
    yes: bool,
    allow_empty: bool,
    links: bool,
    summary: str | None,
    as_json: bool,
) -> None:
    """Make the committed bookings true: pages, crew calls, calendar; each exactly once, however often it is run.

    \b
    Example:
      castoff publish --target local
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    if remove_strays and not repair:
        raise click.UsageError("--remove-strays goes with --repair, which looks for them")
    if adopt and repair:
        raise click.UsageError("--adopt goes first, --repair in a publish after it")
    progress = Progress()
    hint = "what was done is known; publish again to do the rest"
    with told(progress, broken_off=hint), summarised(summary, target), heard(progress) as interrupts:
        project = open_project(find_root(directory), target=target, as_of=as_of, full=full)
        project.look_first()
        terms = Terms(
            commits=project.git,
            confirm=partial(_confirm, progress=progress, yes=yes, at_once=interrupts.at_once),
            limits=Limits(max_removed=max_removed, allow_empty=allow_empty),
            expect=expect,
            force_from=force_from,
            lease=lease,
            example=project.settings.standing_clock is not None,
            new_forms=full,
            adopt=adopt,
            repair=repair,
            take_strays=remove_strays,
            stop=interrupts,
        )
        done = publish_project(project, terms=terms, progress=progress, at_once=interrupts.at_once)
    if as_json:
        result_json(_as_json(done))
    else:
        tell(project, done, links=links)
    if summary is not None:
        with told():
            summarise(summary, target, done, links=links)


def publish_project(
    project: Project,
    *,
    terms: Terms,
    progress: Progress,
    world: Callable[[Target], World] = connect,
    at_once: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Done:
    """Publish a project that is committed; a target for real takes nothing that is not.

    A build has no effect to finish: whoever asks to stop meanwhile stops it `at_once`.
    """
    project.git.head()
    changed = project.git.changed()
    if changed and not project.embedded:
        fail(
            f"{counted(len(changed), 'file')} changed since the commit, `{changed[0]}` first",
            hint="commit or remove them: what is live has to be a commit",
        )
    if changed:
        say(f"not committed, and taken all the same since this target is embedded: {', '.join(changed)}")

    def build(state: State) -> ReleaseFolder:
        with at_once():
            return project.made(state)

    return publish(build, world(project.destination()), terms=terms, progress=progress)


def tell(project: Project, done: Done, *, links: bool = True) -> None:
    """Say how a publish ended, and print what to send to each guest who is new or whose charter is another now.

    Without `links` it names bookings alone: a job's log may be anybody's to read.
    """
    if not done.plan.actions:
        say(f"nothing to do: {_is_at(project, done)}")
        return
    if not done.applied:
        say("nothing was changed")
        return
    bookings = done.folder.release.bookings
    say(f"done: {counted(len(done.plan.actions), 'action')}, {_is_at(project, done)}")
    deeds = done.record.bookings if done.record else {}
    news = [key for key in done.new if bookings[key].status == "confirmed"]
    news += [key for key, deed in deeds.items() if key in bookings and key not in news and is_worth_telling(deed)]
    for key in news:
        if not links:
            result(key)
        elif len(news) > _MESSAGES:
            kind = f"  {deeds[key].kind.value}" if key in deeds and key not in done.new else ""
            result(f"{key}  {bookings[key].guest_url}{kind}")
        else:
            result("")
            result(message_for(bookings[key], project.settings.brand, deeds.get(key)))


def _is_at(project: Project, done: Done) -> str:
    """Return what a target holds now, in words; files in no commit go to an embedded one alone."""
    changed = project.git.changed() if project.embedded else []
    beside = f" with {counted(len(changed), 'uncommitted file')}" if changed else ""
    return f"{project.target} is at {done.plan.commit[:12]}{beside}"


def _confirm(plan: Plan, *, progress: Progress, yes: bool, at_once: Callable[[], AbstractContextManager[None]]) -> bool:
    progress.clear()
    for line in plan_lines(plan):
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
