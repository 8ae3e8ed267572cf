"""A target that is still to be set up: read as far as castoff.yaml says it, whatever it has yet to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.cli.project import refuse, say_standing_clock
from castoff.cli.terminal import fail
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.settings_text import read_settings, with_values
from castoff.cloud.setup.wanted import Site, Wanted
from castoff.cloud.standing import STACK
from castoff.fleet.settings import CrewPages, parse_settings
from castoff.fleet.sources import SETTINGS
from castoff.fleet.targets import YET_TO_SAY, targets_of
from castoff.problems import stops

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from castoff.fleet.settings import Settings
    from castoff.problems import Problem


def load_wanted(root: Path, target: str) -> Wanted | None:
    """Return what a target asks of its stack, None where it is the embedded cloud; say what is wrong, and end."""
    text = _text(root / SETTINGS)
    document, problems = (parsed := parse_settings(text, SETTINGS)).document, parsed.problems
    if document is None:
        refuse(problems)
        raise SystemExit(1)
    written = targets_of(document).get(target)
    if written is None:
        fail(f"castoff.yaml has no target `{target}`", hint=f"write `{target}:` with `guest` and `ops` under `targets`")
    if "embedded" in written:
        return None
    settings = _finished(text, target, written, problems)
    say_standing_clock(settings, settings.targets[target])
    return _wanted(settings, target, written)


def check_settings(text: str) -> None:
    """Say what would be wrong with a text of castoff.yaml, and end where something is."""
    refuse(parse_settings(text, SETTINGS).problems)


def _finished(text: str, target: str, written: Mapping[str, Any], problems: list[Problem]) -> Settings:
    """Return the settings with what a stack has yet to say made up; problems are told by the text as it is."""
    missing = {path: value for path, value in YET_TO_SAY.items() if _at(written, path) is None}
    parsed = parse_settings(with_values(text, target, missing), SETTINGS)
    if stops(parsed.problems) or parsed.value is None:
        left = {(one.words, one.rule) for one in parsed.problems}
        refuse([one for one in problems if (one.words, one.rule) in left] or parsed.problems)
        raise SystemExit(1)
    return parsed.value


def _wanted(settings: Settings, target: str, written: Mapping[str, Any]) -> Wanted:
    found = settings.targets[target]
    guest, ops, scc = found.guest, found.ops, found.scc
    if guest is None or ops is None or scc is None or found.state is None:
        raise AssertionError("settings with an incomplete target are refused when they are read")

    def said(*path: str) -> str | None:
        return None if (value := _at(written, path)) is None else str(value)

    return Wanted(
        target=target,
        stack=found.stack or STACK,
        guest=Site(guest.domain, said("guest", "bucket"), said("guest", "distribution")),
        ops=Site(ops.domain, said("ops", "bucket"), said("ops", "distribution")),
        time_zone=settings.timezone,
        mail_from=settings.brand.email,
        brand_name=settings.brand.name,
        brand_contact=settings.brand.contact,
        auth=scc.auth.value,
        unlisted=settings.crew_pages is CrewPages.UNLISTED,
        uploads=said("uploads"),
        state=said("state"),
        scc_url=said("scc", "url"),
        scc_key=said("scc", "key"),
        dashboard_url=said("dashboard", "url"),
        dashboard_token=said("dashboard", "token"),
        region=found.region,
        profile=found.profile,
        endpoint=found.endpoint,
    )


def _at(written: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return a plain value, None where nothing is said."""
    value: Any = written
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value or None


def _text(path: Path) -> str:
    try:
        return read_settings(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CloudError(f"castoff.yaml cannot be read: {error}") from error
