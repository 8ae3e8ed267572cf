"""Where letters go: SES, asked exactly once for each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.shipcaptaincrew.letters import Letter

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_SERVER_FAULT = 500


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
    """SES, which writes the headers itself, so that no subject or address can add one."""

    def __init__(self, client: Callable[[], "SESV2Client"], *, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, letter: Letter, *, to: str) -> None:
        """Send a letter as text and HTML."""
        try:
            self._client().send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": letter.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": letter.text, "Charset": "UTF-8"},
                            "Html": {"Data": letter.html, "Charset": "UTF-8"},
                        },
                    }
                },
            )
        except ClientError as fault:
            if fault.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_FAULT:
                raise UnknownSendingError from fault
            raise NotSentError(fault.response["Error"]["Code"]) from fault
        except BotoCoreError as fault:
            raise UnknownSendingError from fault
