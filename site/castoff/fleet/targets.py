"""Where to publish: the embedded cloud, or sites, buckets and services, and what cannot work among them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from castoff.fleet.model import Record
from castoff.reading import kinds  # noqa: TC001 - Pydantic reads the annotations
from castoff.reading.forms import shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from castoff.problems import Problem
    from castoff.reading.reader import Document

_SERVICES: Final = ("scc", "dashboard")
_YES: Final = ("yes", "true")
_HEADERS: Final = {"scc": "X-Service-Key", "dashboard": "X-Dashboard-Token"}


OPTIONAL: Final = ("stack", "region", "profile", "role", "endpoint")
"""Fields that a target may leave out, embedded or not."""


_SAYS: Final = "castoff-setup-has-yet-to-say-"
YET_TO_SAY: Final = {
    ("guest", "bucket"): f"{_SAYS}guest",
    ("guest", "distribution"): "E0CASTOFFSETUP1",
    ("ops", "bucket"): f"{_SAYS}ops",
    ("ops", "distribution"): "E0CASTOFFSETUP2",
    ("uploads",): f"{_SAYS}uploads",
    ("state",): f"s3://{_SAYS}state/",
    ("scc", "url"): "https://yet-to-be-said.execute-api.us-west-2.amazonaws.com/prod",
    ("scc", "key"): "secretsmanager:yet/to-be-said#service_key",
    ("dashboard", "url"): "https://yet-to-be-said-too.execute-api.us-west-2.amazonaws.com/prod",
    ("dashboard", "token"): "secretsmanager:yet/to-be-said#token",
}
"""What stands for values that only a stack can say, so that all the others are judged as they always are."""


class Authentication(StrEnum):
    """How a service knows the publisher: as its stack's OperatorAuth says."""

    SERVICE_KEY = "service-key"
    """By its key alone, from addresses that the stack lists."""
    SIGV4 = "sigv4"
    """By its key and a signature with AWS credentials, from any address."""


class SiteSettings(Record):
    """One of the two sites."""

    domain: kinds.Domain
    """The host at which browsers see the site."""
    bucket: kinds.Bucket
    """The bucket that its pages are written to; nothing else may be."""
    distribution: kinds.Distribution
    """The CloudFront distribution before that bucket, which is told what has changed."""


class SccSettings(Record):
    """Where ShipCaptainCrew answers."""

    url: kinds.WebAddress
    """The address of its API, straight at API Gateway: CloudFront would drop the key."""
    auth: Authentication = Authentication.SERVICE_KEY
    """How it knows the publisher: by the key, or sigv4, by AWS credentials as well."""
    key: kinds.SecretReference
    """Where the service key is kept."""


class DashboardSettings(Record):
    """Where the dashboard answers."""

    url: kinds.WebAddress
    """The address of its API, straight at API Gateway: CloudFront would drop the token."""
    auth: Authentication = Authentication.SERVICE_KEY
    """How it knows the publisher: by the token, or sigv4, by AWS credentials as well."""
    token: kinds.SecretReference
    """Where its token is kept."""


class TargetSettings(Record):
    """Where to publish: the embedded cloud, or all of sites, buckets and services."""

    embedded: kinds.Answer = False
    """Whether it is the cloud on this machine, which `castoff cloud` knows: then nothing else stands here."""
    guest: SiteSettings | None = None
    """The site that guests and crew open."""
    ops: SiteSettings | None = None
    """The site of the board; its domain, bucket and distribution are not the guest site's."""
    uploads: kinds.Bucket | None = None
    """The private bucket that photos are sent to."""
    state: kinds.StateAddress | None = None
    """Where the published state is kept: a bucket that no distribution serves."""
    scc: SccSettings | None = None
    """ShipCaptainCrew, which calls the crew."""
    dashboard: DashboardSettings | None = None
    """The dashboard with the calendar."""
    stack: kinds.Name | None = None
    """The CloudFormation stack that `castoff setup` makes and `castoff doctor` looks at; `castoff` unless named."""
    region: kinds.Region | None = None
    """The AWS region of its stack and secrets; that of the environment, or of the profile, unless named."""
    profile: kinds.Profile | None = None
    """The profile of AWS's tools whose credentials are used; where it is missing, as in CI, the environment's are."""
    role: kinds.Role | None = None
    """A role to publish as, assumed with those credentials; setting up and keys go with your own rights."""
    endpoint: kinds.Endpoint | None = None
    """What stands for all of AWS, for a cloud of your own or a trial; AWS itself unless named."""

    @property
    def is_set_up(self) -> bool:
        """Whether everything is said that one publishes to; otherwise all but the domains is made up."""
        return self.embedded or self.state is not None


def targets_of(document: Document) -> dict[str, dict[str, Any]]:
    """Return the targets of castoff.yaml, plain: whatever is wrong with one value hides nothing of the others."""
    targets = mapping(document.fields.values.get("targets"))
    return {name: target for name, target in targets.items() if isinstance(target, dict)}


def completed(target: Mapping[str, Any], *, meant: Collection[str]) -> dict[str, Any]:
    """Return a target with what a stack has yet to say made up; one without both domains, or in order, as it is.

    `meant` are the fields that are there after all, under names that are told to be wrong.
    """
    whole = dict(target)
    if target.get("embedded") in _YES or not all("domain" in mapping(target.get(site)) for site in ("guest", "ops")):
        return whole
    for (field, *within), value in YET_TO_SAY.items():
        inner = whole.get(field, {}) if within else whole
        name = within[0] if within else field
        if name in meant or not isinstance(inner, dict) or name in inner:
            continue
        if within:
            whole[field] = {**inner, name: value}
        else:
            whole[name] = value
    return whole


def mapping(value: Any) -> dict[str, Any]:
    """Return a plain value that has fields, and an empty one in place of any other."""
    return value if isinstance(value, dict) else {}


def target_problems(
    document: Document, name: str, target: Mapping[str, Any], *, meant: Collection[str]
) -> list[Problem]:
    """Return what keeps a target from being published to: parts that it lacks, or has and must not have.

    `meant` are the fields that are there after all, under names that are told to be wrong.
    """
    parts = [part for part in TargetSettings.model_fields if part != "embedded"]
    here = ("targets", name)
    if target.get("embedded") in _YES:
        hint = "remove it; `castoff cloud` knows the embedded parts"
        return [
            document.problem(
                *here, part, words=f"an embedded target has no `{part}`", rule="embedded-and-more", hint=hint
            )
            for part in parts
            if part in target
        ]
    problems = [
        document.problem(*here, words=f"missing field `{part}`", rule="missing-field", hint=f"write `{part}: …`")
        for part in parts
        if part not in (*target, *meant, *OPTIONAL)
    ]
    guest, ops = mapping(target.get("guest")), mapping(target.get("ops"))
    return problems + [
        document.problem(
            *(*here, "ops", part),
            words=f"`{shortened(value)}` is the guest site's {part} as well",
            rule="one-site-twice",
            hint=f"give each site a {part} of its own",
        )
        for part in SiteSettings.model_fields
        if isinstance(value := ops.get(part), str) and value and guest.get(part) == value
    ]


def behind_cloudfront(document: Document) -> list[Problem]:
    """Return a problem for each service whose address leads through CloudFront; every target's domains count.

    It looks at the plain values, so that it speaks up in the same run as whatever else is wrong with them.
    """
    targets = mapping(document.fields.values.get("targets"))
    own = {
        str(mapping(mapping(target).get(site)).get("domain"))
        for target in targets.values()
        for site in ("guest", "ops")
    }
    problems: list[Problem] = []
    for name, target in targets.items():
        for service in _SERVICES:
            url = mapping(mapping(target).get(service)).get("url")
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
