"""Facts: what people know a charter by, and what a plan says of one that is another than it was."""

from __future__ import annotations

import pytest

from castoff.contract.facts import FactChange, fact_changes, heading, mark

NOTES = mark("notes", "one guest uses a cane", booking="xhqgmdh")
OTHER = mark("notes", "nobody does", booking="xhqgmdh")


@pytest.mark.parametrize(
    ("label", "before", "after", "line"),
    [
        ("starts", "2024-05-30 09:00", "2024-05-30 10:00", "starts 09:00 → 10:00"),
        ("starts", "2024-05-30 09:00", "2024-05-31 09:00", "starts 2024-05-30 09:00 → 2024-05-31 09:00"),
        ("duration", "3h", "4h", "duration 3h → 4h"),
        ("dock", "Sheraton Marina", "Sheraton Harbor", "dock Sheraton Marina → Sheraton Harbor"),
        ("crew", None, "crew-001", "crew new: crew-001"),
        ("crew", "crew-001", None, "crew gone: crew-001"),
        ("notes", NOTES, OTHER, "notes changed"),
        ("notes", None, NOTES, "notes new"),
        ("notes", NOTES, None, "notes gone"),
    ],
)
def test_changes_are_told_in_a_line(label: str, before: str | None, after: str | None, line: str) -> None:
    """A day that stays is not repeated, and of what is nobody's business only that it changed is told."""
    assert FactChange(label, before, after).line == line


def test_changes_come_in_the_order_people_ask() -> None:
    """Time before dock before the rest, whatever the order in the file."""
    before = {"zebra": "1", "dock": "A", "starts": "1", "status": "confirmed"}
    after = {"zebra": "2", "dock": "B", "starts": "2", "status": "confirmed", "apple": "1"}

    assert [change.label for change in fact_changes(before, after)] == ["starts", "dock", "apple", "zebra"]


def test_marks_tell_nothing_but_that_they_differ() -> None:
    """The same words of another booking have another mark, no JSON form has one, and none holds a word."""
    change = FactChange("notes", NOTES, OTHER)

    assert mark("notes", "one guest uses a cane", booking="b4nq9rv") != NOTES
    assert "cane" not in NOTES
    assert change.to_json() == {"label": "notes", "before": None, "after": None}


def test_headings_name_boat_and_time() -> None:
    """A charter is told from others by its boat and its start; where neither is known there is no heading."""
    assert heading({"starts": "2024-05-30 09:00", "vessel": "Jada", "dock": "A"}) == "Jada, 2024-05-30 09:00"
    assert heading({}) == ""
