"""What `plan` and `publish` show of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from castoff.cli.terminal import say
from publisher.telling import text
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from castoff.contract.plan import Plan

_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow"}


def plan_lines(plan: Plan, *, width: int, whole: bool = False, expect: bool = True) -> list[str]:
    """Return a plan as lines of at most `width` columns, its headline first; a long one folded unless wanted whole.

    `expect` says how to publish just this one.
    """
    told = grouped(plan)
    title = text.title(told, width=width, expect=expect)
    return [*title, *map(_coloured, text.lines(told, width=width, whole=whole))]


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
