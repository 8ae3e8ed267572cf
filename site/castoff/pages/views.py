"""What each audience sees of a booking: plain words, ready to be laid out, and no field that is not for them.

A view is an allow-list. Money has no field in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from castoff.pages.phase import CharterPhase, UploadPhase


@dataclass(frozen=True, slots=True)
class SnippetView:
    """Something every guest reads, such as what to bring."""

    id: str
    """The name of its file, without .md."""
    title: str
    """What stands over it."""
    body: Markup
    """The text."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """What is the same on every page of a build: the brand, how to reach it, and what every guest reads."""

    address: str
    """The guest site's address, without a slash at the end."""
    brand: str
    """What the operator is called."""
    phone: str | None
    """The number to call, as it is written."""
    phone_link: str | None
    """The same number as a link dials it: digits, and a plus."""
    text_link: str | None
    """The number for text messages, as a link takes it."""
    email: str | None
    """The address to write to."""
    logo: str
    """The name of the logo's asset; castoff's own mark where there is no logo."""
    theme_light: str
    """The colour of the browser's own frame, by day."""
    theme_dark: str
    """The same by night."""
    bring: SnippetView | None
    """The snippet what-to-bring, which has a place of its own."""
    snippets: tuple[SnippetView, ...]
    """All other snippets, in the order of the page."""


@dataclass(frozen=True, slots=True)
class VesselView:
    """A boat as guests meet it; `photo` is the name of an asset."""

    name: str
    """What the boat is called."""
    photo: str | None
    """The name of its picture's asset."""
    body: Markup
    """What its file says of it."""


@dataclass(frozen=True, slots=True)
class DockView:
    """Where to go; links are whole addresses."""

    name: str
    """What the dock is called."""
    address: str
    """Its street address."""
    slip: str | None
    """Where the boat lies."""
    gate: str | None
    """How to get in."""
    parking: str | None
    """Where to leave a car."""
    directions: str
    """A map with the way there."""
    forecast: str | None
    """A page with the weather."""
    tides: str | None
    """A page with the tides."""
    photo: str | None
    """The name of its picture's asset."""
    body: Markup
    """How to find it on foot."""


@dataclass(frozen=True, slots=True)
class CaptainView:
    """The captain as guests meet them: first name and a line, never an address."""

    name: str
    """The first name."""
    photo: str | None
    """The name of the picture's asset."""
    body: Markup
    """A line about them."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One thing to tick; `id` is unique on the page and stays when the words change."""

    id: str
    """Unique on the page; what a phone remembers as ticked goes by it."""
    words: Markup
    """What to do."""


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """One phase's list."""

    id: str
    """The name of its file, without .md."""
    title: str
    """What stands over it."""
    items: tuple[ItemView, ...]
    """What to tick, in order."""


@dataclass(frozen=True, slots=True)
class TimesView:
    """The times of a charter in words, and as machines read them (ISO 8601 with offset).

    `day` has its year; a time that is on another day than the start says so. `today_iso` is when the day of boarding
    begins.
    """

    day: str
    """The day in words, with its year."""
    calls: str
    """When the crew is called."""
    boards: str
    """When guests board."""
    starts: str
    """When the boat casts off."""
    ends: str
    """When it is back; on another day than the start, it says which."""
    span: str
    """How long it takes, in words."""
    today_iso: str
    """When the day of boarding begins."""
    calls_iso: str
    """When the crew is called, for machines."""
    boards_iso: str
    """When guests board, for machines."""
    starts_iso: str
    """When the boat casts off, for machines."""
    ends_iso: str
    """When it is back, for machines."""


@dataclass(frozen=True, slots=True)
class SunView:
    """One thing that the sun does on the day: `name` such as Sunset, `time` in words; `during` the charter, or not."""

    name: str
    """What it does, such as Sunset."""
    time: str
    """When, in words."""
    time_iso: str
    """When, for machines; empty where it does nothing that day."""
    during: bool
    """Whether that is during the charter."""


@dataclass(frozen=True, slots=True)
class CancelledView:
    """That a charter does not take place: why, since which day (with its year), and what the guest is told."""

    why: str | None
    """The reason."""
    day: str | None
    """Since when, with its year."""
    words: str | None
    """What the guest is told beside; the crew page has none."""


@dataclass(frozen=True, slots=True)
class FormView:
    """A form for photos: the mark that it will stand in place of, and what its script goes by; `limit` is in bytes."""

    slot: Markup
    """The mark in whose place the form's own fields will stand: once, before the file input."""
    opens_iso: str
    """From when on it takes files."""
    closes_iso: str
    """Until when."""
    limit: int
    """How large one file may be, in bytes."""


@dataclass(frozen=True, slots=True)
class PhotosView:
    """Sending photos: from when until when and of which size, in words, and the form while the page has one."""

    phase: UploadPhase
    """Whether there is a form, not yet, no longer, or none at all."""
    opens: str
    """From when on, in words."""
    closes: str
    """Until when, in words."""
    size: str
    """How large one file may be, in words."""
    form: FormView | None
    """The form, while the page has one."""


@dataclass(frozen=True, slots=True)
class GuestView:
    """Everything that the guest page may show."""

    slug: str
    """The page's name in its address."""
    address: str
    """The page's whole address."""
    phase: CharterPhase
    """How far the charter is."""
    cancelled: CancelledView | None
    """That it does not take place."""
    lead: str
    """Who booked: first name and initial."""
    guests: str
    """How many come, in words."""
    times: TimesView
    """When everything is."""
    changes: tuple[str, ...]
    """A sentence for each fact that is no longer what was first told."""
    sun: tuple[SunView, ...]
    """What the sun does that day, where the dock says where it is."""
    vessel: VesselView
    """The boat."""
    dock: DockView
    """Where to go."""
    captain: CaptainView
    """Who is in command; without a name where the charter is over and they left."""
    waiver: str | None
    """Where to sign."""
    requests: str | None
    """What guests asked for."""
    photos: PhotosView
    """Sending photos."""


@dataclass(frozen=True, slots=True)
class CrewMemberView:
    """Who sails: name and role."""

    name: str
    """Who."""
    role: str
    """What they are: crew or captain."""


@dataclass(frozen=True, slots=True)
class CrewView:
    """Everything that the crew page may show; the captain's phone is on this page alone."""

    id: str
    """The booking's id."""
    guest_address: str
    """The guest page's whole address."""
    phase: CharterPhase
    """How far the charter is."""
    cancelled: CancelledView | None
    """That it does not take place."""
    lead: str
    """Who booked: first name and initial."""
    guests: str
    """How many come, in words."""
    allergies: str
    """What the crew must know; empty where there is nothing."""
    times: TimesView
    """When everything is."""
    changes: tuple[str, ...]
    """A sentence for each fact that is no longer what was first told."""
    sun: tuple[SunView, ...]
    """What the sun does that day, where the dock says where it is."""
    vessel: VesselView
    """The boat."""
    dock: DockView
    """Where to go."""
    crew: tuple[CrewMemberView, ...]
    """Who sails beside the captain."""
    captain: str
    """The captain's whole name; empty where the charter is over and they left."""
    captain_phone: str | None
    """Their number, as it is written."""
    captain_phone_link: str | None
    """The same number as a link dials it."""
    requests: str | None
    """What guests asked for."""
    notes: str | None
    """What the crew alone reads."""
    photos: PhotosView
    """Sending photos."""
    checklists: tuple[ChecklistView, ...]
    """What to tick, list by list."""


@dataclass(frozen=True, slots=True)
class ForwardView:
    """A page that goes on to another: `link` works without the edge function, too; `address` is the canonical one."""

    link: str
    """Where it goes on to, within the site."""
    address: str
    """The whole address of that page."""


@dataclass(frozen=True, slots=True)
class BoardEntryView:
    """One line of the board. The crew page is not linked: it opens for the charter's own crew alone."""

    booking: str
    """The booking's id."""
    status: str
    """How far the booking has come."""
    vessel: str
    """The boat."""
    captain: str
    """The captain's name; empty where the charter is over and they left."""
    dock: str
    """The dock."""
    lead: str
    """Who booked: first name and initial."""
    guests: str
    """How many come, in words."""
    calls: str
    """When the crew is called."""
    starts: str
    """When the boat casts off."""
    ends: str
    """When it is back."""
    starts_iso: str
    """When the boat casts off, for machines."""
    guest_address: str
    """The guest page's whole address."""


@dataclass(frozen=True, slots=True)
class BoardDayView:
    """One day of the board, with the instants between which it is today; `past` once it is over, and for good."""

    day: str
    """The day in words."""
    begins_iso: str
    """When it begins, for machines."""
    ends_iso: str
    """When it ends."""
    past: bool
    """Whether it is over."""
    entries: tuple[BoardEntryView, ...]
    """Its charters, by time."""


@dataclass(frozen=True, slots=True)
class BoardPageView:
    """The page of a month that lies further ahead than the board itself goes."""

    month: str
    """The month in words."""
    address: str
    """Its address within the ops site, which works without the edge function, too."""


@dataclass(frozen=True, slots=True)
class BoardMonthView:
    """Such a month as the board tells of it."""

    page: BoardPageView
    """Its page."""
    charters: str
    """How many charters it has, in words; those that are cancelled are not counted."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """A page of the operator's board, by day: the board itself, to the end of next month, or a month after that."""

    month: str
    """The month in words; empty on the board itself."""
    as_of: str
    """When the board was made, in words; it stays true on the board itself alone, which is made anew every day."""
    charters: str
    """How many charters the page has, in words; those that are cancelled are not counted."""
    days: tuple[BoardDayView, ...]
    """Its days, in order."""
    ahead: tuple[BoardMonthView, ...]
    """On the board itself, the months that have pages of their own."""
    board: str
    """The address of the board itself, within the ops site."""
    before: BoardPageView | None
    """The month before; none on the board itself, nor on the first of the months after it."""
    after: BoardPageView | None
    """The next of the months that have pages."""


@dataclass(frozen=True, slots=True)
class PlainView:
    """A page without a booking: not found, thank you."""

    title: str
    """What the page is called."""
