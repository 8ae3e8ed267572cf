"""How many tries a stranger needs to find a text: it is cut into words, dates and rows, as people make up names.

The measure is bits: each more doubles the tries. zxcvbn does the same with passwords; here texts are short, of
lower-case letters and digits, and it is known what they may have been made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.fleet.plain_words import LONG_MONTHS, MONTHS, PLAIN_WORDS, has_vowels, is_wordlike

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENOUGH: Final = 21.0
"""Bits: two million tries. Seven signs that nobody chose have thirty."""

_LETTER: Final = 4.7
_DIGIT: Final = 3.3
_FACT: Final = 3.0
"""Bits of what is known of the charter: its names, its day."""
_AGAIN: Final = 3.0
"""Bits of saying a text over and over."""
_LONGEST: Final = 24
"""Signs of the longest piece that is looked at."""
_PERIODS: Final = (1, 2, 3)

_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_BOTH_WAYS: Final = " ".join((*_ROWS, *(row[::-1] for row in _ROWS)))
_NAMED_MONTHS: Final = "|".join((*LONG_MONTHS, *MONTHS))
_DATES: Final = re.compile(rf"(?:{_NAMED_MONTHS})\d{{1,2}}|\d{{1,2}}(?:{_NAMED_MONTHS})")
_YEARS: Final = re.compile(r"(?:19|20)\d\d")
_COUNTED: Final = re.compile(r"0+\d{1,2}|\d0+")
_RUNS: Final = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """The easiest way to a text: how many bits it takes, and what the pieces are that it is made of."""

    bits: float
    pieces: tuple[str, ...] = ()

    @property
    def easy(self) -> bool:
        """Whether that takes too few tries."""
        return self.bits < ENOUGH

    @property
    def words(self) -> str:
        """What the text is made of, such as `the vessel's name and a number`."""
        return " and ".join(dict.fromkeys(self.pieces))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of piece: what it is, the bits that it costs, and how it is known; `run` says that no letter adjoins."""

    words: str
    bits: float
    shortest: int
    known: Callable[[str], object]
    run: bool = False


_KINDS: Final = (
    _Kind("a plain word", 6.0, 3, PLAIN_WORDS.__contains__),
    _Kind("a sequence", 6.0, 3, _BOTH_WAYS.__contains__),
    _Kind("a repetition", 6.0, 3, lambda piece: len(set(piece)) == 1),
    _Kind("a year", 5.0, 4, _YEARS.fullmatch),
    _Kind("a number", 6.6, 2, _COUNTED.fullmatch),
    _Kind("a date", 8.5, 4, _DATES.fullmatch),
    _Kind("a word", 14.0, 4, is_wordlike, run=True),
)
_SLUG_KINDS: Final = (*_KINDS, _Kind("words", 14.0, 4, has_vowels, run=True))


def guess(text: str, facts: Mapping[str, str]) -> Guess:
    """Return the easiest way to an id: a text of lower-case letters and digits.

    `facts` are what a stranger may know or suspect, as the text would hold it, each with what it is.
    """
    return _guess(text, facts, _KINDS)


def guess_part(text: str, facts: Mapping[str, str]) -> Guess:
    """Return the easiest way to a part of a slug: people choose those, and letters in it are words run together."""
    return _guess(text, facts, _SLUG_KINDS)


def _guess(text: str, facts: Mapping[str, str], kinds: tuple[_Kind, ...]) -> Guess:
    found = _cheapest(text, facts, kinds)
    for period in _PERIODS:
        if len(text) > 2 * period and text == (text[:period] * len(text))[: len(text)]:
            again = Guess(_cheapest(text[:period], facts, kinds).bits + _AGAIN, ("a repetition",))
            found = min(found, again, key=lambda way: way.bits)
    if text.isdigit():  # all there are can be counted through
        return Guess(0.0, found.pieces or ("nothing but digits",))
    return found


def _cheapest(text: str, facts: Mapping[str, str], kinds: tuple[_Kind, ...]) -> Guess:
    """Return the cut that takes the fewest tries: the best one up to each sign, from left to right."""
    runs = {match.span() for match in _RUNS.finditer(text)}
    best = [Guess(0.0)]
    for end, sign in enumerate(text, start=1):
        way = Guess(best[-1].bits + (_DIGIT if sign.isdigit() else _LETTER), best[-1].pieces)
        for start in range(max(0, end - _LONGEST), end - 1):
            bits, words = _piece(text[start:end], facts, kinds, run=(start, end) in runs)
            if words and best[start].bits + bits < way.bits:
                way = Guess(best[start].bits + bits, (*best[start].pieces, words))
        best.append(way)
    return best[-1]


def _piece(piece: str, facts: Mapping[str, str], kinds: tuple[_Kind, ...], *, run: bool) -> tuple[float, str]:
    """Return the bits that a piece costs and what it is; no words where it is nothing but its signs."""
    if piece in facts:
        return _FACT, facts[piece]
    for kind in kinds:
        if len(piece) >= kind.shortest and (run or not kind.run) and kind.known(piece):
            return kind.bits, kind.words
    return 0.0, ""
