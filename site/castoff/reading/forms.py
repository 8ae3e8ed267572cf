"""The forms that operators write values in: text in, value out, or the words and the hint that say why not.

Scalars reach this module as the text that stands in the file, so `14:30` is never 870 and `no` never False.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from castoff.reading.limits import (
    EARLIEST_CALL,
    LARGEST_UPLOAD,
    LONGEST_CHARTER,
    LONGEST_UNTIL_NEXT_RUN,
    MOST_GUESTS,
    SHORTEST_CHARTER,
    YEARS,
)

T = TypeVar("T")

_DURATION: Final = re.compile(r"(?=\d)(?:(\d{1,3})h)? ?(?:(\d{1,4})m)?", re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,4})d", re.ASCII)
_MOMENT: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SIZE: Final = re.compile(r"(\d{1,5}) ?(KB|MB|GB)", re.ASCII)
_BYTES: Final = {"KB": 1000, "MB": 1000**2, "GB": 1000**3}


class FormError(ValueError):
    """Say why a text is not of the form that is asked for; `rule` and `hint` go into the Problem."""

    def __init__(self, words: str, *, rule: str, hint: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.rule = rule
        self.hint = hint


def parse_duration(text: str) -> timedelta:
    """Return hours and minutes: `3h`, `90m`, `1h30m` or `1h 30m`."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(" "):
        raise FormError(
            f"`{text}` is not a duration",
            rule="wrong-duration",
            hint="write hours and minutes, such as `3h` or `1h 30m`",
        )
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def parse_length(text: str) -> timedelta:
    """Return a duration that must not be nothing."""
    length = parse_duration(text)
    if not length:
        raise FormError(f"`{text}` is no time at all", rule="wrong-duration", hint="write at least `1m`")
    return length


def parse_next_run(text: str) -> timedelta:
    """Return how long until the next publish, which an upload form that is signed now has to live through."""
    length = parse_length(text)
    if length > LONGEST_UNTIL_NEXT_RUN:
        words = f"`{text}` is longer than an upload form can live"
        raise FormError(words, rule="wrong-duration", hint="publish every night, and write `26h`")
    return length


def parse_charter_length(text: str) -> timedelta:
    """Return how long a charter takes, as long as ShipCaptainCrew knows charters."""
    length = parse_length(text)
    if not SHORTEST_CHARTER <= length <= LONGEST_CHARTER:
        side = "shorter" if length < SHORTEST_CHARTER else "longer"
        raise FormError(
            f"`{text}` is {side} than a charter can be",
            rule="wrong-length",
            hint=f"write `{in_words(SHORTEST_CHARTER)}` to `{in_words(LONGEST_CHARTER)}`",
        )
    return length


def parse_crew_call(text: str) -> timedelta:
    """Return how long before the start the crew is called, as early as ShipCaptainCrew calls anyone."""
    early = parse_duration(text)
    if early > EARLIEST_CALL:
        raise FormError(
            f"`{text}` is too early to call the crew",
            rule="early-crew-call",
            hint=f"write `{in_words(EARLIEST_CALL)}` at most",
        )
    return early


def parse_moment(text: str) -> datetime:
    """Return the wall clock at the dock, without a zone: `2024-05-30 09:00`."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise FormError(
            *_not_a_moment(text), rule="wrong-time", hint=f"write date and time, such as `{_example(text)}`"
        )
    try:
        return _in_years(datetime(*map(int, found.groups())), text)  # type: ignore[arg-type] # noqa: DTZ001 - no zone here
    except ValueError as error:
        if isinstance(error, FormError):
            raise
        raise FormError(
            f"`{text}` is not in the calendar", rule="wrong-time", hint="correct the day or the hour"
        ) from error


def parse_day(text: str) -> date:
    """Return a day: `2024-05-28`."""
    try:
        if _DAY.fullmatch(text):
            return _in_years(date.fromisoformat(text), text)
    except FormError:
        raise
    except ValueError:
        pass
    raise FormError(f"`{text}` is not a day", rule="wrong-day", hint="write year, month and day, such as `2024-05-28`")


def parse_count(text: str) -> int:
    """Return a whole number from 1."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text)):  # noqa: PLR2004 - four digits
        raise FormError(f"`{text}` is not a count", rule="wrong-count", hint="write a whole number from 1, such as `6`")
    return int(text)


def parse_guest_count(text: str) -> int:
    """Return how many guests come, as many as one charter can have."""
    count = parse_count(text)
    if count > MOST_GUESTS:
        raise FormError(
            f"{count} guests are more than one charter can have",
            rule="wrong-count",
            hint=f"write {MOST_GUESTS} at most",
        )
    return count


def parse_answer(text: str) -> bool:
    """Return a yes or no; `true` and `false` are taken too, since many editors write them."""
    answers = {"yes": True, "true": True, "no": False, "false": False}
    if text not in answers:
        raise FormError(f"`{text}` is neither yes nor no", rule="wrong-answer", hint="write `yes` or `no`")
    return answers[text]


def parse_amount(text: str) -> Decimal:
    """Return an amount of money; the words never repeat it, since problems are printed where crew may read them."""
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,2})?", text, re.ASCII):
        raise FormError(
            "this is not an amount of money", rule="wrong-amount", hint="write digits only, such as `840.75`"
        )
    return Decimal(text)


def parse_coordinate(text: str) -> float:
    """Return degrees."""
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,8})?", text, re.ASCII):
        raise FormError(f"`{text}` is not in degrees", rule="wrong-degrees", hint="write degrees, such as `32.7254`")
    return float(text)


def parse_size(text: str) -> int:
    """Return how many bytes an upload may have, from `25 MB` (decimal, as phones count)."""
    found = _SIZE.fullmatch(text)
    if found is None or not int(found[1]):
        raise FormError(f"`{text}` is not a size", rule="wrong-size", hint="write a number and a unit, such as `25 MB`")
    size = int(found[1]) * _BYTES[found[2]]
    if size > LARGEST_UPLOAD:
        most = f"{LARGEST_UPLOAD // _BYTES['MB']} MB"
        raise FormError(f"`{text}` is more than an upload can be", rule="wrong-size", hint=f"write `{most}` at most")
    return size


def parse_before_start(text: str) -> timedelta:
    """Return how long before a charter's start, from `12h before start`."""
    return _span(text, "before start", example="12h before start")


def parse_after_end(text: str) -> timedelta:
    """Return how long after a charter's end, from `14d after end`."""
    return _span(text, "after end", example="14d after end")


def shortened(text: str) -> str:
    """Return the text as problems show it: its first line, at most 60 characters."""
    line = text.split("\n", 1)[0]
    return line if line == text and len(text) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - said above


def in_words(length: timedelta) -> str:
    """Return a duration in the form that operators write it."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return " ".join(
        part for part in (f"{hours}h" if hours else "", f"{minutes}m" if minutes or not hours else "") if part
    )


def _in_years(moment: T, text: str) -> T:
    if moment.year not in YEARS:  # type: ignore[attr-defined]
        raise FormError(
            f"`{text}` is not between the years {YEARS[0]} and {YEARS[-1]}", rule="wrong-time", hint="correct the year"
        )
    return moment


def _span(text: str, ending: str, *, example: str) -> timedelta:
    hint = f"write it like `{example}`"
    if not text.endswith(f" {ending}"):
        raise FormError(f"`{shortened(text)}` does not say `{ending}`", rule="wrong-duration", hint=hint)
    amount = text.removesuffix(f" {ending}")
    days = _SPAN.fullmatch(amount)
    if days:
        return timedelta(days=int(days[1]))
    try:
        return parse_duration(amount)
    except FormError as error:
        raise FormError(f"`{shortened(amount)}` is not a duration", rule="wrong-duration", hint=hint) from error


def _not_a_moment(text: str) -> tuple[str]:
    if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
        return (f"`{text}` is a time without a date",)
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        return (f"`{text}` is a date without a time",)
    return (f"`{shortened(text)}` is not a date and a time",)


def _example(text: str) -> str:
    day = re.search(r"\d{4}-\d{2}-\d{2}", text)
    hour = re.search(r"\b([01]?\d|2[0-3]):([0-5]\d)\b", text)
    return f"{day[0] if day else '2024-05-30'} {hour[0].rjust(5, '0') if hour else '09:00'}"
