"""The faults: what each is in words, and how a turnstile brings it about towards whoever is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from faults.calls import Speech
from support.treatments import Answer, Gone, Overruled, Slow, Spoilt

from publisher.adapters.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.treatments import Treatment

PATIENCE: Final = Patience(connect=1.0, read=1.2, pause=0.02, enough=1.6)
"""How long the publisher waits here: as often as usual, and a tenth as long."""

_TOO_LATE: Final = 2.0

_WORDS: Final = {
    403: ("AccessDenied", "Access Denied"),
    404: ("NoSuchBucket", "The specified bucket does not exist"),
    409: ("ConditionalRequestConflict", "A conflicting operation occurred"),
    412: ("PreconditionFailed", "At least one of the pre-conditions you specified did not hold"),
    429: ("TooManyRequestsException", "Rate exceeded"),
    500: ("InternalError", "We encountered an internal error"),
    503: ("SlowDown", "Reduce your request rate"),
}
"""What S3 says, by status; the others differ in few."""

_OF_CLOUDFRONT: Final = {404: ("NoSuchDistribution", "The specified distribution does not exist")}
_OF_SECRETS: Final = {
    403: ("AccessDeniedException", "User is not authorized to perform: secretsmanager:GetSecretValue"),
    404: ("ResourceNotFoundException", "Secrets Manager can't find the specified secret"),
}
_OF_STS: Final = {
    403: ("AccessDenied", "User is not authorized to perform: sts:AssumeRole"),
    404: ("NoSuchEntity", "The role cannot be found"),
}
_OF_SERVICES: Final = {
    403: {"message": "Forbidden"},
    404: {"error": "not_found", "detail": "there is nothing at this path"},
    409: {"error": "stale_serial", "detail": "a publish with a higher serial has been here since; plan anew"},
    412: {"message": "Precondition Failed"},
    429: {"message": "Too Many Requests"},
    500: {"message": "Internal server error"},
    503: {"message": "Service Unavailable"},
}
_WEB_PAGE: Final = Answer(200, b"<html><body>Welcome to the harbour's wireless</body></html>", ())
_ID: Final = (("x-amz-request-id", "4442587FB7D0A2F9"), ("x-amzn-requestid", "4442587FB7D0A2F9"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `what` goes wrong in words; once, or with every such call until it is mended."""

    name: str
    what: str
    treatment: Callable[[Speech], Treatment]
    once: bool = False

    @property
    def status(self) -> int | None:
        """The status that is answered, where that is what is wrong."""
        status = self.name.partition(" ")[0]
        return int(status) if status.isdigit() else None


def answered(speech: Speech, status: int) -> str:
    """Return what AWS answers, as it is told."""
    if speech is Speech.HEAD:
        return f"{status}: {HTTPStatus(status).phrase}"
    code, message = _said(speech, status)
    return f"{status} {code}: {message}"


def refusal(speech: Speech, status: int) -> Answer:
    """Return a refusal as whoever is asked words it."""
    match speech:
        case Speech.SERVICE | Speech.SITE:
            return Answer(status, json.dumps(_OF_SERVICES[status]).encode())
        case Speech.HEAD:
            return Answer(status, b"", _ID)
        case Speech.SECRETS:
            code, message = _said(speech, status)
            headers = (("Content-Type", "application/x-amz-json-1.1"), *_ID)
            return Answer(status, json.dumps({"__type": code, "message": message}).encode(), headers)
        case Speech.S3 | Speech.CLOUDFRONT | Speech.STS:
            code, message = _said(speech, status)
            error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            root = error if speech is Speech.S3 else f"<ErrorResponse>{error}</ErrorResponse>"
            return Answer(status, root.encode(), (("Content-Type", "application/xml"), *_ID))


def _said(speech: Speech, status: int) -> tuple[str, str]:
    special = {Speech.CLOUDFRONT: _OF_CLOUDFRONT, Speech.SECRETS: _OF_SECRETS, Speech.STS: _OF_STS}.get(speech, {})
    return special.get(status, _WORDS[status])


FAULTS: Final = (
    Fault("refused", "nobody listens there any more", lambda _: Gone()),
    Fault("403", "it is not allowed", lambda speech: refusal(speech, 403)),
    Fault("404", "what it names is not there", lambda speech: refusal(speech, 404)),
    Fault("409", "something else is at it, or was there first", lambda speech: refusal(speech, 409)),
    Fault("412", "a condition does not hold", lambda speech: refusal(speech, 412)),
    Fault("429 once", "too many requests, this once", lambda speech: refusal(speech, 429), once=True),
    Fault("500", "it is done, and answered with a failure each time", lambda speech: Overruled(refusal(speech, 500))),
    Fault("503 once", "no time just now", lambda speech: refusal(speech, 503), once=True),
    Fault("503", "no time at all", lambda speech: refusal(speech, 503)),
    Fault("slow", "it is done, and each answer comes too late", lambda _: Slow(_TOO_LATE)),
    Fault("cut", "it is done, and the answer breaks off in the middle", lambda _: Spoilt.CUT, once=True),
    Fault("lost", "it is done, and the answer is lost", lambda _: Spoilt.LOST, once=True),
    Fault("rubbish", "a web page answers in its place", lambda _: _WEB_PAGE),
)
