"""Money in free text: lines about revenue, fees, margins or net are held back before any audience sees them.

The generator uses it when it projects a booking, and ShipCaptainCrew uses it again on arrival. What could be money
is matched loosely and what is harmless strictly: a line held back too many costs a phone call, one let through more.
It goes by words, signs and company: a bare integer with none of them beside it, above it or behind it, such as
`lunch 840`, is a number like any other and stays, unless nothing else stands in its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.figures import begins_with_sum, ends_with_sum, has_figure, is_bare, speaks
from castoff.contract.lettering import as_read, disguises
from castoff.contract.sums import is_listed
from castoff.contract.vocabulary import KNOWN, is_compound

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that was held back: its number within the text, from 1, and its words (for the operator only)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """A text without its money, and the lines that were held back."""

    text: str
    lines: tuple[HeldLine, ...]


def hold_back(text: str) -> Held:
    """Return `text` without the lines that speak of money; the other lines are untouched, in order.

    A line speaks of money by itself, beneath a heading that does, or together with the line before it: a list of names
    with a figure each is one of shares, where one of the figures has three digits or more.
    """
    if _is_harmless(text):
        return Held(text, ())
    lines = text.splitlines(keepends=True)
    held = _Page(lines).held()
    if not held:
        return Held(text, ())
    kept = "".join(line for index, line in enumerate(lines) if index not in held)
    return Held(kept, tuple(HeldLine(index + 1, lines[index].strip()) for index in sorted(held)))


def speaks_of_money(line: str) -> bool:
    """Tell whether a line is about money; letters, digits and signs count as what a reader takes them for."""
    return not _is_harmless(line) and _speaks(_plain(line))


def names_a_sum(line: str) -> bool:
    """Tell whether a line has a figure that is no time, date, measure or count; of a line that speaks of money."""
    plain = _plain(line)
    return "$" in plain or has_figure(plain)


def _is_harmless(text: str) -> bool:
    """Tell at once, of most texts, that nothing in them can be money: no word, figure or sign that ever is."""
    text = as_read(text)
    if not text.isascii() or not _SIGNS.isdisjoint(text) or _FIGURE.search(text) or _FOR_WHOM.search(text):
        return False
    words = _WORD.findall(text)
    if not KNOWN.isdisjoint(words) or any(map(is_compound, words)):
        return False
    return sum(len(word) == 1 for word in words) < _SPELT


def _plain(line: str) -> str:
    return " ".join(as_read(line.strip()).replace("\t", " | ").split())


def _speaks(plain: str) -> bool:
    words = plain.replace("_", " ")
    return speaks(words) or any(speaks(" ".join(meant.split())) for meant in disguises(plain))


class _Page:
    """A text gone through once: `_kept` are the lines that stay so far, apart from blank ones and rules.

    Each line is judged against the last that stays, as it will stand beneath it once what is between is gone: so
    holding back a second time finds nothing more.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [_plain(line) for line in lines]
        self._held: set[int] = set()
        self._kept: list[int] = []
        self._beneath = False
        """Whether a heading about money stands above, and nothing has ended what it is the heading of."""
        self._begun = False
        """Whether a line of what stands beneath that heading has been read."""
        self._follows = False
        """Whether the line before was held back."""
        self._listed = False
        """Whether it was one of a list of names and figures."""

    def held(self) -> set[int]:
        """Return the indices of the lines that are about money."""
        for index, words in enumerate(self._lines):
            if not words:
                self._beneath = self._beneath and not self._begun
                self._follows = False
            elif not _RULE.fullmatch(words):
                self._take(index, words)
        return self._held

    def _take(self, index: int, words: str) -> None:
        above = self._lines[self._kept[-1]] if self._kept else ""
        if _speaks(words):
            if ends_with_sum(above) and _CURRENCY.match(words):
                self._held.add(self._kept.pop())
            self._hold(index, heading=_is_heading(words))
        elif above and _speak_together(above, words):
            self._held.add(self._kept.pop())
            self._hold(index, heading=_is_heading(above))
            self._begun = True
        elif self._listed and is_listed(words):
            self._hold(index, heading=False)
        elif above and is_listed(words) and is_listed(above) and _LARGE.search(f"{above} {words}"):
            while self._kept and is_listed(self._lines[self._kept[-1]]):
                self._hold(self._kept.pop(), heading=False)
            self._hold(index, heading=False)
            self._listed = True
        elif is_bare(words) and not _LABEL.search(above):
            self._hold(index, heading=False)
        elif self._beneath and _ENDING.search(words) and not has_figure(words):
            self._beneath = False
            self._keep(index)
        elif (self._beneath and has_figure(words)) or (self._follows and begins_with_sum(words)):
            self._hold(index, heading=False)
        else:
            self._keep(index)

    def _hold(self, index: int, *, heading: bool) -> None:
        self._held.add(index)
        self._follows = True
        self._beneath = self._beneath or heading
        self._begun = not heading

    def _keep(self, index: int) -> None:
        self._kept.append(index)
        self._follows = False
        self._listed = False
        self._begun = True


def _is_heading(words: str) -> bool:
    """Tell whether a line about money is the heading of those beneath it."""
    return _ENDING.search(words) is not None or (not _DIGIT.search(words) and len(words.split()) <= _SHORT)


def _speak_together(above: str, words: str) -> bool:
    """Tell whether two lines that are nothing each are about money as one."""
    rest, torn = above[-_NEAR:], words[:_NEAR]
    if _BROKEN.search(rest) and _speaks(rest[:-1] + torn):
        return True
    if _WEAK.fullmatch(above) and has_figure(words):
        return _speaks(f"{rest} {torn}") or begins_with_sum(words) or "|" in above
    if _HANGING.search(rest) or is_bare(words) or _FRAGMENT.match(words):
        return _speaks(f"{rest} {torn}") or (_TORN.search(f"{rest[-1]}{torn[0]}") is not None and _speaks(rest + torn))
    return False


_LARGE: Final = re.compile(r"\d{3}")
_SHORT: Final = 4
"""Words of a line that may be a heading without a sign that it is one."""
_NEAR: Final = 60
"""How much of a line's end or beginning is looked at for what a line break tore apart."""
_SPELT: Final = 3
"""Letters by themselves that may spell a word."""
_WORD: Final = re.compile(r"[a-z]+")
_DIGIT: Final = re.compile(r"\d")
_SIGNS: Final = frozenset("$%*`~_@<&\\|")
_FIGURE: Final = re.compile(
    r"\d(?:[.,'](?:\d|-)| ?k|\d\d| ?[-/] ?\d\d|/\d (?:to|for)| \d\d| \d \d|\d(?: ?/|\s*$| (?:each|per|a|pp?|extra)\b))"
    r"|[.,](?:\d|(?<=\d.)(?<!:\d\d.)\s*$)|-[\n\r\v\f\x1c-\x1e]|[013457](?<=[a-z].)[013457]?[a-z]",
    re.MULTILINE,
)
_FOR_WHOM: Final = re.compile(r"(?:captain|crew)(?:\W+(?:each|due|notes?))*\W*?[\n\r\v\f\x1c-\x1e]")
"""A line that may be a heading over what somebody gets, though none of its words is about money."""
_RULE: Final = re.compile(r"[-=|:+*_# ]+")
_ENDING: Final = re.compile(r":[*_ ]*$|^#|^\*\*.*\*\*$|^__.*__$|^\[.*\]$")
_LABEL: Final = re.compile(
    r":[*_ ]*$|(?:code|number|no|slip|berth|gate|dock|pier|lock|pin|flight|room|locker|pass(?:word)?|id)\.?$"
)
_CURRENCY: Final = re.compile(
    r"[^\w$]*(?:\$|dollars?|bucks|euros?|usd|eur|gbp|pesos?|kr|cash|in cash|net|paid|deposit|fee|to the captain)"
)
_HANGING: Final = re.compile(
    r"[-$%:=/~>|+(]$|\d[.,]$|(?<![a-z])(?:is|of|at|for|was|comes to|to|about|captain|crew|gets)$"
)
_BROKEN: Final = re.compile(r"[^\W\d_]-$")
_TORN: Final = re.compile(r"^[-$/.,]|[-$/.,%]$")
"""What stands between two parts of one figure."""
_FRAGMENT: Final = re.compile(r"[^\w$]*(?:[.,/%$-] ?\d|\$|%|k\b|pool\b)")
_WEAK: Final = re.compile(
    r"[^\w$]*(?:(?:item|what|who|name|description|charter|the|our|grand|final)[^\w$]+)*"
    r"(?:balances?|totals?|net|tips?|amounts?|rates?|splits?|budget|sums?|shares?|cut|extras?|quotes?|bal|dep|inv|rev|comm|cod"
    r"|bill|each|captain|crew|half|pay|charges?|numbers|figures)(?:[^\w$]+(?:split|share|each|due|amount|total|net|notes?))*[^\w$]*"
)
