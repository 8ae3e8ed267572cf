"""SVG pictures: whoever opens one by its own address runs what it holds on the site's domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.output.page import read_page
from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINT = "save the picture as a plain SVG, without scripts and links"


def vector_problems(body: bytes, path: str) -> Iterator[Problem]:
    """Yield what makes an SVG more than a picture."""
    for element in read_page(body, path).elements:
        addresses = [element.attributes.get(name, "") for name in ("href", "xlink:href", "src")]
        if element.tag in {"script", "foreignobject", "iframe", "object", "embed"}:
            words = f"the picture holds a `<{element.tag}>`"
            yield Problem(path, *element.place, words, "active-asset", _HINT)
        elif any(name.startswith("on") for name in element.attributes):
            yield Problem(path, *element.place, "the picture holds a script", "active-asset", _HINT)
        elif any(address.strip() and not address.startswith(("#", "data:image/")) for address in addresses):
            words = f"the picture's `<{element.tag}>` leads elsewhere"
            yield Problem(path, *element.place, words, "active-asset", _HINT)
