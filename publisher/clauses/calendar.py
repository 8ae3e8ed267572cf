"""What the publisher relies on in the dashboard's calendar, tried with one entry in the far future."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from publisher.clauses.clause import Clause, must
from publisher.clauses.keys import key_clauses
from publisher.clauses.reply import Asks, answered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publisher.clauses.reply import Reply

NAME: Final = "dashboard"

_DAY: Final = "2099-06-01"
_TITLE: Final = "castoff contract test, not a charter"


@dataclass(slots=True)
class CalendarTrial:
    """One run against one dashboard; `serial` rises as a publisher's does."""

    ask: Asks
    booking: str
    serial: int
    asked: bool = False

    @property
    def plain(self) -> dict[str, Any]:
        """The least that an entry is made of."""
        return {"date": _DAY, "event_type": "contract-test", "booking_id": self.booking}

    @property
    def full(self) -> dict[str, Any]:
        """An entry as the publisher sends it."""
        times = {"starts": f"{_DAY}T09:00:00-07:00", "ends": f"{_DAY}T12:00:00-07:00"}
        return {**self.plain, **times, "title": _TITLE, "crew": [], "guest_count": 0, "status": "confirmed"}

    def put(self, entry: Mapping[str, Any], *, serial: int) -> Reply:
        """Write the entry."""
        self.asked = True
        return self.ask("PUT", self._path, entry, serial=serial)

    def post(self) -> Reply:
        """Write the entry in its plain form."""
        self.asked = True
        return self.ask("POST", "/calendar", self.plain, serial=self.serial)

    def delete(self) -> Reply:
        """Remove the entry."""
        return self.ask("DELETE", self._path, serial=self.serial)

    def one(self) -> Mapping[str, Any]:
        """Return the one entry that the booking has."""
        found = self.listed()
        must(len(found) == 1, expected="one entry", seen=f"{len(found)} entries")
        return found[0]

    def listed(self) -> list[Mapping[str, Any]]:
        """Return the booking's entries."""
        reply = self.ask("GET", f"/calendar?booking_id={quote(self.booking)}")
        return reply.items("entries", expected="200 with a list `entries`")

    @property
    def _path(self) -> str:
        return f"/calendar/{quote(self.booking)}"


def tidy(trial: CalendarTrial) -> Iterator[str]:
    """Remove what the run made, and yield what could not be taken away again, in words."""
    if not trial.asked:
        return
    gone = answered(trial.delete)
    if not gone.well and gone.status != HTTPStatus.NOT_FOUND:
        yield f"the entry of booking `{trial.booking}` may be left in the {NAME}: {gone}"


def _plain(trial: CalendarTrial) -> None:
    for _ in range(2):
        trial.post().object(expected="200 as JSON")
    day = trial.one().get("date")
    must(day == _DAY, expected=f"an entry on {_DAY}", seen=f"one on {day}")


def _written(trial: CalendarTrial) -> None:
    for _ in range(2):
        trial.put(trial.full, serial=trial.serial).object(expected="200 as JSON")
    entry = trial.one()
    differing = [name for name in ("date", "title", "status") if entry.get(name) != trial.full[name]]
    must(not differing, expected="what was sent", seen=f"another {', '.join(differing)}")


def _ranged(trial: CalendarTrial) -> None:
    reply = trial.ask("GET", f"/calendar?from={_DAY}&to={_DAY}")
    found = reply.items("entries", expected="200 with a list `entries`")
    own = [entry for entry in found if entry.get("booking_id") == trial.booking]
    must(len(own) == 1, expected="the day's entries, this one once", seen=f"{len(own)} of it")
    other = trial.ask("GET", "/calendar?from=2099-06-02&to=2099-06-03")
    found = other.items("entries", expected="200 with a list `entries`")
    must(all(entry.get("booking_id") != trial.booking for entry in found), expected="not on other days", seen="it is")


def _no_money(trial: CalendarTrial) -> None:
    must(not trial.one().get("finance"), expected="no `finance` where none was sent", seen="some")


def _fenced(trial: CalendarTrial) -> None:
    reply = trial.put({**trial.full, "title": "castoff contract test, too late"}, serial=trial.serial - 1)
    must(reply.status == HTTPStatus.CONFLICT, expected="409", seen=reply)
    title = trial.one().get("title")
    must(title == _TITLE, expected="the entry as it was", seen=f"title `{title}`")


def _deleted(trial: CalendarTrial) -> None:
    gone = trial.delete()
    must(gone.well and gone.value is not None, expected="200 as JSON", seen=gone)
    found = trial.listed()
    must(not found, expected="no entry", seen=f"{len(found)} entries")


_TOKEN: Final = ("right-token",)

CLAUSES: Final[tuple[Clause[CalendarTrial], ...]] = (
    *key_clauses("token", "/calendar", "entries", "entry"),
    Clause("plain", "day, kind and booking are enough, and twice is one entry", _plain, _TOKEN),
    Clause("written", "the whole entry takes its place, and twice is one entry", _written, _TOKEN),
    Clause("range", "entries are listed by their days", _ranged, ("written",)),
    Clause("no-money", "no money is there that was not sent", _no_money, ("written",)),
    Clause("fence", "a lower serial is 409, and changes nothing", _fenced, ("written",)),
    Clause("deleted", "an entry is removed", _deleted, ("written",)),
    Clause("deleted-again", "removing it again is well", _deleted, ("deleted",)),
)

NAMES: Final = tuple(clause.name for clause in CLAUSES)
