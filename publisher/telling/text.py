"""A plan as text for a terminal or a log: a line or a few for each booking, the rest in as few."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from publisher.fates import Fate
from publisher.telling.folding import Folded, folded
from publisher.telling.grouped import NAMED
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
    from collections.abc import Iterator

    from castoff.contract.plan import Plan
    from publisher.telling.grouped import Group, Grouped

_MARKS: Final = {
    Fate.REMOVED: "-",
    Fate.WITHDRAWN: "-",
    Fate.CANCELLED: "-",
    Fate.RETIRED: "-",
    Fate.NEW: "+",
    Fate.REINSTATED: "+",
}
_LABEL: Final = len("mails  ")
_INDENT: Final = "    "


def title(told: Grouped, *, width: int, expect: bool = True, beside: str = "") -> list[str]:
    """Return the first line or lines: for which target, what it comes to, and what `--expect` takes, if any does.

    `beside` says what there is beside the commit, such as `1 uncommitted file`.
    """
    plan = told.plan
    commit = f", {plan.commit[:12]}" if plan.commit else ""
    commit += f" with {beside}" if beside else ""
    digest = f"; plan {plan.digest[:12]}" if expect else ""
    return _wrapped(f"{plain(plan.target)}{commit}: {headline(told)}{digest}", width=width)


def lines(told: Grouped, *, width: int, whole: bool = False, more: str = "") -> list[str]:
    """Return a plan without its title, in lines of at most `width` columns, words that are longer apart.

    `whole` shows every booking, and every action in a line of its own, however long; `more` is the command that does.
    """
    found = [line for item in folded(told, whole=whole) for line in _item(item, width, more)]
    for words in stray_words(told):
        found += _labelled("gone", words, indent="", width=width)
    for words in rest_words(told):
        found += _labelled("also", words, indent="", width=width)
    return [*found, *(_actions(told.plan) if whole else ())]


def _item(item: Group | Folded, width: int, more: str) -> Iterator[str]:
    if isinstance(item, Folded):
        yield from _wrapped(f"… {item.words}{f' (`{more}` shows all)' if more else ''}", width=width)
        return
    yield from _wrapped(plain(_heading(item)), width=width)
    if item.mails:
        yield from _labelled("mails", mail_words(item.mails), width=width)
    if item.gone:
        yield from _labelled("gone", gone_words(item), width=width)
    if item.changes:
        yield from _labelled("facts", "; ".join(change.line for change in item.changes), width=width)
    if item.written and not _is_plainly_new(item):
        yield from _labelled("pages", page_words(item), width=width)
    if item.calls:
        yield from _labelled("calls", call_words(item), width=width)


def _heading(group: Group) -> str:
    """Return the line that says which charter, and what becomes of it."""
    mark = _MARKS.get(group.fate, "~")
    parts = [f"{mark} {group.booking}", *([group.heading] if group.heading else [])]
    if fate := fate_words(group):
        parts.append(fate)
    if _is_plainly_new(group):
        parts[-1] += f": {', '.join(name for _, names in group.written for name in names if name in NAMED)}"
    return "  ".join(parts)


def _is_plainly_new(group: Group) -> bool:
    """Tell whether all of a booking is new, which its heading can say."""
    return group.fate is Fate.NEW and {change for change, _ in group.written} == {"new"}


def _labelled(label: str, words: str, *, width: int, indent: str = _INDENT) -> list[str]:
    """Return words behind a label, broken where a line is full."""
    return _wrapped(words, width=width, head=f"{indent}{label:<{_LABEL}}")


def _wrapped(words: str, *, width: int, head: str = "") -> list[str]:
    """Return words behind a head, broken where a line is full, and going on beneath their beginning."""
    return textwrap.wrap(
        plain(words),
        width,
        initial_indent=head,
        subsequent_indent=" " * (len(head) or len(_INDENT)),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _actions(plan: Plan) -> list[str]:
    """Return every action as a line: what, on what, why."""
    rows = [(action.verb, plain(action.subject), action.reason.value) for action in plan.actions]
    verb, subject = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    return ["", "every action, in its order:", *(f"  {row[0]:<{verb}}  {row[1]:<{subject}}  {row[2]}" for row in rows)]
