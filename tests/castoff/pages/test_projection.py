"""What each audience sees of a charter, and above all what it does not."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support.example import charter_of, example, moved, projected, projector, rendered, with_booking, with_charters

import castoff
from castoff.contract.document import Fields, canonical
from castoff.fleet.carry import Carry
from castoff.fleet.model import Cancellation, Finance, Guests, Status
from castoff.fleet.settings import DashboardContents
from castoff.pages.projection import HeldBack, private_finance

BOOKING = "xhqgmdh"


def test_money_reaches_no_audience() -> None:
    """The views, payloads and pages are the same whatever the figures are, and hold none of them."""
    fleet = example()
    canaries = [f"{random.Random(seed).randrange(10**8, 10**9)}.17" for seed in range(4 * len(fleet.charters))]  # noqa: S311 - invented figures
    figures = iter(canaries)
    names = tuple(Finance.model_fields)
    canaried = with_charters(
        fleet,
        *(
            with_booking(charter, finance=Finance.model_validate({name: next(figures) for name in names}))
            for charter in fleet.charters
        ),
    )

    views, pages = projected(canaried), rendered(canaried)

    assert views == projected(fleet)
    assert pages == rendered(fleet)
    seen = repr(views) + "".join(body.decode() for body in pages.values())
    assert not [canary for canary in canaries if canary in seen or canary.partition(".")[0] in seen]


def test_one_module_sees_money() -> None:
    """No module on the way from projection to pages so much as names a booking's finance."""
    folder = Path(castoff.__file__).parent / "pages"

    naming = [path.name for path in folder.glob("*.py") if "finance" in path.read_text()]

    assert naming == ["projection.py"]


@pytest.mark.parametrize("field", ["notes", "requests"])
def test_lines_about_money_are_held_back_and_reported(field: str) -> None:
    """A line about money in notes or requests reaches neither page nor payload, and is reported by field and line."""
    text = "Bring the guests in by the north gate\nCaptain fee: 771.25 in cash\nThe cake is in the icebox"
    charter = with_booking(charter_of(example(), BOOKING), **{field: text})

    projection = projector(example()).project(charter)

    assert projection.held == (HeldBack(BOOKING, field, 2),)
    assert "771" not in repr(projection)
    assert getattr(projection.crew, field) == "Bring the guests in by the north gate\nThe cake is in the icebox"


def test_a_text_of_nothing_but_money_is_no_text() -> None:
    """Notes whose every line is held back leave no empty section behind."""
    charter = with_booking(charter_of(example(), BOOKING), notes="Revenue 840.75\nNet: 289.41")

    projection = projector(example()).project(charter)

    assert projection.crew.notes is None
    assert projection.event is not None
    assert projection.event["notes"] == ""


def test_finance_goes_to_the_calendar_only_where_settings_say_so() -> None:
    """The private value holds exact amounts where `dashboard.finance` is on, and is nothing where it is off."""
    settings, booking = example().settings, charter_of(example(), BOOKING).booking
    generous = settings.model_copy(update={"dashboard": DashboardContents.model_validate({"finance": "yes"})})

    assert private_finance(booking, settings) is None
    assert private_finance(booking, generous) == {
        "captain_fee": "150.00",
        "crew_cost": "250.00",
        "net_to_captain": "289.41",
        "revenue": "840.75",
    }
    assert private_finance(booking.model_copy(update={"status": Status.HOLD}), generous) is None
    assert isinstance(booking.finance and booking.finance.revenue, Decimal)


def test_what_is_for_the_crew_stays_with_the_crew() -> None:
    """Neither allergies nor notes nor anyone's phone or address is in what guests see, or in the board."""
    charter = charter_of(example(), BOOKING)
    secrets = ["shellfish", "Guest count: 6", charter.captain.phone or "-", charter.captain.email, "Torres", "Ferreira"]

    projection = projector(example()).project(charter)

    guest = repr((projection.guest, projection.guest_calendar))
    assert [secret for secret in secrets if secret in guest] == []
    assert "shellfish" in repr(projection.crew)


def test_the_captains_phone_is_on_that_crew_page_only() -> None:
    """Of all pages only the crew pages of a captain's own charters hold the captain's number."""
    fleet = example()
    own = {f"guest/g/{charter.id}-crew.html" for charter in fleet.charters if charter.captain.id == "captain-001"}

    showing = {path for path, body in rendered(fleet).items() if b"555 0117" in body}

    assert showing
    assert showing <= own


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Dana R.", "Dana R."),
        ("Dana Robinson", "Dana R."),
        ("Dana Maria Robinson-Keller", "Dana R."),
        ("Anne-Marie O'Neil", "Anne-Marie O."),
        ("Émile Ångström", "Émile Å."),
        ("Dana", "Dana"),
        ("dana.robinson@example.com", ""),
        ("Dana (VIP) 619-555-0100", "Dana"),
        ("+1 619 555 0100", ""),
    ],
)
def test_a_page_shows_first_name_and_initial(written: str, shown: str) -> None:
    """Whatever the operator wrote, only the lead's first name and initial leave the booking."""
    charter = with_booking(charter_of(example(), BOOKING), guests=Guests.model_construct(count=6, lead=written))

    projection = projector(example()).project(charter)

    assert projection.guest.lead == shown
    assert "Robinson" not in repr(projection)


def test_the_crew_call_says_what_the_service_asks_for() -> None:
    """The crew call has exactly the fields that ShipCaptainCrew takes."""
    projection = projected(example())[BOOKING]

    assert projection.event == {
        "event_name": "Jada",
        "booking_id": "xhqgmdh",
        "captain_id": "captain-001",
        "crew_ids": ["crew-001", "crew-002"],
        "date": "2024-05-30T09:00:00-07:00",
        "duration_hours": 3.0,
        "call_time": "2024-05-30T08:00:00-07:00",
        "dock": "Sheraton Marina",
        "guest_count": 6,
        "notes": "Guest count: 6, Dock: Sheraton Marina",
        "crew_page": "https://queenofsandiego.com/g/xhqgmdh-crew",
        "forecast": "https://forecast.weather.gov/MapClick.php?lat=32.7261&lon=-117.2017",
    }


def test_the_calendar_entry_says_what_the_dashboard_asks_for() -> None:
    """The calendar entry has exactly the fields that the dashboard takes, money aside."""
    projection = projected(example())[BOOKING]

    assert projection.calendar == {
        "date": "2024-05-30",
        "event_type": "charter",
        "booking_id": "xhqgmdh",
        "title": "Jada, Dana R.",
        "starts": "2024-05-30T09:00:00-07:00",
        "ends": "2024-05-30T12:00:00-07:00",
        "vessel": "Jada",
        "dock": "Sheraton Marina",
        "captain": "Maya Torres",
        "crew": ["Leo Park", "Ines Ferreira"],
        "guest_count": 6,
        "status": "confirmed",
        "source": "boatsetter",
        "guest_page": "https://queenofsandiego.com/g/boatsetter-may30",
        "crew_page": "https://queenofsandiego.com/g/xhqgmdh-crew",
    }


def test_a_cancelled_charter_calls_nobody_and_says_so() -> None:
    """A cancelled charter has no crew call, is cancelled in the calendar, and its words are the guest's alone."""
    cancellation = Cancellation.model_validate({"on": "2024-05-28", "why": "weather", "words": "We refund all of it."})
    charter = with_booking(charter_of(example(), BOOKING), status=Status.CANCELLED, cancelled=cancellation)

    projection = projector(example()).project(charter)

    assert projection.event is None
    assert projection.calendar["status"] == "cancelled"
    assert projection.guest.cancelled is not None
    assert projection.guest.cancelled.words == "We refund all of it."
    assert "refund" not in repr(projection.crew)


def test_building_on_a_carry_emits_it_again() -> None:
    """What a build hands on survives JSON, and a build on it with nothing changed hands on the same."""
    carries = {booking: projection.carry for booking, projection in projected(example()).items()}

    stored = {key: Carry.from_json(Fields(carry.to_json(), key)) for key, carry in carries.items()}

    assert stored == carries
    assert {key: projection.carry for key, projection in projected(example(), prior=stored).items()} == carries
    assert canonical(carries[BOOKING].to_json())


def test_a_moved_charter_says_what_was_first_told() -> None:
    """A start that moved twice is said against what guests were first told, and each move is a revision."""
    first = charter_of(example(), BOOKING)
    project = projector(example()).project
    once, twice = moved(first, hours=1), moved(first, hours=6)

    told = project(first).carry
    again = project(once, told).carry
    projection = project(twice, again)

    assert (told.revision, again.revision, projection.carry.revision) == (0, 1, 2)
    assert projection.guest.changes == (
        "Boarding has changed: now 2:45 PM, was 8:45 AM.",
        "The start has changed: now 3 PM, was 9 AM.",
        "The end has changed: now 6 PM, was noon.",
    )
    assert projection.guest_calendar.sequence == 2


def test_money_that_nobody_wrote_down_is_left_out() -> None:
    """A figure that is missing is no figure, and the others are in order."""
    fleet = example()
    settings = fleet.settings.model_copy(update={"dashboard": DashboardContents.model_validate({"finance": "yes"})})
    finance = Finance.model_validate({"revenue": "840.75", "crew_cost": "250.00"})
    charter = with_booking(charter_of(fleet, BOOKING), finance=finance)

    amounts = private_finance(charter.booking, settings)

    assert amounts is not None
    assert list(amounts.items()) == [("crew_cost", "250.00"), ("revenue", "840.75")]


def test_a_captain_s_phone_is_dialled_without_what_is_for_the_eye() -> None:
    """A link takes digits alone; nobody is dialled who has no phone."""
    first = charter_of(example(), BOOKING)

    links = [
        projector(example()).project(replace(first, captain=first.captain.model_copy(update={"phone": phone}))).crew
        for phone in ("+1 619 555 0142", None)
    ]

    assert [view.captain_phone_link for view in links] == ["+16195550142", None]


def test_a_charter_from_another_dock_says_so() -> None:
    """Guests go to the dock that they were told of first, unless the page says that it is another by now."""
    first = charter_of(example(), BOOKING)
    project = projector(example()).project
    elsewhere = replace(first, dock=first.dock.model_copy(update={"name": "Harbor Island"}))

    projection = project(elsewhere, project(first).carry)

    assert projection.guest.changes == (f"The dock has changed: now Harbor Island, was {first.dock.name}.",)


def test_a_calendar_entry_s_title_is_as_long_as_the_dashboard_takes() -> None:
    """A vessel's name of 200 characters is taken, and so is the entry of its charter."""
    charter = charter_of(example(), BOOKING)
    vessel = charter.vessel.model_copy(update={"name": "J" * 200})

    entry = projector(example()).project(replace(charter, vessel=vessel)).calendar

    assert entry["title"] == "J" * 200
