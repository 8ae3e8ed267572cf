"""Calendar files of a charter: one event each, with the mark that makes two writings of a key differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.contract.calendar import Method, Status, calendar_text
from castoff.contract.slots import SERIAL_MARK

if TYPE_CHECKING:
    from castoff.contract.calendar import Event

_OWN: Final = (("X-CASTOFF", SERIAL_MARK),)


def calendar_file(event: Event) -> str:
    """Return the text of the file, lines ended by CR LF.

    A program is asked to take the event up, or to strike it. RFC 5546 wants an organizer with either, so where a brand
    has no mail address nothing is asked, and the event's status says by itself what became of it.
    """
    method = Method.CANCEL if event.status is Status.CANCELLED else Method.PUBLISH
    return calendar_text("charters", (event,), method=method if event.organizer else None, properties=_OWN)
