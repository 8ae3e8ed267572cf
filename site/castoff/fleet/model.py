"""A booking as its file says it: values of the right kinds, not yet checked against the rest of the fleet."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from castoff.reading import kinds


class Record(BaseModel):
    """Values from a file: frozen, and no key that nobody reads.

    Validators are built when a record is first read, since half of them never are; and the docstrings of fields are
    read where the schema is made, since reading them here would cost every run 20 ms.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Status(StrEnum):
    """How far a booking has come; only the last two are seen outside."""

    DRAFT = "draft"
    HOLD = "hold"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"

    @property
    def public(self) -> bool:
        """Whether the booking leaves a trace outside: pages, crew call, calendar entry."""
        return self in (Status.CONFIRMED, Status.CANCELLED)


class Guests(Record):
    """Who comes aboard."""

    count: kinds.GuestCount
    """How many guests come."""
    lead: kinds.Line
    """The guest who booked; first name and initial is all a page ever shows."""
    allergies: tuple[kinds.Line, ...] = ()
    """What the crew must know; only the crew sees it."""


class Cancellation(Record):
    """Why a charter does not take place."""

    on: kinds.Day
    """The day it was cancelled."""
    why: kinds.Line
    """The reason, in a word or two, such as weather."""
    words: kinds.Text | None = None
    """What the guest reads on the page."""


class Finance(Record):
    """The money of a charter: for the dashboard only, and only where castoff.yaml says so."""

    revenue: kinds.Amount | None = None
    """What the guest pays."""
    captain_fee: kinds.Amount | None = None
    """What the captain gets."""
    crew_cost: kinds.Amount | None = None
    """What the crew gets."""
    net_to_captain: kinds.Amount | None = None
    """What is left."""


class Booking(Record):
    """One charter: bookings/<id>.yaml."""

    id: kinds.BookingId
    """Seven lower-case letters or digits; the file is bookings/<id>.yaml."""
    slug: kinds.Slug | None = None
    """The guest page's name in its address; without one it is <vessel>-guest-<id>."""
    aliases: tuple[kinds.Slug, ...] = ()
    """Earlier slugs, which go on to this one."""
    source: kinds.Name
    """Where the booking came from, such as boatsetter or direct."""
    status: Status
    """draft and hold leave no trace; confirmed is published; cancelled says so."""
    vessel: kinds.Name
    """A file in content/vessels, without .md."""
    dock: kinds.Name
    """A file in content/docks, without .md."""
    starts: kinds.Moment
    """The wall clock at the dock; castoff.yaml names the zone."""
    duration: kinds.CharterLength
    """Hours and minutes, such as 3h or 1h 30m."""
    boarding: kinds.Duration | None = None
    """How long before the start guests board; defaults from the vessel."""
    crew_call: kinds.CrewCall | None = None
    """How long before the start the crew is called; defaults from the vessel."""
    captain: kinds.Name
    """A file in content/crew, without .md."""
    crew: tuple[kinds.Name, ...] = ()
    """Files in content/crew, without .md."""
    guests: Guests
    waiver: kinds.WebAddress | None = None
    """Where guests sign."""
    requests: kinds.Text | None = None
    """What guests asked for; guest and crew read it."""
    notes: kinds.Notes | None = None
    """For the crew only; lines about money are held back."""
    cancelled: Cancellation | None = None
    """With status cancelled only."""
    finance: Finance | None = None
