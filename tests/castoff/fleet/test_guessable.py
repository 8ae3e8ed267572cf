"""What can be guessed and what cannot: as a table of both kinds, and of what is drawn."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.example import example

from castoff.drafts import SIGNS, draw_id
from castoff.fleet.guessable import facts_of, guessable
from castoff.fleet.guessing import ENOUGH, guess
from castoff.fleet.sources import Sources

if TYPE_CHECKING:
    from castoff.fleet.model import Booking

GUESSED = [
    ("a word of the trade", "booking", "a plain word"),
    ("any other word", "oceanic", "a word"),
    ("two plain words", "seawave", "a plain word"),
    ("a word and a number", "sail007", "a plain word and a number"),
    ("a word and digits", "swans22", "a word"),
    ("the vessel's name, and three signs more", "jadaxqk", "the vessel's name"),
    ("the vessel's name and a number", "jada001", "the vessel's name and a number"),
    ("the name of the guest, and a number", "dana012", "the guest's name and a sequence"),
    ("the guest's name without its accent", "chloe22", "the guest's name"),
    ("the source, cut short by the id's length", "viatorx", "the source"),
    ("a word of the dock's name", "marina4", "the dock's name"),
    ("the charter's day in digits", "xq0530k", "the charter's date"),
    ("the charter's day in words", "kxmay30", "the charter's date"),
    ("the charter's day, the year before it", "240530k", "the charter's date"),
    ("the day and the hour", "5300900", "the charter's date and the charter's hour"),
    ("another day", "july4th", "a date"),
    ("a year, and little beside", "kx2019z", "a year"),
    ("the alphabet", "abcdefg", "a sequence"),
    ("the alphabet, backwards", "gfedcba", "a sequence"),
    ("a keyboard's row", "qwertyu", "a sequence"),
    ("counting", "1234567", "a sequence"),
    ("counting, in two rows", "abc1234", "a sequence"),
    ("counting from nought", "0000001", "a number"),
    ("a letter and a number", "b000012", "a number"),
    ("digits, whatever they are", "8263915", "nothing but digits"),
    ("one sign", "aaaaaaa", "a repetition"),
    ("two signs in turn", "k7k7k7k", "a repetition"),
    ("three signs in turn", "kx7kx7k", "a repetition"),
]
SAFE = [
    ("the design's own", "xhqgmdh"),
    ("letters and digits", "b4nq9rv"),
    ("many digits", "4x82k59"),
    ("a date that is another's", "x0417qk"),
    ("two letters of a name", "da4k9xq"),
    ("three letters that make no word", "kzo4x9q"),
    ("a short row in between", "k9abc4x"),
    ("vowels that nobody can say", "ueaoiea"),
]


@pytest.fixture(scope="module")
def booking() -> Booking:
    """Return a charter of Chloé and Dana's on Jada, on May 30 at 9."""
    found = next(charter.booking for charter in example().charters if charter.id == "xhqgmdh")
    guests = found.guests.model_copy(update={"lead": "Chloé & Dana R."})
    return found.model_copy(update={"guests": guests, "source": "viator", "slug": None, "aliases": ()})


@pytest.mark.parametrize(("description", "text", "words"), GUESSED, ids=[row[0] for row in GUESSED])
def test_what_can_be_guessed_is_known_by_what_it_is(booking: Booking, description: str, text: str, words: str) -> None:
    """Words, names, dates, rows and numbers, alone or together, and whatever has too little beside them."""
    found = guess(text, facts_of(booking))

    assert (found.easy, found.words) == (True, words), description


@pytest.mark.parametrize(("description", "text"), SAFE, ids=[row[0] for row in SAFE])
def test_what_nobody_guesses_is_left_alone(booking: Booking, description: str, text: str) -> None:
    """A false alarm teaches people to look past true ones."""
    assert not guess(text, facts_of(booking)).easy, description


def test_ten_thousand_ids_that_are_drawn_are_never_warned_of(booking: Booking) -> None:
    """What `castoff new` draws is what `castoff check` asks for; no two of them are alike, and none has a vowel."""
    facts = facts_of(booking)
    drawn: set[str] = set()

    for _ in range(10_000):
        drawn.add(draw_id(secrets.choice, taken=drawn, facts=facts))

    assert len(drawn) == 10_000
    assert [one for one in drawn if guess(one, facts).easy] == []
    assert set().union(*drawn) == set(SIGNS)
    assert set(SIGNS).isdisjoint("aeiou01l")


def test_an_id_that_could_be_guessed_is_drawn_again(booking: Booking) -> None:
    """So is one that is taken, as an id or as a slug."""
    signs = iter("2345678" + "jjjjjjj" + "xhqgmdh" + "k4m7qtx")

    drawn = draw_id(lambda _: next(signs), taken={"xhqgmdh"}, facts=facts_of(booking))

    assert drawn == "k4m7qtx"


def test_random_ids_from_elsewhere_are_seldom_warned_of() -> None:
    """Drawn from all letters and digits, seven signs may spell something: of a thousand no more than twenty do."""
    signs = string.ascii_lowercase + string.digits
    drawn = ["".join(secrets.choice(signs) for _ in range(7)) for _ in range(4000)]

    assert sum(guess(one, {}).easy for one in drawn) <= 80


@given(st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=40))
def test_knowing_more_never_makes_it_harder(text: str) -> None:
    """Whoever knows a fact that is in a text needs no more tries than who doesn't, and never more than sign by sign."""
    blind, knowing = guess(text, {}), guess(text, {text[: len(text) // 2 + 1]: "a fact"})

    assert knowing.bits <= blind.bits <= 4.7 * len(text) + 1e-9


def warned(booking: Booking, **changed: object) -> list[tuple[str, str]]:
    """Return rule and words of each warning of a booking with other fields."""
    other = booking.model_copy(update=changed)
    aliases = f"aliases: [{', '.join(other.aliases)}]\n" if other.aliases else ""
    text = f"id: {other.id}\n{f'slug: {other.slug}' if other.slug else ''}\n{aliases}"
    sources = Sources(b"", {other.id: text.encode()}, {}, {}, ())
    return [(problem.rule, problem.words) for problem in guessable(sources, [other])]


def test_a_slug_with_the_id_in_it_is_as_good_as_the_id(booking: Booking) -> None:
    """It may say what it likes beside; so may one with a part that is as hard to guess as an id."""
    assert warned(booking, slug="danas-party-xhqgmdh") == []
    assert warned(booking, slug="danas-party-x2k9vq4") == []
    assert warned(booking, slug="jada-guest-xhqgmdh", aliases=("jada-xhqgmdh",)) == []


@pytest.mark.parametrize(
    "slug",
    [
        "jada-may30",
        "boatsetter-may30",
        "silver-wedding-june5",
        "jada",
        "danas-party",
        "charter-2024-05-30",
        "silverwedding",
        "goldmanandsons2024",
        "a-b-c-d",
    ],
)
def test_a_slug_of_words_and_dates_is_public(booking: Booking, slug: str) -> None:
    """However many parts it has: each of them can be guessed."""
    expected = [("public-slug", f"`{slug}` can be guessed, and the guest's page with it")]

    assert warned(booking, slug=slug) == expected


def test_a_booking_is_warned_of_its_addresses_once(booking: Booking) -> None:
    """Slug and aliases come in one warning: they were one choice."""
    found = warned(booking, slug="jada-may30", aliases=("danas-party", "jada-x2k9vq4", "may30"))

    assert found == [
        ("public-slug", "`jada-may30`, `danas-party` and `may30` can be guessed, and the guest's page with them")
    ]


def test_an_id_that_can_be_guessed_is_told_of_apart_from_the_slug(booking: Booking) -> None:
    """The id leads to the page as well, so a good slug doesn't help; a slug with that id in it has only one fault."""
    rules = [rule for rule, _ in warned(booking, id="jada001", slug="jada-x2k9vq4")]
    with_it = [rule for rule, _ in warned(booking, id="jada001", slug="jada-jada001")]
    both = [rule for rule, _ in warned(booking, id="jada001", slug="jada-may30")]

    assert (rules, with_it, both) == (["guessable-id"], ["guessable-id"], ["guessable-id", "public-slug"])


@pytest.mark.parametrize("now", [b"", b"\xff", b"- a list\n"])
def test_a_file_that_changed_meanwhile_has_its_first_line_for_a_place(booking: Booking, now: bytes) -> None:
    """Somebody saves while castoff builds: it is told what was read, and sees no traceback."""
    other = booking.model_copy(update={"id": "jada001", "slug": "jada-may30"})

    problems = guessable(Sources(b"", {"jada001": now}, {}, {}, ()), [other])

    assert [(problem.rule, problem.line, problem.column) for problem in problems] == [
        ("guessable-id", 1, 1),
        ("public-slug", 1, 1),
    ]


def test_a_long_text_is_looked_at_in_no_time() -> None:
    """A slug has up to eighty signs, and none of them makes the search explode."""
    assert guess("aw" * 40, {}).easy
    assert guess("ayowe" * 16, {}).bits > 0
    assert guess("x7" * 40 + "q", {}).bits > 0
    assert ENOUGH < 30
