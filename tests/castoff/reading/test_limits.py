"""What castoff refuses and what the services refuse: one set of limits, written down twice, and held together here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from castoff.reading import limits
from castoff.reading.forms import (
    FormError,
    parse_boarding,
    parse_charter_length,
    parse_crew_call,
    parse_guest_count,
    parse_size,
)
from castoff.reading.texts import parse_line, parse_mail_address, parse_notes
from lambdas.service import fields, instants
from lambdas.shipcaptaincrew import bodies, uploads


def bound(kind: Any, name: str) -> Any:
    """Return one bound of an annotated type, such as `max_length`."""
    field = next(part for part in get_args(kind) if hasattr(part, "metadata"))
    return next(getattr(part, name) for part in field.metadata if hasattr(part, name))


def test_limits_are_those_of_the_services() -> None:
    """What passes `castoff check` is never refused for its size by what it is sent to."""
    hours = [timedelta(hours=float(bound(bodies.Hours, side))) for side in ("ge", "le")]

    assert (limits.YEARS[0], limits.YEARS[-1]) == (instants._FIRST_YEAR, instants._LAST_YEAR)
    assert limits.EARLIEST_CALL == bodies._EARLIEST_CALL
    assert hours == [limits.SHORTEST_CHARTER, limits.LONGEST_CHARTER]
    assert bound(bodies.Guests, "le") == limits.MOST_GUESTS
    assert bound(bodies.Crew, "max_length") == limits.MOST_CREW
    assert bound(fields.Line, "max_length") == limits.LONGEST_LINE
    assert bound(fields.Notes, "max_length") == limits.LONGEST_NOTES
    assert limits.LARGEST_UPLOAD == uploads.LARGEST
    assert fields.is_identifier("a" * limits.LONGEST_MEMBER_ID)
    assert not fields.is_identifier("a" * (limits.LONGEST_MEMBER_ID + 1))


@pytest.mark.parametrize(
    ("parse", "last", "beyond"),
    [
        (parse_charter_length, "6m", "5m"),
        (parse_charter_length, "240h", "240h 1m"),
        (parse_boarding, "6h", "6h 1m"),
        (parse_crew_call, "48h", "48h 1m"),
        (parse_crew_call, "0m", "2881m"),
        (parse_guest_count, "1000", "1001"),
        (parse_size, "100 MB", "1 GB"),
        (parse_line, "ü" * 200, "ü" * 201),
        (parse_line, " one line\n", "two\u2028lines"),
        (parse_line, "one line", "a\ttab"),
        (parse_notes, "n" * 8000, "n" * 8001),
        (parse_notes, "two\r\n\tlines\u2028", "a bell\a"),
        (parse_mail_address, f"{'a' * 64}@example.com", f"{'a' * 65}@example.com"),
    ],
)
def test_a_limit_is_the_last_that_is_taken(parse: Any, last: str, beyond: str) -> None:
    """What the service takes is taken, and the very next is refused."""
    parse(last)

    with pytest.raises(FormError):
        parse(beyond)
