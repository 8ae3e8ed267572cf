"""The table of who reads what is true: nothing shows that it forbids, and everything does that it promises."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from castoff.build import assemble
from castoff.cli.private import said
from castoff.fleet.content import CrewMemberFields, DockFields
from castoff.fleet.model import Booking, Cancellation, Finance, Guests
from castoff.fleet.settings import EMBEDDED
from castoff.fleet.sources import Sources, read_sources
from castoff.pages import views
from castoff.pages.theme import load_theme
from castoff.privacy.fields import FIELDS, Field
from castoff.privacy.leaks import rounds, with_words
from castoff.privacy.outputs import Audience, outputs
from castoff.privacy.statement import with_table
from castoff.privacy.traces import traces
from castoff.wishes import NO_TARGET, Wishes

ROOT: Final = Path(__file__).resolve().parents[3]
PAGE: Final = ROOT / "docs/explanation/privacy.md"
CLOCK: Final = datetime(2024, 5, 28, 19, tzinfo=UTC)
FACTS: Final = {"id", "slug", "aliases", "status", "vessel", "dock", "starts", "duration", "boarding", "crew_call"}
"""Of a booking, what every page is about, and what names files: shown in other words, or as what they name."""
NAMES: Final = FACTS | {"captain", "crew", "guests", "cancelled", "finance"}


def shown() -> dict[str, set[Audience]]:
    """Return where each field of the example shows, over the phases of its charters."""
    found: defaultdict[str, set[Audience]] = defaultdict(set)
    for days in (-30, 0, 2, 9):
        for some in rounds(FIELDS):
            garden = with_words(read_sources(ROOT), some, Random(days))  # noqa: S311 - marks, no secrets
            for mark, where in _found(garden.sources, garden.marks, days=days):
                origin = garden.marks[mark].field
                assert isinstance(origin, Field)
                found[origin.name].add(where)
            for planted in garden.marks.values():
                assert isinstance(planted.field, Field)
                found[planted.field.name]
    return dict(found)


def _found(sources: Sources, marks: Any, *, days: int) -> list[tuple[str, Audience]]:
    wishes = Wishes(target=NO_TARGET, clock=CLOCK, as_of=CLOCK + timedelta(days=days), addresses=EMBEDDED, workers=1)
    built, problems = assemble(sources, load_theme(ROOT), wishes)
    assert built is not None, problems
    told = [(text.encode(), Audience.TOLD) for text in said(built, []).values()]
    return [
        (mark, audience)
        for body, audience in (*((output.body, output.audience) for output in outputs(built)), *told)
        for mark, _ in traces(body, marks, deep=False)
    ]


def test_each_field_shows_exactly_where_the_table_says() -> None:
    """On the example, in all of its phases; a row for what never shows would promise nothing."""
    assert shown() == {one.name: set(one.seen) for one in FIELDS}


def test_the_page_shows_the_table() -> None:
    """`docs/explanation/privacy.md` is the statement; `CASTOFF_UPDATE=1` writes its table anew."""
    if os.environ.get("CASTOFF_UPDATE"):
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

    page = PAGE.read_text(encoding="utf-8")

    assert with_table(page) == page


def test_every_field_of_a_booking_has_a_row() -> None:
    """Whoever adds a field says who may read it."""
    rows = {step for one in FIELDS for step in one.steps if one.files == "bookings"}

    assert set(Booking.model_fields) - NAMES <= rows
    assert set(Guests.model_fields) - {"count"} <= rows
    assert set(Cancellation.model_fields) - {"on"} <= rows


def test_every_text_of_a_dock_and_of_a_crew_member_has_a_row() -> None:
    """Addresses and phones above all."""
    docks = {step for one in FIELDS for step in one.steps if one.files == "content/docks"}
    crew = {step for one in FIELDS for step in one.steps if one.files == "content/crew"}

    assert set(DockFields.model_fields) - {"location", "tide_station", "forecast", "photo"} <= docks
    assert set(CrewMemberFields.model_fields) - {"role", "licence", "photo"} <= crew


def test_no_view_has_a_field_for_money() -> None:
    """What a layout can ask for by name is none of it, wherever in a view it stands."""
    kinds = [kind for kind in vars(views).values() if isinstance(kind, type) and kind.__module__ == views.__name__]
    held = {str(field.type) for kind in kinds for field in fields(kind)}
    named = {field.name for kind in kinds for field in fields(kind)}

    assert len(kinds) > 15
    assert named.isdisjoint({"finance", *Finance.model_fields})
    assert not [kind for kind in held if any(word in kind for word in ("Finance", "Booking", "Charter,", "Settings"))]
