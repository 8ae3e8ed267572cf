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
    """Not agreed yet: nothing is published, and nothing is kept for it."""
    HOLD = "hold"
    """Kept for somebody: nothing is published, and no other charter may have boat, captain or crew at that time."""
    CONFIRMED = "confirmed"
    """It takes place: pages, crew call and calendar entry."""
    CANCELLED = "cancelled"
    """It does not take place after all: the pages say so, the crew is told, the entry is cancelled."""

    @property
    def public(self) -> bool:
        """Whether the booking leaves a trace outside: pages, crew call, calendar entry."""
        return self in (Status.CONFIRMED, Status.CANCELLED)


class Guests(Record):
    """Who comes aboard."""

    count: kinds.GuestCount
    """How many guests come, at most as many as the vessel carries."""
    lead: kinds.Line
    """The guest who booked; first name and initial is all a page ever shows."""
    allergies: tuple[kinds.Line, ...] = ()
    """What the crew must know; only the crew sees it."""


class Cancellation(Record):
    """Why a charter does not take place."""

    on: kinds.Day
    """The day it was cancelled."""
    why: kinds.Line
    """The reason in a word or two, such as weather; it stands on the pages."""
    words: kinds.Text | None = None
    """What the guest page says beside, such as that you will call about new dates."""


class Finance(Record):
    """The money of a charter: for the dashboard only, and only where castoff.yaml says so."""

    revenue: kinds.Amount | None = None
    """What the guest pays, in your currency."""
    captain_fee: kinds.Amount | None = None
    """What the captain gets, in your currency."""
    crew_cost: kinds.Amount | None = None
    """What the crew gets, in your currency."""
    net_to_captain: kinds.Amount | None = None
    """What is left to the captain, in your currency."""


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
    """draft and hold leave no trace, and a hold keeps its boat; confirmed is published; cancelled says so there."""
    vessel: kinds.Name
    """The boat: a file in content/vessels, without .md."""
    dock: kinds.Name
    """Where it starts and ends: a file in content/docks, without .md."""
    starts: kinds.Moment
    """When the charter starts, by the clock at the dock; castoff.yaml names the zone."""
    duration: kinds.CharterLength
    """How long the charter takes, from start to end."""
    boarding: kinds.Boarding | None = None
    """How long before the start guests board; without it, as the vessel says."""
    crew_call: kinds.CrewCall | None = None
    """How long before the start the crew is called; without it, as the vessel says."""
    captain: kinds.Name
    """Who is in command: a file in content/crew, without .md."""
    crew: tuple[kinds.Name, ...] = ()
    """Who sails beside the captain, twenty at most: files in content/crew, without .md."""
    guests: Guests
    """How many come, who booked, and what the crew must know of them."""
    waiver: kinds.WebAddress | None = None
    """Where guests sign the waiver; the guest page has a button for it."""
    requests: kinds.Text | None = None
    """What guests asked for; guest and crew read it. Lines about money are held back."""
    notes: kinds.Notes | None = None
    """For the crew only. Lines about money are held back."""
    cancelled: Cancellation | None = None
    """When and why, with status cancelled, and never without it."""
    finance: Finance | None = None
    """The money of the charter: no page, mail or log has it; the dashboard only where castoff.yaml says so."""
