"""Markdown bodies: text to HTML, with raw HTML escaped and only links that a browser follows to somewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.treeprocessors import Treeprocessor

from castoff.reading.lines import WrongLine
from castoff.reading.patterns import HYPHENATED
from castoff.reading.prose import leads_somewhere

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ITEM: Final = re.compile(r"[-*] \[ \] (?P<words>\S.*?)(?:\s*\{#(?P<id>[^{}]*)\})?\s*")
_ITEM_ID: Final = re.compile(HYPHENATED)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tick: its id stays when its words change, so that what was ticked stays ticked."""

    id: str
    html: str
    text: str


def to_html(text: str) -> str:
    """Return a body as HTML."""
    return _markdown().reset().convert(text.strip("\n")) if text.strip() else ""


def items(body: str) -> tuple[tuple[Item, ...], list[WrongLine]]:
    """Return the items of a checklist, `- [ ] Fuel above half {#fuel}` a line, and every line that is none."""
    found: dict[str, Item] = {}
    wrong: list[WrongLine] = []
    for number, line in enumerate(body.split("\n")):
        if not line.strip():
            continue
        item = _ITEM.fullmatch(line)
        if item is None:
            wrong.append(
                WrongLine(number, "this line is not an item", "not-an-item", "write `- [ ] What to do {#short-name}`")
            )
        elif item["id"] is None:
            wrong.append(
                WrongLine(number, "this item has no id", "missing-item-id", "end it with one, such as `{#fuel}`")
            )
        elif not _ITEM_ID.fullmatch(item["id"]):
            hint, column = "lower-case letters, digits and single hyphens, such as `{#fuel}`", item.start("id")
            wrong.append(WrongLine(number, f"`{item['id']}` is not an item's id", "wrong-item-id", hint, column))
        elif item["id"] in found:
            words, column = f"item id `{item['id']}` stands twice", item.start("id")
            wrong.append(WrongLine(number, words, "repeated-item-id", "give each item an id of its own", column))
        else:
            found[item["id"]] = Item(item["id"], _inline(item["words"]), item["words"])
    if not found and not wrong:
        wrong.append(
            WrongLine(0, "the checklist has no items", "empty-checklist", "write `- [ ] What to do {#short-name}`")
        )
    return tuple(found.values()), wrong


def _inline(words: str) -> str:
    """Return one line as HTML without the paragraph around it."""
    return to_html(words).removeprefix("<p>").removesuffix("</p>")


@lru_cache(maxsize=1)
def _markdown() -> Markdown:
    # By its class: by its name it would be looked for in every package that is installed, for 20 ms.
    return Markdown(extensions=[SaneListExtension(), _Plain()], output_format="html")


class _Plain(Extension):
    """Take raw HTML for the text that it is."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's own name for it
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Links(md), "links", 0)


class _Links(Treeprocessor):
    """Keep the words of a link that leads nowhere a guest should go, such as `javascript:`, and drop the link."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            for attribute in ("href", "src"):
                address = element.get(attribute)
                if address is not None and not leads_somewhere(address):
                    del element.attrib[attribute]
