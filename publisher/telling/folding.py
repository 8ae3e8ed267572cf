"""Which bookings of a plan are shown one by one, and which are counted: a season's worth is a wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.counts import counted
from publisher.fates import Fate

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
        mails = sum(len(group.mails) for group in self.groups)
        return f"{len(self.groups):,} more {self.fate.value}" + (f", {counted(mails, 'mail')}" if mails else "")


def folded(told: Grouped, *, whole: bool) -> Iterator[Group | Folded]:
    """Yield the bookings to show, and after those of each fate what is folded of it."""
    shown = [group for group in told.groups if whole or group.fate not in ALIKE]
    for fate in Fate:
        groups = [group for group in shown if group.fate is fate]
        most = len(groups) if whole or len(shown) <= MOST or len(groups) <= _FEW + 1 else _FEW
        yield from groups[:most]
        if groups[most:]:
            yield Folded(fate, tuple(groups[most:]))
