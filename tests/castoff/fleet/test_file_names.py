"""What files are called: what belongs, what was meant, and what nobody reads."""

from __future__ import annotations

import pytest

from castoff.fleet.file_names import BOOKING_NAMING, CONTENT_NAMING, is_left_over, misnamed, stray_content

COPY = "delete it, or let `castoff new` write another booking"
ANY_BOOKING = "name it `<id>.yaml`, the id being 7 lower-case letters or digits"


@pytest.mark.parametrize(
    ("name", "rule", "hint"),
    [
        ("a7kq4wt.yaml", None, None),
        ("a7kq4wt.yml", "wrong-file-name", "name it `a7kq4wt.yaml`"),
        ("A7KQ4WT.YAML", "wrong-file-name", "name it `a7kq4wt.yaml`"),
        ("a7kq4wt.yaml.txt", "wrong-file-name", "name it `a7kq4wt.yaml`"),
        ("Dana.yaml", "wrong-file-name", ANY_BOOKING),
        ("a7kq4wt (1).yaml", "wrong-file-name", COPY),
        ("a7kq4wt copy.yaml", "wrong-file-name", COPY),
        ("a7kq4wt copy 2.yaml", "wrong-file-name", COPY),
        ("a7kq4wt - Copy.yaml", "wrong-file-name", COPY),
        ("a7kq4wt - Copy (2).yaml", "wrong-file-name", COPY),
        ("Copy of a7kq4wt.yaml", "wrong-file-name", COPY),
        ("a7kq4wt_copy.yaml", "wrong-file-name", COPY),
        ("notes.txt", "stray-file", "move it out of `bookings`"),
        ("README.md", None, None),
        (".a7kq4wt.yaml.swp", None, None),
        ("a7kq4wt.yaml~", None, None),
        ("#a7kq4wt.yaml#", None, None),
        ("~$a7kq4wt.yaml", None, None),
        ("a7kq4wt.yaml.bak", None, None),
        ("Thumbs.db", None, None),
    ],
)
def test_a_booking_s_file_is_known_by_its_name(name: str, rule: str | None, hint: str | None) -> None:
    """What was most likely meant is named; what editors and systems leave is passed over."""
    problem = misnamed("bookings", name, BOOKING_NAMING)

    assert (None if problem is None else (problem.rule, problem.hint)) == (None if rule is None else (rule, hint))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("east-pier.md", None),
        ("East Pier.md", "name it `east-pier.md`"),
        ("east_pier.markdown", "name it `east-pier.md`"),
        ("east-pier.md.txt", "name it `east-pier.md`"),
        ("pier copy.md", "delete it, or give it a name of its own"),
        ("Café.md", "name it like `sheraton-marina.md`: lower-case letters, digits and single hyphens"),
        ("pier.pdf", "move it out of `content/docks`"),
    ],
)
def test_a_file_of_content_is_known_by_its_name(name: str, hint: str | None) -> None:
    """It is the name that other files write."""
    problem = misnamed("content/docks", name, CONTENT_NAMING)

    assert (None if problem is None else problem.hint) == hint


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("vessels", None),
        (".obsidian", None),
        ("README.md", None),
        ("vessel", "did you mean `content/vessels`?"),
        ("boats", "its folders are `vessels` and `docks`"),
    ],
)
def test_what_stands_beside_the_folders_of_content_is_told(name: str, hint: str | None) -> None:
    """A whole folder that nobody reads would be missed on the pages alone."""
    problem = stray_content(name, ("vessels", "docks"))

    assert (None if problem is None else problem.hint) == hint


def test_what_nobody_misses_is_told_by_its_whole_name() -> None:
    """A booking that is called so by accident is none of them."""
    assert is_left_over("notes.tmp")
    assert not is_left_over("tmp.yaml")
