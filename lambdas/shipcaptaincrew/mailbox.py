"""Where letters go: SES, asked exactly once for each, with a message that is written here in full."""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
)

from lambdas.shipcaptaincrew.brand import encoded_words, is_plain, mailbox_text, one_line
from lambdas.shipcaptaincrew.letters import Letter

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_SERVER_FAULT = 500
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

    def __init__(self, client: Callable[[], "SESV2Client"], *, sender: tuple[str, str], events: str = "") -> None:
        """Send from `sender`, name and address; `events` is the configuration set by which bounces are told."""
        self._client = client
        self._sender = sender
        # Named each time: the default is that of whichever identity SES takes, the address's or its domain's.
        self._events: Any = {"ConfigurationSetName": events} if events else {}

    def send(self, letter: Letter, *, to: str) -> None:
        """Send a letter as text and HTML, its invitation beside them."""
        try:
            written = message(letter, sender=self._sender, to=to)
        except ValueError:
            # Fields are checked on arrival: what comes through all the same is refused before anything is sent.
            raise NotSentError("InvalidHeader") from None
        try:
            self._client().send_email(
                FromEmailAddress=mailbox_text(*self._sender),
                Destination={"ToAddresses": [to]},
                Content={"Raw": {"Data": written}},
                **self._events,
            )
        # Nothing is chained: SES's own words name the address, and a log is to hold none.
        except ClientError as fault:
            code = fault.response["Error"]["Code"]
            if fault.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_FAULT:
                raise UnknownSendingError(code) from None
            raise NotSentError(code) from None
        except _NEVER_ASKED as fault:
            raise NotSentError(type(fault).__name__) from None
        except BotoCoreError as fault:
            raise UnknownSendingError(type(fault).__name__) from None


def message(letter: Letter, *, sender: tuple[str, str], to: str) -> bytes:
    """Return a letter as a message (RFC 5322), 7-bit throughout; ValueError for a header of more than one line.

    The four headers are written by hand: Python's own parses a text for encoded words, and so would let
    `=?utf-8?q?=0D=0ABcc:…?=` in a boat's name be a header.
    """
    headers = {
        "From": mailbox_text(*sender).replace("?= ", "?=\r\n "),  # folded between encoded words: 998 octets a line
        "To": one_line(to),
        "Subject": _encoded(one_line(letter.subject)),
        # RFC 3834: whoever is away does not answer, and no list takes it for a person's.
        "Auto-Submitted": "auto-generated",
    }
    content = EmailMessage(policy=SMTP)
    content.set_content(letter.text, cte="quoted-printable")
    content.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.invitation is not None:
        file = letter.invitation.text.encode()
        kind: dict[str, Any] = {"maintype": "text", "subtype": "calendar", "cte": "base64"}
        # Among the alternatives, where Outlook looks for what it may do by itself, and as a file for all others.
        content.add_alternative(file, **kind)
        content.add_attachment(file, **kind, filename="call.ics")
        for part in content.walk():
            if part.get_content_type() == "text/calendar":
                part.set_param("charset", "utf-8")
                part.set_param("method", str(letter.invitation.method))  # the same as in the file, RFC 6047, 2.4
    written = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    return written.encode("ascii") + content.as_bytes()


def _encoded(text: str) -> str:
    return text if is_plain(text) else encoded_words(text, header="Subject")
