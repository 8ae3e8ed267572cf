"""What programs said in this process's tests, each as it ended: kept so that a harbour which closes can read it all."""

from __future__ import annotations

from typing import Final

_SAID: Final[list[str]] = []


def note(*texts: str) -> None:
    """Keep what a program said; whatever ends as a value of `projects` does this by itself."""
    _SAID.extend(text for text in texts if text)


def said() -> tuple[str, ...]:
    """Return all that was said until now."""
    return tuple(_SAID)


def unsay(text: str) -> None:
    """Forget what a test only pretended to have said."""
    _SAID.remove(text)
