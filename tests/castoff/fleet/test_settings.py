"""Settings: brand, zone and targets, and the addresses that services cannot be reached at."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from castoff.fleet.settings import EMBEDDED, Addresses, CrewPages, Settings, addresses, parse_settings
from castoff.fleet.targets import Authentication
from castoff.reading.zones import Skipped, Twice, later, resolve, zone

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = (ROOT / "castoff.yaml").read_text(encoding="utf-8")
LEAST = "brand: {name: Harbor Sails}\ntimezone: America/Los_Angeles\n"


def settings_of(text: str) -> Settings:
    """Return the settings of a text that is in order."""
    parsed = parse_settings(text, "castoff.yaml")
    assert parsed.problems == []
    assert parsed.value is not None
    return parsed.value


def test_the_example_s_settings_are_read_whole() -> None:
    """Windows, sizes and references have the values that their words say."""
    settings = settings_of(EXAMPLE)

    production = settings.targets["production"]
    assert settings.uploads.opens == timedelta(hours=12)
    assert settings.uploads.closes == timedelta(days=14)
    assert settings.uploads.max_size == 25_000_000
    assert settings.retention.pages == timedelta(days=90)
    assert settings.standing_clock == datetime(2024, 5, 28, 12, tzinfo=zone("America/Los_Angeles"))
    assert production.scc is not None
    assert production.scc.auth is Authentication.SERVICE_KEY
    assert settings.targets["local"].embedded


def test_two_lines_are_enough() -> None:
    """Everything but a name and a zone has a default, and the careful one."""
    settings = settings_of(LEAST)

    assert settings.crew_pages is CrewPages.GATED
    assert settings.dashboard.finance is False
    assert settings.standing_clock is None


def test_a_target_is_seen_at_its_domains_and_an_embedded_one_at_the_edge() -> None:
    """Base addresses have no slash at the end."""
    targets = settings_of(EXAMPLE).targets

    assert addresses(targets["production"]) == Addresses(
        guest="https://queenofsandiego.com", ops="https://sailjada.com"
    )
    assert addresses(targets["local"]) == EMBEDDED


@pytest.mark.parametrize(
    ("host", "refused"),
    [
        ("queenofsandiego.com", True),
        ("www.queenofsandiego.com", True),
        ("SailJada.com", True),
        ("sailjada.com.", True),
        ("cloudfront.net", True),
        ("d111111abcdef8.cloudfront.net", True),
        ("d111111abcdef8.cloudfront.net:443", True),
        ("a1b2c3.execute-api.us-west-2.amazonaws.com", False),
        ("api.queenofsandiego.com", False),
        ("notcloudfront.net", False),
    ],
)
def test_services_are_never_called_through_cloudfront(host: str, *, refused: bool) -> None:
    """By default CloudFront forwards no viewer header, so the service key would be lost on the way."""
    text = EXAMPLE.replace("a1b2c3.execute-api.us-west-2.amazonaws.com", host)

    rules = [problem.rule for problem in parse_settings(text, "castoff.yaml").problems]

    assert rules == (["behind-cloudfront"] if refused else [])


def test_a_wall_clock_time_is_one_instant_none_or_two() -> None:
    """The night in spring lacks an hour, the one in autumn has one twice."""
    at = zone("America/Los_Angeles")

    spring, autumn, summer = (
        resolve(datetime(2024, *parts), at)  # noqa: DTZ001 - the wall clock
        for parts in ((3, 10, 2, 30), (11, 3, 1, 30), (5, 30, 9, 0))
    )

    assert spring == Skipped(datetime(2024, 3, 10, 1, 59, tzinfo=at), datetime(2024, 3, 10, 3, 0, tzinfo=at))
    assert isinstance(autumn, Twice)
    assert autumn.later.timestamp() - autumn.earlier.timestamp() == 3600
    assert summer == datetime(2024, 5, 30, 9, tzinfo=at)


def test_a_change_of_half_an_hour_is_found_as_well() -> None:
    """Lord Howe Island moves its clocks by thirty minutes."""
    at = zone("Australia/Lord_Howe")

    assert resolve(datetime(2024, 10, 6, 2, 15), at) == Skipped(  # noqa: DTZ001 - the wall clock
        datetime(2024, 10, 6, 1, 59, tzinfo=at), datetime(2024, 10, 6, 2, 30, tzinfo=at)
    )


def test_a_charter_through_the_night_of_a_change_lasts_as_long_as_it_says() -> None:
    """Three hours are three hours, whatever the clocks do meanwhile."""
    at = zone("America/Los_Angeles")

    assert later(datetime(2024, 3, 10, 0, tzinfo=at), timedelta(hours=3)).isoformat() == "2024-03-10T04:00:00-07:00"
