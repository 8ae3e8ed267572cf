"""How far two builds show the same: the visible text of their pages, tags stripped and white space folded."""

from __future__ import annotations

import random
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Sameness:
    """Over a sample of keys: how many a peer has, how many read the same, and the likeness of the least alike."""

    pages: int
    there: int
    same: int
    least: float
    where: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        words = f"{self.same} of {self.pages} sampled pages and calendar files read the same, word for word"
        if self.there < self.pages:
            words += f"; {self.pages - self.there} are missing"
        return words if self.same == self.there else f"{words}; the least alike is {self.where}, {self.least:.1%} alike"


def sameness(ours: Path, theirs: Path, *, sample: int) -> Sameness:
    """Compare a seeded sample of the files below two folders."""
    names = sorted(path.name for path in ours.iterdir())
    chosen = random.Random(0).sample(names, min(sample, len(names)))  # noqa: S311 - a sample, the same in every run
    likeness: dict[str, float] = {}
    for name in chosen:
        if (theirs / name).exists():
            one, other = (visible((folder / name).read_bytes().decode(), name) for folder in (ours, theirs))
            likeness[name] = 1.0 if one == other else SequenceMatcher(None, one, other, autojunk=False).ratio()
    least = min(likeness, key=lambda name: likeness[name], default="")
    same = sum(ratio == 1 for ratio in likeness.values())
    return Sameness(len(chosen), len(likeness), same, likeness.get(least, 0.0), least)


def visible(text: str, name: str) -> list[str]:
    """Return the words that a reader gets to see; of a calendar file all of them, its lines unfolded."""
    if name.endswith(".ics"):
        return text.replace("\r\n", "\n").replace("\n ", "").split()
    reading = _Visible()
    reading.feed(text)
    return " ".join(reading.texts).split()


class _Visible(HTMLParser):
    """The text between tags."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
