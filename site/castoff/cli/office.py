"""The office where a new booking is written: the project as it stands, and what another file would make of it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from castoff.build import assemble
from castoff.cli.foretelling import calls_crew, enters_calendar, pages_of
from castoff.cli.project import refuse, target_settings, this_instant
from castoff.cli.releasing import addresses_of
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of
from castoff.cloud.problems import FactsError
from castoff.contract.keys import address_of, crew_name
from castoff.drafts import draft, draw_id
from castoff.fleet.booking import parse_booking
from castoff.fleet.charters import parse_project
from castoff.fleet.guessable import facts_of, guessable
from castoff.fleet.outlines import default_slug
from castoff.fleet.settings import EMBEDDED, addresses
from castoff.fleet.slips import slips
from castoff.fleet.sources import BOOKINGS, booking_path, read_sources
from castoff.folder import UnwritableFolderError
from castoff.pages.theme import load_theme
from castoff.problems import in_order
from castoff.wishes import NO_TARGET, Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from castoff.contract.release import Release
    from castoff.drafts import Draft, Said
    from castoff.fleet.charters import Fleet
    from castoff.fleet.model import Booking
    from castoff.fleet.settings import Addresses, Settings
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem

PRODUCTION: Final = "production"
"""The target of a publish that names none."""


@dataclass(frozen=True, slots=True)
class New:
    """A booking that can be written: its file, what it says, and what would be published with it."""

    draft: Draft
    booking: Booking
    release: Release
    warnings: Sequence[Problem]
    guest: str
    target: str | None

    @property
    def path(self) -> str:
        """Its file in the project."""
        return booking_path(self.booking.id)

    def to_json(self) -> dict[str, object]:
        """Return the result for programs."""
        booking = self.booking
        slug = booking.slug or default_slug(booking.vessel, booking.id)
        return {
            "path": self.path,
            "id": booking.id,
            "slug": slug,
            "status": booking.status.value,
            "guest_url": address_of(slug, site=self.guest),
            "crew_url": address_of(crew_name(booking.id), site=self.guest),
            "publishes": {
                "files": pages_of(self.release, booking.id),
                "crew_call": calls_crew(self.release, booking.id),
                "calendar": enters_calendar(self.release, booking.id),
            },
            "warnings": [problem.to_json() for problem in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class Office:
    """The project that a booking is written for, in order until now; `now` is in the operator's zone.

    `target` is where it would be published, None where the project has nowhere yet.
    """

    root: Path
    sources: Sources
    fleet: Fleet
    target: str | None
    addresses: Addresses
    clock: datetime
    now: datetime

    @property
    def known(self) -> tuple[Sources, Fleet]:
        """What a booking is held against."""
        return self.sources, self.fleet

    @property
    def today(self) -> datetime | None:
        """The instant by which a year may be a slip; None where the clock stands still."""
        return None if self.fleet.settings.standing_clock else self.now

    def draft(self, said: Said, facts: Mapping[str, str] | None = None) -> Draft:
        """Return a booking's file with an id that is drawn anew, and that whoever knows the facts cannot guess."""
        return draft(draw_id(secrets.choice, taken=self.fleet.names, facts=facts or {}), said)

    def new(self, said: Said) -> tuple[New | None, tuple[Problem, ...]]:
        """Return a booking that is in order and all that follows from it, None where something elsewhere stops it."""
        drafted = self.draft(said, facts_of(_booking_of(self.draft(said))))
        sources = replace(self.sources, bookings={**self.sources.bookings, drafted.booking: drafted.body})
        wishes = Wishes(target=NO_TARGET, clock=self.clock, addresses=self.addresses)
        built, problems = assemble(sources, load_theme(self.root), wishes)
        if built is None:
            return None, problems
        booking = _booking_of(drafted)
        once = (*guessable(sources, [booking]), *slips(sources, [booking], as_of=self.today))
        own = in_order((*once, *(problem for problem in problems if problem.path == booking_path(booking.id))))
        return New(drafted, booking, built.release, own, self.addresses.guest, self.target), problems


def open_office(root: Path, target: str | None) -> Office:
    """Return the project in a folder; say what is wrong with it where something stops it already, and end."""
    sources = read_sources(root)
    clock = this_instant()
    fleet, problems = parse_project(sources, as_of=clock)
    if fleet is None:
        refuse(problems)
        raise AssertionError("a fleet without a problem is there")
    now = (fleet.settings.standing_clock or clock).astimezone(fleet.settings.zone)
    chosen = target or _usual(root, fleet.settings)
    return Office(root, sources, fleet, chosen, _sites(root, fleet.settings, chosen), clock, now)


def save(root: Path, drafted: Draft) -> None:
    """Write the file, whole or not at all, and over none that is there."""
    folder, name = root / BOOKINGS, f"{drafted.booking}.yaml"
    beside = folder / f".{name}.{os.getpid()}"
    try:
        folder.mkdir(exist_ok=True)
        try:
            with beside.open("xb") as file:
                file.write(drafted.body)
            os.link(beside, folder / name)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableFolderError(folder, error) from error


def _booking_of(drafted: Draft) -> Booking:
    booking = parse_booking(drafted.text, booking_path(drafted.booking)).value
    if booking is None:
        raise AssertionError("a draft that is in order is a booking")
    return booking


def _usual(root: Path, settings: Settings) -> str | None:
    """Return the target that is worked with unless another is named: the embedded cloud while it runs, production."""
    embedded = next((name for name, target in settings.targets.items() if target.embedded), None)
    if embedded is not None and (PRODUCTION not in settings.targets or _runs(root)):
        return embedded
    return PRODUCTION if PRODUCTION in settings.targets else None


def _runs(root: Path) -> bool:
    try:
        return load_facts(place_of(root).facts) is not None
    except FactsError:
        return False


def _sites(root: Path, settings: Settings, target: str | None) -> Addresses:
    """Return where the sites of a target are seen; without one, where an embedded edge shows them."""
    if target is None:
        return EMBEDDED
    found = target_settings(settings, target)
    facts = load_facts(place_of(root).facts) if found.embedded else None
    return addresses_of(facts) if facts else addresses(found)
