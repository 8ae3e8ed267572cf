"""A target: where one release goes. Secrets stand in it as references, resolved when they are used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.release import Site


@dataclass(frozen=True, slots=True)
class SiteTarget:
    """One site: its public base URL without a slash at the end, its bucket, its distribution's id."""

    url: str
    bucket: str
    distribution: str


@dataclass(frozen=True, slots=True)
class ServiceTarget:
    """A service: its base URL, and the reference of the secret that it asks for (`secretsmanager:`, `ssm:`, `env:`).

    With `signed`, calls carry a signature by AWS credentials as well.
    """

    url: str
    secret: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """Temporary credentials, where they do not come from the environment as AWS's tools find them."""

    key: str
    secret: str
    token: str | None = None

    def __repr__(self) -> str:
        """Show whose key it is, and nothing that opens."""
        return f"Credentials(key={self.key!r})"


@dataclass(frozen=True, slots=True)
class Access:
    """By whom AWS is asked: a profile of its tools, and a role that is assumed with its credentials.

    `session` is what the role's session is called in CloudTrail, `lent` for how many seconds it is had at a time: every
    role allows an hour, and no role lends another for longer.
    """

    profile: str | None = None
    role: str | None = None
    session: str = "castoff"
    lent: int = 3600


@dataclass(frozen=True, slots=True)
class Target:
    """Where a publish goes; `endpoint` stands for all of AWS, where it is embedded or one's own."""

    name: str
    sites: Mapping[Site, SiteTarget]
    state: str
    scc: ServiceTarget
    dashboard: ServiceTarget
    region: str | None = None
    endpoint: str | None = None
    credentials: Credentials | None = None
    access: Access = Access()


def session_name(environment: Mapping[str, str]) -> str:
    """Return what CloudTrail is to call a role's session: castoff, and in GitHub Actions the run that it is of."""
    run = environment.get("GITHUB_RUN_ID", "")
    return f"castoff-{run}" if run.isdigit() else "castoff"
