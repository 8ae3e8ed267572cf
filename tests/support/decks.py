"""A small operator's project whose files are values, so that any of its commits can be had again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from castoff.fleet.settings import Addresses
from castoff.wishes import Wishes
from castoff.writing import build_into
from publisher.folder import load_release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder

    Files = Mapping[str, str]

_BASE: Final = Path(__file__).resolve().parents[1] / "invalid" / "_base"
_SITES: Final = Addresses(guest="https://guest.example.com", ops="https://ops.example.com")
_CALLED_OFF: Final = "cancelled: {on: 2024-05-28, why: weather, words: We will call you about new dates.}\n"
DOCKS: Final = ("pier", "steps")
HANDS: Final = ("ann", "ben", "kai")


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as its file has it; `slug` is what it is called by, and `aliases` what it was called before."""

    id: str
    day: datetime
    hour: int = 10
    dock: str = DOCKS[0]
    crew: tuple[str, ...] = HANDS[:1]
    notes: str = "None."
    status: str = "confirmed"
    slug: str | None = None
    aliases: tuple[str, ...] = ()

    def renamed(self, slug: str) -> Booking:
        """Return it under another slug, the one before as an alias."""
        before = (self.slug,) if self.slug else ()
        return replace(self, slug=slug, aliases=(*self.aliases, *before))

    @property
    def text(self) -> str:
        """The file."""
        slug = f"slug: {self.slug}\n" if self.slug else ""
        aliases = f"aliases: [{', '.join(self.aliases)}]\n" if self.aliases else ""
        return (
            f"id: {self.id}\n{slug}{aliases}source: direct\nstatus: {self.status}\nvessel: lark\ndock: {self.dock}\n"
            f"starts: {self.day:%Y-%m-%d} {self.hour:02}:00\nduration: 3h\n"
            f"captain: maya\ncrew: [{', '.join(self.crew)}]\n"
            f"guests: {{count: 4, lead: Dana R.}}\nnotes: {self.notes}\n"
            f"finance: {{revenue: 840.75}}\n{_CALLED_OFF if self.status == 'cancelled' else ''}"
        )


@dataclass(frozen=True, slots=True)
class Deck:
    """Everything that one commit has: its bookings, and the crew beside the captain."""

    bookings: Mapping[str, Booking] = field(default_factory=dict)
    hands: tuple[str, ...] = HANDS

    def with_booking(self, booking: Booking) -> Deck:
        """Return it with one booking new or different."""
        return replace(self, bookings={**self.bookings, booking.id: booking})

    def without_booking(self, key: str) -> Deck:
        """Return it with a booking's file removed."""
        return replace(self, bookings={other: kept for other, kept in self.bookings.items() if other != key})

    def without_hand(self, hand: str) -> Deck:
        """Return it with a member gone, and whatever they were to sail sailed by the captain and who is left."""
        left = {key: replace(one, crew=tuple(c for c in one.crew if c != hand)) for key, one in self.bookings.items()}
        return Deck(left, tuple(other for other in self.hands if other != hand))

    @property
    def files(self) -> Files:
        """Its files by path."""
        base = {path.relative_to(_BASE).as_posix(): path.read_text("utf-8") for path in _BASE.rglob("*.*")}
        settings = base["castoff.yaml"] + "targets:\n  local: {embedded: true}\n"
        dock = base["content/docks/pier.md"]
        kept = {path: text for path, text in base.items() if not path.startswith(("bookings/", "content/crew/leo"))}
        return {
            **kept,
            "castoff.yaml": settings,
            "content/docks/steps.md": dock.replace("The Pier", "The Steps"),
            **{f"content/crew/{hand}.md": _hand(hand) for hand in self.hands},
            **{f"bookings/{key}.yaml": booking.text for key, booking in self.bookings.items()},
        }


def build_deck(root: Path, deck: Deck, *, commit: int, state: State, now: float, full: bool = False) -> ReleaseFolder:
    """Build a commit on a published state with castoff itself, in a folder that may hold another commit."""
    _lay_out(root / "project", deck.files)
    wishes = Wishes(
        target="local",
        clock=datetime.fromtimestamp(int(now), tz=UTC),
        commit=str(commit),
        addresses=_SITES,
        prior=state.bookings,
        publishing=True,
        full=full,
        workers=1,
    )
    written, problems = build_into(root / "out", root / "project", wishes)
    assert written is not None, problems
    return load_release(root / "out")


def day_after(now: float, days: int) -> datetime:
    """Return a day so many days later, by the clock of the dock, more or less."""
    return datetime.fromtimestamp(now, tz=UTC).replace(hour=0, minute=0, second=0) + timedelta(days=days)


def _hand(hand: str) -> str:
    return f"---\nname: {hand.title()} Park\nrole: crew\nemail: {hand}@example.com\n---\n"


def _lay_out(root: Path, files: Files) -> None:
    for path in [path for path in root.rglob("*.*") if path.is_file()]:
        if path.relative_to(root).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        path = root / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
