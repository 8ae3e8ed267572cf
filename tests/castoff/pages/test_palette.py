"""The brand's colour on pages: read by day and by night, whatever an operator chose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.fleet.settings import Brand
from castoff.pages.legibility import faint_colour
from castoff.pages.palette import contrast, palette

STYLESHEET = (Path(__file__).resolve().parents[3] / "layouts/assets/castoff.css").read_text(encoding="utf-8")
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3, for text of any size."""
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def declared(name: str) -> list[str]:
    """Return the colours that the stylesheet gives a property for screens, by day first."""
    screens = STYLESHEET.partition("@media print")[0]
    found = re.findall(rf"--{name}:(#[0-9a-f]{{3,6}})", screens)
    return [colour if len(colour) > 4 else "#" + "".join(2 * digit for digit in colour[1:]) for colour in found]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0b4f6c", "#0b4f6c", 1.0)],
)
def test_contrast_is_wcag_s(one: str, other: str, ratio: float) -> None:
    """The figures that every checker gives."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@given(COLOURS)
def test_every_brand_can_be_read_wherever_it_is_used(colour: str) -> None:
    """Links on paper and on cards, words on buttons; crew pages have paper of their own."""
    colours, cards = palette(colour), declared("card")

    assert len(cards) == 2
    for scheme, card in zip((colours.light, colours.dark), cards, strict=True):
        assert contrast(scheme.brand, scheme.paper) >= ENOUGH
        assert contrast(scheme.on_brand, scheme.brand) >= ENOUGH
        assert contrast(scheme.brand, card) >= ENOUGH
    assert all(contrast(colours.light.brand, paper) >= ENOUGH for paper in declared("paper"))


def test_words_that_are_not_the_brand_s_can_be_read_too() -> None:
    """Ink, soft words, marks and warnings, on paper and on cards, by day and by night."""
    papers = [palette("#0b4f6c").light.paper, palette("#0b4f6c").dark.paper]

    for number, paper in enumerate(papers):
        for name in ("ink", "soft", "warn"):
            assert contrast(declared(name)[number], paper) >= ENOUGH
            assert contrast(declared(name)[number], declared("card")[number]) >= ENOUGH
        assert contrast(declared("mark-ink")[number], declared("mark")[number]) >= ENOUGH


@given(COLOURS)
def test_the_colour_that_a_warning_names_is_taken_without_one(colour: str) -> None:
    """Doing what the hint says ends the matter."""
    settings = f'brand: {{name: Lark, colour: "{colour}"}}\n'.encode()

    for problem in faint_colour(settings, Brand.model_validate({"name": "Lark", "colour": colour})):
        named = re.findall("#[0-9a-f]{6}", str(problem.hint))
        assert len(named) == 1
        assert not faint_colour(settings, Brand.model_validate({"name": "Lark", "colour": named[0]}))
        assert contrast(named[0], palette(colour).light.paper) > contrast(colour, palette(colour).light.paper)


@pytest.mark.parametrize(("colour", "told"), [("#737373", None), ("#747474", "a contrast of 4.4, and 4.5 is needed")])
def test_a_colour_that_can_be_read_is_not_warned_of(colour: str, told: str | None) -> None:
    """4.5 is enough, though pages aim a little higher; what is short of it never reads as if it had it."""
    settings = f'brand: {{name: Lark, colour: "{colour}"}}\n'.encode()

    problems = faint_colour(settings, Brand.model_validate({"name": "Lark", "colour": colour}))

    assert [told in problem.words for problem in problems if told] == [True] * (told is not None)
    assert len(problems) == (told is not None)
