"""What somebody changed in an event by hand, as facts: what was published, and what stands there now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from castoff.contract.facts import CAPTAIN, CREW, DOCK, DURATION, STARTS, VESSEL, FactChange, mark
from castoff.contract.money import speaks_of_money
from publisher.events import event_fields, event_of
from publisher.meaning import field_words, instant_of
from publisher.survey.faults import changed_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from castoff.contract.release import Booking
    from castoff.contract.state import PublishedEvent

_SHOWN: Final = {CAPTAIN, CREW, DOCK, DURATION, STARTS, VESSEL, "crew call", "guests"}
"""What a plan says of a charter; of the rest only that it is another."""
_WRITTEN: Final = {DOCK, VESSEL}
"""Of these, what somebody may write anything into."""


def changes_by_hand(
    published: PublishedEvent | None, live: Mapping[str, Any] | None, wanted: Booking | None
) -> tuple[FactChange, ...]:
    """Return the fields of an event that are not as published: before what the file says, after what stands there.

    Where the file is ahead of what was published, what that was is not known, and neither value is shown.
    """
    if published is None or live is None:
        return ()
    meant = (wanted.event if wanted else None) or {}
    known = event_fields(meant)
    return tuple(
        _change(name, meant.get(name), live.get(name), is_shown=known.get(name) == published.fields[name])
        for name in changed_fields(published, event_of(live))
    )


def _change(name: str, before: Any, after: Any, *, is_shown: bool) -> FactChange:
    label, dock = field_words(name), instant_of(before)
    texts = [_text(value, dock.tzinfo if dock else None) for value in (before, after)]
    is_money = label in _WRITTEN and any(map(speaks_of_money, texts))
    if is_shown and label in _SHOWN and not is_money:
        return FactChange(label, texts[0], texts[1])
    return FactChange(label, mark(label, "before", booking=""), mark(label, "after", booking=""))


def _text(value: Any, dock: tzinfo | None) -> str:
    """Return a value as facts have it: a moment by the clock at the dock, several in a row."""
    instant = instant_of(value)
    if instant is not None:
        return f"{instant.astimezone(dock):%Y-%m-%d %H:%M}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
