"""Lines for a terminal of eighty columns: long words wrap beneath their beginning, a command stays in one piece."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

_WIDEST: Final = 100
_PIECES: Final = re.compile(r"\S*`[^`]*`\S*|\S+")


def terminal_width() -> int:
    """Return how many columns there are; eighty where nobody says, a hundred at most."""
    return min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)


def width_for(stream: TextIO) -> int:
    """Return the width to wrap at: whoever reads it through a pipe, or in a job's log, gets whole lines."""
    return terminal_width() if stream.isatty() else sys.maxsize


def wrapped(words: str, *, indent: int, width: int) -> Iterator[str]:
    """Yield lines, the first without its indent; what stands in backticks is not broken, since it is to be copied."""
    line = ""
    for piece in _PIECES.findall(words):
        if line and indent + len(line) + 1 + len(piece) > width:
            yield line
            line = ""
        line = f"{line} {piece}" if line else piece
    yield line


def hanging(head: str, words: str, *, width: int) -> Iterator[str]:
    """Yield words behind a head, as many lines as they need, all beginning in one column."""
    first, *rest = wrapped(words, indent=len(head), width=width)
    yield f"{head}{first}"
    for line in rest:
        yield f"{' ' * len(head)}{line}"
