"""Tags as they are written, against the page that a browser makes of them.

Browsers mend HTML silently, each fault in a way that the standard prescribes: what is wrong is seen where an element
comes to stand elsewhere than it is written. The parser reports few of these faults by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from castoff.problems import Problem

if TYPE_CHECKING:
    from castoff.output.page import Page, Place

_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_MAY_STAY_OPEN: Final = frozenset(
    (
        *("body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option"),
        *("p", "rp", "rt", "tbody", "td", "tfoot", "th", "thead", "tr"),
    )
)
"""Elements whose end need not be written (HTML Living Standard, section 13.1.2.4)."""
_FOREIGN: Final = frozenset({"svg", "math"})


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    place: Place


def nesting_problems(page: Page) -> list[Problem]:
    """Return a problem for each tag that a browser drops, moves, or never sees closed, and each attribute it drops."""
    if not page.whole:
        return []
    tags = _Tags(page)
    tags.feed(page.text)
    tags.close()
    tags.end()
    return tags.problems


class _Tags(HTMLParser):
    """Walk over the tags as they are written, with those that are open."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=False)
        self.problems: list[Problem] = []
        self._page = page
        self._open: list[_Open] = []

    def end(self) -> None:
        """Note what is still open at the page's end."""
        for left in self._open:
            if left.tag not in _MAY_STAY_OPEN:
                self._tell(left.place, f"`<{left.tag}>` is never closed", f"write `</{left.tag}>` where it ends")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Compare where the tag is written with where a browser puts it."""
        place = self._place
        self._attributes(tag, attrs, place)
        if place not in self._page.parents:
            self._tell(place, f"a browser drops this `<{tag}>`: it cannot stand here", "move it, or remove it")
            return
        parent = self._page.parents[place]
        closed = len(self._open)
        while closed and self._open[closed - 1].place != parent and self._open[closed - 1].tag in _MAY_STAY_OPEN:
            closed -= 1
        if closed and self._open[closed - 1].place != parent:
            around = self._open[closed - 1]
            words = f"a browser takes this `<{tag}>` out of the `<{around.tag}>` of line {around.place[0]}"
            self._tell(place, words, f"close the `<{around.tag}>` first, or use another element")
        elif parent is not None or not closed:
            del self._open[closed:]
        if tag not in _VOID:
            self._open.append(_Open(tag, place))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take `<br/>` for what it is; what is no void element stays open, whatever its slash says."""
        if tag in _VOID or not _FOREIGN.isdisjoint(one.tag for one in self._open):
            self._attributes(tag, attrs, self._place)
            return
        self._tell(self._place, f"`<{tag}/>` closes nothing: a browser leaves it open", f"write `<{tag}></{tag}>`")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open, and with it those whose end need not be written."""
        closed = len(self._open)
        while closed and self._open[closed - 1].tag != tag and self._open[closed - 1].tag in _MAY_STAY_OPEN:
            closed -= 1
        if closed and self._open[closed - 1].tag == tag:
            del self._open[closed - 1 :]
            return
        open_tags = [one.tag for one in self._open]
        if tag not in open_tags:
            self._tell(self._place, f"`</{tag}>` closes nothing", "remove it, or write where it begins")
            return
        inner = self._open[closed - 1]
        words = f"`</{tag}>` stands before `</{inner.tag}>` of the `<{inner.tag}>` in line {inner.place[0]}"
        self._tell(self._place, words, "close first what was opened last")
        del self._open[len(open_tags) - 1 - open_tags[::-1].index(tag) :]

    @property
    def _place(self) -> Place:
        line, column = self.getpos()
        return line, column + 1

    def _attributes(self, tag: str, attributes: list[tuple[str, str | None]], place: Place) -> None:
        names = [name for name, _ in attributes]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            self._tell(place, f"`{name}` stands twice in this `<{tag}>`, and a browser drops the second", "keep one")

    def _tell(self, place: Place, words: str, hint: str) -> None:
        self.problems.append(Problem(self._page.path, *place, words, "broken-html", hint))
