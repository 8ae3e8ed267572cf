"""`castoff check`: every problem of every file, with its place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from castoff.build import check
from castoff.cli.findings import annotated, counted_up, folder_in_repository, told
from castoff.cli.project import find_root, this_instant
from castoff.cli.terminal import fail, result, result_json, say
from castoff.problems import in_order, stops

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.problems import Problem


@click.command()
@click.option("--output", is_flag=True, help="Make the site as well, and judge every page of it.")
@click.option("--privacy", is_flag=True, help="Make it with marks in each field, and look where they show.")
@click.option("--seed", type=int, metavar="NUMBER", help="With --privacy: plant the marks of an earlier run.")
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="Who reads it; without it people, and GitHub where it runs there.",
)
@click.option("--json", "form", flag_value="json", help="For programs: the same as --format json.")
@click.pass_obj
def command(directory: str, *, output: bool, privacy: bool, seed: int | None, strict: bool, form: str | None) -> None:
    """Say everything that is wrong with bookings, content, layouts and settings; 1 where something is.

    \b
    Example:
      castoff check
      castoff check --strict --format github
      castoff check --output
      castoff check --privacy
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    root = find_root(directory)
    problems = _with_site(root) if output else check(root, clock=this_instant())
    if privacy:
        problems = in_order((*problems, *_with_marks(root, seed=seed)))
    if form == "json":
        result_json([problem.to_json() for problem in problems])
    elif form == "github" or (form is None and os.environ.get("GITHUB_ACTIONS") == "true"):
        for line in annotated(problems, within=folder_in_repository(root, os.environ)):
            result(line)
        say("\n".join(counted_up(problems)))
    else:
        for line in told(problems):
            result(line)
        say("\n".join(counted_up(problems)))
    raise SystemExit(1 if stops(problems) or (strict and problems) else 0)


def _with_site(root: Path) -> tuple[Problem, ...]:
    from castoff.output.page import NoParserError  # noqa: PLC0415 - needed here alone, and half of a start's time
    from castoff.output.site import check_site  # noqa: PLC0415 - likewise

    try:
        return check_site(root, clock=this_instant())
    except NoParserError as error:
        fail(str(error), hint="run `pip install '.[output]'` in castoff's own folder")


def _with_marks(root: Path, *, seed: int | None) -> tuple[Problem, ...]:
    from castoff.cli.private import check_privacy  # noqa: PLC0415 - needed here alone

    return check_privacy(root, clock=this_instant(), seed=seed)
