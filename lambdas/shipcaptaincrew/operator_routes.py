"""The operator's routes: events and crew members, with the service key."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import JSONResponse

from lambdas.service.fields import EventId, Identifier
from lambdas.service.intake import json_body
from lambdas.service.promises import answers, reads_header, refuses
from lambdas.service.refusals import RefusalError
from lambdas.shipcaptaincrew.addresses import fault_answer
from lambdas.shipcaptaincrew.answers import (
    EventAnswer,
    EventsAnswer,
    GoneAnswer,
    LinkAnswer,
    MemberAnswer,
    MembersAnswer,
)
from lambdas.shipcaptaincrew.bodies import EventBody, EventChanges, LinkBody, MemberBody
from lambdas.shipcaptaincrew.event import to_answer
from lambdas.shipcaptaincrew.members import member_answer
from lambdas.shipcaptaincrew.ports import Service, require_service_key, serial, service

router = APIRouter(dependencies=[Depends(require_service_key)])

TheService = Annotated[Service, Depends(service)]
Serial = Annotated[int | None, Depends(serial)]

_REQUEST_KEY = "Idempotency-Key"
_LONGEST_REQUEST_KEY = 255


@reads_header(_REQUEST_KEY, required=True, type="string", minLength=1, maxLength=255, pattern="^[ -~]+$")
@refuses(400, "idempotency_key_needed")
def request_key(idempotency_key: Annotated[str | None, Header()] = None) -> str:
    """Return the Idempotency-Key of a call; RefusalError 400 without one."""
    key = idempotency_key or ""
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= _LONGEST_REQUEST_KEY):
        words = "an Idempotency-Key of 1 to 255 printable ASCII characters is needed"
        raise RefusalError(400, "idempotency_key_needed", words, field=_REQUEST_KEY)
    return key


@router.post("/event")
@answers(201, EventAnswer)
@refuses(409, "event_exists")
@refuses(422, "idempotency_mismatch", "unknown_member")
def create_event(
    to: TheService,
    seen: Serial,
    key: Annotated[str, Depends(request_key)],
    body: Annotated[EventBody, Depends(json_body(EventBody))],
) -> JSONResponse:
    """Create a booking's event and call its crew."""
    return JSONResponse(to_answer(to.events.create(body, request_key=key, serial=seen)), 201)


@router.get("/events")
@answers(200, EventsAnswer)
def find_events(to: TheService, seen: Serial, booking_id: Annotated[Identifier, Query()]) -> dict[str, Any]:
    """Return a booking's events."""
    return {"events": [to_answer(event) for event in to.events.of_booking(booking_id, serial=seen)]}


@router.get("/events/{event_id}")
@answers(200, EventAnswer)
@refuses(404, "event_unknown")
def get_event(to: TheService, seen: Serial, event_id: EventId) -> dict[str, Any]:
    """Return an event."""
    return to_answer(to.events.get(event_id, serial=seen))


@router.patch("/events/{event_id}")
@answers(200, EventAnswer)
@refuses(404, "event_unknown")
@refuses(422, "unknown_member")
def change_event(
    to: TheService,
    seen: Serial,
    event_id: EventId,
    changes: Annotated[EventChanges, Depends(json_body(EventChanges))],
) -> dict[str, Any]:
    """Change an event."""
    return to_answer(to.events.change(event_id, changes, serial=seen))


@router.delete("/events/{event_id}")
@answers(200, EventAnswer)
@refuses(404, "event_unknown")
def cancel_event(to: TheService, seen: Serial, event_id: EventId) -> dict[str, Any]:
    """Cancel an event."""
    return to_answer(to.events.cancel(event_id, serial=seen))


@router.get("/crew-members")
@answers(200, MembersAnswer)
def list_members(to: TheService) -> dict[str, Any]:
    """Return the ids of all crew members."""
    return {"members": to.members.ids()}


@router.put("/crew-members/{member_id}")
@answers(200, MemberAnswer)
def put_member(
    to: TheService,
    seen: Serial,
    member_id: Identifier,
    body: Annotated[MemberBody, Depends(json_body(MemberBody))],
) -> dict[str, Any]:
    """Write a crew member."""
    member = to.members.put(member_id, body, serial=seen)
    fault = fault_answer(to.addresses.fault_of(member))
    return member_answer(member) | ({"mail": fault} if fault is not None else {})


@router.delete("/crew-members/{member_id}")
@answers(200, GoneAnswer)
@refuses(404, "member_unknown")
def remove_member(to: TheService, seen: Serial, member_id: Identifier) -> JSONResponse:
    """Let a crew member go."""
    to.members.remove(member_id, serial=seen)
    return JSONResponse({"member_id": member_id, "gone": True})


@router.post("/crew-members/{member_id}/link")
@answers(202, LinkAnswer)
@refuses(404, "member_unknown")
@refuses(422, "not_aboard", "event_cancelled")
@refuses(502, "mail_unconfirmed")
@refuses(503, "mail_refused")
def send_link(
    to: TheService,
    member_id: Identifier,
    body: Annotated[LinkBody, Depends(json_body(LinkBody))],
) -> JSONResponse:
    """Mail a crew member a new link: the only way to the first one for ops, who belong to no event."""
    to.new_links.send_to(member_id, subject=body.subject)
    return JSONResponse({"member_id": member_id, "subject": body.subject}, 202)
