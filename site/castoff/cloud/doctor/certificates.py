"""The certificates: what ACM holds for a distribution, and what the domain really presents."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.doctor.finding import looking, ok, skipped, warn, wrong
from castoff.cloud.doctor.patient import EDGE_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding, Look
    from castoff.cloud.doctor.patient import Patient, Site

SOON: Final = timedelta(days=30)
"""ACM renews sixty days ahead: what is not renewed by now waits for somebody."""
NOW: Final = timedelta(days=7)

_EMBEDDED: Final = "plain HTTP, on this machine only"


def held(site: Site) -> Look:
    """Return the look at the certificate that a site's distribution names."""

    def look(patient: Patient, found: Mapping[str, Any]) -> Finding:
        if patient.embedded:
            return skipped(_EMBEDDED)
        named = found[f"{site.name}-distribution"]["ViewerCertificate"].get("ACMCertificateArn")
        if named is None:
            words = f"{site.distribution} has no certificate of {site.domain}'s own"
            return wrong(
                words, f"`{patient.setup} --set Certificate=ARN`, with the ARN of one in {EDGE_REGION} for both domains"
            )
        with looking("acm:DescribeCertificate", f"the certificate of {site.domain}"):
            held = patient.client("acm", EDGE_REGION).describe_certificate(CertificateArn=named)["Certificate"]
        if held["Status"] != "ISSUED":
            words = f"the certificate of {site.domain} is {held['Status'].lower().replace('_', ' ')}"
            return wrong(words, "ACM's console says which DNS record it waits for")
        return _judged(site.domain, held["NotAfter"].astimezone(UTC), patient.wall(), renews=_renews(held))

    return look


def presented(site: Site) -> Look:
    """Return the look at the certificate that browsers get to see."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        if patient.embedded:
            return skipped(_EMBEDDED)
        found = patient.present(site.domain)
        if isinstance(found, str):
            return wrong(
                f"{site.domain}: {found}", "check the domain's DNS records, and the distribution's certificate"
            )
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
        return _judged(site.domain, ends, patient.wall(), renews="renew it: what is presented is not what ACM renews")

    return look


def _judged(domain: str, ends: datetime, now: datetime, *, renews: str) -> Finding:
    left = ends - now
    if left <= timedelta(0):
        return wrong(f"the certificate of {domain} expired on {ends:%Y-%m-%d}", renews)
    words = f"good until {ends:%Y-%m-%d}, {left.days} more days"
    if left < NOW:
        return wrong(words, renews)
    return warn(words, renews) if left < SOON else ok(words)


def _renews(held: Mapping[str, Any]) -> str:
    if held.get("Type") == "IMPORTED":
        return "it was imported, so ACM does not renew it: import the next one"
    return "leave its validation records in DNS: ACM renews it by them, and its console says what is missing"
