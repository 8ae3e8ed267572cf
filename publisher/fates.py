"""What becomes of a booking, by a plan and by the publish of it: one closed set, one judgement, and its words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from castoff.contract.facts import STATUS
from castoff.contract.keys import crew_name, page_key
from castoff.contract.plan import CancelEvent, CreateEvent, Delete, DeleteCalendar, PutCalendar, Reason, UpdateEvent
from castoff.contract.state import OFF, REMOVED

if TYPE_CHECKING:
    from collections.abc import Collection

    from castoff.contract.plan import About, Action


class Fate(StrEnum):
    """What becomes of a booking, the most noticed first, in the word by which it is counted."""

    REMOVED = "removed"
    """Its file is gone."""
    WITHDRAWN = "withdrawn"
    """Its file is there, and says that it is on draft or on hold."""
    CANCELLED = "cancelled"
    REINSTATED = "sails after all"
    CHANGED = "changed"
    """A fact is another, or a service is told anew; what was changed by hand may be mended beside it."""
    NEW = "new"
    MENDED = "mended"
    """Somebody changed by hand what a publish had written, and nothing else."""
    REWRITTEN = "rewritten"
    """Nothing is other but the pages: a layout or a text that many share."""
    RETIRED = "past retention"
    RENEWED = "forms renewed"


WITHHELD: Final = {"draft": "a draft", "hold": "on hold"}
"""The statuses of which nothing is to be seen, and how a file's is said."""

LIVED: Final = {
    Fate.REMOVED: "removed: its file is gone",
    Fate.WITHDRAWN: "withdrawn",
    Fate.CANCELLED: "cancelled",
    Fate.REINSTATED: "sails after all",
    Fate.CHANGED: "changed",
    Fate.NEW: "published",
    Fate.MENDED: "mended what was changed by hand",
    Fate.REWRITTEN: "pages rewritten",
    Fate.RETIRED: "its pages are gone: retention passed",
    Fate.RENEWED: "upload forms renewed",
}
"""How a booking's life tells it."""

UPKEPT: Final = frozenset({Fate.REWRITTEN, Fate.RENEWED})
"""What only keeps pages up: of many one after the other, one line does."""

_FORMS: Final = {Reason.FORM_EXPIRES, Reason.FORM_RENEWED}
_CALLS: Final = CreateEvent | UpdateEvent | CancelEvent | PutCalendar | DeleteCalendar


def fate_of(about: About, actions: Collection[Action]) -> Fate:
    """Return what these actions, planned or done, make of the booking that they are about: the weightiest of all."""
    return _by_status(about) or _by_actions(about, actions)


def is_former_page(action: Delete, about: About) -> bool:
    """Tell whether a guest page at a former slug goes, or one that goes on to another: a link that somebody has."""
    booking = action.booking or ""
    own = {page_key(booking), page_key(crew_name(booking))}
    return action.key.endswith(".html") and action.key not in own and about.guest_page not in {None, action.subject}


def _by_status(about: About) -> Fate | None:
    """Return what the status makes of it; None where it sails, or does not, as before."""
    if about.status == REMOVED:
        return Fate.REMOVED
    if about.status in WITHHELD:
        return Fate.WITHDRAWN
    if not about.was:
        return Fate.NEW
    if about.status not in OFF:
        return Fate.REINSTATED if about.was in OFF else None
    return None if about.was == about.status else Fate.CANCELLED


def _by_actions(about: About, actions: Collection[Action]) -> Fate:
    reasons = {action.reason for action in actions}
    is_other = any(change.label != STATUS for change in about.changes)
    if is_other or any(_is_noticed(action, about) for action in actions):
        return Fate.CHANGED
    if Reason.DRIFTED in reasons:
        return Fate.MENDED
    if reasons <= _FORMS:
        return Fate.RENEWED
    return Fate.RETIRED if reasons == {Reason.RETENTION} else Fate.REWRITTEN


def _is_noticed(action: Action, about: About) -> bool:
    """Tell whether an action is of a change that somebody made in the files, beyond the looks of a page."""
    if isinstance(action, Delete):
        return action.reason is Reason.RETIRED and is_former_page(action, about)
    return isinstance(action, _CALLS) and action.reason is not Reason.DRIFTED
