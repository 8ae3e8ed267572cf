"""What the template tells the service through its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Settings:
    """The names of what the service uses, and how it speaks to the crew."""

    table: str
    key_secret: str
    origin_secret: str
    mail_from: str
    guest_url: str
    zone: ZoneInfo
    link_hours: int = 48


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; KeyError names what is missing."""
    return Settings(
        table=environment["TABLE"],
        key_secret=environment["SCC_SECRET"],
        origin_secret=environment["ORIGIN_SECRET"],
        mail_from=environment["MAIL_FROM"],
        guest_url=environment["GUEST_URL"].rstrip("/"),
        zone=ZoneInfo(environment["TIME_ZONE"]),
        link_hours=int(environment.get("LINK_HOURS", "48")),
    )
