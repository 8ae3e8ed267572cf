"""Which bookings of a plan are shown one by one, and which are counted: a season's worth is a wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.telling.grouped import Sort
from publisher.telling.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.telling.grouped import Group, Grouped

MOST: Final = 16
"""Bookings that are shown one by one: about a screen."""

_FEW: Final = 4
"""Of each sort, where there are more than that in all."""

ALIKE: Final = frozenset({Sort.REWRITTEN, Sort.RETIRED, Sort.RENEWED})
"""Sorts of which each booking says the same, so that one line does."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Bookings of one sort that are counted and not shown."""

    sort: Sort
    groups: tuple[Group, ...]

    @property
    def words(self) -> str:
        """What is not shown: `288 more new, 864 mails`."""
        mails = sum(len(group.mails) for group in self.groups)
        return f"{len(self.groups):,} more {self.sort.value}" + (f", {counted(mails, 'mail')}" if mails else "")


def folded(told: Grouped, *, whole: bool) -> Iterator[Group | Folded]:
    """Yield the bookings to show, and after those of each sort what is folded of it."""
    shown = [group for group in told.groups if whole or group.sort not in ALIKE]
    for sort in Sort:
        groups = [group for group in shown if group.sort is sort]
        most = len(groups) if whole or len(shown) <= MOST or len(groups) <= _FEW + 1 else _FEW
        yield from groups[:most]
        if groups[most:]:
            yield Folded(sort, tuple(groups[most:]))
