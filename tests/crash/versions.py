"""A booking as it is written at one time, and who is told what when it becomes another: the little that this needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from support.projects import Project

_CAPTAIN: Final = "captain-001"
_ADDRESSED: Final = {_CAPTAIN: "maya", "crew-001": "leo"}
_CALLED_OFF: Final = "cancelled: {{on: 2024-05-28, why: {why}, words: We will call you about new dates.}}\n"
_HAND: Final = "---\nname: Hand {name}\nrole: crew\nemail: {hand}@example.com\n---\nSails once.\n"


@dataclass(frozen=True, slots=True)
class Version:
    """A booking's file; status None is no file. `{}` in `crew` is the booking: a hand who sails on no other."""

    status: str | None = "confirmed"
    hour: int = 9
    crew: str = "crew-001"
    why: str = "weather"

    @property
    def sails(self) -> bool:
        """Whether there is a charter to call a crew to."""
        return self.status == "confirmed"

    @property
    def event(self) -> str:
        """The status of the event, where the booking ever had one."""
        return "scheduled" if self.sails else "cancelled"

    @property
    def entry(self) -> str | None:
        """The status of the calendar's entry, where the booking ever had one."""
        return self.status if self.status in {"confirmed", "cancelled"} else None

    def aboard(self, booking: str) -> frozenset[str]:
        """Return who is called, by the first part of their address."""
        crew = self.crew.format(booking)
        return frozenset({_ADDRESSED[_CAPTAIN], _ADDRESSED.get(crew, crew)})

    def write(self, project: Project, booking: str, *, day: int) -> None:
        """Write it into a project's files, and only it: a hand who sails no more is gone."""
        hand = self.crew.format(booking)
        for file in (project.root / "content" / "crew").glob(f"*-{booking}.md"):
            file.unlink()
        if self.crew != hand:
            project.write(f"content/crew/{hand}.md", _HAND.format(name=hand[-3:], hand=hand))
        if self.status is None:
            (project.root / "bookings" / f"{booking}.yaml").unlink(missing_ok=True)
            return
        also = _CALLED_OFF.format(why=self.why) if self.status == "cancelled" else ""
        project.book(booking, days=day, hour=self.hour, status=self.status, crew=hand, also=also)


NOWHERE: Final = Version(None)


@dataclass(slots=True)
class Told:
    """What a crew has been told of a booking: each mail is one change for one member."""

    booking: str
    last: Version | None = None
    on: bool = False
    mails: Counter[str] = field(default_factory=Counter)

    def hear(self, version: Version) -> None:
        """Take in a version that became true, and whom it is mailed to: nobody where nothing changed for them."""
        now, before = version.aboard(self.booking), self._aboard()
        if not version.sails:
            self._mail("Cancelled", before if self.on else ())
            self.on = False
            return
        if self.on:
            self._mail("Crew call", now - before)
            self._mail("Not needed", before - now)
            self._mail("Changed", now & before if self.last and self.last.hour != version.hour else ())
        else:
            self._mail("Crew call", now - before)
            self._mail("Sails after all", now & before)
        self.last, self.on = version, True

    def after(self, *versions: Version) -> Counter[str]:
        """Return the mails that these make, one after the other."""
        told = replace(self, mails=Counter())
        for version in versions:
            told.hear(version)
        return told.mails

    def _aboard(self) -> frozenset[str]:
        return self.last.aboard(self.booking) if self.last else frozenset()

    def _mail(self, kind: str, members: frozenset[str] | tuple[()]) -> None:
        self.mails.update(f"{kind} {member}" for member in members)
