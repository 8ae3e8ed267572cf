"""What people know a charter by, as text by label: kept with what was published, so that a plan says what changed.

`starts` is `2024-05-30 09:00`. What is long, or nobody's business in a log, stands as a mark alone: it tells that
something changed, not what. No names of people, no money.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.state import OFF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATUS: Final = "status"
VESSEL: Final = "vessel"
STARTS: Final = "starts"
DOCK: Final = "dock"
DURATION: Final = "duration"
BOARDING: Final = "boarding"
CAPTAIN: Final = "captain"
CREW: Final = "crew"
"""Ids of members, with a comma and a space between them."""

ORDER: Final = (
    STATUS,
    VESSEL,
    STARTS,
    DURATION,
    BOARDING,
    "crew call",
    DOCK,
    CAPTAIN,
    CREW,
    "guests",
    "slug",
)
"""The labels in the order in which they are told; others follow by name."""

_RELIED_ON: Final = {STARTS, DURATION, VESSEL, DOCK, BOARDING}

_MARK: Final = "mark:"
_DAY: Final = len("2024-05-30")


def mark(label: str, text: str, *, booking: str) -> str:
    """Return what stands for a text that is not shown: another text has another, and another booking's, too."""
    text = f"{booking}\n{label}\n{text}"
    return _MARK + hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that is another than it was; None where it was not there, or is not any more."""

    label: str
    before: str | None
    after: str | None

    @property
    def is_shown(self) -> bool:
        """Whether it says what changed, and not only that something did."""
        return self.shown != (None, None)

    @property
    def undone(self) -> FactChange:
        """The change back."""
        return FactChange(self.label, self.after, self.before)

    @property
    def line(self) -> str:
        """What changed, in words: `starts 09:00 → 10:00`, `notes changed`; a day that stays is not repeated."""
        return self.told(*self.shown, label=self.label)

    @property
    def shown(self) -> tuple[str | None, str | None]:
        """What it was and is, as far as it is shown: of a mark nothing, of a moment its time where its day stays."""
        before, after = (None if text is None or _is_marked(text) else text for text in (self.before, self.after))
        if before and after and _is_moment(before) and _is_moment(after) and before[:_DAY] == after[:_DAY]:
            return before[_DAY + 1 :], after[_DAY + 1 :]
        return before, after

    def told(self, before: str | None, after: str | None, *, label: str) -> str:
        """Return what changed in words, of a label and of what is shown, each written as its reader has it."""
        if before is not None and after is not None:
            return f"{label} {before} → {after}"
        if self.before is not None and self.after is not None:
            return f"{label} changed"
        word, text = ("gone", before) if self.after is None else ("new", after)
        return f"{label} {word}" if text is None else f"{label} {word}: {text}"

    def to_json(self) -> dict[str, str | None]:
        """Return the JSON form; of what is not shown, neither text."""
        before, after = (None if text is None or _is_marked(text) else text for text in (self.before, self.after))
        return {"label": self.label, "before": before, "after": after}


def fact_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FactChange, ...]:
    """Return what differs, in the order in which it is told."""
    labels = sorted(before.keys() | after.keys(), key=_place)
    return tuple(
        FactChange(label, before.get(label), after.get(label))
        for label in labels
        if before.get(label) != after.get(label)
    )


def is_told(was: str, status: str, changes: Iterable[FactChange]) -> bool:
    """Tell whether the guest of a booking that was published hears of what became of it, and is sent its link.

    They do where it is called off, or sails after all (by its status), and where what they rely on is another.
    """
    return (was in OFF) is not (status in OFF) or any(change.label in _RELIED_ON for change in changes)


def heading(facts: Mapping[str, str]) -> str:
    """Return by what a charter is told from others: `Jada, 2024-05-30 09:00`; empty where nothing is known."""
    return ", ".join(facts[label] for label in (VESSEL, STARTS) if facts.get(label))


def _place(label: str) -> tuple[int, str]:
    return (ORDER.index(label) if label in ORDER else len(ORDER), label)


def _is_marked(text: str) -> bool:
    return text.startswith(_MARK)


def _is_moment(text: str) -> bool:
    return len(text) == _DAY + len(" 09:00") and text[4] == text[7] == "-" and text[_DAY + 3] == ":"
