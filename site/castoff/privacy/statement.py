"""The table of who reads what, as Markdown: what `docs/explanation/privacy.md` shows is what the check goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.privacy.fields import FIELDS
from castoff.privacy.outputs import Audience

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGINS: Final = "<!-- the table begins: `CASTOFF_UPDATE=1 pytest tests/castoff/privacy` writes it -->"
ENDS: Final = "<!-- the table ends -->"
_SHOWN: Final = tuple(audience for audience in Audience if audience not in {Audience.OTHER, Audience.RELEASE})


def table() -> str:
    """Return the table; the audiences that read no field at all are left out, and money has a row of its own."""
    return "\n".join(_rows())


def with_table(page: str) -> str:
    """Return a page of documentation with the table as it is now."""
    before, _, rest = page.partition(BEGINS)
    return f"{before}{BEGINS}\n\n{table()}\n\n{ENDS}{rest.partition(ENDS)[2]}"


def _rows() -> Iterator[str]:
    yield f"| | {' | '.join(audience.value for audience in _SHOWN)} |"
    yield f"|---|{':-:|' * len(_SHOWN)}"
    yield f"| **anything under `finance`** | {' | '.join(' ' for _ in _SHOWN)} |"
    for one in FIELDS:
        yield f"| {one.name} | {' | '.join('yes' if audience in one.seen else ' ' for audience in _SHOWN)} |"
