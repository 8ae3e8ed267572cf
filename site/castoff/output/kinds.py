"""Kinds of files: what bytes and keys say of a file, against the content type that browsers will be told."""

from __future__ import annotations

from typing import Final

_TYPES: Final = {
    "avif": "image/avif",
    "css": "text/css; charset=utf-8",
    "gif": "image/gif",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "ics": "text/calendar; charset=utf-8",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff2": "font/woff2",
}
_BEGINNINGS: Final = {
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/x-icon": (b"\x00\x00\x01\x00", b"\x89PNG\r\n\x1a\n"),
    "font/woff2": (b"wOF2",),
    "text/calendar; charset=utf-8": (b"BEGIN:VCALENDAR\r\n",),
}
_BOXED: Final = {
    "image/webp": (b"RIFF", 8, (b"WEBP",)),
    "image/avif": (b"", 4, (b"ftypavif", b"ftypavis", b"ftypmif1")),
}


def type_of(key: str) -> str | None:
    """Return the content type that a key asks for, None where nothing of castoff ends so."""
    name, dot, ending = key.rpartition(".")
    return _TYPES.get(ending.lower()) if dot and name else None


def looks_like(body: bytes, content_type: str) -> bool:
    """Tell whether bytes can be of a content type: by how they begin, and where it is text, by being UTF-8."""
    if content_type in _BEGINNINGS:
        return body.startswith(_BEGINNINGS[content_type])
    if content_type in _BOXED:
        begins, at, marks = _BOXED[content_type]
        return body.startswith(begins) and body[at:].startswith(marks)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    if content_type == "image/svg+xml":
        return "<svg" in text
    return not content_type.startswith("text/html") or text.lstrip("\ufeff \r\n\t")[:9].lower() == "<!doctype"
