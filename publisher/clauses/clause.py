"""A clause of the contract, what trying it came to, and the order in which clauses are tried."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from publisher.clauses.reply import BrokenClauseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from publisher.clauses.reply import Reply

Trial = TypeVar("Trial")


class UntriedClauseError(Exception):
    """A clause cannot be tried here, and why."""


class Verdict(StrEnum):
    """How a clause came out."""

    HELD = "held"
    BROKEN = "broken"
    UNTRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Clause(Generic[Trial]):
    """One promise: its name, what it says, and the clauses without which it cannot be tried.

    `attempt` returns where it holds, and raises BrokenClauseError or UntriedClauseError.
    """

    name: str
    says: str
    attempt: Callable[[Trial], None]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A clause of a service as it came out; `seen` is the reason where it was not tried."""

    service: str
    name: str
    says: str
    verdict: Verdict
    expected: str = ""
    seen: str = ""

    def to_json(self) -> dict[str, str]:
        """Return the JSON form."""
        told = {"expected": self.expected, "seen": self.seen}
        whole = {"service": self.service, "clause": self.name, "says": self.says, "verdict": self.verdict.value}
        return whole | {name: words for name, words in told.items() if words}


def try_clauses(service: str, clauses: Iterable[Clause[Trial]], trial: Trial) -> Iterator[Tried]:
    """Try clauses in their order; one that needs another that does not hold is not tried."""
    held: set[str] = set()
    for clause in clauses:
        tried = _try(service, clause, trial, missing=[name for name in clause.needs if name not in held])
        if tried.verdict is Verdict.HELD:
            held.add(clause.name)
        yield tried


def _try(service: str, clause: Clause[Trial], trial: Trial, *, missing: Sequence[str]) -> Tried:
    if missing:
        return Tried(service, clause.name, clause.says, Verdict.UNTRIED, seen=f"it needs `{missing[0]}`")
    try:
        clause.attempt(trial)
    except BrokenClauseError as broken:
        return Tried(service, clause.name, clause.says, Verdict.BROKEN, expected=broken.expected, seen=broken.seen)
    except UntriedClauseError as untried:
        return Tried(service, clause.name, clause.says, Verdict.UNTRIED, seen=str(untried))
    return Tried(service, clause.name, clause.says, Verdict.HELD)


def must(holds: bool, *, expected: str, seen: Reply | str) -> None:  # noqa: FBT001 - it reads as a sentence
    """Raise BrokenClauseError unless it holds."""
    if not holds:
        raise BrokenClauseError(expected=expected, seen=str(seen))
