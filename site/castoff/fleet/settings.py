"""The operator's settings, castoff.yaml: brand, time zone, uploads, retention and the targets to publish to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import Field

from castoff.fleet.model import Record
from castoff.fleet.neighbours import neighbour_problems, shared_problems
from castoff.fleet.sources import LARGEST_TEXT, SETTINGS
from castoff.fleet.targets import TargetSettings, behind_cloudfront, completed, target_problems, targets_of
from castoff.problems import Problem, Severity, stops
from castoff.reading import kinds  # noqa: TC001 - Pydantic reads the annotations
from castoff.reading.conversion import Parsed, convert, meant_by, with_more
from castoff.reading.forms import FormError, parse_after_end, parse_moment
from castoff.reading.reader import decode, read
from castoff.reading.texts import parse_timezone
from castoff.reading.zones import resolve, zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from castoff.reading.reader import Document

T = TypeVar("T")


class CrewPages(StrEnum):
    """Who may open a crew page: members with their cookie, or whoever knows the address."""

    GATED = "gated"
    """Members alone, by the cookie that their link sets."""
    UNLISTED = "unlisted"
    """Whoever knows the address: only where your own ShipCaptainCrew sets no cookie."""


class Brand(Record):
    """Who the guest sails with."""

    name: kinds.Line
    """What you are called, on every page and in every calendar entry."""
    phone: kinds.Phone | None = None
    """The number that guests call."""
    text: kinds.Phone | None = None
    """The number for text messages."""
    email: kinds.MailAddress | None = None
    """The address that guests write to; calendar entries come from it."""
    colour: kinds.Colour = "#0b4f6c"
    """The colour of buttons and links; lighter and darker ones are made from it."""
    logo: kinds.FileName | None = None
    """A picture in content/pictures; without one, pages have castoff's own mark."""

    @property
    def contact(self) -> str:
        """How crew reach the operator: by phone, or else by mail; empty where neither is written."""
        return self.phone or self.text or self.email or ""


class Uploads(Record):
    """When guests and crew may send photos, and how many."""

    opens: kinds.BeforeStart = timedelta(hours=12)
    """From when on photos can be sent; half a day before, so that the form is there when guests board."""
    closes: kinds.AfterEnd = timedelta(days=14)
    """Until when they can be sent; two weeks, since people look through their photos late."""
    max_size: kinds.Size = 25_000_000
    """How large one file may be; 25 MB hold a photo of any phone and a short video."""
    max_count: kinds.Count = 200
    """How many files of one booking are kept, counted when they are taken up."""
    next_run: kinds.NextRun = timedelta(hours=26)
    """How long until the next publish at the latest, which forms outlive; 26h suit one a night that may be late."""


class Retention(Record):
    """How long pages stay."""

    pages: kinds.AfterEnd = timedelta(days=90)
    """When a charter's pages are taken away; a season, so that guests find their way back to them."""


class DashboardContents(Record):
    """What the dashboard is told."""

    finance: kinds.Answer = False
    """Whether the dashboard is told each booking's finance; nothing else ever is."""


class Strictness(StrEnum):
    """What comes of something that castoff cannot judge for the operator."""

    ERROR = "error"
    """Nothing is built until it is mended."""
    WARNING = "warning"
    """It is said, and built all the same."""
    OFF = "off"
    """It is not looked at."""


class Checks(Record):
    """How strict castoff is where the operator knows better."""

    licence: Strictness = Strictness.WARNING
    """What it is when there are more guests than the captain's licence says; a warning, since castoff knows no law."""


class Settings(Record):
    """castoff.yaml."""

    brand: Brand
    """What you are called, how you are reached, and your colour."""
    timezone: kinds.TimeZone
    """The zone of the clocks at your docks: every time in a booking is by it."""
    as_of: kinds.Moment | None = None
    """Only in an example site: the clock stands still at this moment."""
    turnaround: kinds.Duration = timedelta(0)
    """How long a vessel needs between two charters, unless its own file says otherwise."""
    uploads: Uploads = Uploads()
    """When guests and crew may send photos, and how many."""
    retention: Retention = Retention()
    """How long pages stay."""
    crew_pages: CrewPages = CrewPages.GATED
    """Who may open a crew page: gated asks for the member's cookie, unlisted lets in whoever knows the address."""
    dashboard: DashboardContents = DashboardContents()
    """What the dashboard is told."""
    checks: Checks = Checks()
    """How strict castoff is where you know better."""
    targets: dict[kinds.Name, TargetSettings] = Field(default_factory=dict)
    """Where to publish, each under a name of its own, such as production or local."""

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
    written, meant = targets_of(document), meant_by(with_more(problems, convert(document, Settings)[1]))
    targets = {name: completed(target, meant=meant) for name, target in written.items()}
    settings, wrong = convert(_with_targets(document, targets), Settings)
    problems = with_more(problems, wrong)
    own = [*behind_cloudfront(document), *_standing_clock_problems(document), *_early_end_problems(document)]
    for name, target in targets.items():
        own += target_problems(document, name, target, meant=meant)
    own += [*shared_problems(document, written), *neighbour_problems(document, written)]
    problems = with_more(problems, own)
    if stops(problems) or settings is None:
        return Parsed(None, document, problems)
    for name, target in targets.items():
        if target != written[name]:
            settings.targets[name] = settings.targets[name].model_copy(update={"state": None})
    return Parsed(settings, document, problems)


def _with_targets(document: Document, targets: dict[str, dict[str, Any]]) -> Document:
    """Return the settings' document with some targets in place of what is written; places stay those of the text."""
    values = document.fields.values
    if not targets:
        return document
    fields = replace(document.fields, values={**values, "targets": {**values["targets"], **targets}})
    return replace(document, fields=fields)


def _standing_clock_problems(document: Document) -> list[Problem]:
    values = document.fields.values
    as_of, name = _form(parse_moment, values.get("as_of")), _form(parse_timezone, values.get("timezone"))
    if as_of is None or name is None or isinstance(resolve(as_of, zone(name)), datetime):
        return []
    words = "this instant does not come exactly once: clocks change that night"
    return [document.problem("as_of", words=words, rule="wrong-time", hint="choose another hour")]


def _early_end_problems(document: Document) -> list[Problem]:
    """Return a warning where pages go before the time is over in which their forms take photos."""
    values, uploads, retention = document.fields.values, Uploads(), Retention()
    written = {name: values[name] for name in ("uploads", "retention") if isinstance(values.get(name), dict)}
    closes = _form(parse_after_end, written.get("uploads", {}).get("closes"), default=uploads.closes)
    pages = _form(parse_after_end, written.get("retention", {}).get("pages"), default=retention.pages)
    if closes is None or pages is None or pages >= closes:
        return []
    field = ("retention", "pages") if "retention" in values else ("uploads", "closes")
    words = "pages go before their uploads close, and nobody could send anything any more"
    hint = "keep pages at least as long as `uploads.closes` says"
    return [_warning(document, *field, words=words, rule="pages-go-first", hint=hint)]


def _form(parse: Callable[[str], T], value: Any, *, default: T | None = None) -> T | None:
    """Return what a plain value says, None where it is of another form, and refused for that."""
    try:
        return default if value is None else parse(value)
    except (FormError, TypeError):
        return None


def _warning(document: Document, *steps: str, words: str, rule: str, hint: str) -> Problem:
    return Problem(document.path, *document.place_of(*steps), words, rule, hint, Severity.WARNING)
