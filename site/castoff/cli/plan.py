"""`castoff plan`: what publishing would do."""

from __future__ import annotations

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, counted, plan_lines, result, result_json, say
from publisher.adapters.world import connect
from publisher.publish import Terms, make_plan


@click.command()
@click.option("--target", default="production", show_default=True, help="For which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option("--full", is_flag=True, help="Make everything anew, changed or not; upload forms, too.")
@click.option("--whole", is_flag=True, help="Show every line of a long plan.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 0 for nothing to do, 2 for changes.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    target: str,
    as_of: str | None,
    *,
    full: bool,
    whole: bool,
    detailed_exitcode: bool,
    as_json: bool,
) -> None:
    """Show what publishing would do, a reason on each line, and do nothing.

    \b
    Example:
      castoff plan --target local
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off="nothing was changed: a plan only looks"):
        project = open_project(find_root(directory), target=target, as_of=as_of, full=full)
        project.look_first()
        terms = Terms(commits=project.git, confirm=lambda _plan: False, new_forms=full)
        plan = make_plan(project.made, connect(project.destination()), terms=terms, progress=progress)
    if as_json:
        result_json(plan.to_json())
    elif not plan.actions:
        say(f"nothing to do: {target} is at {plan.commit[:12]}")
    else:
        say(f"{target}, {plan.commit[:12]}: {counted(len(plan.actions), 'action')}, plan {plan.digest[:12]}")
        for line in plan_lines(plan, whole=whole):
            result(line)
    raise SystemExit(2 if plan.actions and detailed_exitcode else 0)
