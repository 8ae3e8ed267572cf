"""What a reader takes signs for: digits of any script, letters in disguise, what nobody sees."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_KINDS: Final = {"Sc": "$", "Pd": "-", "Cf": "", "Mn": "", "Me": ""}
"""Currencies, dashes; soft hyphens, zero-width signs, accents, frames around letters are not seen."""
_SIGNS: Final = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4", "'"),
    **dict.fromkeys("\u066a\u2030", "%"),
    **dict.fromkeys("\u2044\u2215\u29f8", "/"),
    **dict.fromkeys("\u066b\u2027\u2219\u22c5", "."),
    "\u066c": ",",
    "\u2212": "-",
    "\u0131": "i",
    **dict.fromkeys("\u3164\u115f\u1160\u2800", ""),
    **dict.fromkeys("\U0001f4b0\U0001f4b2\U0001f4b3\U0001f4b4\U0001f4b5\U0001f4b6\U0001f4b7\U0001f4b8", "$"),
    **dict.fromkeys("\U0001f911\U0001fa99\U0001f9fe", "$"),
}
"""Signs whose compatibility form is not what they are taken for; purses, notes, coins and receipts are drawn money."""
_NAMED: Final = re.compile(r"(?:LATIN|INDICATOR SYMBOL) (?:.* )?LETTER (?:SMALL CAPITAL )?(?P<letter>[A-Z])(?: |$)")
"""The names of letters with strokes and hooks, small capitals, negative squares, flags."""
_LIKE_LATIN: Final = str.maketrans(
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043a\u04cf\u043c\u043d\u043e\u0440\u0455\u0442\u0443\u0445\u051d\u0432\u0433\u0475"
    "\u03b1\u03b2\u03b5\u03b7\u03b9\u03ba\u03bd\u03bf\u03c1\u03c3\u03c4\u03c5\u03c7\u03c9\u03b3\u03f2\u03f3\u0578\u057d\u0581\u0585",
    "acdehijklmhopstyxwbrvabenikvoposuxwycjnsgo",
)
"""Small Cyrillic, Greek and Armenian letters that look like Latin ones."""
_DIGITS_LIKE_LETTERS: Final = str.maketrans("013457@$", "oieastas")


def as_read(text: str) -> str:
    """Return a text in small plain letters and digits, its line breaks kept."""
    return (text if text.isascii() else text.translate(_LETTERS)).lower()


def disguises(words: str) -> list[str]:
    """Return other ways in which a line of plain letters may be meant to be read."""
    found: list[str] = []
    bare = _MARKUP.sub("", words)
    if bare != words:
        found.append(bare)
    if not words.isascii():
        found.append(words.translate(_LIKE_LATIN))
    if _SPACED.search(words):
        found.append(_SPACED.sub(lambda spaced: _GAPS.sub("", spaced[0]), words))
    if _DIGIT_WITHIN.search(words):
        found.append(_DIGIT_WITHIN.sub(lambda word: word[0].translate(_DIGITS_LIKE_LETTERS), words))
    return found


_MARKUP: Final = re.compile(r"</?[a-z][^<>]{0,80}>|&shy;|[*`~_\\|]+")
"""What stands between letters for their looks alone: Markdown, tags, a bar."""
_SPACED: Final = re.compile(r"(?<![a-z0-9])[a-z0-9](?:[ ._*-][a-z0-9.,](?![a-z0-9])){2,}")
_GAPS: Final = re.compile(r"[ _*-]|(?<=[a-z])\.|\.(?=[a-z])")
_DIGIT_WITHIN: Final = re.compile(r"(?<![a-z\d])[a-z]{1,12}[013457@$]{1,2}[a-z][a-z013457@$]{0,12}(?![a-z\d])")


class _Letters(dict[int, str]):
    """What each character is read as, worked out once."""

    def __missing__(self, code: int) -> str:
        read = self[code] = "".join(map(_letter, unicodedata.normalize("NFKD", chr(code))))
        return read


def _letter(character: str) -> str:
    if character.isascii():
        return character
    if character in _SIGNS:
        return _SIGNS[character]
    kind = unicodedata.category(character)
    if kind in _KINDS:
        return _KINDS[kind]
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    named = _NAMED.search(unicodedata.name(character, ""))
    return named["letter"] if named else character


_LETTERS: Final = _Letters()
