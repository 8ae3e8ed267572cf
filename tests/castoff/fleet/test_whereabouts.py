"""Docks by their location: where the operator's clocks go, or a sign forgotten."""

from __future__ import annotations

import pytest

from castoff.fleet.content import parse_dock
from castoff.fleet.whereabouts import far_from_zone
from castoff.reading.zones import zone

WEST = "did you mean `-117.2`? West is negative"
NOWHERE = "correct it, or `timezone` in castoff.yaml"


@pytest.mark.parametrize(
    ("place", "lat", "lon", "name", "hint", "column"),
    [
        ("San Diego", 32.7, -117.2, "America/Los_Angeles", None, 0),
        ("San Diego without its minus", 32.7, 117.2, "America/Los_Angeles", WEST, 29),
        ("San Diego by an old name of its zone", 32.7, -117.2, "US/Pacific", None, 0),
        ("the same without its minus", 32.7, 117.2, "US/Pacific", WEST, 29),
        ("Sydney", -33.86, 151.2, "Australia/Sydney", None, 0),
        ("Sydney, its minus lost", 33.86, 151.2, "Australia/Sydney", "did you mean `-33.86`? South is negative", 17),
        (
            "Barcelona, swapped",
            *(2.18, 41.38, "Europe/Madrid"),
            *("the two are swapped: did you mean `{lat: 41.38, lon: 2.18}`?", 11),
        ),
        ("Galicia, by the clocks of Berlin", 42.2, -9.2, "Europe/Madrid", None, 0),
        ("Kashgar, by the clocks of Beijing", 39.5, 76.0, "Asia/Shanghai", None, 0),
        ("Tonga, east of the date line by its clocks alone", -21.1, -175.2, "Pacific/Tongatapu", None, 0),
        ("Kiritimati, a day ahead of its longitude", 1.9, -157.4, "Pacific/Kiritimati", None, 0),
        ("the Aleutians", 51.9, -176.6, "America/Adak", None, 0),
        ("Key West, by the clocks of New York", 24.6, -81.8, "America/New_York", None, 0),
        ("Seattle, by the clocks of Los Angeles", 47.6, -122.3, "America/Los_Angeles", None, 0),
        ("Boston, with the clocks of Sydney", 42.4, -71.0, "Australia/Sydney", NOWHERE, 29),
        ("London, a little east", 51.5, 0.1, "Europe/London", None, 0),
    ],
)
def test_a_location_is_held_against_the_clocks(  # noqa: PLR0917 - a table of six columns
    place: str, lat: float, lon: float, name: str, hint: str | None, column: int
) -> None:
    """No place on earth is warned of by the clocks that it has; a sign that is missing or a swap mostly is."""
    where = f"{{lat: {lat:<5}, lon: {lon}}}"
    text = f"---\nname: {place.replace(',', '')}\naddress: 1 Drive\nlocation: {where}\n---\nLeft.\n"
    parsed = parse_dock(text, "content/docks/pier.md")
    assert parsed.value is not None
    assert parsed.value.location is not None
    assert parsed.document is not None

    problems = far_from_zone(parsed.document, parsed.value.location, zone(name))

    assert [(one.hint, one.line, one.column) for one in problems] == ([] if hint is None else [(hint, 4, column)])
