"""The dashboard's routes, all with its token."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from lambdas.dashboard.entry import Day, EntryBody, to_answer
from lambdas.dashboard.feed import feed
from lambdas.dashboard.ports import Service, require_token, serial, service
from lambdas.service.fields import Identifier
from lambdas.service.intake import json_body
from lambdas.service.refusals import RefusalError

router = APIRouter(dependencies=[Depends(require_token)])

TheService = Annotated[Service, Depends(service)]
Serial = Annotated[int | None, Depends(serial)]
TheBody = Annotated[EntryBody, Depends(json_body(EntryBody))]

_FEED_LOOKS_BACK = timedelta(days=60)


@router.put("/calendar/{booking_id}")
def put_entry(to: TheService, seen: Serial, booking_id: Identifier, body: TheBody) -> dict[str, Any]:
    """Write a booking's entry."""
    if body.booking_id != booking_id:
        raise RefusalError(422, "invalid_field", "must be the booking that the path names", field="booking_id")
    return to_answer(to.calendar.put(body, serial=seen))


@router.post("/calendar")
def upsert_entry(to: TheService, seen: Serial, body: TheBody) -> dict[str, Any]:
    """Write a booking's entry, whether there was one or not."""
    return to_answer(to.calendar.put(body, serial=seen))


@router.delete("/calendar/{booking_id}")
def remove_entry(to: TheService, seen: Serial, booking_id: Identifier) -> dict[str, Any]:
    """Remove a booking's entry."""
    to.calendar.remove(booking_id, serial=seen)
    return {"booking_id": booking_id, "removed": True}


@router.get("/calendar")
def find_entries(
    to: TheService,
    seen: Serial,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    booking_id: Annotated[Identifier | None, Query()] = None,
) -> dict[str, Any]:
    """Return the entries of a range of days, of one booking, or all."""
    if booking_id is None:
        return {"entries": [to_answer(entry) for entry in to.calendar.between(first, last)]}
    entries = to.calendar.of_booking(booking_id, serial=seen)
    days = (first.isoformat() if first else "", last.isoformat() if last else "~")
    return {"entries": [to_answer(entry) for entry in entries if days[0] <= entry.facts["date"] <= days[1]]}


@router.get("/calendar.ics")
def get_feed(to: TheService) -> Response:
    """Return the calendar as a file, from two months ago on."""
    today = to.ports.now().astimezone(to.ports.settings.zone).date()
    text = feed(to.calendar.between(today - _FEED_LOOKS_BACK, None))
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store"})
