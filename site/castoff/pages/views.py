"""What each audience sees of a booking: plain words, ready to be laid out, and no field that is not for them.

A view is an allow-list. Money has no field in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from markupsafe import Markup

    from castoff.pages.phase import CharterPhase, UploadPhase


@dataclass(frozen=True, slots=True)
class SnippetView:
    """Something every guest reads, such as what to bring."""

    id: str
    title: str
    body: Markup


@dataclass(frozen=True, slots=True)
class SiteView:
    """What is the same on every page of a build: the brand, how to reach it, and what every guest reads."""

    address: str
    brand: str
    phone: str | None
    phone_link: str | None
    text_link: str | None
    email: str | None
    logo: str
    theme_light: str
    theme_dark: str
    bring: SnippetView | None
    snippets: tuple[SnippetView, ...]


@dataclass(frozen=True, slots=True)
class VesselView:
    """A boat as guests meet it; `photo` is the name of an asset."""

    name: str
    photo: str | None
    body: Markup


@dataclass(frozen=True, slots=True)
class DockView:
    """Where to go; links are whole addresses."""

    name: str
    address: str
    slip: str | None
    gate: str | None
    parking: str | None
    directions: str
    forecast: str | None
    tides: str | None
    photo: str | None
    body: Markup


@dataclass(frozen=True, slots=True)
class CaptainView:
    """The captain as guests meet them: first name and a line, never an address."""

    name: str
    photo: str | None
    body: Markup


@dataclass(frozen=True, slots=True)
class ItemView:
    """One thing to tick; `id` is unique on the page and stays when the words change."""

    id: str
    words: Markup


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """One phase's list."""

    id: str
    title: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class TimesView:
    """The times of a charter in words, and as machines read them (ISO 8601 with offset)."""

    day: str
    calls: str
    boards: str
    starts: str
    ends: str
    span: str
    calls_iso: str
    boards_iso: str
    starts_iso: str
    ends_iso: str


@dataclass(frozen=True, slots=True)
class CancelledView:
    """That a charter does not take place: why, since when, and what the guest is told."""

    why: str | None
    day: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class FormView:
    """A form for photos: the mark that it will stand in place of, and what its script goes by; `limit` is in bytes."""

    slot: Markup
    opens_iso: str
    closes_iso: str
    limit: int


@dataclass(frozen=True, slots=True)
class PhotosView:
    """Sending photos: from when until when and of which size, in words, and the form while the page has one."""

    phase: UploadPhase
    opens: str
    closes: str
    size: str
    form: FormView | None


@dataclass(frozen=True, slots=True)
class GuestView:
    """Everything that the guest page may show."""

    slug: str
    address: str
    phase: CharterPhase
    cancelled: CancelledView | None
    lead: str
    guests: str
    times: TimesView
    changes: tuple[str, ...]
    vessel: VesselView
    dock: DockView
    captain: CaptainView
    waiver: str | None
    requests: str | None
    photos: PhotosView


@dataclass(frozen=True, slots=True)
class CrewMemberView:
    """Who sails: name and role."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class CrewView:
    """Everything that the crew page may show; the captain's phone is on this page alone."""

    id: str
    guest_address: str
    phase: CharterPhase
    cancelled: CancelledView | None
    lead: str
    guests: str
    allergies: str
    times: TimesView
    changes: tuple[str, ...]
    vessel: VesselView
    dock: DockView
    crew: tuple[CrewMemberView, ...]
    captain: str
    captain_phone: str | None
    captain_phone_link: str | None
    requests: str | None
    notes: str | None
    photos: PhotosView
    checklists: tuple[ChecklistView, ...]


@dataclass(frozen=True, slots=True)
class ForwardView:
    """A page that goes on to another: `link` works without the edge function, too; `address` is the canonical one."""

    link: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarView:
    """One entry of a calendar file; instants are aware, and `zone` names the zone they are shown in."""

    uid: str
    sequence: int
    cancelled: bool
    starts: datetime
    ends: datetime
    zone: str
    summary: str
    description: str
    location: str
    coordinates: tuple[float, float] | None
    address: str
    organizer: str
    organizer_email: str | None


@dataclass(frozen=True, slots=True)
class BoardEntryView:
    """One line of the board."""

    status: str
    vessel: str
    captain: str
    dock: str
    lead: str
    guests: str
    calls: str
    starts: str
    ends: str
    starts_iso: str
    guest_address: str
    crew_address: str


@dataclass(frozen=True, slots=True)
class BoardDayView:
    """One day of the board."""

    day: str
    today: bool
    past: bool
    entries: tuple[BoardEntryView, ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """The operator's board, by day."""

    as_of: str
    days: tuple[BoardDayView, ...]


@dataclass(frozen=True, slots=True)
class PlainView:
    """A page without a booking: not found, thank you."""

    title: str
