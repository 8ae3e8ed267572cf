"""What the pages' Content-Security-Policy keeps from working, seen in the layout that says it, not on every page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

# None of these looks twice at the same sign, whatever is never closed: a layout may have two megabytes.
_JINJA: Final = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{#.*?(?:#\}|\Z)", re.DOTALL)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTED: Final = r"\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)"
_TAG: Final = re.compile(
    rf"<(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)(?P<attributes>(?:[^=>]|=\s*(?:{_QUOTED}|(?![\"'])))*+)(?:>|\Z)"
)
_ATTRIBUTE: Final = re.compile(rf"(?P<name>[^\s=>/\"']++)(?:\s*+=\s*+(?P<value>{_QUOTED}|[^\s>]*))?")
_HANDLER: Final = re.compile(r"on[a-z]+")
_DATA: Final = re.compile(r"application/(?:ld\+)?json", re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_ADDRESSES: Final = ("src", "srcset", "href", "data", "poster")
_LOADS: Final = frozenset({"audio", "embed", "iframe", "img", "link", "object", "script", "source", "track", "video"})
_NO_LOADS: Final = re.compile(r"(?:canonical|alternate|author|me)\b", re.IGNORECASE)


def forbidden(path: str, text: str) -> Iterator[Problem]:
    """Yield what would not work: programs and styles that stand in the page, and whatever is loaded from elsewhere."""
    html = _JINJA.sub(_blank, _COMMENT.sub(_blank, text))
    for found in _TAG.finditer(html):
        tag, at = found["tag"].lower(), found.start("attributes")
        attributes = {one["name"].lower(): one for one in _ATTRIBUTE.finditer(found["attributes"])}
        values = {name: (one["value"] or "").strip("\"'") for name, one in attributes.items()}
        handler = next((name for name in attributes if _HANDLER.fullmatch(name)), None)
        outside = next((name for name in _ADDRESSES if _OUTSIDE.match(values.get(name, ""))), None)
        if handler is not None:
            words, hint = (
                f"the pages' policy runs no `{attributes[handler]['name']}`",
                "listen in a script of layouts/assets",
            )
            yield Problem(path, *_place(html, at + attributes[handler].start()), words, "inline-handler", hint)
        if "style" in attributes:
            words, hint = (
                "the pages' policy takes no `style` in an element",
                "write a class, and the style into castoff.css",
            )
            yield Problem(path, *_place(html, at + attributes["style"].start()), words, "inline-style", hint)
        if tag == "style":
            words, hint = "the pages' policy takes no style in a page", "write it into layouts/assets/castoff.css"
            yield Problem(path, *_place(html, found.start()), words, "unhashed-inline", hint)
        if tag == "script" and "src" not in attributes and not _DATA.match(values.get("type", "")):
            words = "the pages' policy runs no script that stands in a page"
            hint = "put it into layouts/assets, and write `<script src=\"{{ asset('NAME.js') }}\" defer></script>`"
            yield Problem(path, *_place(html, found.start()), words, "unhashed-inline", hint)
        if outside is not None and tag in _LOADS and not _NO_LOADS.match(values.get("rel", "")):
            value = attributes[outside]
            start = value.end("value") - len((value["value"] or "").lstrip("\"' \t\n"))
            words, hint = _ELSEWHERE, "put the file into layouts/assets, and ask for `asset('NAME')`"
            yield Problem(path, *_place(html, at + start), words, "foreign-address", hint)


def forbidden_in_style(path: str, text: str) -> Iterator[Problem]:
    """Yield what a style sheet asks for elsewhere."""
    for found in _STYLE.finditer(text):
        kind = "import" if found["import"] is not None else "url"
        if found[kind] is not None and _OUTSIDE.match(found[kind]):
            hint = "put the file into layouts/assets" if kind == "url" else "write its rules here"
            yield Problem(path, *_place(text, found.start()), _ELSEWHERE, "foreign-address", hint)


_STYLE: Final = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | @import\s+["'](?P<import>[^"']*)
    | \burl\(\s*["']?(?P<url>[^"')]*)
    | "(?:\\.|[^"\\\n])*+" | '(?:\\.|[^'\\\n])*+'""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
"""Addresses; comments and texts are taken whole, since what stands in them is neither."""
_ELSEWHERE: Final = "the pages' policy loads nothing from elsewhere"


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "x", found[0]) if found[0].startswith("{{") else re.sub(r"[^\n]", " ", found[0])


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
