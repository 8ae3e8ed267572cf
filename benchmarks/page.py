"""The page on which figures are published: each table between two marks, put there by whoever measured it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

SPEED: Final = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "speed.md"
PLOT: Final = SPEED.with_name("growth.svg")


class NoSuchPlaceError(Exception):
    """A page has no marks of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the page has no place for `{name}`: write `{_begin(name)}` and `{_end(name)}` into it")


def put(text: str, name: str, body: str) -> str:
    """Return a page's text with `body` between the marks of that name; raise NoSuchPlaceError where they are not."""
    place = re.compile(f"{re.escape(_begin(name))}.*?{re.escape(_end(name))}", re.DOTALL)
    found, times = place.subn(lambda _: f"{_begin(name)}\n\n{body.strip()}\n\n{_end(name)}", text)
    if times != 1:
        raise NoSuchPlaceError(name)
    return found


def _begin(name: str) -> str:
    return f"<!-- measured: {name} -->"


def _end(name: str) -> str:
    return f"<!-- end of {name} -->"
