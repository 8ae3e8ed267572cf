"""The edge's rules for paths, as cloudfront_function.js has them: which key a path means, and how it is spelt.

A test asks both about the same paths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

SERVICES: Final = ("/crew/", "/g/PRESIGN")
"""What goes on to ShipCaptainCrew, on both domains."""
ASSETS: Final = "/castoff/"
_ODD: Final = re.compile(r"[^a-z0-9._~/-]|/[./]|./$")
_FOREIGN: Final = re.compile(r"[^a-z0-9._~/-]")
_BOARD: Final = frozenset({"/ops", "/ops/index", "/ops/index.html"})
_LOWER: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a path means at the edge: the key of an object, and the spelling to which any other is sent on."""

    key: str
    address: str
    direct: bool


def meaning_of(path: str) -> Meaning | None:
    """Return what a path of either site means; None for what is not castoff's, or goes to the services."""
    if path.startswith(ASSETS):
        return Meaning(path.removeprefix("/"), path, direct=True)
    if path == "/g" or path.startswith(SERVICES):
        return None
    plain = _plain(path)
    ops = plain == "/ops" or plain.startswith("/ops/")
    if not ops and plain != "/g" and not plain.startswith("/g/"):
        return None
    if _FOREIGN.search(plain) or (not ops and plain.rfind("/") != len("/g")):
        return Meaning("", path, direct=True)
    if plain in _BOARD:
        return Meaning("ops/index.html", "/ops/", direct=path in {"/ops/", "/ops", "/ops/index.html"})
    address = plain.removesuffix(".html")
    key = plain if plain.endswith(".ics") else f"{address}.html"
    return Meaning(key.removeprefix("/"), address, direct=path in {address, key})


def seen_at(key: str) -> str:
    """Return the path at which a browser has a page, which its relative addresses go by."""
    if key == "ops/index.html":
        return "/ops/"
    return f"/{key}" if key.startswith("castoff/") else f"/{key.removesuffix('.html')}"


def _plain(path: str) -> str:
    """Return the path as the most generous reader takes it: decoded twice, without dots, in lower case."""
    if not _ODD.search(path):
        return path
    kept: list[str] = []
    for part in unquote(unquote(path, "latin-1"), "latin-1").replace("\\", "/").split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in {"", "."}:
            kept.append(part)
    return f"/{'/'.join(kept)}".translate(_LOWER)
