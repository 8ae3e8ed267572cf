"""Whether the brand's colour can be read: where it is too faint, pages show the nearest colour that will do."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

from castoff.fleet.sources import LARGEST_TEXT, SETTINGS
from castoff.pages.palette import ENOUGH, contrast, palette
from castoff.problems import Problem, Severity
from castoff.reading.reader import decode, read

if TYPE_CHECKING:
    from castoff.fleet.settings import Brand


def faint_colour(settings: bytes, brand: Brand) -> list[Problem]:
    """Return a warning where the brand's own colour cannot be read by day, and pages show the nearest that can.

    What is shown darker by a hair is not told of. By night every brand is lightened, which nobody takes for a mistake.
    """
    day = palette(brand.colour).light
    text = decode(settings, SETTINGS, largest=LARGEST_TEXT)
    document = read(text, SETTINGS)[0] if isinstance(text, str) else None
    ratio = contrast(brand.colour, day.paper)
    if ratio >= ENOUGH or document is None:
        return []
    words = (
        f"letters in `{brand.colour}` are too faint to read on the pages' paper (a contrast of "
        f"{floor(10 * ratio) / 10}, and {ENOUGH} is needed), so that pages show `{day.brand}`"
    )
    hint = f'write `"{day.brand}"`, or a darker colour of your own'
    return [Problem(SETTINGS, *document.place_of("brand", "colour"), words, "faint-colour", hint, Severity.WARNING)]
