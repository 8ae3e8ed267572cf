"""Content that nobody uses: no harm to any page, and often the trace of a name that was mistyped elsewhere.

Only `castoff check` tells of it, where nothing else is wrong. Drafts and holds use what they name. Members who work
ashore are used by that, and every snippet stands on every guest page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.fleet.content import Role
from castoff.fleet.sources import PICTURES
from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from castoff.fleet.charters import Fleet
    from castoff.fleet.outlines import Outline

_FEW: Final = 3
"""Unused files of a kind that are each a slip of the pen; more of them are a catalogue, and told of once."""


def unused(
    fleet: Fleet, outlines: Iterable[Outline], *, pictures: Iterable[str], shown: Iterable[str]
) -> list[Problem]:
    """Return a warning for each vessel, dock, crew member, checklist and picture that nobody uses.

    `outlines` are of all bookings: without any yet, it is early to say what they will name. `pictures` are those that
    there are, and `shown` those that pages may show.
    """
    outlines = tuple(outlines)
    problems = _unnamed("vessels", fleet.vessels, {outline.vessel for outline in outlines})
    problems += _unnamed("docks", fleet.docks, {outline.dock for outline in outlines})
    aboard = (key for key, member in fleet.crew.items() if member.role is not Role.OPS)
    problems += _unnamed("crew", aboard, {name for outline in outlines for name in outline.people})
    if not outlines:
        problems = []
    listed = {name for vessel in fleet.vessels.values() for name in vessel.checklists}
    problems += _told(
        [f"content/checklists/{name}.md" for name in sorted(set(fleet.checklists) - listed)],
        words="no vessel has this checklist",
        rule="unused-checklist",
        hint="name it under `checklists` of a vessel, or delete the file",
    )
    problems += _told(
        [f"{PICTURES}/{name}" for name in sorted(set(pictures) - set(shown))],
        words="no page shows this picture",
        rule="unused-picture",
        hint="name it as a `photo` or `logo`, or delete it",
    )
    return problems


def _unnamed(folder: str, known: Iterable[str], named: set[str]) -> list[Problem]:
    paths = [f"content/{folder}/{name}.md" for name in sorted(set(known) - named)]
    hint = "delete the file, or keep it for bookings to come"
    match folder:
        case "vessels":
            return _told(paths, words="no booking is for this vessel", rule="unused-vessel", hint=hint)
        case "docks":
            return _told(paths, words="no booking starts at this dock", rule="unused-dock", hint=hint)
        case _:
            return _told(paths, words="no booking has this member aboard", rule="unused-crew-member", hint=hint)


def _told(paths: list[str], *, words: str, rule: str, hint: str) -> list[Problem]:
    """Return a warning for each of a few files, or one at the first for all of them."""
    others = "" if len(paths) <= _FEW else f", and {len(paths) - 1:,} more are like it"
    return [
        Problem(path, 1, 1, f"{words}{others}", rule, hint, Severity.WARNING)
        for path in (paths[:1] if others else paths)
    ]
