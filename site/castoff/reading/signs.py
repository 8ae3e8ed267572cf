"""Signs that look like plain ones and are others, as phones, word processors and web pages write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_NAMED: Final = {
    "\u00a0": ("a non-breaking space", "a plain space"),
    "\u00ad": ("a soft hyphen, which nobody sees,", "nothing"),
    "\u2212": ("a minus sign", "a plain hyphen"),
}
_BY_CATEGORY: Final = {
    **dict.fromkeys(("Pi", "Pf"), ("a curly quote", "a straight one")),
    **dict.fromkeys(("Zs", "Zl", "Zp"), ("an odd space", "a plain one")),
    "Cf": ("a sign that nobody sees", "nothing"),
    "Pd": ("a long dash", "a plain hyphen"),
    "Nd": ("a digit of another script", "a plain digit"),
}
_BY_SCRIPT: Final = {
    "FULLWIDTH": ("a double-width sign", "a plain one"),
    "CYRILLIC": ("a Cyrillic letter", "a Latin one"),
    "GREEK": ("a Greek letter", "a Latin one"),
}
_QUOTE_CATEGORIES: Final = frozenset({"Pi", "Pf"})
_LOW_QUOTES: Final = "\u201a\u201e"
_BLANK: Final = "[\u00a0\u2000-\u200b\u202f\u3000\ufeff]"
_DASH: Final = "[\u2010-\u2015\u2212]"
_STRUCTURE: Final = re.compile(
    rf"^ *(?P<before>{_BLANK})|^[ -]*\w+(?P<colon>\uff1a)|^[ -]*\w+:(?P<behind>{_BLANK})|^ *(?P<dash>{_DASH}) "
)


@dataclass(frozen=True, slots=True)
class OddSign:
    """One such sign: where it stands, from 0, what it is, and what belongs in its place."""

    at: int
    name: str
    plain: str

    @property
    def words(self) -> str:
        """What is wrong."""
        return f"{self.name} stands here"

    @property
    def hint(self) -> str:
        """What to do."""
        return "delete it" if self.plain == "nothing" else f"type {self.plain} in its place"


def odd_sign(text: str) -> OddSign | None:
    """Return the first sign of a text that looks like a plain one, or like nothing, and is another."""
    return None if text.isascii() else next(filter(None, map(_odd, range(len(text)), text)), None)


def odd_structure(line: str) -> OddSign | None:
    """Return the sign that keeps a line from being YAML: a space, a colon or a hyphen that only looks like it."""
    found = None if line.isascii() else _STRUCTURE.search(line)
    if found is None:
        return None
    at = found.start(str(found.lastgroup))
    return _odd(at, line[at])


def in_odd_quotes(text: str) -> bool:
    """Tell whether a text stands in quotes of print, which would be part of it."""
    return len(text) > 1 and _is_quote(text[0]) and _is_quote(text[-1])


def _odd(at: int, sign: str) -> OddSign | None:
    """Return what a sign is; nothing for one that is like no other, such as an accent."""
    if sign.isascii():
        return None
    script = unicodedata.name(sign, "").partition(" ")[0]
    category = "Pi" if _is_quote(sign) else unicodedata.category(sign)
    found = _NAMED.get(sign) or _BY_SCRIPT.get(script) or _BY_CATEGORY.get(category)
    return OddSign(at, *found) if found else None


def _is_quote(sign: str) -> bool:
    return unicodedata.category(sign) in _QUOTE_CATEGORIES or sign in _LOW_QUOTES
