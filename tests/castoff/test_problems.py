"""Problems as people and programs read them."""

from __future__ import annotations

import pytest

from castoff.problems import Problem, Severity, in_order, nearest, stops


def test_a_problem_reads_as_place_words_rule_and_hint() -> None:
    """An editor jumps to path, line and column; the hint stands beneath."""
    problem = Problem(
        "bookings/xhqgmdh.yaml", 11, 5, "unknown field `captian`", "unknown-field", "did you mean `captain`?"
    )

    assert str(problem) == (
        "bookings/xhqgmdh.yaml:11:5: unknown field `captian` [unknown-field]\n  hint: did you mean `captain`?"
    )


def test_a_warning_says_that_it_is_one_and_stops_nothing() -> None:
    """Only errors stop a build."""
    warning = Problem("a.yaml", 1, 1, "words", "rule", severity=Severity.WARNING)

    assert str(warning) == "a.yaml:1:1: warning: words [rule]"
    assert not stops([warning])
    assert stops([warning, Problem("a.yaml", 1, 1, "words", "rule")])


def test_problems_come_in_file_order_each_once() -> None:
    """By path, line and column as numbers; what was found first at one place stays first."""
    found = [Problem(path, line, column, words, "rule") for path, line, column, words in ORDERED]

    assert in_order([*reversed(found[:3]), *found[3:], found[0]]) == tuple(found)


ORDERED = [
    ("a.yaml", 2, 1, "b"),
    ("a.yaml", 2, 10, "b"),
    ("a.yaml", 10, 1, "b"),
    ("b.yaml", 1, 1, "z"),
    ("b.yaml", 1, 1, "a"),
]


def test_the_json_form_has_every_field() -> None:
    """Programs get what people get."""
    problem = Problem("a.yaml", 1, 2, "words", "rule", "hint")

    assert problem.to_json() == {
        "path": "a.yaml",
        "line": 1,
        "column": 2,
        "words": "words",
        "rule": "rule",
        "hint": "hint",
        "severity": "error",
        "reference": "docs/reference/problems.md#rule",
    }


def test_the_nearest_word_is_the_one_meant() -> None:
    """A slip of the finger is recognised, a different word is not."""
    assert nearest("Captian", ["captain", "crew"]) == "captain"
    assert nearest("weather", ["captain", "crew"]) is None
    assert nearest("jada.jpg", ["Jada.JPG"]) == "Jada.JPG"


def test_the_beginning_of_a_word_stands_for_it() -> None:
    """`prod` is `production` where nothing else begins so; two letters, or two words that begin so, are no guess."""
    assert nearest("prod", ["production", "local"]) == "production"
    assert nearest("pr", ["production", "local"]) is None
    assert nearest("prod", ["production-east", "production-west"]) is None


REPEATED = [
    # what stands in a file, and what a problem says of it
    ("a colour of a terminal", "`\x1b[31mred\x1b]0;x\x07` is no name", "`�[31mred�]0;x�` is no name"),
    ("two lines", "`one\nbookings/x.yaml:1:1: two` is no name", "`one�bookings/x.yaml:1:1: two` is no name"),
    ("letters that turn around", "`abc\u202egnp.exe` is no name", "`abc�gnp.exe` is no name"),
    ("half a sign", "`\ud800` is no name", "`�` is no name"),
    ("far too much", f"`{'x' * 10_000}` is no name", f"`{'x' * 59}…` is no name"),
    ("far too much without quotes", "x" * 10_000, f"{'x' * 399}…"),
    ("letters of all kinds", "`Ærøskøbing مرحبا 船` is no name", "`Ærøskøbing مرحبا 船` is no name"),
]


@pytest.mark.parametrize(("words", "told"), [row[1:] for row in REPEATED], ids=[row[0] for row in REPEATED])
def test_what_a_problem_repeats_moves_no_terminal(words: str, told: str) -> None:
    """Words, hint and path stay on one line, hold no sign that a terminal would obey, and fill no screen."""
    problem = Problem(words, 1, 1, words, "rule", words)

    assert (problem.path, problem.words, problem.hint) == (told, told, told)
