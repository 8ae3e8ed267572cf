"""What can become of a call that passes a turnstile: answered in the cloud's place, held, spoilt, or met by nobody."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

PATIENCE: Final = 60.0
"""Seconds after which a test that waits for a request has failed."""


class Arrives(Enum):
    """What becomes of a request while it is held: lost on its way, done with its answer lost, or done in the end."""

    NEVER = "never arrives"
    UNANSWERED = "is never answered"
    LATE = "arrives late"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, the cloud's or one in its place."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass(frozen=True, slots=True)
class HangUp:
    """No answer: the connection ends."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Nobody listens any more, from this call on until the turnstile forgets."""


@dataclass(frozen=True, slots=True)
class Overruled:
    """The cloud does it, and whoever asked is told something else."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Slow:
    """The cloud does it at once, and the answer comes so many seconds later."""

    seconds: float


class Spoilt(Enum):
    """The cloud does it, and of its answer comes nothing, or half."""

    LOST = "lost"
    CUT = "cut"


@dataclass(slots=True)
class Held:
    """A request that stands in the turnstile until it is let go."""

    arrives: Arrives
    answer: Answer | None = None
    _there: threading.Event = field(default_factory=threading.Event)
    _let_go: threading.Event = field(default_factory=threading.Event)
    _through: threading.Event = field(default_factory=threading.Event)

    @property
    def status(self) -> int | None:
        """What the cloud said, or None where the request never reached it."""
        return self.answer.status if self.answer else None

    @property
    def is_there(self) -> bool:
        """Whether the request has come, and what is done about it while it is held is done."""
        return self._there.is_set()

    def wait(self) -> None:
        """Wait until the request has come."""
        assert self._there.wait(PATIENCE), "the request never came"

    def release(self) -> None:
        """Let the request go, and wait until it is through."""
        self._let_go.set()
        assert self._through.wait(PATIENCE), "the request never got through"

    def stand(self) -> None:
        """Stand here until let go, whoever has been waiting for that told first."""
        self._there.set()
        assert self._let_go.wait(PATIENCE), "nobody let the request go"

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._let_go.set()
        self._through.set()


Treatment: TypeAlias = Answer | HangUp | Gone | Overruled | Slow | Spoilt | Held
