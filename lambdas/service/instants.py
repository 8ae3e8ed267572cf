"""Instants with their offset, as ISO 8601 text on the wire and aware datetimes inside."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator

Clock = Callable[[], datetime]

# Far enough for any charter, near enough that no sum with a duration leaves the calendar.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def utc_now() -> datetime:
    """Return this instant, aware."""
    return datetime.now(UTC)


def parse_instant(text: object) -> datetime:
    """Return the instant that ISO 8601 text with an offset names; ValueError in words otherwise."""
    if not isinstance(text, str):
        raise ValueError("must be ISO 8601 text, such as 2024-05-30T09:00:00-07:00")  # noqa: TRY004 - Pydantic turns ValueError into a refusal
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be ISO 8601 text, such as 2024-05-30T09:00:00-07:00") from None
    if instant.tzinfo is None:
        raise ValueError("must carry its offset, such as -07:00")
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(f"must lie between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return instant.replace(microsecond=0)


Instant = Annotated[datetime, BeforeValidator(parse_instant)]
