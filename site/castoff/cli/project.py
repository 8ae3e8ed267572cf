"""The operator's project as commands see it: found from the folder they stand in, its settings, its instant."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from castoff.cli.terminal import fail, say, summary
from castoff.fleet.settings import parse_settings
from castoff.problems import nearest, stops

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from castoff.fleet.settings import Settings
    from castoff.fleet.targets import TargetSettings
    from castoff.problems import Problem

SETTINGS = "castoff.yaml"


def find_root(directory: str) -> Path:
    """Return the folder with castoff.yaml, here or above."""
    here = Path(directory).resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file():
            return folder
    return fail(
        f"there is no {SETTINGS} in {here} or above",
        hint="go to your project's folder, or name it: `castoff -C FOLDER …`",
    )


def load_settings(root: Path) -> Settings:
    """Return the project's settings; say what is wrong with them otherwise, and end."""
    parsed = parse_settings((root / SETTINGS).read_text(encoding="utf-8", errors="replace"), SETTINGS)
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
        raise SystemExit(1)


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


def parse_instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return the instant that the operator wrote: the wall clock at the dock, unless it has an offset."""
    if text is None:
        return None
    try:
        wanted = datetime.fromisoformat(text)
    except ValueError:
        fail(f"`{text}` is not an instant", hint="write it like `2024-05-30 09:00`")
    return wanted if wanted.tzinfo else wanted.replace(tzinfo=zone)


def this_instant() -> datetime:
    """Return now, to the second: the one place where a command reads the clock."""
    return datetime.now(UTC).replace(microsecond=0)
