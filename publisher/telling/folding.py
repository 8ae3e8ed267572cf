"""Which bookings of a plan are shown one by one, and which are counted: a season's worth is a wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.mails import Kind
from publisher.fates import Fate
from publisher.telling.words import mailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.telling.grouped import Group, Grouped

MOST: Final = 16
"""Bookings that are shown one by one: about a screen."""

_FEW: Final = 4
"""Of each fate, where there are more than that in all."""

ALIKE: Final = frozenset({Fate.REWRITTEN, Fate.RETIRED, Fate.RENEWED})
"""Of these each booking says the same, so that one line does."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Bookings of one fate that are counted and not shown."""

    fate: Fate
    groups: tuple[Group, ...]

    @property
    def words(self) -> str:
        """What is not shown: `288 more new, 864 mails`."""
        kinds = [kind for group in self.groups for _, kind in group.mails]
        perhaps = kinds.count(Kind.PERHAPS)
        words = mailed(len(kinds) - perhaps, perhaps)
        return f"{len(self.groups):,} more {self.fate.value}{f', {words}' if words else ''}"


def folded(told: Grouped, *, whole: bool) -> Iterator[Group | Folded]:
    """Yield the bookings to show, and after those of each fate what is folded of it."""
    shown = [group for group in told.groups if whole or group.fate not in ALIKE]
    for fate in Fate:
        groups = [group for group in shown if group.fate is fate]
        most = len(groups) if whole or len(shown) <= MOST or len(groups) <= _FEW + 1 else _FEW
        yield from groups[:most]
        if groups[most:]:
            yield Folded(fate, tuple(groups[most:]))
