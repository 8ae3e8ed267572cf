"""Limits: so many within a span, however many ask at once, and as many again after it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lambdas.service.limits import Limit, Limits
from lambdas.service.table import Key, Table, Update

LIMIT = Limit("letters", 3, timedelta(minutes=10))
NOON = datetime(2024, 5, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "allowed"),
    [
        pytest.param([0, 0, 0], [True] * 3, id="as many as may"),
        pytest.param([0, 1, 2, 3], [True] * 3 + [False], id="one more"),
        pytest.param([0, 1, 2, 3, 9.99], [True] * 3 + [False] * 2, id="still within the span"),
        pytest.param([0, 1, 2, 3, 10], [True] * 3 + [False, True], id="the span that the first began is over"),
        pytest.param([0, 9, 9, 10, 11, 12, 13], [True] * 6 + [False], id="a new span counts from its own first"),
    ],
)
def test_a_span_allows_so_many(table: Table, minutes: list[float], allowed: list[bool]) -> None:
    """Within a span that the first use begins so many are allowed, though nothing clears the old count away."""
    limits = Limits(table)

    answers = [limits.allows(LIMIT, "ben", now=NOON + timedelta(minutes=minute)) for minute in minutes]

    assert answers == allowed


def test_subjects_and_limits_are_apart(table: Table) -> None:
    """Who has used up a limit takes nothing from others, nor from another limit of their own."""
    limits = Limits(table)
    once = Limit("calls", 1, LIMIT.span)

    answers = [
        limits.allows(limit, subject, now=NOON)
        for limit, subject in ((once, "ben"), (once, "ben"), (once, "cora"), (LIMIT, "ben"))
    ]

    assert answers == [True, False, True, True]


@pytest.mark.parametrize("minute", [0, 10])
def test_of_many_at_once_so_many_are_allowed(table: Table, minute: int) -> None:
    """Of twenty at the same moment exactly as many get through as may, also where an old span has just ended."""
    limits = Limits(table)
    if minute:
        assert limits.allows(LIMIT, "ben", now=NOON)
    now = NOON + timedelta(minutes=minute)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: limits.allows(LIMIT, "ben", now=now), range(20)))

    assert sum(answers) == 3


def test_who_is_overtaken_is_counted_within_the_new_span(dynamodb: Any, table_name: str) -> None:
    """Where another begins the span a moment earlier, one is counted in theirs, not refused."""

    class Overtaken(Table):
        """A table in which another always begins a span first."""

        def update(self, step: Update) -> None:
            """Let the other begin, then change."""
            if "end" in step.values:
                assert Limits(Table(lambda: dynamodb, table_name)).allows(LIMIT, "ben", now=NOON)
            super().update(step)

    assert Limits(Overtaken(lambda: dynamodb, table_name)).allows(LIMIT, "ben", now=NOON)


def test_a_refused_question_writes_nothing(dynamodb: Any, table_name: str) -> None:
    """A flood costs reads alone, and a question that is let through one write."""
    written: list[str] = []

    class Counted(Table):
        """A table that counts what is written."""

        def update(self, step: Update) -> None:
            """Count, then change."""
            written.append(step.change)
            super().update(step)

    limits = Limits(Counted(lambda: dynamodb, table_name))

    answers = [limits.allows(LIMIT, "ben", now=NOON) for _ in range(6)]

    assert answers == [True] * 3 + [False] * 3
    assert len(written) == 3


def test_counts_are_cleared_away_in_time(table: Table) -> None:
    """A count carries the end of its span, by which DynamoDB deletes it."""
    Limits(table).allows(LIMIT, "ben", now=NOON)

    stored = table.get(Key("limit#letters#ben", "limit"))

    assert stored == {
        "pk": "limit#letters#ben",
        "sk": "limit",
        "count": 1,
        "expires_at": int((NOON + timedelta(minutes=10)).timestamp()),
    }


def test_looking_counts_nothing(table: Table) -> None:
    """Whether a limit is used up is known without using it, and not before it is, nor after its span."""
    limits, few = Limits(table), Limit("test", 2, timedelta(minutes=10))

    looked = []
    for _ in range(3):
        looked += [limits.is_used_up(few, "a", now=NOON) for _ in range(5)]
        limits.allows(few, "a", now=NOON)
    later = limits.is_used_up(few, "a", now=NOON + timedelta(minutes=10))

    assert looked == [False] * 10 + [True] * 5
    assert (later, limits.is_used_up(few, "b", now=NOON)) == (False, False)
