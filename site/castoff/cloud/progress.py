"""How the core says what it is at: a small object that the command line draws."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Whoever wants to know what is being done."""

    def step(self, text: str) -> None:
        """Take note of the next step, a few words in the present participle."""


class Silent:
    """Nobody wants to know."""

    def step(self, text: str) -> None:
        """Say nothing."""
