"""What the template tells the service through its environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from castoff.contract.tickets import OPS
from lambdas.shipcaptaincrew.brand import Brand


@dataclass(frozen=True)
class Settings:
    """The names of what the service uses, and how it speaks to the crew.

    The hours of reminder and summary are those of the day before, at the dock.
    """

    table: str
    key_secret: str
    origin_secret: str
    gate_secret: str
    signer_secret: str
    key_value_store: str
    uploads_bucket: str
    mail_from: str
    guest_url: str
    ops_url: str
    zone: ZoneInfo
    link_hours: int = 48
    mail_topic: str = ""
    mail_events: str = ""
    brand: Brand = field(default_factory=Brand)
    reminder_hour: int = 10
    summary_hour: int = 18

    @property
    def sender(self) -> tuple[str, str]:
        """Whom a mail comes from: name and address."""
        return self.brand.name, self.mail_from

    def link(self, subject: str, token: str) -> str:
        """Return a magic link's address, on the site whose pages it opens."""
        site = self.ops_url if subject == OPS else self.guest_url
        return f"{site}/crew/{subject}?token={token}"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; KeyError names what is missing."""
    return Settings(
        table=environment["TABLE"],
        key_secret=environment["SCC_SECRET"],
        origin_secret=environment["ORIGIN_SECRET"],
        gate_secret=environment["GATE_SECRET"],
        signer_secret=environment["UPLOAD_SIGNER_SECRET"],
        key_value_store=environment["KEY_VALUE_STORE"],
        uploads_bucket=environment["UPLOADS_BUCKET"],
        mail_from=environment["MAIL_FROM"],
        guest_url=environment["GUEST_URL"].rstrip("/"),
        ops_url=environment["OPS_URL"].rstrip("/"),
        zone=ZoneInfo(environment["TIME_ZONE"]),
        link_hours=int(environment.get("LINK_HOURS", "48")),
        mail_topic=environment.get("MAIL_TOPIC", ""),
        mail_events=environment.get("MAIL_EVENTS", ""),
        brand=Brand(environment.get("BRAND_NAME", ""), environment.get("BRAND_CONTACT", "")),
        reminder_hour=int(environment.get("REMINDER_HOUR", "10")),
        summary_hour=int(environment.get("SUMMARY_HOUR", "18")),
    )
