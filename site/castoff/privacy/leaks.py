"""Leaks: a project built over and over, with other figures and other names in it, and what of them shows where.

First every figure under `finance` is another one, and bookings that had none have some: not a byte may differ. Then
each field holds words that nothing else is made of: they may be found where the table lets them, and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath
from random import Random
from typing import TYPE_CHECKING, Final, TypeAlias

from castoff.fleet.model import Finance
from castoff.fleet.sources import SETTINGS, booking_path
from castoff.privacy.fields import FIELDS, Field
from castoff.privacy.outputs import Audience, Output, outputs
from castoff.privacy.planting import has_value, names_at, planted, value_at, with_field, with_paragraph
from castoff.privacy.traces import number_mark, traces, word_mark
from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from castoff.build import Build
    from castoff.fleet.sources import Sources
    from castoff.privacy.planting import Steps

    Maker: TypeAlias = Callable[[Sources], tuple[Build | None, tuple[Problem, ...]]]
    """What makes a build of files."""
    Teller: TypeAlias = Callable[[Build, Sequence[Problem]], Mapping[str, str]]
    """What says a build and its problems to people: texts by what they are."""
    _Key: TypeAlias = tuple[str, Audience, str | None, int]

AT_ONCE: Final = 500
"""Bookings of one build, so that a season fits into memory."""
_MONEY: Final = tuple(Finance.model_fields)


@dataclass(frozen=True, slots=True)
class Planted:
    """A mark: which field it stands for, in which file, and of which booking."""

    field: Field | str
    path: str
    booking: str | None = None


@dataclass(frozen=True, slots=True)
class Garden:
    """Files with marks in them, and what each mark is."""

    sources: Sources
    marks: dict[str, Planted] = field(default_factory=dict)


def leaks(sources: Sources, make: Maker, tell: Teller, *, seed: int, at_once: int = AT_ONCE) -> Iterator[Problem]:
    """Yield what shows of a project where it must not; the same `seed` plants the same.

    Yields nothing of a project that has errors of its own. `at_once` bookings are built at a time.
    """
    ids = iter(sorted(sources.bookings))
    while True:
        some = {booking: sources.bookings[booking] for booking in islice(ids, at_once)}
        part, random = replace(sources, bookings=some), Random(f"{seed} {min(some, default='')}")  # noqa: S311 - marks, no secrets
        plain = _all(part, make, tell)
        if plain is None:
            return
        yield from _money_leaks(plain, with_figures(part, random), make, tell, seed=seed)
        yield from _word_leaks(part, random, make, tell, seed=seed)
        if len(some) < at_once:
            return


def with_figures(sources: Sources, random: Random) -> Garden:
    """Return the files with another figure for each one under `finance`, and figures where there were none."""
    garden = Garden(sources)
    bookings: dict[str, bytes] = {}
    for booking, body in sources.bookings.items():
        values: dict[str, str] = {}
        for name in _MONEY:
            mark = number_mark(random)
            garden.marks[mark] = Planted(f"finance.{name}", booking_path(booking), booking)
            values[name] = f"{mark}.{random.randrange(10, 100)}"
        steps: dict[Steps, str] = {("finance", name): value for name, value in values.items()}
        there = any(has_value(body, one) for one in steps)
        bookings[booking] = planted(body, steps) if there else with_field(body, "finance", values)
    return replace(garden, sources=replace(sources, bookings=bookings))


def with_words(sources: Sources, fields: Sequence[Field], random: Random) -> Garden:
    """Return the files with marks in these fields, of which no two may stand in one place."""
    garden = Garden(sources)

    def grown(path: str, body: bytes, booking: str | None = None) -> bytes:
        for one in fields:
            if _stands_in(one, path, body):
                marks = {"word": word_mark(random), "number": number_mark(random)}
                used = {kind: mark for kind, mark in marks.items() if f"{{{kind}}}" in one.template}
                garden.marks.update({mark: Planted(one, path, booking) for mark in used.values()})
                words = one.template.format(**marks)
                body = (
                    planted(body, dict.fromkeys(_places(one, body), words))
                    if one.steps
                    else with_paragraph(body, words)
                )
        return body

    return replace(
        garden,
        sources=replace(
            sources,
            settings=sources.settings and grown(SETTINGS, sources.settings),
            content={path: grown(path, body) for path, body in sources.content.items()},
            bookings={key: grown(booking_path(key), body, key) for key, body in sources.bookings.items()},
        ),
    )


def _all(sources: Sources, make: Maker, tell: Teller) -> dict[_Key, Output] | None:
    """Return all that a build makes and says, None where there is none; parts of two builds are told by their keys.

    Columns are left out: where a whole booking stands on one line, a longer figure moves what is behind it.
    """
    built, problems = make(sources)
    if built is None:
        return None
    texts = tell(built, [replace(problem, column=1) for problem in problems])
    said = (Output(path, Audience.TOLD, None, text.encode()) for path, text in texts.items())
    found: dict[_Key, Output] = {}
    for output in (*outputs(built), *said):
        key = (output.path, output.audience, output.booking)
        number = 0
        while (*key, number) in found:
            number += 1
        found[(*key, number)] = output
    return found


def _money_leaks(
    plain: Mapping[_Key, Output],
    garden: Garden,
    make: Maker,
    tell: Teller,
    *,
    seed: int,
) -> Iterator[Problem]:
    """Yield what differs between two builds whose figures alone differ."""
    other = _all(garden.sources, make, tell)
    if other is None:
        words = "with other figures under `finance` there is no build, so the figures decide"
        yield Problem("build/release.json", 1, 1, words, "privacy-leak", _hint(seed))
        return
    for key in sorted({*plain, *other}, key=str):
        before, after = plain.get(key), other.get(key)
        if before is not None and after is not None and before.body == after.body:
            continue
        output = after or before
        if output is not None:
            shown = {} if after is None else dict(traces(after.body, garden.marks, deep=True))
            names = sorted({str(garden.marks[mark].field) for mark in shown}) or ["finance"]
            owners = sorted({garden.marks[mark].path for mark in shown}) or [_owner(output)]
            line = min(shown.values(), default=_first_difference(before, after))
            words = f"`{'`, `'.join(names)}` of {', '.join(owners)} changes the {output.audience}"
            yield Problem(output.path, line, 1, words, "privacy-leak", _hint(seed))


def _word_leaks(sources: Sources, random: Random, make: Maker, tell: Teller, *, seed: int) -> Iterator[Problem]:
    """Yield where a field shows that may not: each is planted, in as many builds as there are fields at one place."""
    for fields in rounds(FIELDS):
        garden = with_words(sources, fields, random)
        found = _all(garden.sources, make, tell)
        if found is None:
            words = "with other words in its fields there is no build, so nothing is known of them"
            yield Problem("build/release.json", 1, 1, words, "privacy-leak", _hint(seed))
            return
        for output in found.values():
            told: set[tuple[str, str]] = set()
            for mark, line in traces(output.body, garden.marks, deep=True):
                origin = garden.marks[mark]
                if isinstance(origin.field, Field) and not may_show(origin, output):
                    words = f"`{origin.field.name}` of {origin.path} shows in the {output.audience}"
                    if (words, output.path) not in told:
                        told.add((words, output.path))
                        yield Problem(output.path, line, 1, words, "privacy-leak", _hint(seed))


def may_show(origin: Planted, output: Output) -> bool:
    """Tell whether the table lets a mark be found there; what is one booking's, in nothing of another."""
    if isinstance(origin.field, str) or output.audience not in origin.field.seen:
        return False
    return origin.booking is None or output.booking in {None, origin.booking}


def rounds(fields: Sequence[Field]) -> list[list[Field]]:
    """Return the fields so that no two of a round stand in one place."""
    places: defaultdict[tuple[str, Steps, str | None], int] = defaultdict(int)
    found: list[list[Field]] = []
    for one in fields:
        place = (one.files, one.steps, one.role)
        if places[place] == len(found):
            found.append([])
        found[places[place]].append(one)
        places[place] += 1
    return found


def _stands_in(one: Field, path: str, body: bytes) -> bool:
    if one.files != path and one.files != str(PurePosixPath(path).parent):
        return False
    if one.role is not None and value_at(body, "role") != one.role:
        return False
    return not one.steps or any(has_value(body, steps) for steps in _places(one, body))


def _places(one: Field, body: bytes) -> list[Steps]:
    """Return where a field stands; those of a target stand in each of them."""
    if one.files != SETTINGS:
        return [one.steps]
    return [("targets", target, *one.steps) for target in names_at(body, "targets")]


def _owner(output: Output) -> str:
    return "a booking" if output.booking is None else booking_path(output.booking)


def _first_difference(before: Output | None, after: Output | None) -> int:
    """Return the line from which on two bodies differ."""
    if before is None or after is None:
        return 1
    same = 0
    for same, (one, other) in enumerate(zip(before.body, after.body, strict=False)):  # noqa: B007 - it is looked at behind
        if one != other:
            break
    return after.body.count(b"\n", 0, same) + 1


def _hint(seed: int) -> str:
    return f"do not publish: see what your layouts do, and tell us otherwise (`--seed {seed}` finds it again)"
