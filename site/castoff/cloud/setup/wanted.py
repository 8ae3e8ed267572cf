"""What castoff.yaml asks of a target's stack: what is there already, and what the stack is to make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNED: Final = "sigv4"

SITES: Final = ("guest", "ops")


@dataclass(frozen=True)
class Site:
    """One of the two sites; None is for the stack to make."""

    domain: str
    bucket: str | None = None
    distribution: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A target's settings as far as they are written; None is for the stack to make, or to say."""

    target: str
    stack: str
    guest: Site
    ops: Site
    time_zone: str
    mail_from: str | None = None
    brand_name: str = ""
    brand_contact: str = ""
    auth: str = "service-key"
    unlisted: bool = False
    uploads: str | None = None
    state: str | None = None
    scc_url: str | None = None
    scc_key: str | None = None
    dashboard_url: str | None = None
    dashboard_token: str | None = None
    region: str | None = None
    profile: str | None = None
    endpoint: str | None = None

    def site(self, name: str) -> Site:
        """Return a site by its name in castoff.yaml."""
        return self.guest if name == "guest" else self.ops

    @property
    def of_another(self) -> list[tuple[str, str]]:
        """What is said of services before there is a stack, and that it would not make: the field, and its value."""
        said = {
            "scc.url": (self.scc_url, None),
            "scc.key": (self.scc_key, f"secretsmanager:{self.stack}/scc#service_key"),
            "dashboard.url": (self.dashboard_url, None),
            "dashboard.token": (self.dashboard_token, f"secretsmanager:{self.stack}/dashboard#token"),
        }
        return [(field, value) for field, (value, made) in said.items() if value is not None and value != made]

    @property
    def named(self) -> dict[str, tuple[str, str]]:
        """What the template may make or be given: its parameter → the field of castoff.yaml and what that names."""
        found = {
            "GuestBucketName": ("guest.bucket", self.guest.bucket),
            "OpsBucketName": ("ops.bucket", self.ops.bucket),
            "UploadsBucketName": ("uploads", self.uploads),
            "StateBucketName": ("state", self.state and self.state.removeprefix("s3://").partition("/")[0]),
            "GuestDistributionId": ("guest.distribution", self.guest.distribution),
            "OpsDistributionId": ("ops.distribution", self.ops.distribution),
        }
        return {parameter: (field, value) for parameter, (field, value) in found.items() if value}


def written_down(wanted: Wanted, outputs: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Return what castoff.yaml is to say of a stack, by the field's path in the target."""
    more: dict[tuple[str, ...], str] = {("dashboard", "auth"): _SIGNED} if wanted.auth == _SIGNED else {}
    return {
        **more,
        ("guest", "bucket"): outputs["GuestBucket"],
        ("guest", "distribution"): outputs["GuestDistribution"],
        ("ops", "bucket"): outputs["OpsBucket"],
        ("ops", "distribution"): outputs["OpsDistribution"],
        ("uploads",): outputs["UploadsBucket"],
        ("state",): f"s3://{outputs['StateBucket']}/",
        ("scc", "url"): outputs["SccUrl"],
        ("scc", "key"): f"secretsmanager:{outputs['SccSecret']}#service_key",
        ("dashboard", "url"): outputs["DashboardUrl"],
        ("dashboard", "token"): f"secretsmanager:{outputs['DashboardSecret']}#token",
    }
