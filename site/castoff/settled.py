"""What settings and wishes decide between them, before any booking is read: for where, as of when, from what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from castoff.fleet.settings import EMBEDDED, addresses
from castoff.fleet.sources import LARGEST_TEXT, SETTINGS
from castoff.inputs import Inputs
from castoff.pages.legibility import faint_colour
from castoff.problems import Problem, Severity, nearest
from castoff.reading.reader import decode, read
from castoff.wishes import NO_TARGET

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.fleet.settings import Addresses, Settings
    from castoff.fleet.sources import Sources
    from castoff.pages.theme import Theme
    from castoff.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Settled:
    """What one build goes by; `as_of` is in the operator's zone."""

    as_of: datetime
    addresses: Addresses
    inputs: Inputs
    problems: tuple[Problem, ...]


def settle(sources: Sources, theme: Theme, settings: Settings, wishes: Wishes) -> Settled:
    """Return what a build goes by, with what is wrong with the target that is asked for."""
    target = settings.targets.get(wishes.target)
    known = addresses(target) if target is not None else EMBEDDED
    seen = wishes.addresses or known
    return Settled(
        as_of=(wishes.as_of or settings.standing_clock or wishes.clock).astimezone(settings.zone),
        addresses=seen,
        inputs=Inputs(
            sources,
            theme,
            target=wishes.target,
            addresses=seen,
            zone=settings.zone.key,
            versions=wishes.versions,
        ),
        problems=tuple(_target_problems(sources, settings, wishes)),
    )


def _target_problems(sources: Sources, settings: Settings, wishes: Wishes) -> list[Problem]:
    """Return what is wrong with the target: unknown, or for real while the clock stands still; a check has none."""
    if wishes.target == NO_TARGET:
        return [*faint_colour(sources.settings or b"", settings.brand), *_not_set_up(sources, settings)]
    target = settings.targets.get(wishes.target)
    if target is None:
        meant = nearest(wishes.target, settings.targets)
        hint = f"did you mean `{meant}`?" if meant else "castoff.yaml names targets under `targets`"
        words = f"unknown target `{wishes.target}`"
        return [_in_settings(sources, "targets", words=words, rule="unknown-target", hint=hint)]
    if settings.as_of is not None and wishes.as_of is None and not target.embedded:
        words = f"the clock stands still here, and target `{wishes.target}` is for real"
        return [_in_settings(sources, "as_of", words=words, rule="standing-clock", hint="remove `as_of`")]
    return []


def _not_set_up(sources: Sources, settings: Settings) -> list[Problem]:
    """Return a warning for each target of which only a stack can say the rest."""
    return [
        replace(
            _in_settings(
                sources,
                *("targets", name),
                words=f"target `{name}` is not set up yet",
                rule="not-set-up",
                hint=f"`castoff setup --target {name}` makes it, and writes here what is missing",
            ),
            severity=Severity.WARNING,
        )
        for name, target in settings.targets.items()
        if not target.is_set_up
    ]


def _in_settings(sources: Sources, *steps: str, words: str, rule: str, hint: str) -> Problem:
    text = decode(sources.settings or b"", SETTINGS, largest=LARGEST_TEXT)
    document = read(text, SETTINGS)[0] if isinstance(text, str) else None
    place = (1, 1) if document is None else document.place_of_key(*steps)
    return Problem(SETTINGS, *place, words, rule, hint)
