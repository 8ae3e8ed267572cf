"""Assets: names made of bytes, the brand's colours, and pictures that pages name."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import example as case
from hypothesis import given
from hypothesis import strategies as st
from support.example import ROOT, example

from castoff.fleet.sources import read_sources
from castoff.pages.assets import make_assets, pictures_used
from castoff.pages.palette import contrast, palette
from castoff.pages.theme import ThemeFile, load_theme


def test_an_asset_is_named_by_its_bytes() -> None:
    """The key holds the hash of the body, so that another body has another key and may be kept for ever."""
    assets = make_assets(load_theme(ROOT), {}, brand=example().settings.brand, used=())

    style = assets["castoff.css"]

    assert style.key == f"castoff/castoff.{hashlib.sha256(style.body).hexdigest()[:10]}.css"
    assert style.address == f"/{style.key}"
    assert style.content_type == "text/css; charset=utf-8"


def test_the_stylesheet_is_small_and_wears_the_brand() -> None:
    """The stylesheet is under 12 KB and begins with the brand's colours; another colour makes another asset."""
    theme, brand = load_theme(ROOT), example().settings.brand
    other = brand.model_copy(update={"colour": "#7a1f1f"})

    ours = make_assets(theme, {}, brand=brand, used=())["castoff.css"]
    theirs = make_assets(theme, {}, brand=other, used=())["castoff.css"]

    assert len(ours.body) < 12_000
    assert ours.body.startswith(b":root{--paper:#fbfaf6;--brand:#0b4f6c;--on-brand:#ffffff}")
    assert ours.key != theirs.key


def test_only_pictures_that_pages_show_are_published() -> None:
    """A picture that lies in the folder and is named nowhere stays at home."""
    pictures = {**read_sources(ROOT).pictures, "draft.svg": b"<svg/>"}

    assets = make_assets(load_theme(ROOT), pictures, brand=example().settings.brand, used=pictures_used(example()))

    scripts, pictures_shown = (
        ["clock.js", "crew.js", "thanks.js", "upload.js"],
        ["jada.svg", "logo.svg", "mark.svg", "sea-lark.svg"],
    )
    assert sorted(assets) == sorted(["castoff.css", *scripts, *pictures_shown])


def test_an_operators_file_goes_over_the_themes() -> None:
    """An operator's stylesheet takes the place of the shipped one, file by file."""
    theme = load_theme(ROOT)
    own = replace(theme, files={**theme.files, "assets/castoff.css": ThemeFile("layouts/assets/castoff.css", b"b{}")})

    assets = make_assets(own, {}, brand=example().settings.brand, used=())

    assert assets["castoff.css"].body.endswith(b"b{}")
    assert assets["crew.js"].body == theme.assets["crew.js"]


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
@case("#000000")
@case("#ffffff")
@case("#ffd400")
@case("#0b4f6c")
def test_any_brand_colour_becomes_legible(colour: str) -> None:
    """Whatever the brand's colour, it can be read on the paper of either scheme, and so can letters on it."""
    for scheme in (palette(colour).light, palette(colour).dark):
        assert contrast(scheme.brand, scheme.paper) >= 4.5
        assert contrast(scheme.on_brand, scheme.brand) >= 4.5


def test_contrast_is_wcags() -> None:
    """Black on white is 21, a colour on itself 1, and #767676 on white the known 4.54."""
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#0b4f6c", "#0b4f6c") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
