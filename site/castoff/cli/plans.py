"""What `plan` and `publish` show of a plan, and the limits that both go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import click

from castoff.cli.terminal import say
from publisher.telling import text
from publisher.telling.grouped import grouped

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.contract.plan import Plan

F = TypeVar("F", bound="Callable[..., None]")

_COLOURS: Final = {"+": "green", "-": "red", "~": "yellow"}


def limits_option(command: F) -> F:
    """Give a command the flags that allow what is refused otherwise."""
    for option in (
        click.option("--allow-empty", is_flag=True, help="Let a release without any booking remove them all."),
        click.option(
            "--max-removed",
            type=click.IntRange(0),
            default=3,
            show_default=True,
            help="How many bookings may vanish uncancelled.",
        ),
    ):
        command = option(command)
    return command


def plan_lines(plan: Plan, *, whole: bool = False) -> list[str]:
    """Return a plan as lines for a terminal, its headline first; a long one folded unless it is wanted whole."""
    told = grouped(plan)
    return [text.title(told), *map(_coloured, text.lines(told, whole=whole))]


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
