"""Money in free text: the lines that must go, and the lines that must stay.

The tables beside this file are the specification: `money/goes.txt`, `money/stays.txt`, `money/texts.txt`.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from castoff.contract import money
from castoff.contract.money import Held, hold_back, names_a_sum, speaks_of_money

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES: Final = Path(__file__).parent / "money"
_ESCAPED: Final = re.compile(r"\\(?:u(?P<short>[0-9a-f]{4})|U(?P<long>[0-9a-f]{8})|(?P<named>[tr]))")


def unescaped(line: str) -> str:
    """Return a line of a table with the characters that its escapes name."""
    names = {"t": "\t", "r": "\r"}
    return _ESCAPED.sub(lambda found: names.get(found["named"]) or chr(int(found["short"] or found["long"], 16)), line)


def rows(name: str) -> list[str]:
    """Return the lines of a table of lines; comments, and the mark of what could be harmless, left out."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [unescaped(line.removeprefix("? ")) for line in lines if line and not line.startswith("# ")]


def texts() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each text of several lines, and its lines with their marks."""
    for block in (TABLES / "texts.txt").read_text(encoding="utf-8").split("\n== ")[1:]:
        name, *lines = block.rstrip("\n").split("\n")
        yield name, [unescaped(line) for line in lines if line]


GOES: Final = rows("goes.txt")
STAYS: Final = rows("stays.txt")
PAIRS: Final = rows("pairs.txt")
TEXTS: Final = dict(texts())
PARTS: Final = st.one_of(
    st.sampled_from(GOES + STAYS),
    st.sampled_from([line[2:] for lines in TEXTS.values() for line in lines]),
    st.sampled_from(
        [
            "840",
            "$",
            ".75",
            "Maya: 150",
            "Tom: 80",
            "Ana: 9",
            "left",
            "2 x",
            "Balance",
            "Payment:",
            "captain",
            "tip",
            "pool",
            "",
            "  ",
            "---",
            "| a |",
            "re-",
        ]
    ),
    st.text(st.sampled_from("Payment feebalnce 0123456789$%.,-:|/'#*\t\u200b\u0435é"), max_size=12),
)
NOTES: Final = st.lists(PARTS, max_size=8).flatmap(
    lambda parts: st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]).map(lambda end: end.join(parts))
)
HOSTILE: Final = [
    *("net" + " -" * 5000, "1%" * 5000, "12.50 " * 1700, "9" * 10_000, "9," * 5000, "1." * 5000, "split " * 1700),
    *("total" + " is" * 3300, "total is " * 1100, "at 9.00" + " to 9.00" * 1200, "charge" + " the" * 2500),
    *("radios" + " a" * 5000 + " charge", "pay out" + " a" * 5000, "hundred a a " * 830, "-1.1 " * 2000, "1.1." * 2500),
    *(
        "1" + ",000" * 2500 + "x",
        "1 000 " * 1700,
        "+1 " + "22 " * 3300,
        "12/" * 3300,
        "captain gets " * 770,
        "item " * 2000,
    ),
    *(
        "left " + "-" * 9000,
        "left - " * 1400,
        "9" * 9000 + " kr",
        "111." * 2400 + " mad",
        "1 a " * 2500,
        "captain a " * 1000,
    ),
    *("rest is" + " is" * 3000, "840" + " is" * 3000, "840, " * 2000, "2x840x" * 1700, "@ 8" * 3300, "a: 150\n" * 1400),
    *("<a" * 5000, "*" * 10_000, "f_" * 5000, "a " * 5000, "b4b" * 3300, "\u0435" * 10_000, "\U0001d42b" * 10_000),
    *(
        "Balance\n" * 1250,
        "Balance\nfee\n9\n" * 700,
        "-\n" * 5000,
        "re-\n" * 2500,
        "9\n" * 5000,
        "|\n" * 5000,
        "\x85" * 10_000,
    ),
]


def test_the_table_is_long_enough_to_mean_something() -> None:
    """Both ways, some hundreds of lines, and each once."""
    assert len(GOES) > 400
    assert len(STAYS) > 250
    assert len({*GOES, *STAYS}) == len(GOES) + len(STAYS)


@pytest.mark.parametrize("line", GOES)
def test_lines_about_money_go(line: str) -> None:
    """What a guest or deckhand must not read is noticed, and held back."""
    assert hold_back(line).text == ""


@pytest.mark.parametrize("line", STAYS)
def test_lines_about_the_day_stay(line: str) -> None:
    """What the crew needs is not taken from them."""
    assert not speaks_of_money(line)
    assert hold_back(line) == Held(line, ())


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("Fee: 840", True),
        ("Fee in $", True),
        ("Fee is open", False),
        ("Fee at 9:30", False),
        ("Fees of 12 guests", False),
    ],
)
def test_a_line_about_money_names_a_sum_or_none(line: str, named: bool) -> None:  # noqa: FBT001 - a row of the table
    """Times and counts are no sums."""
    assert names_a_sum(line) == named


def test_lines_about_the_day_stay_together() -> None:
    """Nor are they taken where they stand beneath each other, in any company but that of money."""
    text = "\n".join(STAYS)

    assert [line.text for line in hold_back(text).lines] == []


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_read_as_a_reader_reads_them(name: str) -> None:
    """Headings, tables and torn figures are seen over several lines; what is between them stays."""
    lines = TEXTS[name]

    held = hold_back("\n".join(line[2:] for line in lines))

    assert [line.line for line in held.lines] == [number for number, line in enumerate(lines, 1) if line[0] == "-"]


@pytest.mark.parametrize("pair", PAIRS)
def test_two_lines_that_are_nothing_each_go_together(pair: str) -> None:
    """A word that is harmless by itself is not, once its figure stands beneath it."""
    above, beneath = pair.split(" // ")

    assert hold_back(above).text == above
    assert hold_back(f"{above}\n{beneath}").text == ""


def test_held_lines_are_named_and_the_rest_is_untouched() -> None:
    """Nothing vanishes silently: each held line has its number, and the other lines keep their order and endings."""
    held = hold_back("Guest count: 6\nRevenue: 840.75\nBring ice\n")

    assert held.text == "Guest count: 6\nBring ice\n"
    assert [(line.line, line.text) for line in held.lines] == [(2, "Revenue: 840.75")]


@given(NOTES)
@example("Balance\nfee 3\n840\n150 captain")
@example("tip\n840\npool")
@example("Balance\n\n840")
def test_holding_back_twice_changes_nothing_more(text: str) -> None:
    """The crew service holds back again on arrival, from the text without its margins, and finds nothing."""
    once = hold_back(text).text

    assert hold_back(once) == Held(once, ())
    assert hold_back(once.strip()) == Held(once.strip(), ())


@given(NOTES | st.text())
def test_what_is_shown_stands_in_the_text(text: str) -> None:
    """Only whole lines go: what stays and what is held are the text's own lines, each in one of the two."""
    held = hold_back(text)

    gone = {line.line for line in held.lines}
    lines = text.splitlines(keepends=True)
    assert held.text == "".join(line for number, line in enumerate(lines, start=1) if number not in gone)
    assert [line.text for line in held.lines] == [lines[number - 1].strip() for number in sorted(gone)]


@given(NOTES)
def test_no_line_that_stays_speaks_of_money(text: str) -> None:
    """Whatever stands around it."""
    assert [line for line in hold_back(text).text.splitlines() if speaks_of_money(line)] == []


@given(NOTES)
@example("Captain\n40 for Leo")
@example("Crew notes:\r40 for Leo")
def test_what_is_told_harmless_at_once_is_harmless(text: str) -> None:
    """The quick look that most texts get by with lets nothing through that the long one would hold back."""
    if money._is_harmless(text):
        assert money._Page(text.splitlines(keepends=True)).held() == set()


@given(st.sampled_from(GOES), st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufe0f", "\u200e"]), st.randoms())
def test_what_nobody_sees_hides_nothing(line: str, unseen: str, random: object) -> None:
    """Signs without a width, put anywhere into a line about money, leave it one."""
    place = random.randrange(len(line) + 1)  # type: ignore[attr-defined] # hypothesis hands a random.Random

    assert speaks_of_money(line[:place] + unseen + line[place:]) or hold_back(line).text == ""


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:14])
def test_no_line_takes_long(text: str) -> None:
    """The longest texts there are get looked through at once, whatever they repeat."""
    started = time.monotonic()

    hold_back(text)
    hold_back(f"{text}\n{text}")

    assert time.monotonic() - started < 2
