"""`castoff check`: every problem of every file, with its place."""

from __future__ import annotations

import click

from castoff.build import check
from castoff.cli.project import find_root, this_instant
from castoff.cli.terminal import result, result_json, say, summary
from castoff.problems import stops


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, *, as_json: bool) -> None:
    """Say everything that is wrong with bookings, content, layouts and settings; 1 where something is.

    \b
    Example:
      castoff check
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    problems = check(find_root(directory), clock=this_instant())
    if as_json:
        result_json([problem.to_json() for problem in problems])
    else:
        for problem in problems:
            result(str(problem))
        say(summary(problems) if problems else "all is well")
    raise SystemExit(1 if stops(problems) else 0)
