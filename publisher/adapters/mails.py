"""The crew's mail at ShipCaptainCrew, for whoever has to see to it: listed, sent again, noted as arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from publisher.adapters.lists import mails_of
from publisher.adapters.plain import plain_services
from publisher.errors import PublishError
from publisher.survey.mails import CrewMail, crew_mail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from publisher.adapters.plain import PlainApi
    from publisher.target import Target

_WORDS: Final = 200
_CONFLICT: Final = 409
_WAITS: Final = "nothing to do: it is tried again every quarter of an hour"
_HINTS: Final = {
    "mail_sent": "a fresh link: `castoff link BOOKING --crew MEMBER`",
    "mail_in_flight": "ask again in a minute",
    "mail_waits": _WAITS,
    "mail_pending": _WAITS,
    "mail_unconfirmed": "ask the reader whether it came",
    "mail_unknown": "`castoff mail --all` lists those of the last weeks",
}
"""What to do about a refusal, by the name that the service gives it."""


class CrewMails:
    """The outbox of one ShipCaptainCrew; one of an operator's own may tell nothing about it."""

    def __init__(self, crew: PlainApi, *, target: str) -> None:
        self._crew = crew
        self._target = target

    def all(self) -> Sequence[CrewMail]:
        """Return the mails of the last weeks; PublishError where the service has no list of them."""
        try:
            listed = mails_of(self._crew)
        except PublishError as error:
            error.hint = error.hint or f"`castoff doctor --target {self._target}` looks at the way there"
            raise
        if listed is None:
            raise PublishError(
                f"the ShipCaptainCrew of {self._target} does not tell of its mail: it has no `GET /mail`",
                hint="one of your own knows by itself what it sent; castoff's is brought up to date by `castoff setup`",
            )
        return [crew_mail(mail) for mail in listed]

    def resend(self, mail_id: str, *, word: str) -> CrewMail:
        """Send a mail again, once for each word, and return it as it stands then; PublishError where it is refused."""
        return self._ask(mail_id, "resend", word)

    def arrived(self, mail_id: str) -> CrewMail:
        """Note that the reader of a mail has it, and return it; PublishError where it is refused."""
        return self._ask(mail_id, "arrived", None)

    def _ask(self, mail_id: str, what: str, word: str | None) -> CrewMail:
        path = f"/mail/{quote(mail_id, safe='')}/{what}"
        reply = self._crew("POST", path, request=word)
        value = reply.value or {}
        if reply.well and value:
            return crew_mail(value)
        error = value.get("error")
        if error in _HINTS or reply.status == _CONFLICT:
            raise PublishError(_detail(value) or str(reply), hint=_HINTS.get(str(error)))
        look = f"look with `castoff mail --target {self._target}`"
        raise PublishError(f"ShipCaptainCrew, asked `POST {path}`: {reply}", hint=look)


def crew_mails(target: Target) -> CrewMails:
    """Return the outbox of a target; nothing is asked of it yet."""
    return CrewMails(plain_services(target).crew, target=target.name)


def _detail(value: Mapping[str, Any]) -> str:
    """Return what a service says of its refusal, unless there may be an address in it."""
    words = str(value.get("detail") or "")[:_WORDS]
    return "" if "@" in words else words
