"""Hostile texts in every field that there is: refused by a rule, or taken as the text that they are."""

from __future__ import annotations

import pytest
from hostile.places import BODY, FILES, places
from hostile.strings import STRINGS

from castoff.problems import stops
from castoff.rules import RULES

PLACES = list(places())


def test_the_project_is_in_order() -> None:
    """What is said of a value is the value's own doing."""
    assert [
        problem for file in FILES for problem in file.parse(file.text(), file.path).problems if stops([problem])
    ] == []


def test_every_field_is_found() -> None:
    """Fields are found in the models, nested ones and lists too, so that a new one is covered by itself."""
    found = {str(place) for place in PLACES}

    assert {
        "castoff.yaml: brand.name",
        "castoff.yaml: targets.local.scc.url",
        "bookings/a7kq4wt.yaml: guests.allergies",
        "bookings/b8mr5xv.yaml: cancelled.words",
        "content/docks/pier.md: location.lat",
        f"content/vessels/lark.md: {BODY}",
    } <= found
    assert len(found) > 90


@pytest.mark.parametrize("hostile", STRINGS.values(), ids=STRINGS)
def test_a_hostile_text_is_taken_or_refused_by_a_rule(hostile: str) -> None:
    """No field answers with anything but a problem in printable words, at a place of the file, by a known rule."""
    for place in PLACES:
        for value in (hostile, f"https://sails.example.com/{hostile}", f"{hostile}@example.com"):
            told = place.problems(value)
            for problem in told:
                assert problem.rule in RULES, (str(place), problem)
                assert f"{problem.words}{problem.hint or ''}".isprintable(), (str(place), problem)
                assert len(problem.words) < 400, (str(place), problem)
                assert 1 <= problem.line <= place.text(value).count("\n") + 1, (str(place), problem)


UNPRINTABLE = ["a NUL", "an escape", "a delete", "a line's end of its own", "half a sign", "the other half"]


@pytest.mark.parametrize("name", [*UNPRINTABLE, "two lines", "two lines of another system", "a carriage return"])
def test_what_would_break_a_line_gets_into_no_name(name: str) -> None:
    """A field of one line takes no line's end and no sign that cannot be printed: mail subjects are made of it."""
    names = [
        place for place in PLACES if place.steps[-1] in {"name", "title", "lead", "why", "slip", "gate", "address"}
    ]

    assert [str(place) for place in names if not stops(place.problems(STRINGS[name]))] == []
