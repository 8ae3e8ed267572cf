"""The operator's routes to the outbox: what stands where, and what is to become of what nobody can vouch for."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query

from lambdas.service.fields import Identifier
from lambdas.service.promises import answers, refuses
from lambdas.service.refusals import RefusalError
from lambdas.shipcaptaincrew.addresses import fault_answer
from lambdas.shipcaptaincrew.answers import MailAnswer, MailsAnswer
from lambdas.shipcaptaincrew.mails import Mail, Reason, State
from lambdas.shipcaptaincrew.operator_routes import TheService, request_key
from lambdas.shipcaptaincrew.outbox import Outcome, digest_of_word
from lambdas.shipcaptaincrew.ports import Service, require_service_key

router = APIRouter(dependencies=[Depends(require_service_key)])

MailId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,100}\.[A-Za-z0-9_-]{1,40}\.[A-Za-z0-9_-]{1,64}$")]
Place = Annotated[
    str, Query(alias="next", pattern=r"^(?:[A-Za-z0-9_-]{1,100}#[A-Za-z0-9_-]{1,40}#[A-Za-z0-9_-]{1,64})?$")
]

_MOST: Final = 500
_WORDS = {
    Reason.MEMBER_GONE: "the crew member is not here any more",
    Reason.CHARTER_OVER: "the charter is over",
    Reason.EVENT_CANCELLED: "the charter has been cancelled since",
    Reason.NOT_ABOARD: "the crew member is not aboard any more",
    Reason.NEVER_CALLED: "the crew member was never called to this charter",
    Reason.MOVED: "things have changed since, and a newer mail tells how",
}


@router.get("/mail")
@answers(200, MailsAnswer)
def list_mail(
    to: TheService,
    state: Annotated[State | None, Query()] = None,
    booking_id: Annotated[Identifier | None, Query()] = None,
    place: Place = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
) -> dict[str, Any]:
    """Return the mails of the last weeks by where they stand, without a word of them; `next` where more may follow."""
    mails = to.outbox.mails
    if booking_id is not None:
        events = [event.event_id for event in to.events.of_booking(booking_id)]
        page, following = mails.page_of(events, place, most=limit)
    elif state is not None and state.is_open:
        page, following = mails.page_of(mails.open_events(), place, most=limit)
    else:
        page, following = mails.page(place, most=limit)
    found = [mail for mail in page if state is None or mail.state is state]
    faults = _faults(to, {mail.call.member_id for mail in found})
    answer = {"mails": [mail_answer(mail, faults.get(mail.call.member_id)) for mail in found]}
    return {**answer, "next": following} if following else answer


@router.post("/mail/{mail_id}/resend")
@answers(200, MailAnswer)
@refuses(404, "mail_unknown")
@refuses(409, "mail_sent", "mail_lapsed", "mail_outdated", "mail_in_flight")
@refuses(502, "mail_unconfirmed")
@refuses(503, "mail_pending")
def resend_mail(to: TheService, mail_id: MailId, key: Annotated[str, Depends(request_key)]) -> dict[str, Any]:
    """Send a mail again, once for each Idempotency-Key."""
    now, mails = to.ports.now(), to.outbox.mails
    mail = _known(to, mail_id)
    if mail.asked == digest_of_word(key):
        return mail_answer(mail, None)
    _refuse_needless(mail, now=now)
    delivery = to.outbox.resend(mail, asked=key, now=now)
    match delivery.outcome:
        case Outcome.LAPSED:
            words = f"this mail is not sent again: {_WORDS.get(Reason(delivery.code), 'it says nothing true any more')}"
            raise RefusalError(409, "mail_outdated", words)
        case Outcome.LEFT:
            again = mails.find(mail_id)
            if again is None or again.asked != digest_of_word(key):
                raise RefusalError(409, "mail_in_flight", "this mail is being sent just now; look again in a minute")
            return mail_answer(again, None)
        case Outcome.REFUSED:
            words = f"the mail was refused ({delivery.code}); it is tried again by itself"
            raise RefusalError(503, "mail_pending", words, headers={"Retry-After": "2"})
        case Outcome.UNKNOWN:
            words = "nobody can say whether the mail went out; ask again if it does not arrive"
            raise RefusalError(502, "mail_unconfirmed", words)
        case Outcome.SENT:
            return mail_answer(_known(to, mail_id), None)


@router.post("/mail/{mail_id}/arrived")
@answers(200, MailAnswer)
@refuses(404, "mail_unknown")
@refuses(409, "mail_waits", "mail_lapsed", "mail_in_flight")
def close_mail(to: TheService, mail_id: MailId) -> dict[str, Any]:
    """Note that the reader of a doubtful mail knows what it says: nothing is sent, and it counts as sent."""
    now, mail = to.ports.now(), _known(to, mail_id)
    if mail.state is State.PENDING:
        raise RefusalError(409, "mail_waits", "this mail has not gone out yet; it is tried again by itself")
    if mail.state is State.LAPSED and not mail.is_bounced:
        raise RefusalError(409, "mail_lapsed", "this mail has lapsed, and nobody waits for it")
    if mail.state is not State.SENT:
        _refuse_in_flight(mail, now=now)
        to.outbox.mails.close_arrived(mail, now=now)
        mail = _known(to, mail_id)
    if mail.state is not State.SENT:
        raise RefusalError(409, "mail_in_flight", "this mail is being sent just now; look again in a minute")
    return mail_answer(mail, None)


def mail_answer(mail: Mail, fault: dict[str, Any] | None) -> dict[str, Any]:
    """Return a mail as JSON: neither address nor text."""
    return {
        "mail_id": mail.mail_id,
        "booking_id": mail.call.event.booking_id,
        "event_id": mail.call.event.event_id,
        "member_id": mail.call.member_id,
        "kind": str(mail.call.kind),
        "state": str(mail.state),
        "since": mail.since,
        **({"reason": mail.reason} if mail.reason else {}),
        **({"address": fault} if fault else {}),
    }


def _known(to: Service, mail_id: str) -> Mail:
    mail = to.outbox.mails.find(mail_id)
    if mail is None:
        raise RefusalError(404, "mail_unknown", f"there is no mail `{mail_id}`", field="mail_id")
    return mail


def _refuse_needless(mail: Mail, *, now: datetime) -> None:
    if mail.state is State.SENT:
        raise RefusalError(409, "mail_sent", "SES took this mail; for a fresh link ask for one")
    if mail.state is State.LAPSED and mail.reason not in {Reason.ADDRESS_BOUNCED, Reason.NEVER_CONFIRMED}:
        raise RefusalError(409, "mail_lapsed", "this mail has lapsed, and would say nothing true any more")
    _refuse_in_flight(mail, now=now)


def _refuse_in_flight(mail: Mail, *, now: datetime) -> None:
    if mail.is_in_flight(now):
        words = "this mail may still be on its way; ask again in a minute"
        raise RefusalError(409, "mail_in_flight", words, headers={"Retry-After": "60"})


def _faults(to: Service, member_ids: set[str]) -> dict[str, dict[str, Any] | None]:
    members = {member_id: to.members.find(member_id) for member_id in member_ids}
    return {
        member_id: fault_answer(to.addresses.fault_of(member))
        for member_id, member in members.items()
        if member is not None
    }
