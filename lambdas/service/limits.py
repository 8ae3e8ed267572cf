"""How often something may be asked for: counts in the table, each for a span of time that its first use begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lambdas.service.table import ConditionError, Key, Table, Update


@dataclass(frozen=True)
class Limit:
    """So many times within a span, for each subject on its own."""

    name: str
    most: int
    span: timedelta


class Limits:
    """The counts; TTL deletes late, so each is judged by the clock in its condition."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def is_used_up(self, limit: Limit, subject: str, *, now: datetime) -> bool:
        """Tell whether a limit is reached already, and count nothing."""
        stands = self._table.get(_key(limit, subject))
        return stands is not None and stands["expires_at"] > now.timestamp() and stands["count"] >= limit.most

    def allows(self, limit: Limit, subject: str, *, now: datetime) -> bool:
        """Count one more for a subject and tell whether it is within the limit."""
        key = _key(limit, subject)
        second = int(now.timestamp())
        more = Update(
            key,
            change="SET #count = #count + :one",
            condition="#expires_at > :now AND #count < :most",
            values={"one": 1, "now": second, "most": limit.most},
            label="limit",
        )
        anew = Update(
            key,
            change="SET #count = :one, #expires_at = :end",
            condition="attribute_not_exists(#pk) OR #expires_at <= :now",
            values={"one": 1, "now": second, "end": second + int(limit.span.total_seconds())},
            label="limit",
        )
        # Read first: most questions of a flood are refused, and a write costs ten times as much.
        stands = self._table.get(key)
        if stands is not None and stands["expires_at"] > second:
            return stands["count"] < limit.most and self._done(more)
        # Someone else may begin the span at this moment; then it is counted in theirs.
        return self._done(anew) or self._done(more)

    def _done(self, step: Update) -> bool:
        try:
            self._table.update(step)
        except ConditionError:
            return False
        return True


def _key(limit: Limit, subject: str) -> Key:
    return Key(f"limit#{limit.name}#{subject}", "limit")
