"""What a service replied to one call, and who asks it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol

from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WORDS: Final = 60


class BrokenClauseError(Exception):
    """A clause does not hold: what was expected, and what was seen in its place."""

    def __init__(self, *, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}, saw {seen}")
        self.expected = expected
        self.seen = seen


class Key(Enum):
    """With which key a service is asked."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and, where the body is one, its JSON object; status 0 and the reason where no reply came."""

    status: int
    value: Mapping[str, Any] | None = None
    reason: str = ""
    kind: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Say it in a few words, of the body no more than the error's name."""
        if not self.status:
            return f"no answer: {self.reason}"
        if self.value is None:
            return f"{self.status} with {self.kind or 'something'} that is not a JSON object"
        error = self.value.get("error")
        return f"{self.status} {error[:_WORDS]}" if isinstance(error, str) else str(self.status)

    @property
    def well(self) -> bool:
        """Whether it is a success."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def refuses_key(self) -> bool:
        """Whether the caller was not let in."""
        return self.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

    def object(self, *, expected: str) -> Mapping[str, Any]:
        """Return the JSON object of a success; raise BrokenClauseError for anything else."""
        if not self.well or self.value is None:
            raise BrokenClauseError(expected=expected, seen=str(self))
        return self.value

    def items(self, name: str, *, expected: str) -> list[Mapping[str, Any]]:
        """Return the list of objects in a success; raise BrokenClauseError for anything else."""
        found = self.object(expected=expected).get(name)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise BrokenClauseError(expected=expected, seen=f"{self.status} without a list `{name}`")
        return found


def answered(ask: Callable[[], Reply]) -> Reply:
    """Return a reply, of a call that failed its reason: what comes after it is to be tried all the same."""
    try:
        return ask()
    except PublishError as error:
        return Reply(0, reason=error.words)
    except Exception as error:  # noqa: BLE001 - whatever fails, the rest has to be taken away, and what stays to be said
        return Reply(0, reason=type(error).__name__)


class Asks(Protocol):
    """One service, asked as the publisher asks it."""

    def __call__(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        key: Key = Key.RIGHT,
        serial: int | None = None,
        request: str | None = None,
    ) -> Reply:
        """Ask once, and again where no answer came; `request` is the Idempotency-Key."""
        ...
