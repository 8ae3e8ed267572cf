"""A calendar entry: one booking as the operator's calendar shows it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from castoff.contract.calendar import Status
from lambdas.service.fields import Identifier, Line, PageUrl
from lambdas.service.instants import Instant

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
LONGEST = dt.timedelta(hours=240)
"""The longest charter: whoever looks for what overlaps need not look back any further."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_APART = dt.timedelta(hours=36)  # the same day by any two clocks of the world


_STATUSES = {"hold": Status.TENTATIVE, "cancelled": Status.CANCELLED, "canceled": Status.CANCELLED}


def status_of(facts: Mapping[str, Any]) -> Status:
    """Return what an entry's own word for its status comes to, whatever its case; any other word is a charter's."""
    return _STATUSES.get(facts.get("status", "").strip().casefold(), Status.CONFIRMED)


def parse_day(text: object) -> dt.date:
    """Return the day that YYYY-MM-DD names; ValueError in words otherwise."""
    try:
        if isinstance(text, str) and _DAY.fullmatch(text):
            day = dt.date.fromisoformat(text)
            if FIRST_DAY <= day <= LAST_DAY:
                return day
    except ValueError:
        pass
    raise ValueError("must be a day of the years 2000 to 2100, such as 2024-05-30")


Day = Annotated[dt.date, BeforeValidator(parse_day)]
Figure = Annotated[Decimal, Field(ge=-(10**9), le=10**9, max_digits=14, decimal_places=4, allow_inf_nan=False)]
Figures = Annotated[dict[Identifier, Figure], Field(max_length=20)]


class EntryBody(BaseModel):
    """What callers send: day, kind and booking are enough."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: Day
    event_type: Line
    booking_id: Identifier
    title: Line | None = None
    starts: Instant | None = None
    ends: Instant | None = None
    vessel: Line | None = None
    dock: Line | None = None
    captain: Line | None = None
    crew: Annotated[list[Line], Field(max_length=20)] | None = None
    guest_count: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = None
    status: Line | None = None
    source: Line | None = None
    guest_page: PageUrl | None = None
    crew_page: PageUrl | None = None
    finance: Figures | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts is not None and self.ends is not None and self.ends < self.starts:
            raise ValueError("`ends` must not lie before `starts`")
        if self.starts is not None and self.ends is not None and self.ends - self.starts > LONGEST:
            raise ValueError("`ends` must lie within 240 hours of `starts`")
        noon = dt.datetime.combine(self.date, dt.time(12), dt.UTC)
        if self.starts is not None and abs(self.starts - noon) > _APART:
            raise ValueError("`starts` must lie on the day of `date`")
        return self

    def facts(self) -> dict[str, Any]:
        """Return what was sent, without what was left out, as values that a table stores."""
        facts = {name: getattr(self, name) for name in self.model_fields_set}
        return {name: _plain(value) for name, value in facts.items() if value is not None}


@dataclass(frozen=True)
class Entry:
    """An entry as it stands; `revision` rises with each change, `updated` says when the last one was.

    `conflicts` are the bookings that have the same vessel at the same time.
    """

    facts: Mapping[str, Any]
    revision: int
    updated: dt.datetime
    conflicts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where it stands in the order of days."""
        return f"{self.facts['date']}#{self.facts['booking_id']}"


def to_answer(entry: Entry, *, money: bool) -> dict[str, Any]:
    """Return an entry as its JSON answer, its figures only for one of those who may see money."""
    answer = {name: value for name, value in entry.facts.items() if name != "finance"}
    if money and "finance" in entry.facts:
        answer["finance"] = {name: _number(figure) for name, figure in entry.facts["finance"].items()}
    return {
        **answer,
        "conflicts": list(entry.conflicts),
        "revision": entry.revision,
        "updated": entry.updated.isoformat(),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _number(figure: Decimal | int) -> int | float:
    return int(figure) if figure == int(figure) else float(figure)
