"""What is published while something fails: a booking in the state in which the call in question is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from faults.places import Place
from support.hands import Hands

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.projects import Project

    Edit = Callable[[Project, str, int], None]

CALLED: Final = ("Crew call leo", "Crew call maya")


@dataclass(frozen=True, slots=True)
class Scene:
    """A booking's way to the publish in question.

    `before` is published in peace; `change` is what is published then; `breaks` names the place and the call at which
    a first publish of it is turned away, done or not. In the end each of `told` has had one mail of that kind, the
    event and the entry, where there are any, have that status, and there are pages or none.
    """

    change: Edit
    before: Edit | None = None
    breaks: tuple[Place, str] | None = None
    told: tuple[str, ...] = CALLED
    event: str = "scheduled"
    entry: str | None = "confirmed"
    pages: bool = True


def _book(project: Project, booking: str, day: int) -> None:
    project.book(booking, days=day)


def _book_with_alias(project: Project, booking: str, day: int) -> None:
    project.book(booking, days=day, also=f"aliases: [early-{booking}]\n")


def _move(project: Project, booking: str, day: int) -> None:
    project.book(booking, days=day, hour=14)


def _call_off(project: Project, booking: str, day: int) -> None:
    called_off = "cancelled: {on: 2024-05-28, why: weather, words: We will call you about new dates.}\n"
    project.book(booking, days=day, status="cancelled", also=called_off)


def _remove(project: Project, booking: str, _day: int) -> None:
    (project.root / "bookings" / f"{booking}.yaml").unlink()


def _book_with_hand(project: Project, booking: str, day: int) -> None:
    hand = f"hand-{booking}"
    text = f"---\nname: Hand {day}\nrole: crew\nemail: {hand}@example.com\n---\nSails once.\n"
    project.write(f"content/crew/{hand}.md", text)
    project.book(booking, days=day, crew=f"{hand}, crew-001")


def _lose_hand(project: Project, booking: str, day: int) -> None:
    (project.root / "content" / "crew" / f"hand-{booking}.md").unlink()
    project.book(booking, days=day)


def _book_over_a_page(project: Project, booking: str, day: int) -> None:
    project.book(booking, days=day)
    Hands(project).write(f"g/jada-guest-{booking}.html", b"<h1>before castoff</h1>")


BOOKED: Final = Scene(_book)
BOOKED_OVER_A_PAGE: Final = Scene(_book_over_a_page)
OPEN_FOR_PHOTOS: Final = Scene(_book)
WITH_A_NEW_HAND: Final = Scene(_book_with_hand, told=("Crew call hand-{booking}", *CALLED))
FAREWELL: Final = Scene(
    _lose_hand,
    before=_book_with_hand,
    told=("Not needed hand-{booking}", "Crew call hand-{booking}", *CALLED),  # whoever stays hears of nobody who leaves
)
MOVED: Final = Scene(_move, before=_book_with_alias, told=("Changed leo", "Changed maya", *CALLED))
CALLED_OFF: Final = Scene(
    _call_off,
    before=_book,
    told=("Cancelled leo", "Cancelled maya", *CALLED),
    event="cancelled",
    entry="cancelled",
)
REMOVED: Final = Scene(
    _remove,
    before=_book,
    told=("Cancelled leo", "Cancelled maya", *CALLED),
    event="cancelled",
    entry=None,
    pages=False,
)
BROKE_OFF_AT_PAGES: Final = Scene(_book, breaks=(Place.AWS, r"^POST .*/invalidation$"))
BROKE_OFF_AT_EVENT: Final = Scene(_book, breaks=(Place.SCC, r"^POST .*/event$"))
BROKE_OFF_AT_ENTRY: Final = Scene(_book, breaks=(Place.DASHBOARD, r"^PUT .*/calendar/{booking}$"))
