"""Mails as they were handed to SES: the embedded one keeps words and HTML, and drops headers and attachments."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lambdas.shipcaptaincrew.letters import Letter
    from lambdas.shipcaptaincrew.mailbox import Mailbox

_EVENT = "before-call.sesv2.SendEmail"


@contextmanager
def watched(sesv2: Any) -> Iterator[list[EmailMessage]]:
    """Collect what goes over the wire to SES from this client, while it goes."""
    posted: list[EmailMessage] = []

    def keep(params: dict[str, Any], **_: object) -> None:
        posted.append(parsed(base64.b64decode(json.loads(params["body"])["Content"]["Raw"]["Data"])))

    sesv2.meta.events.register(_EVENT, keep)
    try:
        yield posted
    finally:
        sesv2.meta.events.unregister(_EVENT, keep)


def parsed(raw: bytes) -> EmailMessage:
    """Return a message of bytes, which has no fault that a reader could see."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert part.defects == []
    return message


def body(message: EmailMessage, subtype: str) -> str:
    """Return a message's words, `plain` or `html`."""
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def calendar(message: EmailMessage) -> tuple[str, str]:
    """Return the text of a message's only attachment, a calendar file, and what its header says it asks."""
    [part] = message.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_filename() == "call.ics"
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode("utf-8"), str(part.get_param("method"))


class FaultyMailbox:
    """A mailbox that raises what it is told to, one fault a letter, and then sends; it counts who was written to."""

    def __init__(self, inner: Mailbox, *faults: BaseException | None) -> None:
        self._inner = inner
        self._faults = list(faults)
        self.asked: list[str] = []

    def send(self, letter: Letter, *, to: str) -> None:
        """Raise the next fault, or send."""
        self.asked.append(to)
        fault = self._faults.pop(0) if self._faults else None
        if fault is not None:
            raise fault
        self._inner.send(letter, to=to)
