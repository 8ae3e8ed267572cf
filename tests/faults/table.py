"""The fault matrix: every call of a publish, every fault, and what is right then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from faults.calls import CALLS, Speech
from faults.kinds import FAULTS, answered
from faults.places import Place
from support.warm import Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faults.calls import Call
    from faults.kinds import Fault

_AGAIN: Final = "run `castoff publish` again; what was done is known and is not done twice"
_SEEN: Final = "no crew was called to it; see that the site is up (embedded, `castoff cloud start`), then publish again"
_NOBODY: Final = (
    "check the network (embedded, `castoff cloud start`), then publish again;"
    " what was done is known and is not done twice"
)
_ROLE: Final = (
    "check its name in castoff.yaml, then the publisher's role (infra/stack.yaml has what it needs), then publish again"
)
_WRITER: Final = "find what else writes into castoff's prefixes, then publish again"


class Outcome(Enum):
    """How a publish ends that meets a fault."""

    RETRIED = "asks again, and ends well"
    BORNE = "does without, and ends well"
    REFUSED = "stops"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is right: how it ends, and where it stops what it says and what is to be done.

    `{asked}` is the call, `{name}` and `{url}` a service and its address, `{silence}` the seconds without an answer.
    """

    outcome: Outcome
    says: str = ""
    hint: str = ""
    so_far: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix."""

    call: Call
    fault: Fault
    verdict: Verdict

    def __str__(self) -> str:
        """Name the cell."""
        return f"{self.call.name}, {self.fault.name}"


def _stops(says: str, hint: str = _AGAIN, *, so_far: str | None = None) -> Verdict:
    return Verdict(Outcome.REFUSED, says, hint, so_far)


_WELL: Final = Verdict(Outcome.RETRIED)
_WITHOUT: Final = Verdict(Outcome.BORNE)

AWS: Final = {
    "refused": _stops("{asked} was not answered: the connection was refused", _NOBODY),
    "403": _stops("{asked} was answered {answer}", _ROLE),
    "404": _stops(
        "{asked} was answered {answer}", "check its name in castoff.yaml, or deploy the stack, then publish again"
    ),
    "409": _stops("{asked} was answered {answer}"),
    "412": _stops("{asked} was answered {answer}"),
    "429 once": _WELL,
    "500": _stops("{asked} was answered {answer}"),
    "503 once": _WELL,
    "503": _stops("{asked} was answered {answer}"),
    "slow": _stops("{asked} was not answered: nothing came within {silence} s", _NOBODY),
    "cut": _WELL,
    "lost": _WELL,
    "rubbish": _stops(
        "{asked} was answered by something that is not AWS",
        "find what stands between here and AWS, a proxy or a network's login page; then publish again",
    ),
}

SERVICE: Final = {
    "refused": _stops("{asked} did not answer: the connection was refused", "check {url}, then publish again"),
    "403": _stops(
        "{asked} answered 403: Forbidden",
        "check {name}'s address in castoff.yaml, and that its resource policy lets this machine in, then publish again",
    ),
    "404": _stops(
        "{asked} answered 404: there is nothing at this path",
        "check {name}'s address in castoff.yaml, with its stage at the end, then publish again",
    ),
    "409": _stops(
        "{asked} answered 409: a publish with a higher serial has been here since; plan anew",
        "a newer publish was here first: pull, then publish again",
    ),
    "412": _stops("{asked} answered 412: Precondition Failed"),
    "429 once": _WELL,
    "500": _stops("{asked} answered 500: Internal server error"),
    "503 once": _WELL,
    "503": _stops("{asked} answered 503: Service Unavailable"),
    "slow": _stops("{asked} did not answer: nothing came within {silence} s", "check {url}, then publish again"),
    "cut": _WELL,
    "lost": _WELL,
    "rubbish": _stops(
        "{asked} answered 200 with something that is not a JSON object",
        "check in castoff.yaml that {url} is {name}'s address, then publish again",
    ),
}

_NOT_SHOWN: Final = "no crew was called; check the distribution's origin and function, then publish again"

SITE: Final = {
    "refused": _stops("{asked} did not answer: the connection was refused", _SEEN),
    **{
        status: _stops(
            f"waited 60 s for the page {{asked}} to show what was written, in vain; it is answered {status}", _NOT_SHOWN
        )
        for status in ("403", "404", "409", "412", "500", "503")
    },
    "429 once": _WELL,
    "503 once": _WELL,
    "slow": _stops("{asked} did not answer: nothing came within {silence} s", _SEEN),
    "cut": _WELL,
    "lost": _WELL,
    "rubbish": _stops("waited 60 s for the page {asked} to show what was written, in vain", _NOT_SHOWN),
}

_FASTER: Final = _stops(
    "the published state at s3://<StateBucket>/state.json.gz was written by another publish meanwhile",
    "run `castoff publish` again",
)
_TAKEN_OVER: Final = _stops(
    "another publish has taken over the lease", "run `castoff publish` again once it has finished"
)
_FOREIGN: Final = "{object} is not what the last publish left there"
_WRITTEN_OVER: Final = (
    "run `castoff publish --repair`: it looks at what stands there, shows what it would do, and mends it"
)
_BEFORE: Final = "there was something before castoff: look at it; `castoff publish --adopt` writes over it"
_AT_THIS_MOMENT: Final = "{object} is being written by something else at this very moment"

_NO_LOGIN: Final = "is answered {} and does not lead to the login: no crew page was written"
_NO_FUNCTION: Final = "`castoff setup` puts castoff's function there, `castoff doctor` says more; then publish again"

WHOLE: Final = "a repair has to see everything, and could not: "
"""What a repair begins with that stops, whichever look it was."""
NOT_SEEN: Final = "nothing was changed: see what `castoff doctor` says, then publish again with `--repair`"

REPAIR: Final = {
    "refused": _stops("{asked}: no answer: the connection was refused"),
    "403": _stops("{asked}: 403"),
    "404": _stops("{asked}: 404 not_found"),
    "409": _stops("{asked}: 409 stale_serial"),
    "412": _stops("{asked}: 412"),
    "429 once": _WELL,
    "500": _stops("{asked}: 500"),
    "503 once": _WELL,
    "503": _stops("{asked}: 503"),
    "slow": _stops("{asked}: no answer: nothing came within {silence} s"),
    "cut": _WELL,
    "lost": _WELL,
    "rubbish": _stops("{asked}: 200 with something that is not a JSON object"),
}
"""What a service's answer is to a repair, which looks at many of them: a word each."""

REPAIR_OF_PAGES: Final = {
    **dict.fromkeys(("429 once", "503 once", "cut", "lost"), _WELL),
    "500": _stops("{asked} answered 500"),
    "503": _stops("{asked} answered 503"),
    "slow": _stops("{asked} did not answer: nothing came within {silence} s"),
}
"""What a site's answer is to a repair, where it says nothing of the page; see PARTICULAR for what says something."""


def _unseen(verdict: Verdict) -> Verdict:
    """Return what a repair says that has to see everything, and could not."""
    if verdict.outcome is not Outcome.REFUSED:
        return verdict
    return replace(verdict, says=f"{WHOLE}{verdict.says}", hint=NOT_SEEN)


_NOT_LENT: Final = "AssumeRole, needed for {asked}, was answered {answer}"
_TRUST: Final = (
    "check `role` in castoff.yaml, and that the role trusts whom you are signed in as"
    " (`aws sts get-caller-identity` says who that is), then publish again"
)

PARTICULAR: Final = {
    **{("role", status): _stops(_NOT_LENT) for status in ("404", "409", "412", "500", "503")},
    ("role", "403"): _stops(_NOT_LENT, _TRUST),
    # All of AWS is gone, the services' keys with it; of a service or a site, whichever was asked first.
    ("repair list", "refused"): _unseen(_stops("… was not answered: the connection was …")),
    ("repair head", "refused"): _unseen(_stops("… was not answered: the connection was …")),
    ("repair page", "refused"): _unseen(_stops("http://… did not answer: the connection was …")),
    **{
        (name, "refused"): _unseen(_stops("ShipCaptainCrew, asked `GET /…`: no answer: the connection was …"))
        for name in ("repair event", "repair crew", "repair mail")
    },
    # Who says that there is no such page, or shows another, has looked.
    **{
        ("repair page", fault): replace(SITE[fault], so_far="N of N actions done; left: …")
        for fault in ("403", "404", "409", "412", "rubbish")
    },
    # One of one's own need not tell whom it knows; and no repair waits for mail, of which it mends nothing.
    ("repair crew", "404"): _WITHOUT,
    **{("repair mail", fault.name): _WITHOUT for fault in FAULTS if fault.name != "refused"},
    ("adopt head", "404"): _stops(_FOREIGN, _BEFORE, so_far="N of N actions done; left: {booking} (…); …"),
    **{
        ("gate", status): _stops(f"{{asked}} {_NO_LOGIN.format(answer)}", _NO_FUNCTION)
        for status, answer in (
            *((code, code) for code in ("403", "404", "409", "412", "500", "503")),
            ("rubbish", "200"),
        )
    },
    ("state begin", "409"): _FASTER,
    ("state begin", "412"): _FASTER,
    ("state renew", "409"): _TAKEN_OVER,
    ("state renew", "412"): _TAKEN_OVER,
    ("state finish", "409"): _TAKEN_OVER,
    ("state finish", "412"): _TAKEN_OVER,
    # All of S3 is gone, and other objects were on their way.
    ("object put", "refused"): _stops(
        "PutObject on s3://… was not answered: the connection was …",
        _NOBODY,
        so_far="N of N actions done; left: …",
    ),
    ("object put", "409"): _stops(_AT_THIS_MOMENT, _WRITER),
    ("object put", "412"): _stops(_FOREIGN, _BEFORE),
    ("object delete", "409"): _stops(_AT_THIS_MOMENT, _WRITER),
    ("object delete", "412"): _stops(_FOREIGN, _WRITTEN_OVER),
    # All of S3 is gone, and whichever look was the first to find out is named.
    **{
        (name, "refused"): _stops("HeadObject on s3://… was not answered: the connection was …", _NOBODY)
        for name in ("object head", "adopt head")
    },
    # Taken for nothing there, and then found out: it is only written where there is nothing.
    ("object head", "404"): _stops(
        _FOREIGN,
        _BEFORE,
        so_far="N of N actions done; left: {booking} (…); …",
    ),
    ("event create", "409"): _stops(
        "ShipCaptainCrew refused the event of booking {booking} with 409:"
        " a publish with a higher serial has been here since; plan anew",
        "correct the booking, or publish again where a newer publish was faster",
    ),
}

_SERVICES: Final = {
    Place.SCC: {"name": "ShipCaptainCrew", "url": "<SccUrl>"},
    Place.DASHBOARD: {"name": "the dashboard", "url": "<DashboardUrl>"},
}
_ANY_SERVICE: Final = {"name": "SERVICE", "url": "its address"}

SAMPLE: Final = {
    "state read": "cut",
    "state begin": "412",
    "gate": "404",
    "state renew": "503 once",
    "state finish": "lost",
    "secret": "rubbish",
    "crew member put": "429 once",
    "object put": "refused",
    "invalidation create": "403",
    "invalidation wait": "503",
    "event create": "500",
    "event find": "409",
    "event update": "slow",
    "adopt head": "404",
}
"""A call for each fault, and each call once: what every run of the tests asks; `make proof` asks the rest."""


def cells(*, whole: bool) -> Iterator[Cell]:
    """Return the matrix row by row, or a sample of it."""
    for call in CALLS:
        for fault in FAULTS:
            if whole or SAMPLE.get(call.name) == fault.name:
                yield Cell(call, fault, _verdict(call, fault))


def filled(
    verdict: Verdict, fault: Fault, *, speech: Speech, asked: str, place: Place | None, booking: str, silence: float
) -> tuple[str, str]:
    """Return what is said and what is to be done, with what a verdict leaves open; `silence` in seconds."""
    named = {
        "asked": asked,
        "object": asked.rpartition(" on ")[2],
        "booking": booking,
        "silence": f"{silence:g}",
        "answer": answered(speech, fault.status) if fault.status else "",
        **_SERVICES.get(place, _ANY_SERVICE),
    }
    return verdict.says.format(**named), verdict.hint.format(**named)


def _verdict(call: Call, fault: Fault) -> Verdict:
    particular = PARTICULAR.get((call.name, fault.name))
    if particular is not None:
        return particular
    if call.way is Way.REPAIR:
        return _unseen({Speech.SERVICE: REPAIR, Speech.SITE: REPAIR_OF_PAGES}.get(call.speech, AWS)[fault.name])
    return {Speech.SERVICE: SERVICE, Speech.SITE: SITE}.get(call.speech, AWS)[fault.name]
