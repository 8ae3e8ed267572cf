"""Every address on a page, in a style sheet or in a manifest, with what a browser does with it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.output.page import Element, Page, Place


class Use(StrEnum):
    """What a browser does with an address."""

    LINK = "link"
    """Goes there when it is told to."""
    SELF = "self"
    """Goes there by itself, or takes it for the page's own."""
    IMAGE = "image"
    STYLE = "style"
    SCRIPT = "script"
    FRAME = "frame"
    OTHER = "other"
    """Loads it: fonts, sounds, whatever else."""
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Reference:
    """One address, where it stands and what for."""

    address: str
    use: Use
    place: Place
    what: str
    """The element or rule that has it, as it is written."""


_ATTRIBUTES: Final = {
    ("a", "href"): Use.LINK,
    ("a", "ping"): Use.OTHER,
    ("area", "href"): Use.LINK,
    ("audio", "src"): Use.OTHER,
    ("button", "formaction"): Use.FORM,
    ("embed", "src"): Use.FRAME,
    ("form", "action"): Use.FORM,
    ("frame", "src"): Use.FRAME,
    ("iframe", "src"): Use.FRAME,
    ("image", "href"): Use.IMAGE,
    ("image", "xlink:href"): Use.IMAGE,
    ("img", "src"): Use.IMAGE,
    ("input", "formaction"): Use.FORM,
    ("input", "src"): Use.IMAGE,
    ("object", "data"): Use.FRAME,
    ("script", "src"): Use.SCRIPT,
    ("source", "src"): Use.OTHER,
    ("track", "src"): Use.OTHER,
    ("use", "href"): Use.IMAGE,
    ("use", "xlink:href"): Use.IMAGE,
    ("video", "poster"): Use.IMAGE,
    ("video", "src"): Use.OTHER,
}
_OF_TAG: Final = {
    tag: [(name, use) for (other, name), use in _ATTRIBUTES.items() if other == tag] for tag, _ in _ATTRIBUTES
}
_LINKED: Final = {"stylesheet": Use.STYLE, "icon": Use.IMAGE, "apple-touch-icon": Use.IMAGE, "canonical": Use.SELF}
_ADDRESSES: Final = frozenset({"og:url", "og:image", "og:image:url", "twitter:image", "og:audio", "og:video"})
_REFRESH: Final = re.compile(r"\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['\"]?(?P<address>[^'\"]*)", re.IGNORECASE)
_STYLE: Final = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | @import\s+(?P<quote>["'])(?P<import>.*?)(?P=quote)
    | \burl\(\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^)\s"']*))\s*\)
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)


def references_on(page: Page) -> Iterator[Reference]:
    """Yield every address that a page has, its own style sheets' included."""
    for element in page.elements:
        for name, use in _OF_TAG.get(element.tag, ()):
            if name in element.attributes:
                yield Reference(element.attributes[name], use, element.place, f"<{element.tag}>")
        if element.tag in {"img", "source"}:
            for address in _candidates(element.attributes.get("srcset", "")):
                yield Reference(address, Use.IMAGE, element.place, f"<{element.tag}>")
        elif element.tag == "link":
            yield from _linked(element)
        elif element.tag == "meta":
            yield from _told(element)
        elif element.tag == "style":
            yield from references_in_style(element.text, above=element.place)


def references_in_style(text: str, *, above: Place = (1, 1)) -> Iterator[Reference]:
    """Yield every address in a style sheet; `above` is where it begins in its page."""
    for found in _STYLE.finditer(text):
        address = next(
            (found[name] for name in ("import", "double", "single", "bare") if found[name] is not None), None
        )
        if address is None:
            continue
        lines = text.count("\n", 0, found.start())
        column = found.start() - text.rfind("\n", 0, found.start())
        place = (above[0] + lines, column if lines or above == (1, 1) else above[1])
        if found["import"] is not None:
            yield Reference(address, Use.STYLE, place, "@import")
        else:
            yield Reference(address, Use.STYLE if _imports(text, found.start()) else Use.IMAGE, place, "url()")


def references_in_manifest(text: str) -> Iterator[Reference]:
    """Yield every address in a web app's manifest; raise ValueError where it is none."""
    manifest = json.loads(text)
    if not isinstance(manifest, dict):
        raise ValueError("a manifest is an object")  # noqa: TRY004 - as of any other text that is no manifest
    for icon in manifest.get("icons", ()):
        yield Reference(str(icon["src"]), Use.IMAGE, (1, 1), "icons")
    if "start_url" in manifest:
        yield Reference(str(manifest["start_url"]), Use.LINK, (1, 1), "start_url")


def _linked(element: Element) -> Iterator[Reference]:
    if "href" not in element.attributes:
        return
    kinds = element.attributes.get("rel", "").lower().split()
    use = next((_LINKED[kind] for kind in kinds if kind in _LINKED), Use.OTHER)
    yield Reference(element.attributes["href"], use, element.place, "<link>")


def _told(element: Element) -> Iterator[Reference]:
    content = element.attributes.get("content", "")
    if element.attributes.get("http-equiv", "").lower() == "refresh":
        found = _REFRESH.match(content)
        if found is not None:
            yield Reference(found["address"], Use.SELF, element.place, "<meta>")
    elif (element.attributes.get("property") or element.attributes.get("name", "")).lower() in _ADDRESSES:
        yield Reference(content, Use.SELF, element.place, "<meta>")


def _candidates(text: str) -> Iterator[str]:
    for candidate in re.split(r",\s+|,$", text.strip()):
        if candidate.strip():
            yield candidate.split()[0]


def _imports(text: str, start: int) -> bool:
    return text[:start].rstrip().lower().endswith("@import")
