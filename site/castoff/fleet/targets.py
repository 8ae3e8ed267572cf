"""Where to publish: the embedded cloud, or sites, buckets and services, and what cannot work among them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from castoff.fleet.model import Record
from castoff.reading import kinds  # noqa: TC001 - Pydantic reads the annotations

if TYPE_CHECKING:
    from castoff.problems import Problem
    from castoff.reading.reader import Document

_SERVICES: Final = ("scc", "dashboard")
_HEADERS: Final = {"scc": "X-Service-Key", "dashboard": "X-Dashboard-Token"}


class Authentication(StrEnum):
    """How ShipCaptainCrew knows the publisher."""

    SERVICE_KEY = "service-key"
    SIGV4 = "sigv4"


class SiteSettings(Record):
    """One of the two sites."""

    domain: kinds.Domain
    bucket: kinds.Bucket
    distribution: kinds.Distribution


class SccSettings(Record):
    """Where ShipCaptainCrew answers."""

    url: kinds.WebAddress
    auth: Authentication = Authentication.SERVICE_KEY
    key: kinds.SecretReference


class DashboardSettings(Record):
    """Where the dashboard answers."""

    url: kinds.WebAddress
    token: kinds.SecretReference


class TargetSettings(Record):
    """Where to publish: the embedded cloud, or all of sites, buckets and services."""

    embedded: kinds.Answer = False
    guest: SiteSettings | None = None
    ops: SiteSettings | None = None
    uploads: kinds.Bucket | None = None
    state: kinds.StateAddress | None = None
    scc: SccSettings | None = None
    dashboard: DashboardSettings | None = None


def target_problems(document: Document, name: str, target: TargetSettings) -> list[Problem]:
    """Return what keeps a target from being published to: parts that it lacks, or has and must not have."""
    parts = {part: getattr(target, part) for part in TargetSettings.model_fields if part != "embedded"}
    here = ("targets", name)
    if target.embedded:
        hint = "remove it; `castoff cloud` knows the embedded parts"
        return [
            document.problem(
                *here, part, words=f"an embedded target has no `{part}`", rule="embedded-and-more", hint=hint
            )
            for part, value in parts.items()
            if value is not None
        ]
    problems = [
        document.problem(*here, words=f"missing field `{part}`", rule="missing-field", hint=f"write `{part}: …`")
        for part, value in parts.items()
        if value is None
    ]
    if target.guest and target.ops:
        problems += [
            document.problem(
                *(*here, "ops", part),
                words=f"`{getattr(target.ops, part)}` is the guest site's {part} as well",
                rule="one-site-twice",
                hint=f"give each site a {part} of its own",
            )
            for part in SiteSettings.model_fields
            if getattr(target.guest, part) == getattr(target.ops, part)
        ]
    return problems


def behind_cloudfront(document: Document) -> list[Problem]:
    """Return a problem for each service whose address leads through CloudFront; every target's domains count.

    It looks at the plain values, so that it speaks up in the same run as whatever else is wrong with them.
    """
    targets = _mapping(document.fields.values.get("targets"))
    own = {
        str(_mapping(_mapping(target).get(site)).get("domain"))
        for target in targets.values()
        for site in ("guest", "ops")
    }
    problems: list[Problem] = []
    for name, target in targets.items():
        for service in _SERVICES:
            url = _mapping(_mapping(target).get(service)).get("url")
            host = _host(url) if isinstance(url, str) else ""
            if (
                host.removeprefix("www.") not in own
                and host != "cloudfront.net"
                and not host.endswith(".cloudfront.net")
            ):
                continue
            words = (
                f"`{host}` goes through CloudFront, which by default forwards no viewer header to an origin: "
                f"`{_HEADERS[service]}` would be lost"
            )
            hint = "call it straight at API Gateway, such as `https://a1b2c3.execute-api.us-west-2.amazonaws.com/prod`"
            problems.append(
                document.problem("targets", name, service, "url", words=words, rule="behind-cloudfront", hint=hint)
            )
    return problems


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # such as an address in open brackets; its form is refused elsewhere
        return ""


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
