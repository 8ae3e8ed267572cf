"""`castoff plan`: what publishing would do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from castoff.cli.against import plan_against
from castoff.cli.errors import told
from castoff.cli.glance import glanced, program_stamp
from castoff.cli.limits import limits_option
from castoff.cli.lines import width_for
from castoff.cli.plans import plan_lines, say_refusals, uncommitted, whole_plan
from castoff.cli.project import find_root, say_standing_clock, this_instant
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, result, result_json, say
from publisher.adapters.world import connect
from publisher.looks import Look
from publisher.planning.limits import Limits
from publisher.publish import Terms, make_plan
from publisher.telling.grouped import grouped
from publisher.telling.markdown import code, markdown

if TYPE_CHECKING:
    from castoff.contract.plan import Plan


@click.command()
@click.option("--target", default="production", show_default=True, help="For which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option("--against", metavar="REF", help="Compare with a commit instead: asks git alone, no credentials.")
@click.option(
    "--full", is_flag=True, help="Build all anew and renew every upload form; what is as it should be is left."
)
@click.option("--repair", is_flag=True, help="What `publish --repair` would do: it looks at what really stands.")
@click.option("--remove-strays", is_flag=True, help="With --repair: as `publish --repair --remove-strays` would.")
@click.option("--whole", is_flag=True, help="Show every booking and every action of a long plan.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 0 for nothing to do, 2 for changes.")
@limits_option
@click.option("--markdown", "as_markdown", is_flag=True, help="For a pull request's comment or a job's summary.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    *,
    target: str,
    as_of: str | None,
    against: str | None,
    full: bool,
    repair: bool,
    remove_strays: bool,
    whole: bool,
    detailed_exitcode: bool,
    max_removed: int,
    allow_empty: bool,
    as_markdown: bool,
    as_json: bool,
) -> None:
    """Show what publishing would do, booking by booking: who is mailed, what vanishes, what changes; and do nothing.

    Ends with 1 where publishing would refuse to do it, and says which flag allows it.

    \b
    Example:
      castoff plan --target local
      castoff plan --against origin/main --markdown
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    if as_json and as_markdown:
        raise click.UsageError("--json and --markdown are two forms of one plan: ask for one")
    look = _look(repair=repair, remove_strays=remove_strays)
    if against is not None and (full or repair):
        raise click.UsageError("--against compares two builds: --full and --repair are about what is live")
    if not (as_of or against is not None or full or repair or as_json or as_markdown):
        glance = glanced(find_root(directory), target, program=program_stamp(), now=this_instant())
        for line in glance.lines if glance else ():
            say(line)
        if glance:
            return
    progress = Progress()
    limits = Limits(max_removed=max_removed, allow_empty=allow_empty)
    more = whole_plan(look=look, against=against, as_of=as_of, full=full, limits=limits)
    with told(progress, broken_off="nothing was changed: a plan only looks"):
        project = open_project(find_root(directory), target=target, as_of=as_of, full=full)
        if against is None:
            project.look_first()
            terms = Terms(commits=project.git, confirm=lambda _plan: False, limits=limits, new_forms=full, look=look)
            world = connect(project.destination())
            progress.step("building")
            plan = make_plan(project.made, world, terms=terms, progress=progress)
        else:
            plan = plan_against(project, against, limits=limits, progress=progress)
            say_standing_clock(project.settings)
    if as_json:
        unlike = {} if against is None else {"digest": None}  # which no publish will ever have
        result_json(grouped(plan).to_json() | unlike | {"against": against})
    elif as_markdown:
        result(_as_markdown(plan, against, more=more))
    else:
        _tell(plan, against, more=more, whole=whole, beside=uncommitted(project) if against is None else "")
    say_refusals(plan)
    raise SystemExit(1 if plan.refusals else 2 if plan.actions and detailed_exitcode else 0)


def _look(*, repair: bool, remove_strays: bool) -> Look:
    """Return what is looked at."""
    if remove_strays and not repair:
        raise click.UsageError("--remove-strays goes with --repair, which looks for them")
    return Look.SWEEP if remove_strays else Look.REPAIR if repair else Look.USUAL


def _tell(plan: Plan, against: str | None, *, more: str, whole: bool, beside: str) -> None:
    if against is not None:
        say(f"compared with {against}, not with what is live")
    if plan.actions:
        width, expect = width_for(sys.stdout), against is None
        for line in plan_lines(plan, width=width, whole=whole, expect=expect, beside=beside, more=more):
            result(line)
    elif against is not None:
        say("nothing would change")
    else:
        say(f"nothing to do: {plan.target} is as {plan.commit[:12]}{f' with {beside}' if beside else ''} has it")


def _as_markdown(plan: Plan, against: str | None, *, more: str) -> str:
    compared = [] if against is None else [f"Compared with {code(against)}, not with what is live."]
    refused = [f"{code(refusal.words)} {refusal.hint}" for refusal in plan.refusals]
    told = grouped(plan)
    return markdown(told, notes=compared, refusals=refused, expect=against is None, more=more).rstrip("\n")
