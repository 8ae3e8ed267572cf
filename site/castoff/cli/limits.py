"""How far a plan may go by itself: the flags that allow what `plan` and `publish` refuse otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., None]")


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
