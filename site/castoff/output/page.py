"""One page as a browser reads it: its elements in their order, each with its attributes and its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[int, int]

_TAG: Final = "element"
_TOLD_ELSEWHERE: Final = frozenset({"unexpected-end-tag"})
"""Complaints that castoff.output.nesting has better words for."""
_START: Final[Place] = (1, 1)


class NoParserError(Exception):
    """The parser of HTML is an extra that is not installed."""

    def __init__(self) -> None:
        super().__init__("what reads built pages is not installed")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a page: tag and attributes in lower case; what no tag stands for in the source has no place."""

    tag: str
    attributes: dict[str, str]
    stands: Place | None
    node: Any

    @property
    def place(self) -> Place:
        """Line and column of its tag, from 1; the page's beginning where a browser made it up."""
        return self.stands or _START

    @property
    def text(self) -> str:
        """What it says, all that stands within included."""
        return "".join(_texts(self.node))

    @property
    def named(self) -> str:
        """What a program that reads aloud calls it by its contents: its text, and what pictures within say."""
        pictures = (str(child.attrs.get("alt") or "") for child in _elements(self.node) if child.name == "img")
        return f"{self.text}{''.join(pictures)}".strip()

    def within(self, tag: str) -> bool:
        """Tell whether it stands in an element of this tag."""
        node = self.node.parent
        while node is not None:
            if node.name == tag:
                return True
            node = node.parent
        return False


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its path in the release, its text with one kind of line's end, its elements, and what broke off."""

    path: str
    text: str
    elements: tuple[Element, ...]
    parents: dict[Place, Place | None]
    """Within which tag of the source a browser puts each tag; a tag that it drops is missing here."""
    problems: tuple[Problem, ...]
    whole: bool
    """Whether it ends where it ends, and not within a tag or a comment that is never closed."""

    @property
    def anchors(self) -> frozenset[str]:
        """Every id that an address can point at."""
        return frozenset(element.attributes["id"] for element in self.elements if "id" in element.attributes)


def read_page(body: bytes, path: str) -> Page:
    """Return the page that a browser makes of these bytes; raise NoParserError where the parser is not installed."""
    try:
        from justhtml import JustHTML  # noqa: PLC0415 - an extra, which nothing else of castoff needs
    except ImportError as error:
        raise NoParserError from error
    text = body.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    read = JustHTML(text, collect_errors=True, sanitize=False, track_node_locations=True, scripting_enabled=False)
    elements = tuple(_element(node) for node in _elements(read.root))
    problems = tuple(
        Problem(path, error.line or 1, error.column or 1, _words(error.message), "broken-html", "mend the layout here")
        for error in read.errors
        if error.code not in _TOLD_ELSEWHERE
    )
    whole = not any(error.code.startswith("eof") for error in read.errors)
    return Page(path, text, elements, _parents(elements), problems, whole)


def _element(node: Any) -> Element:
    attributes = {name.lower(): value or "" for name, value in node.attrs.items()}
    return Element(node.name.lower(), attributes, node.origin_location, node)


def _elements(root: Any) -> Iterator[Any]:
    """Yield every element beneath a node in the order of the source; what templates hold is theirs."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is not root and not node.name.startswith(("#", "!")):
            yield node
        waiting.extend(reversed(node.children or ()))
        held = getattr(node, "template_content", None)
        if held is not None:
            waiting.append(held)


def _texts(root: Any) -> Iterator[str]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.name == "#text":
            yield node.data or ""
        waiting.extend(reversed(node.children or ()))


def _parents(elements: tuple[Element, ...]) -> dict[Place, Place | None]:
    found: dict[Place, Place | None] = {}
    for element in elements:
        if element.stands is not None:
            node = element.node.parent
            while node is not None and node.origin_location is None:
                node = node.parent
            # Of an element that a browser makes twice, as it mends tags that cross, the first is the one written.
            found.setdefault(element.stands, None if node is None else node.origin_location)
    return found


def _words(message: str) -> str:
    words = message.replace("<", "`<").replace(">", ">`")
    return f"a browser says: {words[:1].lower()}{words[1:]}"
