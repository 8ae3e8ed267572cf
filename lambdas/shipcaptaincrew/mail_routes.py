"""The operator's routes to the outbox: what stands where, and sending again what nobody can vouch for."""

from datetime import datetime, timedelta
from typing import Annotated, Any

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

_IN_FLIGHT = timedelta(minutes=1)  # for which a Lambda that has just claimed a mail may still be sending it
_WORDS = {
    Reason.MEMBER_GONE: "the crew member is not here any more",
    Reason.CHARTER_OVER: "the charter is over",
    Reason.EVENT_CANCELLED: "the charter has been cancelled since",
    Reason.NOT_ABOARD: "the crew member is not aboard any more",
    Reason.MOVED: "things have changed since, and a newer mail tells how",
}


@router.get("/mail")
@answers(200, MailsAnswer)
def list_mail(
    to: TheService,
    state: Annotated[State | None, Query()] = None,
    booking_id: Annotated[Identifier | None, Query()] = None,
) -> dict[str, Any]:
    """Return the mails of the last weeks by where they stand, without a word of what is in them."""
    mails = to.outbox.mails
    if booking_id is not None:
        found = [mail for event in to.events.of_booking(booking_id) for mail in mails.of_event(event.event_id)]
    elif state is not None and state.is_open:
        found = [mail for event_id in mails.open_events() for mail in mails.of_event(event_id)]
    else:
        found = list(mails.all())
    faults = _faults(to, {mail.call.member_id for mail in found if state is None or mail.state is state})
    return {
        "mails": [
            mail_answer(mail, faults.get(mail.call.member_id)) for mail in found if state is None or mail.state is state
        ]
    }


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


def mail_answer(mail: Mail, fault: dict[str, Any] | None) -> dict[str, Any]:
    """Return a mail as JSON: neither address nor text."""
    return {
        "mail_id": mail.mail_id,
        "booking_id": mail.call.event.booking_id,
        "event_id": mail.call.event.event_id,
        "member_id": mail.call.member_id,
        "kind": str(mail.call.kind),
        "state": str(mail.state),
        "since": mail.since or None,
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
    if mail.state is State.CLAIMED and mail.since and now - datetime.fromisoformat(mail.since) < _IN_FLIGHT:
        words = "this mail may still be on its way; ask again in a minute"
        raise RefusalError(409, "mail_in_flight", words, headers={"Retry-After": "60"})


def _faults(to: Service, member_ids: set[str]) -> dict[str, dict[str, Any] | None]:
    members = {member_id: to.members.find(member_id) for member_id in member_ids}
    return {
        member_id: fault_answer(to.addresses.fault_of(member))
        for member_id, member in members.items()
        if member is not None
    }
