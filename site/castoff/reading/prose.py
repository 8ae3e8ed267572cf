"""What is wrong with the Markdown of a body: HTML that would be shown as text, links and pictures that lead nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from castoff.problems import Severity
from castoff.reading.limits import SHOWN
from castoff.reading.lines import WrongLine

if TYPE_CHECKING:
    from collections.abc import Iterator

LINKS: Final = ("https:", "http:", "mailto:", "tel:", "sms:", "/", "#")
"""How the address of a link may begin."""
_HTML: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?=[\s/>])[^<>]*>|<!--")
_STRAY: Final = re.compile(r"[<>\[\]]")
_CODE: Final = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_PICTURE: Final = re.compile(r"!\[")
_LINK: Final = re.compile(
    r"\]\(\s*<?(?P<inline>[^\s()]+|(?=\s*\)))"
    r"|^ {0,3}\[[^\]]+\]:\s*<?(?P<below>[^\s<>]+)"
    r"|<(?P<bare>[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>]+)>"
)
_REFERENCE: Final = re.compile(r"(?<![\\!\]])\[(?P<text>[^\[\]]*[^\[\]\s][^\[\]]*)\]\[(?P<label>[^\[\]]*)\](?![\[(])")
_DEFINED: Final = re.compile(r"^ {0,3}\[(?P<label>[^\[\]]+)\]:", re.MULTILINE)
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?!md\b|html?\b|ya?ml\b|pdf\b)[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_DEEP: Final = re.compile(r"^(?:[ \t]*(?:[-*+>]|\d{1,9}\.)(?=[ \t>])(?:[ \t]*\[ \])?){9}|^[ \t]{41}", re.MULTILINE)
_MOST_LINES: Final = 2000
_STEPS: Final = 1_000_000
"""Steps that Markdown may take over the brackets of a paragraph: some tenths of a second."""


def leads_somewhere(address: str) -> bool:
    """Tell whether a browser follows a link from a guest's page to somewhere."""
    begins_well = address.lower().startswith(LINKS) and not address.startswith("//")
    return begins_well and not _STRAY.search(address)


def wrong_in_prose(body: str) -> Iterator[WrongLine]:
    """Yield what pages would not show as it was meant; what stands between backticks is left alone."""
    if is_tangled(body):
        words, hint = "more lines, brackets, lists or quotes within each other than a page needs", "write it plainly"
        yield WrongLine(_first_tangle(body), words, "tangled-text", hint)
        return
    defined = {found["label"].strip().lower() for found in _DEFINED.finditer(body)}
    for number, line in enumerate(body.split("\n")):
        control = _CONTROL.search(line)
        if control is not None:
            words, hint = "a sign that cannot be printed stands here", "write the text anew"
            yield WrongLine(number, words, "unprintable", hint, control.start())
        text = _CODE.sub(lambda code: " " * len(code[0]), line)
        html = _HTML.search(text)
        if html is not None:
            words = f"`{html[0][:SHOWN]}` would be shown as it stands: HTML is text here"
            hint = "write Markdown, such as `**bold**`, or put it between backticks"
            yield WrongLine(number, words, "raw-html", hint, html.start(), Severity.WARNING)
        for picture in _PICTURE.finditer(text):
            hint = "name it in the field `photo`"
            yield WrongLine(number, "a picture in a text is not shown", "picture-in-text", hint, picture.start())
        pictured = {found.end() for found in re.finditer(r"!\[[^\]]*\]\(\s*<?", text)}
        for link in _LINK.finditer(text):
            at = link.start(str(link.lastgroup))
            if at not in pictured:
                yield from _wrong_link(number, at, str(link[str(link.lastgroup)]).removesuffix(">"))
        for found in _REFERENCE.finditer(text):
            name = "label" if found["label"] else "text"
            if found[name].lower() not in defined:
                words = f"no line of this text says where `[{found[name][:SHOWN]}]` leads"
                hint = f"write `[{found['text'][:SHOWN]}](https://…)`"
                yield WrongLine(number, words, "wrong-link", hint, found.start(name))


def is_tangled(body: str) -> bool:
    """Tell whether Markdown would get lost: markers take it down a step each, lines and brackets cost squared."""
    if body.count("\n") > _MOST_LINES or _DEEP.search(body) is not None:
        return True
    return any(map(_is_bracketed, body.split("\n\n")))


def _is_bracketed(block: str) -> bool:
    return block.count("[") * len(block) > _STEPS


def _first_tangle(body: str) -> int:
    """Return the line in which a body begins to be tangled, from 0."""
    deep = _DEEP.search(body)
    if deep is not None:
        return body.count("\n", 0, deep.start())
    blocks = body.split("\n\n")
    at = next((at for at, block in enumerate(blocks) if _is_bracketed(block)), 0)
    return sum(block.count("\n") + 2 for block in blocks[:at])


def _wrong_link(line: int, column: int, address: str) -> Iterator[WrongLine]:
    shown = f"`{address[:SHOWN]}`" if address else "this link"
    if not leads_somewhere(address):
        host = None if len(address) > SHOWN else _HOST.fullmatch(address.removeprefix("//"))
        hint = f"write `https://{host[0]}`" if host else "write it whole, from `https://` on"
        yield WrongLine(line, f"{shown} leads nowhere from a page", "wrong-link", hint, column)
    elif address.lower().startswith("http:"):
        hint = f"write `https{address[4:]}`" if len(address) <= SHOWN else "write it with `https:`"
        yield WrongLine(line, f"{shown} is not secure", "insecure-link", hint, column, Severity.WARNING)
