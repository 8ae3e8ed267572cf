"""The forms that operators write values in: text in, value out, or the words and the hint that say why not.

Scalars reach this module as the text that stands in the file, so `14:30` is never 870 and `no` never False.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from castoff.reading.limits import (
    EARLIEST_BOARDING,
    EARLIEST_CALL,
    LARGEST_UPLOAD,
    LONGEST_CHARTER,
    LONGEST_UNTIL_NEXT_RUN,
    MOST_GUESTS,
    SHORTEST_CHARTER,
    SHOWN,
    YEARS,
)
from castoff.reading.meant import (
    meant_answer,
    meant_clock,
    meant_count,
    meant_day,
    meant_degrees,
    meant_length,
    meant_size,
    without_day,
)

T = TypeVar("T")

_DURATION: Final = re.compile(r"(?=\d)(?:(\d{1,3})h)? ?(?:(\d{1,4})m)?", re.ASCII)
_SPAN: Final = re.compile(r"(\d{1,4})d", re.ASCII)
_MOMENT: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SIZE: Final = re.compile(r"(\d{1,5}) ?(KB|MB|GB)", re.ASCII)
_HOURS: Final = 12
"""A bare number up to this one is rather hours than minutes."""
_ALONE: Final = re.compile(r"[^\d/-]*\d{1,2}(?:[:.h]\d{2})?[^\d/-]*", re.ASCII)
"""A time of day with nothing beside it that could be a day."""
_BYTES: Final = {"KB": 1000, "MB": 1000**2, "GB": 1000**3}
_LARGEST: Final = f"{LARGEST_UPLOAD // _BYTES['MB']} MB"


class FormError(ValueError):
    """Say why a text is not of the form that is asked for; `rule` and `hint` go into the Problem.

    `at` is the character that is at fault, where it is one: the Problem is at its place.
    """

    def __init__(self, words: str, *, rule: str, hint: str | None = None, at: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.rule = rule
        self.hint = hint
        self.at = at


def parse_duration(text: str) -> timedelta:
    """Return hours and minutes: `3h`, `90m`, `1h30m` or `1h 30m`."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(" "):
        raise FormError(f"`{shortened(text)}` is not a duration", rule="wrong-duration", hint=_duration_hint(text))
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def parse_length(text: str) -> timedelta:
    """Return a duration that must not be nothing."""
    length = parse_duration(text)
    if not length:
        raise FormError(f"`{text}` is no time at all", rule="wrong-duration", hint="write at least `1m`")
    return length


def parse_next_run(text: str) -> timedelta:
    """Return how long until the next publish, which an upload form that is signed now has to live through."""
    meant = None if len(text) > SHOWN else meant_length(text)  # so that no hint names one that is too long
    length = meant if meant and meant > LONGEST_UNTIL_NEXT_RUN else parse_length(text)
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


def parse_boarding(text: str) -> timedelta:
    """Return how long before the start guests board: minutes, or a few hours."""
    early = parse_duration(text)
    if early > EARLIEST_BOARDING:
        minutes = early / timedelta(hours=1)  # whoever writes hours for them writes as many
        is_slip = minutes.is_integer() and minutes * timedelta(minutes=1) <= EARLIEST_BOARDING
        hint = f"did you mean `{minutes:.0f}m`?" if is_slip else f"write `{in_words(EARLIEST_BOARDING)}` at most"
        raise FormError(f"`{text}` is too early for guests to board", rule="early-boarding", hint=hint)
    return early


def parse_moment(text: str) -> datetime:
    """Return the wall clock at the dock, without a zone: `2024-05-30 09:00`."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise _not_a_moment(text)
    try:
        return _in_years(datetime(*map(int, found.groups())), text)  # type: ignore[arg-type] # noqa: DTZ001 - no zone here
    except ValueError as error:
        if isinstance(error, FormError):
            raise
        raise FormError(
            f"`{text}` is not in the calendar",
            rule="wrong-time",
            hint="midnight is `00:00` of the next day" if text.endswith("24:00") else "correct the day or the hour",
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
    meant = None if len(text) > SHOWN else meant_day(text)
    hint = f"write `{meant}`" if meant else "write year, month and day, such as `2024-05-28`"
    raise FormError(f"`{shortened(text)}` is not a day", rule="wrong-day", hint=hint)


def parse_count(text: str) -> int:
    """Return a whole number from 1."""
    if re.fullmatch(r"\d{5,60}", text, re.ASCII):
        raise FormError(f"`{text}` is more than can be counted", rule="wrong-count", hint="write `9999` at most")
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text)):  # noqa: PLR2004 - four digits
        meant = None if len(text) > SHOWN else meant_count(text)
        hint = f"write `{meant}`" if meant else "write a whole number from 1, such as `6`"
        raise FormError(f"`{shortened(text)}` is not a count", rule="wrong-count", hint=hint)
    return int(text)


def parse_guest_count(text: str) -> int:
    """Return how many guests come, as many as one charter can have."""
    if re.fullmatch(r"\d{4,60}", text, re.ASCII) and int(text) > MOST_GUESTS:
        words = f"{int(text)} guests are more than one charter can have"
        raise FormError(words, rule="wrong-count", hint=f"write {MOST_GUESTS} at most")
    return parse_count(text)


def parse_answer(text: str) -> bool:
    """Return a yes or no; `true` and `false` are taken too, since many editors write them."""
    answers = {"yes": True, "true": True, "no": False, "false": False}
    if text not in answers:
        meant = meant_answer(text)
        hint = f"write `{meant}`" if meant else "write `yes` or `no`"
        raise FormError(f"`{shortened(text)}` is neither yes nor no", rule="wrong-answer", hint=hint)
    return answers[text]


def parse_amount(text: str) -> Decimal:
    """Return an amount of money; the words never repeat it, since problems are printed where crew may read them."""
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,2})?", text, re.ASCII):
        hint = "write digits and at most a point, such as `840.75`"
        raise FormError("this is not an amount of money", rule="wrong-amount", hint=hint)
    return Decimal(text)


def parse_latitude(text: str) -> float:
    """Return degrees north of the equator."""
    return _degrees(text, most=90, hint="did you swap `lat` and `lon`?")


def parse_longitude(text: str) -> float:
    """Return degrees east of Greenwich."""
    return _degrees(text, most=180, hint="write `-180` to `180`")


def parse_size(text: str) -> int:
    """Return how many bytes an upload may have, from `25 MB` (decimal, as phones count)."""
    found = _SIZE.fullmatch(text)
    if found is None or not int(found[1]):
        meant = None if len(text) > SHOWN else meant_size(text)
        hint = f"write `{meant}`" if meant else "write a number and a unit, such as `25 MB`"
        known = None if meant is None else _SIZE.fullmatch(meant)
        if known and _in_bytes(known) > LARGEST_UPLOAD:
            hint = f"write `{_LARGEST}` at most"
        raise FormError(f"`{shortened(text)}` is not a size", rule="wrong-size", hint=hint)
    size = _in_bytes(found)
    if size > LARGEST_UPLOAD:
        words = f"`{text}` is more than an upload can be"
        raise FormError(words, rule="wrong-size", hint=f"write `{_LARGEST}` at most")
    return size


def parse_before_start(text: str) -> timedelta:
    """Return how long before a charter's start, from `12h before start`."""
    return _span(text, "before start", example="12h before start")


def parse_after_end(text: str) -> timedelta:
    """Return how long after a charter's end, from `14d after end`."""
    return _span(text, "after end", example="14d after end")


def shortened(text: str) -> str:
    """Return the text as problems show it: its first line, and not all of a long one."""
    line = text.split("\n", 1)[0]
    return line if line == text and len(text) <= SHOWN else f"{line[: SHOWN - 1]}…"


def in_words(length: timedelta) -> str:
    """Return a duration in the form that operators write it."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return " ".join(
        part for part in (f"{hours}h" if hours else "", f"{minutes}m" if minutes or not hours else "") if part
    )


def _in_bytes(size: re.Match[str]) -> int:
    return int(size[1]) * _BYTES[size[2]]


def _in_years(moment: T, text: str) -> T:
    if moment.year not in YEARS:  # type: ignore[attr-defined]
        raise FormError(
            f"`{text}` is not between the years {YEARS[0]} and {YEARS[-1]}", rule="wrong-time", hint="correct the year"
        )
    return moment


def _span(text: str, ending: str, *, example: str) -> timedelta:
    hint = f"write it like `{example}`"
    amount = text.removesuffix(f" {ending}")
    way, _, of = ending.partition(" ")
    bare = re.sub(rf" ?{way}(?: {of})?$", "", text)  # of `1h after start` nobody knows which half is wrong
    length = None if len(text) > SHOWN else meant_length(bare)
    if _SPAN.fullmatch(bare):
        hint = f"write `{bare} {ending}`"
    elif length:
        in_days = re.search(r"\d ?d", text) and length == timedelta(days=length.days)
        hint = f"write `{f'{length.days}d' if in_days else in_words(length)} {ending}`"
    if amount == text:
        raise FormError(f"`{shortened(text)}` does not say `{ending}`", rule="wrong-duration", hint=hint)
    days = _SPAN.fullmatch(amount)
    if days:
        return timedelta(days=int(days[1]))
    try:
        return parse_duration(amount)
    except FormError as error:
        raise FormError(f"`{shortened(amount)}` is not a duration", rule="wrong-duration", hint=hint) from error


def _duration_hint(text: str) -> str:
    if re.fullmatch(r"\d{1,3}", text, re.ASCII):
        ways = [f"`{text}h` for hours", f"`{text}m` for minutes"]
        return f"write {', '.join(reversed(ways) if int(text) > _HOURS else ways)}"
    meant = None if len(text) > SHOWN else meant_length(text)
    return f"write `{in_words(meant)}`" if meant else "write hours and minutes, such as `3h` or `1h 30m`"


def _degrees(text: str, *, most: int, hint: str) -> float:
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,8})?", text, re.ASCII):
        meant = None if len(text) > SHOWN else meant_degrees(text)
        advice = f"write `{meant}`" if meant else "write degrees with a point, such as `32.7254`"
        raise FormError(f"`{shortened(text)}` is not in degrees", rule="wrong-degrees", hint=advice)
    if abs(float(text)) > most:
        raise FormError(f"`{text}` is not on this globe", rule="wrong-degrees", hint=hint)
    return float(text)


def _not_a_moment(text: str) -> FormError:
    """Return what is wrong with a date and time; the hint has whatever can be told, and invents nothing."""
    day, clock = (None, None) if len(text) > SHOWN else (meant_day(text), meant_clock(without_day(text)))
    rest = without_day(text)
    words = f"`{shortened(text)}` is not a date and a time"
    if clock and _ALONE.fullmatch(text.lower()):
        words = f"`{text}` is a time without a date"
    if day and not re.search(r"\d|noon|midnight", rest):
        words = f"`{text}` is a date without a time"
    hint = "write date and time, such as `2024-05-30 09:00`"
    if day and clock:
        hint = f"write `{day} {clock}`"
    elif day or clock:
        hint = f"write date and time, as `{day or 'YYYY-MM-DD'} {clock or 'HH:MM'}`"
    return FormError(words, rule="wrong-time", hint=hint)
