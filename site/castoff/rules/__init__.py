"""Every rule that the program can say, with what it means and what to do: the reference is made from them.

Nothing that runs needs them: a problem carries its rule's name alone, and a test holds that each name stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.rules import bookings, content, files, layouts, output, settings, values, yaml
from castoff.rules.rule import Chapter, Rule, by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CHAPTERS", "RULES", "Chapter", "Rule"]

CHAPTERS: Final = (
    files.CHAPTER,
    yaml.CHAPTER,
    values.CHAPTER,
    bookings.CHAPTER,
    content.CHAPTER,
    settings.CHAPTER,
    layouts.CHAPTER,
    output.CHAPTER,
)
RULES: Final[Mapping[str, Rule]] = by_name(*CHAPTERS)
