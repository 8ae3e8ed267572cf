"""What both services promise of their keys alike: nobody is told anything without the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote

from castoff.contract.counts import counted
from publisher.clauses.clause import Clause, must
from publisher.clauses.reply import Key

if TYPE_CHECKING:
    from publisher.clauses.reply import Asks, Reply


class Listed(Protocol):
    """A run against a service that lists what it has of a booking."""

    @property
    def ask(self) -> Asks:
        """Who asks the service."""
        ...

    @property
    def booking(self) -> str:
        """The booking that the run makes up."""
        ...


Trial = TypeVar("Trial", bound=Listed)


def key_clauses(word: str, path: str, what: str, one: str) -> tuple[Clause[Trial], ...]:
    """Return the clauses of a service that calls its key so, and lists at `path` what it has of a booking."""

    def listed(trial: Trial, key: Key) -> Reply:
        return trial.ask("GET", f"{path}?booking_id={quote(trial.booking)}", key=key)

    def without(trial: Trial) -> None:
        refused(trial, Key.NONE)

    def wrong(trial: Trial) -> None:
        refused(trial, Key.WRONG)

    def refused(trial: Trial, key: Key) -> None:
        reply = listed(trial, key)
        must(reply.refuses_key, expected="401 or 403", seen=reply)

    def right(trial: Trial) -> None:
        reply = listed(trial, Key.RIGHT)
        lost = f"{reply}, as without a {word}: it is wrong, or lost on the way"
        must(not reply.refuses_key, expected="200", seen=lost)
        found = reply.items(what, expected=f'200 with `{{"{what}": []}}`')
        must(not found, expected=f"no {one} of a booking that is new", seen=counted(len(found), one))

    return (
        Clause(f"no-{word}", f"without a {word} nothing is told", without),
        Clause(f"wrong-{word}", f"with a wrong {word} nothing is told", wrong),
        Clause(f"right-{word}", f"with the {word}, a booking's {what} are listed", right),
    )
