"""Looking for what was planted: as it is, and in the forms that programs write it in."""

from __future__ import annotations

import base64
import html
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from random import Random

LETTERS: Final = "bcdfghjklmnpqrstvwxz"
_LENGTH: Final = 9
_MARK: Final = re.compile(rf"qx[{LETTERS}]{{10}}|\d{{{_LENGTH},}}")
_SEPARATED: Final = re.compile(r"(?<=\d)[,.'\u2019_ \u00a0\u2009\u202f-](?=\d)")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){9,}")


def word_mark(random: Random) -> str:
    """Return letters that nothing else is made of, and that no eye takes for money."""
    return "qx" + "".join(random.choices(LETTERS, k=10))


def number_mark(random: Random) -> str:
    """Return nine digits."""
    return str(random.randrange(10 ** (_LENGTH - 1), 10**_LENGTH))


def traces(body: bytes, known: Container[str], *, deep: bool) -> Iterator[tuple[str, int]]:
    """Yield each known mark that a body holds, with the line in which it shows, from 1; 1 where it is encoded.

    Without `deep`, a body is read as it stands.
    """
    text = body.decode("utf-8", "replace")
    unfolded = text.replace("\r\n ", "")  # a calendar file
    yield from _found(unfolded, known)
    if deep:
        for reading in _readings(unfolded):
            yield from ((mark, 1) for mark, _ in _found(reading, known))


def _found(text: str, known: Container[str]) -> Iterator[tuple[str, int]]:
    for match in _MARK.finditer(text.lower()):
        run = match[0]
        marks = [run] if run in known else [run[at : at + _LENGTH] for at in range(len(run) - _LENGTH + 1)]
        yield from ((mark, text.count("\n", 0, match.start()) + 1) for mark in marks if mark in known)


def _readings(text: str) -> Iterator[str]:
    """Yield what a text says with each encoding that it may hold taken off."""
    yield _SEPARATED.sub("", text)
    yield unquote(text)
    yield html.unescape(text)
    yield _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    for token in _BASE64.findall(text):
        plain = token.replace("-", "+").replace("_", "/")
        for part in (plain[skipped:] for skipped in range(4)):  # it may begin in the middle of three bytes
            yield base64.b64decode(part[: len(part) // 4 * 4]).decode("latin-1")
    for token in _HEX.findall(text):
        yield bytes.fromhex(token).decode("latin-1")
