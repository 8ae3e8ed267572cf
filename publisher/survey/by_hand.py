"""What somebody changed in an event by hand, as facts: what was published, and what stands there now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.facts import CAPTAIN, CREW, DOCK, DURATION, STARTS, VESSEL, FactChange, mark
from castoff.contract.money import speaks_of_money
from publisher.events import event_fields, event_of
from publisher.meaning import field_words, instant_of
from publisher.survey.faults import changed_fields

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import tzinfo

    from castoff.contract.release import Booking
    from castoff.contract.state import PublishedEvent

_FIGURE: Final = re.compile(r"\d{1,3}|\d{1,2}\.\d+")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_WORDS: Final = re.compile(r".*", re.DOTALL)
_SHOWN: Final = {
    DOCK: _WORDS,
    DURATION: _FIGURE,
    STARTS: _MOMENT,
    VESSEL: _WORDS,
    "crew call": _MOMENT,
    "guests": _FIGURE,
}
"""What a plan says of a charter, where it looks as it should; of the rest only that it is another.

A service of one's own need not check what somebody writes into it: a name, an address, a sum.
"""


def changes_by_hand(
    published: PublishedEvent | None,
    live: Mapping[str, Any] | None,
    wanted: Booking | None,
    *,
    members: Collection[str] | None,
) -> tuple[FactChange, ...]:
    """Return the fields of an event that are not as published: before what the file says, after what stands there.

    Where the file is ahead of what was published, what that was is not known, and neither value is shown. `members` are
    those whom the service knows, None where it does not tell.
    """
    if published is None or live is None:
        return ()
    meant = (wanted.event if wanted else None) or {}
    crew = {*published.aboard, *(members or ())}
    known = event_fields(meant)
    return tuple(
        _change(name, meant.get(name), live.get(name), crew=crew, is_shown=known.get(name) == published.fields[name])
        for name in changed_fields(published, event_of(live))
    )


def _change(name: str, before: Any, after: Any, *, crew: Collection[str], is_shown: bool) -> FactChange:
    label, dock = field_words(name), instant_of(before)
    texts = [_text(value, dock.tzinfo if dock else None) for value in (before, after)]
    if is_shown and all(text is None or _is_anybodys(label, text, crew) for text in texts):
        return FactChange(label, texts[0], texts[1])
    return FactChange(label, mark(label, "before", booking=""), mark(label, "after", booking=""))


def _is_anybodys(label: str, text: str, crew: Collection[str]) -> bool:
    """Tell whether a text may be shown."""
    if label in {CAPTAIN, CREW}:
        return {*text.split(", ")} <= {*crew}
    form = _SHOWN.get(label)
    return form is not None and form.fullmatch(text) is not None and not (form is _WORDS and speaks_of_money(text))


def _text(value: Any, dock: tzinfo | None) -> str | None:
    """Return a value as facts have it, None for none: a moment by the clock at the dock, several in a row."""
    if value is None:
        return None
    instant = instant_of(value)
    if instant is not None:
        return f"{instant.astimezone(dock):%Y-%m-%d %H:%M}"
    return (", ".join(map(str, value)) or None) if isinstance(value, list | tuple) else str(value)
