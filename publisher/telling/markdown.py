"""A plan as Markdown for a pull request's comment or a job's summary: short, folded, and never longer than fits."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from castoff.contract.counts import counted
from publisher.telling.folding import Folded, folded
from publisher.telling.grouped import Group
from publisher.telling.words import (
    call_words,
    fate_words,
    gone_words,
    headline,
    mail_words,
    page_words,
    plain,
    rest_words,
    stray_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from castoff.contract.facts import FactChange
    from publisher.telling.grouped import Grouped

MOST: Final = 65_536
"""Characters that GitHub takes in a comment; https://github.com/orgs/community/discussions/27190."""

_LEFT: Final = "_… and {} left out here{}._"
_SPARE: Final = 200
"""Characters kept for what closes a text that is cut."""

_ACTIONS: Final = 50
"""Actions that are shown one by one: a comment is mailed to whoever follows it."""

_TABLE: Final = ("| booking | who is mailed | what changes |", "|---|---|---|")


def markdown(
    told: Grouped,
    *,
    notes: Sequence[str] = (),
    refusals: Sequence[str] = (),
    title: str = "",
    expect: bool = True,
    more: str = "",
) -> str:
    """Return a plan as Markdown of at most `MOST` characters; its last line says how much of it is left out, if any.

    `notes` and `refusals` are words of castoff's own, which may hold Markdown; `expect` says how to publish just this,
    `more` is the command that shows all of it, `title` another heading.
    """
    plan = told.plan
    head = [f"### {title or f'castoff plan for {code(plan.target)}: {headline(told)}'}", ""]
    head += [line for note in notes for line in (note, "")]
    head += [line for words in refusals for line in (f"> **publish would refuse this:** {words}", "")]
    items = list(folded(told, whole=False))
    shown = [_row(item) for item in items if isinstance(item, Group)]
    folded_away = [_row(group) for item in items if isinstance(item, Folded) for group in item.groups]
    paper = _Paper(head)
    if shown:
        paper.write(_TABLE, shown, end=[""])
    strays = [f"- **gone:** {_text(words)}" for words in stray_words(told)]
    paper.write([], [*strays, *(f"- {_text(words)}" for words in rest_words(told))], end=[""])
    if expect and plan.actions:
        paper.write([], [f"To publish just this: `castoff publish --expect {plan.digest[:12]}`"], end=[""])
    if folded_away:
        paper.fold(f"{counted(len(folded_away), 'booking')} more", _TABLE, folded_away)
    if len(plan.actions) > _ACTIONS:
        paper.fold(f"{len(plan.actions):,} actions", ("| do | how often | why |", "|---|---|---|"), _counts(told))
    elif plan.actions:
        paper.fold(f"every action: {len(plan.actions):,}", ("| do | on what | why |", "|---|---|---|"), _actions(told))
    return paper.text(more)


def code(text: str) -> str:
    """Return what an operator typed as code: no sign of it is Markdown, HTML, a mention or a link."""
    return f"<code>{_text(text)}</code>" if text else ""


class _Paper:
    """Lines up to a length: what does not fit any more is counted."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = list(lines)
        self._size = sum(len(line) + 1 for line in self._lines)
        self._left = 0

    def write(self, begin: Iterable[str], lines: Iterable[str], *, end: Iterable[str]) -> None:
        """Write lines between a beginning and an end, as far as they fit; nothing where not one does."""
        begin, lines, end = list(begin), list(lines), list(end)
        room = MOST - _SPARE - self._size - sum(len(line) + 1 for line in (*begin, *end))
        fits = 0
        for line in lines:
            room -= len(line) + 1
            if room < 0:
                break
            fits += 1
        self._left += len(lines) - fits
        if fits:
            kept = [*begin, *lines[:fits], *end]
            self._lines += kept
            self._size += sum(len(line) + 1 for line in kept)

    def fold(self, summary: str, begin: Iterable[str], lines: Iterable[str]) -> None:
        """Write lines that are seen once someone opens them."""
        self.write([f"<details><summary>{summary}</summary>", "", *begin], lines, end=["", "</details>", ""])

    def text(self, more: str) -> str:
        """Return what is written, and how much was left out, which the command `more` shows."""
        shows = f": `{more}` shows all" if more else ""
        left = [_LEFT.format(counted(self._left, "line"), shows)] if self._left else []
        return "\n".join([*self._lines, *left]).rstrip("\n") + "\n"


def _row(group: Group) -> str:
    heading = f"**{fate_words(group) or 'changed'}** {code(group.booking)}<br>{code(group.heading)}".removesuffix(
        "<br>"
    )
    gone = gone_words(group)
    parts = [
        f"**gone:** {_text(gone)}" if gone else "",
        *map(_change, group.changes),
        _text(page_words(group)),
        _text(call_words(group)),
    ]
    return f"| {heading} | {_text(mail_words(group.mails)) or 'nobody'} | {'<br>'.join(filter(None, parts))} |"


def _actions(told: Grouped) -> list[str]:
    return [f"| {action.verb} | {code(action.subject)} | {action.reason.value} |" for action in told.plan.actions]


def _counts(told: Grouped) -> list[str]:
    counts = Counter((action.verb, action.reason.value) for action in told.plan.actions)
    return [f"| {verb} | {count:,} | {reason} |" for (verb, reason), count in counts.items()]


def _change(change: FactChange) -> str:
    before, after = (None if text is None else code(text) for text in change.shown)
    return change.told(before, after, label=_text(change.label))


def _text(words: str) -> str:
    """Return words with every sign written out that could mean something to Markdown."""
    return _MEANT.sub(_written_out, plain(words))


_MEANT: Final = re.compile(r"[!-'*+<-@\[-`{-~]|:(?=/)|(?<=www)\.|(?<=GH)-(?=\d)", re.IGNORECASE)
"""Signs that begin something: what is written as a reference begins no structure (CommonMark, 2.5)."""


def _written_out(found: re.Match[str]) -> str:
    """Return a sign as a reference; after @ and #, a space of no width, since GitHub looks for names behind them."""
    return f"&#{ord(found[0])};" + ("&#8203;" if found[0] in "@#" else "")
