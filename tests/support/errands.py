"""Errands: all that one of the stack's roles is for, step by step; each says at which step it failed, and how."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import urllib3
from support.worlds import Silent

from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.world import connect
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.errors import PublishError
from publisher.fence.lease import NoLease
from publisher.ports import Write
from publisher.seen import Part, Wish
from publisher.target import Credentials as Lent
from publisher.target import ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from support.gateway import Answer, Caller

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Credentials
    from castoff.cloud.stack import Deployed

_TOKEN: Final = re.compile(r"\?token=([A-Za-z0-9_-]{43})")
_POOL: Final = urllib3.PoolManager(timeout=urllib3.Timeout(30), retries=False)
_PREFIXES: Final = {Site.GUEST: ("g/", "castoff/"), Site.OPS: ("ops/", "castoff/")}


class FailedError(Exception):
    """A step did not go as it does when everything is allowed."""

    def __init__(self, step: str, seen: str) -> None:
        super().__init__(f"{step}: {seen}")
        self.step = step


@dataclass(frozen=True)
class CrewErrand:
    """What ShipCaptainCrew is for: a member is called to a charter, comes in, has a form to upload to, and leaves."""

    operator: Caller
    viewer: Caller
    gone: Callable[[], Mapping[str, str]]

    def run(self) -> None:
        """Do it all; FailedError at the first step that fails."""
        booking, member = _new(), f"captain-{_new()}"
        mail = f"{member}@example.com"
        starts = (datetime.now(UTC) + timedelta(days=5)).replace(microsecond=0)
        body = {"name": "Maya Lind", "role": "captain", "email": mail, "phone": "+1 619 555 0142"}
        _answered("member", self.operator.ask("PUT", f"/crew-members/{member}", body), 200)
        created = self.operator.bringing(Idempotency_Key=f"event:{booking}").ask(
            "POST", "/event", _charter(booking, member, starts)
        )
        event = _answered("event", created, 201)["event_id"]
        token = self._token("mail", mail)
        listed = _answered("list", self.operator.ask("GET", f"/events?booking_id={booking}"), 200)
        if [found["event_id"] for found in listed["events"]] != [event]:
            raise FailedError("list", json.dumps(listed))
        later = (starts + timedelta(days=1)).isoformat()
        moved = {"date": later, "call_time": (starts + timedelta(hours=23)).isoformat()}
        _answered("move", self.operator.ask("PATCH", f"/events/{event}", moved), 200)
        _answered("mails", self.operator.ask("GET", "/mail?state=sent"), 200)
        _answered("page", self.viewer.ask("GET", f"/crew/{booking}"), 200)
        _answered("login", self.viewer.post_form(f"/crew/{booking}", token=token), 303)
        form = _answered("form", self.operator.ask("POST", "/g/PRESIGN", _slot(booking, starts)), 200)
        self._upload(form)
        _answered("leave", self.operator.ask("DELETE", f"/crew-members/{member}"), 200)
        if f"gone:{member}" not in self.gone():
            raise FailedError("leave", "the edge was not told")

    def _token(self, step: str, mail: str) -> str:
        """Return the token of the link that was mailed to somebody."""
        answer = _POOL.request("GET", f"{self.operator.endpoint}/_ministack/ses/messages").json()["messages"]
        sent = [one["BodyText"] for mails in answer.values() for one in mails if mail in one["To"]]
        found = _TOKEN.search(sent[-1]) if sent else None
        if found is None:
            raise FailedError(step, f"{len(sent)} mails")
        return found[1]

    def _upload(self, form: Mapping[str, Any]) -> None:
        fields = {**form["fields"], "file": ("a.jpg", b"a photo")}
        answer = _POOL.request("POST", form["url"], fields=fields, redirect=False)
        if answer.status not in (200, 201, 204, 303):
            raise FailedError("upload", f"{answer.status} {answer.data!r}")


@dataclass(frozen=True)
class CalendarErrand:
    """What the dashboard is for: an entry is written, moved, listed, read by a feed, and removed."""

    operator: Caller
    viewer: Caller

    def run(self) -> None:
        """Do it all; FailedError at the first step that fails."""
        booking = _new()
        for step, day in (("put", "2031-05-30"), ("move", "2031-06-30")):
            entry = {"booking_id": booking, "date": day, "event_type": "charter"}
            _answered(step, self.operator.ask("PUT", f"/calendar/{booking}", entry), 200)
        _answered("list", self.operator.ask("GET", "/calendar?from=2031-06-01&to=2031-06-30"), 200)
        made = _answered("feed", self.operator.ask("POST", "/calendar/feeds", {"label": "Leo's phone"}), 200, 201)
        _answered("read", self.viewer.ask("GET", "/" + made["path"].lstrip("/")), 200)
        _answered("remove", self.operator.ask("DELETE", f"/calendar/{booking}"), 200)


@dataclass(frozen=True)
class PublishErrand:
    """What the publisher's role is for: pages, state, invalidations, and calls to both services."""

    target: Target

    def run(self) -> None:
        """Do it all; FailedError at the first step that fails."""
        name = _new()
        world = connect(replace(self.target, state=f"{self.target.state}{name}/"))
        for site, prefixes in _PREFIXES.items():
            for prefix in prefixes:
                key, where = f"{prefix}{name}.html", f"{site.value} {prefix}"
                _tried(f"first {where}", lambda key=key, site=site: world.objects.head(site, key))
                stored = _tried(f"put {where}", lambda key=key, site=site: _put(world, site, key))
                _tried(f"see {where}", lambda key=key, site=site: world.objects.head(site, key))
                etag = stored.etag
                _tried(
                    f"delete {where}", lambda key=key, site=site, etag=etag: world.objects.delete(site, key, etag=etag)
                )
            asked = _tried(
                f"invalidate {site.value}",
                lambda site=site: world.distributions.invalidate(site, (f"/g/{name}",), reference=name),
            )
            _tried(
                f"invalidated {site.value}", lambda site=site, asked=asked: world.distributions.completed(site, asked)
            )
        _tried("first state", world.states.load)
        _tried("save state", lambda: world.states.save(State(), etag=None))
        _tried("load state", world.states.load)
        _tried("crew", lambda: world.crew.find_event(name, serial=None))
        _tried("calendar", lambda: world.calendar.has(name, serial=None))
        _tried("records", world.records.serials)
        reads = Hands(NoLease(), world.clock, stop=Never(), progress=Silent())
        seen = world.survey.see(Wish([], {}, ("2024-05-01", "2024-06-01")), State(), reads=reads)
        if Part.PAGE in seen.silent:
            raise FailedError("look", seen.silent[Part.PAGE])


def publish_errand(account: Account, deployed: Deployed, lent: Credentials) -> PublishErrand:
    """Return the publisher's errand in a stack whose calls are signed."""
    out = deployed.outputs
    return PublishErrand(
        Target(
            name="tried",
            sites={
                Site.GUEST: SiteTarget("https://guest.example.com", out["GuestBucket"], out["GuestDistribution"]),
                Site.OPS: SiteTarget("https://ops.example.com", out["OpsBucket"], out["OpsDistribution"]),
            },
            state=f"s3://{out['StateBucket']}/",
            scc=ServiceTarget(out["SccUrl"], f"secretsmanager:{out['SccSecret']}#service_key", signed=True),
            dashboard=ServiceTarget(out["DashboardUrl"], f"secretsmanager:{out['DashboardSecret']}#token", signed=True),
            region=account.region,
            endpoint=account.endpoint,
            credentials=Lent(lent.key, lent.secret, lent.token),
        )
    )


def _put(world: Any, site: Site, key: str) -> Any:
    return world.objects.put(Write(site, key, b"a page", "text/html", "no-store", etag=None))


def _tried(step: str, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except PublishError as error:
        raise FailedError(step, error.words) from error


def _answered(step: str, answer: Answer, *right: int) -> dict[str, Any]:
    if answer.status not in right:
        raise FailedError(step, f"{answer.status} {answer.text[:300]}")
    try:
        value = json.loads(answer.text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _charter(booking: str, member: str, starts: datetime) -> dict[str, Any]:
    return {
        "event_name": "Jada",
        "booking_id": booking,
        "captain_id": member,
        "crew_ids": [],
        "date": starts.isoformat(),
        "duration_hours": 3,
        "call_time": (starts - timedelta(hours=1)).isoformat(),
        "dock": "Sheraton Marina",
        "guest_count": 6,
        "crew_page": f"https://guest.example.com/g/{booking}-crew",
    }


def _slot(booking: str, starts: datetime) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "booking": booking,
        "audience": "guest",
        "opens": (now - timedelta(hours=1)).isoformat(),
        "closes": (starts + timedelta(days=14)).isoformat(),
        "until": (now + timedelta(days=2)).isoformat(),
        "max_size": 1000,
    }


def _new() -> str:
    return secrets.token_hex(4)[:7]
