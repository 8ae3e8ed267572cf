"""All checks of a target, in the order in which they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.cloud.doctor import access, buckets, certificates, edge, mail, paths, services
from castoff.cloud.doctor.finding import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.cloud.doctor.patient import Patient, Service, Site


def checks_of(patient: Patient) -> tuple[Check, ...]:
    """Return the checks of a target."""
    return (
        Check("access", "account", "account", access.account),
        Check("access", "region", "region", access.region),
        Check("access", "session", "credentials", access.session, ("account",)),
        Check("access", "stack", "stack", access.stack, ("account",)),
        Check("access", "clock", "clock", access.clock, ("scc-answers",)),
        *(check for site in patient.sites for check in _site(site)),
        Check("edge", "store", "KeyValueStore", edge.store, ("guest-function",)),
        Check("edge", "one-store", "one store for both", edge.same_function, ("guest-function", "ops-function")),
        *_closed("state", "state", patient.state),
        *_closed("uploads", "uploads", patient.uploads),
        Check("buckets", "uploads-cors", "uploads' CORS", buckets.takes_photos, ("uploads-bucket",)),
        Check("buckets", "unserved", "served by nobody", buckets.unserved, ("account",)),
        *_service("scc", patient.scc),
        Check("ShipCaptainCrew", "upload-signer", "upload signer", services.signer, ("scc-key",)),
        Check("ShipCaptainCrew", "upload-form", "upload form", services.form, ("upload-signer",)),
        *_service("dashboard", patient.dashboard),
        Check("mail", "ses", "SES", mail.sending, ("stack",)),
        Check("mail", "sender", "sender", mail.sender, ("stack",)),
    )


def _site(site: Site) -> Iterator[Check]:
    group, name = f"{site.name} site", site.name
    yield Check(group, f"{name}-bucket", "bucket", buckets.exists(site.bucket), ("account",))
    private = buckets.private(site.bucket, site=name)
    yield Check(group, f"{name}-private", "bucket closed", private, (f"{name}-bucket",))
    yield Check(group, f"{name}-distribution", "distribution", edge.distribution(site), ("account",))
    needs = (f"{name}-distribution", "account", "stack")
    yield Check(group, f"{name}-paths", "castoff's paths", paths.paths(site), needs)
    yield Check(group, f"{name}-function", "function", edge.function(site), (f"{name}-paths",))
    yield Check(group, f"{name}-certificate", "certificate", certificates.held(site), (f"{name}-distribution",))
    yield Check(group, f"{name}-presented", "as browsers see it", certificates.presented(site))


def _closed(name: str, title: str, bucket: str) -> Iterator[Check]:
    yield Check("buckets", f"{name}-bucket", title, buckets.exists(bucket), ("account",))
    private = buckets.private(bucket)
    yield Check("buckets", f"{name}-private", f"{title} closed", private, (f"{name}-bucket",))
    yield Check("buckets", f"{name}-kept", f"{title} kept", buckets.kept(bucket), (f"{name}-bucket",))


def _service(name: str, service: Service) -> Iterator[Check]:
    yield Check(service.name, f"{name}-answers", "answers", services.answers(service))
    yield Check(service.name, f"{name}-arrives", service.header, services.arrives(service), (f"{name}-answers",))
    accepted = services.accepted(service, f"{name}-arrives")
    yield Check(service.name, f"{name}-key", "key", accepted, (f"{name}-arrives",))
