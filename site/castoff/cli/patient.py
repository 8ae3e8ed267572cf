"""A target as `castoff doctor` looks at it, with the operator's own credentials and the publisher's keys."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from castoff.cli.project import target_settings
from castoff.cli.stacks import account_for
from castoff.cli.terminal import fail
from castoff.cloud.account import account_in
from castoff.cloud.doctor.handshake import present
from castoff.cloud.doctor.patient import Patient, Service, Site, Told
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of
from castoff.cloud.problems import CloudError
from castoff.cloud.sources import own_sources
from castoff.cloud.standing import STACK
from castoff.cloud.template import parse_template
from castoff.fleet.settings import CrewPages
from publisher.adapters.plain import plain_services
from publisher.clauses.reply import Key
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cli.releasing import Project
    from castoff.cloud.account import Account
    from publisher.adapters.answers import Answer
    from publisher.adapters.http import Http
    from publisher.adapters.plain import PlainApi
    from publisher.target import Target

_SHOWN: Final = 4096
_REGION: Final = re.compile(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.com")


def patient_of(project: Project) -> Patient:
    """Return a target as it is looked at; raises CloudError and PublishError where it cannot even be asked."""
    wanted = target_settings(project.settings, project.target)
    target = project.destination()
    services = plain_services(target)
    account, stack, uploads = _account(project, target)
    return Patient(
        target=project.target,
        embedded=wanted.embedded,
        account=account,
        sites=tuple(
            Site(site.value, urlsplit(found.url).hostname or "", found.bucket, found.distribution)
            for site, found in target.sites.items()
        ),
        state=target.state.removeprefix("s3://").partition("/")[0],
        uploads=uploads,
        scc=Service(
            "ShipCaptainCrew",
            "X-Service-Key",
            "/events?booking_id=castoff-doctor",
            "events",
            target.scc.url,
            _Asks(services.crew),
        ),
        dashboard=Service(
            "dashboard",
            "X-Dashboard-Token",
            "/calendar?booking_id=castoff-doctor",
            "entries",
            target.dashboard.url,
            _Asks(services.calendar),
        ),
        function=own_sources().function.read_text(encoding="utf-8"),
        template=parse_template(own_sources().template.read_text(encoding="utf-8")),
        unlisted=project.settings.crew_pages is CrewPages.UNLISTED,
        stack=stack,
        send=_sender(services.http),
        present=present,
        wall=lambda: datetime.now(UTC),
    )


def _account(project: Project, target: Target) -> tuple[Account, str, str]:
    """Return the account to look with, the stack's name, and the bucket of uploads."""
    wanted = target_settings(project.settings, project.target)
    if wanted.embedded:
        facts = load_facts(place_of(project.root).facts)
        if facts is None:
            fail("the embedded cloud does not run", hint="start it with `castoff cloud start`")
        return account_in(facts, "admin"), facts.stack, facts.outputs["UploadsBucket"]
    if wanted.uploads is None:
        raise AssertionError("settings with an incomplete target are refused when they are read")
    return account_for(wanted, _with_region(os.environ, target.scc.url)), wanted.stack or STACK, wanted.uploads


def _with_region(environment: Mapping[str, str], url: str) -> dict[str, str]:
    """Return the environment; where it names no region, with that of an API's own address."""
    named = any(name in environment for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"))
    found = _REGION.search(url)
    return {**environment} if named or not found else {**environment, "AWS_REGION": found[1]}


@dataclass(frozen=True, slots=True)
class _Asks:
    """A service of the publisher's, asked for the doctor."""

    api: PlainApi

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, keyed: bool) -> Told | str:
        try:
            return _told(self.api.answer(method, path, body, key=Key.RIGHT if keyed else Key.NONE))
        except PublishError as error:
            hint = (error.hint or "").replace(", then publish again", "")
            raise CloudError(error.words, hint=hint) from error


def _sender(http: Http) -> Any:
    def send(url: str, kind: str, body: bytes) -> Told | str:
        return _told(http.ask("POST", url, headers={"Content-Type": kind}, body=body))

    return send


def _told(answer: Answer | str) -> Told | str:
    if isinstance(answer, str):
        return answer
    text = answer.body[:_SHOWN].decode(errors="replace")
    return Told(answer.status, answer.headers, answer.json(), text)
