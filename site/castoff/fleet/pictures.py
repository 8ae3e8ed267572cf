"""Pictures by their bytes: whether a file is what its name says, and whether a phone at a dock can load it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAVY: Final = 1_000_000
"""Bytes that take three seconds on a weak signal, for a picture that is as wide as a phone."""
LARGEST_PICTURE: Final = 10_000_000
"""Bytes of a photo as it comes from a camera; such a file was never meant for a page."""
_BEGINNINGS: Final = {
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "gif": re.compile(rb"GIF8[79]a"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "avif": re.compile(rb"....ftyp(?:avif|avis|mif1)", re.DOTALL),
    "ico": re.compile(rb"\x00\x00\x01\x00"),
    "svg": re.compile(rb"(?s)(?:\xef\xbb\xbf)?\s*<(?:svg\b|(?:\?xml|!DOCTYPE svg|!--).*<svg\b)"),
    "heic": re.compile(rb"....ftyp(?:hei[cfmsx]|hevc)", re.DOTALL),
    "pdf": re.compile(rb"%PDF-"),
    "html": re.compile(rb"(?i)\s*<(?:!doctype )?html"),
}
_KINDS: Final = {".jpg": "jpeg", ".jpeg": "jpeg"}
_ACTIVE: Final = re.compile(rb"(?i)<\s*(?:script|foreignobject|iframe)\b|\son[a-z]+\s*=|javascript:")


def picture_problems(path: str, body: bytes) -> Iterator[Problem]:
    """Yield what is wrong with a picture; `body` may be cut off after `LARGEST_PICTURE` bytes and one more."""
    suffix = PurePosixPath(path).suffix.lower()
    kind = _KINDS.get(suffix, suffix.removeprefix("."))
    if not body:
        yield Problem(path, 1, 1, "the picture is empty", "empty-picture", "put the picture here anew")
        return
    if len(body) > LARGEST_PICTURE:
        words, hint = f"the picture is larger than {LARGEST_PICTURE // 1_000_000} MB", "save it 1,600 pixels wide"
        yield Problem(path, 1, 1, words, "too-large", hint)
    elif len(body) > HEAVY:
        words = f"the picture has {len(body) / 1_000_000:.1f} MB, and guests load it on the way to the dock"
        yield Problem(path, 1, 1, words, "heavy-picture", "save it 1,600 pixels wide", Severity.WARNING)
    if not _BEGINNINGS[kind].match(body):
        found = next((other for other, begins in _BEGINNINGS.items() if begins.match(body)), None)
        words = f"this is no {kind.upper()} picture by its bytes" + (f", but {found.upper()}" if found else "")
        shown = found in _BEGINNINGS.keys() - {"heic", "pdf", "html"}
        hint = f"name it `{PurePosixPath(path).stem}.{found}`" if shown else "save it as JPEG, PNG, WebP or SVG"
        yield Problem(path, 1, 1, words, "wrong-picture", hint)
    elif kind == "svg":
        active = _ACTIVE.search(body)
        if active is not None:
            before = body[: active.start()].decode(errors="replace")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            words, hint = "the picture holds a program", "save it as a plain SVG, without scripts"
            yield Problem(path, line, column, words, "active-asset", hint)
