"""The brand's colour made legible: lighter or darker until it can be read on paper, by day and by night.

Contrast is WCAG 2.2's, https://www.w3.org/TR/WCAG22/#contrast-minimum; text asks for 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

ENOUGH: Final = 4.5
BY_DAY: Final = 4.6
"""A little over 4.5, so that a colour that passes here passes in every checker."""
BY_NIGHT: Final = 7.5
"""Bright letters on dark paper look dimmer than their numbers."""
_STEPS: Final = 100


@dataclass(frozen=True, slots=True)
class Scheme:
    """Colours of one scheme: the paper, the brand as text on it, and text on the brand."""

    paper: str
    brand: str
    on_brand: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours by day and by night."""

    light: Scheme
    dark: Scheme


LIGHT_PAPER: Final = "#fbfaf6"
DARK_PAPER: Final = "#0c1a23"


@lru_cache(maxsize=8)
def palette(colour: str) -> Palette:
    """Return legible colours that are as near to `colour` (`#rrggbb`) as can be."""
    return Palette(
        light=_scheme(colour, paper=LIGHT_PAPER, towards="#000000", enough=BY_DAY),
        dark=_scheme(colour, paper=DARK_PAPER, towards="#ffffff", enough=BY_NIGHT),
    )


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def style(colours: Palette) -> str:
    """Return the colours as the custom properties that the stylesheet is written with."""
    light, dark = _properties(colours.light), _properties(colours.dark)
    return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _properties(scheme: Scheme) -> str:
    return f"--paper:{scheme.paper};--brand:{scheme.brand};--on-brand:{scheme.on_brand}"


def _scheme(colour: str, *, paper: str, towards: str, enough: float) -> Scheme:
    mixed = (_mix(colour, towards, step / _STEPS) for step in range(_STEPS + 1))
    brand = next(shade for shade in mixed if contrast(shade, paper) >= enough)
    return Scheme(paper, brand, max("#ffffff", "#06121a", key=lambda ink: contrast(ink, brand)))


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's knee
