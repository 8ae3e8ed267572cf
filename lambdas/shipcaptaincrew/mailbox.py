"""Where letters go: SES, asked exactly once for each, with a message that is written here in full."""

from collections.abc import Callable
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)

from lambdas.shipcaptaincrew.letters import Letter

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_SERVER_FAULT = 500
_LONGEST_PLAIN = 200  # of 998 octets that a line may have
_NEVER_ASKED = (ConnectTimeoutError, EndpointConnectionError, NoCredentialsError)


class NotSentError(Exception):
    """A letter was refused and has certainly not gone out; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownSendingError(Exception):
    """No answer came: a letter may have gone out or not."""


class Mailbox(Protocol):
    """Something that sends a letter once."""

    def send(self, letter: Letter, *, to: str) -> None:
        """Send a letter; NotSentError when it was refused, UnknownSendingError when nobody can say."""


class SesMailbox:
    """SES, which adds what only it knows: Date and Message-ID."""

    def __init__(self, client: Callable[[], "SESV2Client"], *, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, letter: Letter, *, to: str) -> None:
        """Send a letter as text and HTML, its invitation beside them."""
        try:
            written = message(letter, sender=self._sender, to=to)
        except ValueError as fault:
            # Fields are checked on arrival: what comes through all the same is refused before anything is sent.
            raise NotSentError("InvalidHeader") from fault
        try:
            self._client().send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": written}},
            )
        except ClientError as fault:
            if fault.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_FAULT:
                raise UnknownSendingError from fault
            raise NotSentError(fault.response["Error"]["Code"]) from fault
        except _NEVER_ASKED as fault:
            raise NotSentError(type(fault).__name__) from fault
        except BotoCoreError as fault:
            raise UnknownSendingError from fault


def message(letter: Letter, *, sender: str, to: str) -> bytes:
    """Return a letter as a message (RFC 5322), 7-bit throughout; ValueError for a header of more than one line.

    The four headers are written by hand: Python's own parses a text for encoded words, and so would let
    `=?utf-8?q?=0D=0ABcc:…?=` in a boat's name be a header.
    """
    headers = {
        "From": formataddr(parseaddr(_line(sender))),
        "To": _line(to),
        "Subject": _encoded(_line(letter.subject)),
        # RFC 3834: whoever is away does not answer, and no list takes it for a person's.
        "Auto-Submitted": "auto-generated",
    }
    content = EmailMessage(policy=SMTP)
    content.set_content(letter.text, cte="quoted-printable")
    content.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.invitation is not None:
        content.add_attachment(
            letter.invitation.text.encode(), maintype="text", subtype="calendar", cte="base64", filename="call.ics"
        )
        part = list(content.iter_attachments())[-1]
        part.set_param("charset", "utf-8")
        part.set_param("method", str(letter.invitation.method))  # the same as in the file, RFC 6047 section 2.4
    written = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    return written.encode("ascii") + content.as_bytes()


def _line(text: str) -> str:
    if len(text.splitlines()) > 1 or not text.strip():
        raise ValueError("a header is one line")
    return text


def _encoded(text: str) -> str:
    """Return text as it stands in a header: in encoded words (RFC 2047) unless it is short, plain and like none."""
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) <= _LONGEST_PLAIN:
        return text
    return Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")
