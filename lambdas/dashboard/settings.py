"""What the template tells the service through its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Settings:
    """The names of what the service uses, and the zone whose midnight begins a day."""

    table: str
    token_secret: str
    zone: ZoneInfo


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; KeyError names what is missing."""
    return Settings(
        table=environment["TABLE"],
        token_secret=environment["DASHBOARD_SECRET"],
        zone=ZoneInfo(environment["TIME_ZONE"]),
    )
