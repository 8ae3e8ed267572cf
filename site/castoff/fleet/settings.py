"""The operator's settings, castoff.yaml: brand, time zone, uploads, retention and the targets to publish to."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from castoff.fleet.model import Record
from castoff.fleet.sources import LARGEST_TEXT, SETTINGS
from castoff.fleet.targets import TargetSettings, behind_cloudfront, target_problems
from castoff.reading import kinds  # noqa: TC001 - Pydantic reads the annotations
from castoff.reading.conversion import Parsed, convert, with_more
from castoff.reading.reader import decode, read
from castoff.reading.zones import resolve, zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from castoff.problems import Problem
    from castoff.reading.reader import Document


class CrewPages(StrEnum):
    """Who may open a crew page: members with their cookie, or whoever knows the address."""

    GATED = "gated"
    UNLISTED = "unlisted"


class Brand(Record):
    """Who the guest sails with."""

    name: kinds.Line
    phone: kinds.Phone | None = None
    text: kinds.Phone | None = None
    """The number for text messages."""
    email: kinds.MailAddress | None = None
    colour: kinds.Colour = "#0b4f6c"
    logo: kinds.FileName | None = None


class Uploads(Record):
    """When guests and crew may send photos, and how many."""

    opens: kinds.BeforeStart = timedelta(hours=12)
    closes: kinds.AfterEnd = timedelta(days=14)
    max_size: kinds.Size = 25_000_000
    """Bytes a file."""
    max_count: kinds.Count = 200
    """Files a booking, counted when they are taken up."""
    next_run: kinds.NextRun = timedelta(hours=26)
    """How long until the next publish at the latest."""


class Retention(Record):
    """How long pages stay."""

    pages: kinds.AfterEnd = timedelta(days=90)


class DashboardContents(Record):
    """What the dashboard is told."""

    finance: kinds.Answer = False


class Settings(Record):
    """castoff.yaml."""

    brand: Brand
    timezone: kinds.TimeZone
    as_of: kinds.Moment | None = None
    """Only in an example site: the clock stands still."""
    turnaround: kinds.Duration = timedelta(0)
    """How long a vessel needs between two charters."""
    uploads: Uploads = Uploads()
    retention: Retention = Retention()
    crew_pages: CrewPages = CrewPages.GATED
    dashboard: DashboardContents = DashboardContents()
    targets: dict[kinds.Name, TargetSettings] = Field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the wall clock at the docks."""
        return zone(self.timezone)

    @property
    def standing_clock(self) -> datetime | None:
        """The instant at which an example site's clock stands still."""
        return None if self.as_of is None else self.as_of.replace(tzinfo=self.zone)


class Addresses(Record):
    """Where the two sites are seen by a browser: base addresses without a slash at the end."""

    guest: str
    ops: str


EMBEDDED = Addresses(guest="http://guest.localhost:8080", ops="http://ops.localhost:8080")
"""Where the embedded edge listens unless it was told another port."""


def addresses(target: TargetSettings) -> Addresses:
    """Return where the sites of a target are seen; the embedded edge's own port is for the caller to say."""
    if target.guest is None or target.ops is None:
        return EMBEDDED
    return Addresses(guest=f"https://{target.guest.domain}", ops=f"https://{target.ops.domain}")


def settings_of(content: bytes) -> Parsed[Settings]:
    """Return the settings in the bytes of castoff.yaml, or every problem with them."""
    text = decode(content, SETTINGS, largest=LARGEST_TEXT)
    return parse_settings(text, SETTINGS) if isinstance(text, str) else Parsed(None, None, [text])


def parse_settings(text: str, path: str) -> Parsed[Settings]:
    """Return the settings in the text of castoff.yaml, or every problem with them."""
    document, problems = read(text, path)
    if document is None:
        return Parsed(None, None, problems)
    settings, wrong = convert(document, Settings)
    problems = with_more(problems, wrong)
    problems += behind_cloudfront(document)
    if settings is not None:
        problems += _standing_clock_problems(document, settings)
        for name, target in settings.targets.items():
            problems += target_problems(document, name, target)
    return Parsed(None if problems else settings, document, problems)


def _standing_clock_problems(document: Document, settings: Settings) -> list[Problem]:
    if settings.as_of is None or isinstance(resolve(settings.as_of, settings.zone), datetime):
        return []
    words = "this instant does not come exactly once: clocks change that night"
    return [document.problem("as_of", words=words, rule="wrong-time", hint="choose another hour")]
