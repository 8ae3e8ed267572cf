"""The operator's project as commands see it: found from the folder they stand in, its settings, its instant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from castoff.cli.root import find_root
from castoff.cli.terminal import Ended, fail, say, standing_clock, summary
from castoff.fleet.settings import settings_of
from castoff.fleet.sources import read_settings
from castoff.problems import nearest, stops
from castoff.reading.limits import YEARS
from castoff.reading.zones import Twice, resolve, why_not_once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from castoff.fleet.settings import Settings
    from castoff.fleet.targets import TargetSettings
    from castoff.problems import Problem

__all__ = [
    "find_root",
    "load_settings",
    "parse_instant",
    "refuse",
    "say_standing_clock",
    "target_settings",
    "this_instant",
]


def load_settings(root: Path) -> Settings:
    """Return the project's settings; say what is wrong with them otherwise, and end."""
    content, problems = read_settings(root)
    refuse(problems)
    if content is None:
        raise SystemExit(1)
    parsed = settings_of(content)
    refuse(parsed.problems)
    if parsed.value is None:
        raise SystemExit(1)
    return parsed.value


def refuse(problems: Sequence[Problem]) -> None:
    """Say problems; end with 1 where one of them is an error."""
    for problem in problems:
        say(str(problem))
    if stops(problems):
        say(summary(problems))
        raise Ended(1, summary(problems), problems=tuple(str(problem) for problem in problems))


def target_settings(settings: Settings, name: str) -> TargetSettings:
    """Return a target by name; say which ones there are otherwise, and end."""
    target = settings.targets.get(name)
    if target is None:
        meant = nearest(name, settings.targets)
        names = ", ".join(f"`{known}`" for known in settings.targets) or "none"
        fail(
            f"unknown target `{name}`; castoff.yaml has {names}",
            hint=f"did you mean `{meant}`?" if meant else "add it under `targets`, or name another with `--target`",
        )
    return target


def say_standing_clock(settings: Settings, target: TargetSettings | None = None) -> None:
    """Say by which clock an example site goes, if it stands still; end where the target is for real."""
    clock = settings.standing_clock
    if clock is None:
        return
    if target is not None and not target.embedded:
        fail(
            f"the clock at the dock stands at {clock:%Y-%m-%d %H:%M}, and the target is for real",
            hint="remove `as_of` from castoff.yaml: it is for example sites",
        )
    say(standing_clock(clock))


def parse_instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return the instant that the operator wrote: the wall clock at the dock, unless it has an offset."""
    if text is None:
        return None
    try:
        wanted = datetime.fromisoformat(text)
    except ValueError:
        fail(f"`{text}` is not an instant", hint="write it like `2024-05-30 09:00`")
    if wanted.year not in YEARS:
        fail(f"`{text}` is not between the years {YEARS[0]} and {YEARS[-1]}", hint="correct the year")
    if wanted.tzinfo is not None:
        return wanted
    instant = resolve(wanted, zone)
    if not isinstance(instant, datetime):
        again = instant.earlier if isinstance(instant, Twice) else instant.first
        fail(why_not_once(text, instant), hint=f"write an instant with its offset, such as `{again.isoformat()}`")
    return instant


def this_instant() -> datetime:
    """Return now, to the second: the one place where a command reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)
