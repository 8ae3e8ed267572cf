"""What `plan` and `publish` show of a plan."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.terminal import aimed, say
from castoff.contract.counts import counted
from publisher.looks import Look
from publisher.planning.limits import Limits
from publisher.telling import text
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from castoff.cli.releasing import Project
    from castoff.contract.plan import Plan

_USUAL: Final = Limits()
_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow"}


def plan_lines(
    plan: Plan, *, width: int, whole: bool = False, expect: bool = True, beside: str = "", more: str = ""
) -> list[str]:
    """Return a plan as lines of at most `width` columns, its headline first; a long one folded unless wanted whole.

    `expect` says how to publish just this one, `more` by which command it is shown whole; `beside` is what is in it
    beside its commit.
    """
    told = grouped(plan)
    title = text.title(told, width=width, expect=expect, beside=beside)
    return [*title, *map(_coloured, text.lines(told, width=width, whole=whole, more=aimed(f"`{more}`").strip("`")))]


def whole_plan(
    *,
    look: Look = Look.USUAL,
    against: str | None = None,
    as_of: str | None = None,
    full: bool = False,
    limits: Limits = _USUAL,
) -> str:
    """Return the command that shows the same plan whole; empty where none does, as none looks for what to adopt."""
    if look is Look.ADOPT:
        return ""
    words = ["castoff plan"]
    words += [f"--against {quote(against)}"] if against is not None else []
    words += [f"--as-of {quote(as_of)}"] if as_of is not None else []
    words += ["--full"] if full else []
    words += [] if look is Look.USUAL else ["--repair"]
    words += ["--remove-strays"] if look is Look.SWEEP else []
    words += [f"--max-removed {limits.max_removed}"] if limits.max_removed != _USUAL.max_removed else []
    words += ["--allow-empty"] if limits.allow_empty else []
    return " ".join([*words, "--whole"])


def uncommitted(project: Project) -> str:
    """Return how many files are in no commit, in words; nothing where all are."""
    changed = project.git.changed()
    return counted(len(changed), "uncommitted file") if changed else ""


def say_refusals(plan: Plan) -> None:
    """Say what publishing would refuse of a plan."""
    for refusal in plan.refusals:
        say(f"{click.style('publish would refuse this:', fg='red', bold=True)} {refusal.words}")
        say(f"  hint: {refusal.hint}")


def _coloured(line: str) -> str:
    """Return the line of a booking with its mark and id in the colour of what becomes of it."""
    colour = _COLOURS.get(line[:1])
    if colour is None or line[1:2] != " ":
        return line
    head, gap, rest = line.partition("  ")
    return click.style(head, fg=colour) + gap + rest
