"""What callers may send: a new event, changes to one, a crew member."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from castoff.contract.tickets import OPS
from lambdas.service.fields import (
    EMPTY_OR_IDENTIFIER,
    NOT_TEXT,
    Address,
    Identifier,
    Line,
    Notes,
    PageUrl,
    Phone,
    is_identifier,
)
from lambdas.service.instants import Instant
from lambdas.service.refusals import RefusalError
from lambdas.shipcaptaincrew.event import Event, Status

_EARLIEST_CALL = timedelta(hours=48)
_NO_INSTANT = datetime.min.replace(tzinfo=UTC)


def _without_money(text: str) -> str:
    from castoff.contract.money import hold_back  # noqa: PLC0415 - at first use: its patterns compile for 45 ms

    return hold_back(text).text.strip()


def _to_four_places(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.0001")).normalize() + 0


def _booking(text: str) -> str:
    if text == OPS:
        raise ValueError(f"must be another than `{OPS}`, which is the ops site's own name")
    return text


def _captain(text: str) -> str:
    if text and not is_identifier(text):
        raise ValueError("must be 1 to 64 letters, digits, dashes or underscores, or empty where nobody is called")
    return text


def _forecast(text: str) -> str:
    if text and not (text.startswith(("https://", "http://")) and text.isprintable() and " " not in text):
        raise ValueError("must be an absolute address, such as https://forecast.weather.gov/, or empty")
    return text


SafeNotes = Annotated[Notes, AfterValidator(_without_money)]
Hours = Annotated[
    Decimal, Field(ge=Decimal("0.1"), le=240, allow_inf_nan=False), NOT_TEXT, AfterValidator(_to_four_places)
]
Guests = Annotated[int, Field(strict=True, ge=0, le=1000)]
Crew = Annotated[list[Identifier], Field(max_length=20)]
Forecast = Annotated[str, Field(strict=True, max_length=500), AfterValidator(_forecast)]
Booking = Annotated[Identifier, AfterValidator(_booking)]
Captain = Annotated[
    str, Field(strict=True, json_schema_extra={"pattern": EMPTY_OR_IDENTIFIER}), AfterValidator(_captain)
]


class Body(BaseModel):
    """A JSON object whose every name is known: a misspelt one is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EventBody(Body):
    """A new event."""

    event_name: Line
    booking_id: Booking
    captain_id: Captain
    crew_ids: Crew = []
    date: Instant
    duration_hours: Hours
    call_time: Instant
    dock: Line
    guest_count: Guests
    notes: SafeNotes = ""
    crew_page: PageUrl
    forecast: Forecast = ""

    def event(self, event_id: str) -> Event:
        """Return the event that this body asks for, at its first revision; RefusalError where facts disagree."""
        facts: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        crew = tuple(dict.fromkeys(self.crew_ids))
        return _agreeing(Event(**{**facts, "crew_ids": crew}, event_id=event_id, status=Status.SCHEDULED, revision=1))


class EventChanges(Body):
    """Changed fields of an event: what was not sent stays, whatever its default here, and nothing can be null."""

    event_name: Line = ""
    booking_id: Identifier = ""
    captain_id: Captain = ""
    crew_ids: Crew = []
    date: Instant = _NO_INSTANT
    duration_hours: Hours = Decimal(0)
    call_time: Instant = _NO_INSTANT
    dock: Line = ""
    guest_count: Guests = 0
    notes: SafeNotes = ""
    crew_page: PageUrl = ""
    forecast: Forecast = ""
    status: Status = Status.SCHEDULED

    def applied(self, event: Event) -> Event:
        """Return the event with these changes, or the very same event when none of them changes a thing."""
        if "booking_id" in self.model_fields_set and self.booking_id != event.booking_id:
            words = "an event stays with its booking"
            raise RefusalError(422, "invalid_field", words, field="booking_id")
        facts: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "crew_ids" in facts:
            facts["crew_ids"] = tuple(dict.fromkeys(self.crew_ids))
        changed = {name: value for name, value in facts.items() if value != getattr(event, name)}
        if not changed:
            return event
        return _agreeing(replace(event, **changed, revision=event.revision + 1))


class MemberRole(StrEnum):
    """What someone does for the operator; what they do on one charter, the event says."""

    CAPTAIN = "captain"
    CREW = "crew"
    OPS = "ops"


class MemberBody(Body):
    """A crew member."""

    name: Line
    role: MemberRole
    email: Address
    phone: Phone | None = None


class LinkBody(Body):
    """What a new link shall open: a booking's crew page, or `ops`."""

    subject: Identifier


def _agreeing(event: Event) -> Event:
    early = event.date - event.call_time
    if not timedelta(0) <= early <= _EARLIEST_CALL:
        words = "must lie before the start, by 48 hours at most"
        raise RefusalError(422, "invalid_field", words, field="call_time")
    if event.crew_ids and not event.captain_id:
        raise RefusalError(422, "invalid_field", "a crew has a captain", field="captain_id")
    return event
