"""The calendar's routes: writing with a token that may, reading with one of either kind."""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field

from lambdas.dashboard.answers import EntriesAnswer, EntryAnswer, RemovedAnswer
from lambdas.dashboard.entry import FIRST_DAY, LAST_DAY, Day, EntryBody, to_answer
from lambdas.dashboard.paging import page_of
from lambdas.dashboard.ports import Reader, Service, reader, require_token, serial, service
from lambdas.service.fields import Identifier
from lambdas.service.intake import json_body
from lambdas.service.promises import answers, refuses
from lambdas.service.refusals import RefusalError

router = APIRouter()

_PLACE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}#[A-Za-z0-9_-]{1,64}")
_MOST: Final = 1000


def _place(text: str) -> str:
    if not _PLACE.fullmatch(text):
        raise ValueError("must be what an answer named as `next`")
    return text


TheService = Annotated[Service, Depends(service)]
TheReader = Annotated[Reader, Depends(reader)]
Serial = Annotated[int | None, Depends(serial)]
TheBody = Annotated[EntryBody, Depends(json_body(EntryBody))]
Place = Annotated[str, Field(max_length=80), AfterValidator(_place)]
_OPERATOR: Final = [Depends(require_token)]


@router.put("/calendar/{booking_id}", dependencies=_OPERATOR)
@answers(200, EntryAnswer)
def put_entry(to: TheService, by: TheReader, seen: Serial, booking_id: Identifier, body: TheBody) -> dict[str, Any]:
    """Write a booking's entry."""
    if body.booking_id != booking_id:
        raise RefusalError(422, "invalid_field", "must be the booking that the path names", field="booking_id")
    return to_answer(to.calendar.put(body, serial=seen), money=by.sees_money)


@router.post("/calendar", dependencies=_OPERATOR)
@answers(200, EntryAnswer)
def upsert_entry(to: TheService, by: TheReader, seen: Serial, body: TheBody) -> dict[str, Any]:
    """Write a booking's entry, whether there was one or not."""
    return to_answer(to.calendar.put(body, serial=seen), money=by.sees_money)


@router.delete("/calendar/{booking_id}", dependencies=_OPERATOR)
@answers(200, RemovedAnswer)
@refuses(404, "entry_unknown")
def remove_entry(to: TheService, seen: Serial, booking_id: Identifier) -> dict[str, Any]:
    """Remove a booking's entry."""
    to.calendar.remove(booking_id, serial=seen)
    return {"booking_id": booking_id, "removed": True}


@router.get("/calendar")
@answers(200, EntriesAnswer)
def find_entries(
    *,
    to: TheService,
    by: TheReader,
    seen: Serial,
    first: Annotated[Day, Query(alias="from")] = FIRST_DAY,
    last: Annotated[Day, Query(alias="to")] = LAST_DAY,
    booking_id: Annotated[Identifier | None, Query()] = None,
    since: Annotated[Place, Query(alias="next")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
) -> dict[str, Any]:
    """Return the entries of a range of days, both included, or of one booking; `next` where more follow."""
    if last < first:
        raise RefusalError(422, "invalid_field", "must not lie before `from`", field="to")
    if booking_id is None:
        return page_of(*to.calendar.between(first, last, most=limit, since=since), money=by.sees_money)
    entries = to.calendar.of_booking(booking_id, serial=seen if by.writes else None)
    within = [entry for entry in entries if first.isoformat() <= entry.facts["date"] <= last.isoformat()]
    return page_of(within, None, money=by.sees_money)
