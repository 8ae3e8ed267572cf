"""What `build`, `plan`, `publish` and `demo` share: a project built for a target, and the target itself."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from castoff.cli.project import (
    load_settings,
    parse_instant,
    refuse,
    say_standing_clock,
    target_settings,
    this_instant,
)
from castoff.cli.terminal import fail, say
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of
from castoff.contract.counts import counted
from castoff.contract.release import Site
from castoff.fleet.settings import Addresses
from castoff.fleet.targets import Authentication
from castoff.logbook import held, logbook_file
from castoff.problems import stops
from castoff.upkeep import keep
from castoff.wishes import Wishes
from castoff.writing import build_into
from publisher.adapters.git import Git
from publisher.errors import PublishError
from publisher.folder import ReleaseFolder, load_release
from publisher.planning.ancestry import instant_after
from publisher.target import Access, Credentials, ServiceTarget, SiteTarget, Target, session_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from castoff.cloud.facts import Facts
    from castoff.contract.state import PublishedBooking, State
    from castoff.fleet.settings import Settings
    from castoff.fleet.targets import TargetSettings
    from castoff.lookout import Lookout
    from castoff.problems import Problem
    from castoff.upkeep import Kept
    from castoff.writing import Written

_IN_FULL: Final = {
    "public-slug",
    "guessable-id",
    "far-ahead",
    "long-charter",
    "long-past",
    "former-slug",
    "money-held-back",
}
"""Rules that each plan and publish says whole: of the first six a check says nothing, and money is what it is."""
_LEAST_LEFT = timedelta(minutes=15)
"""A publish may take minutes: lent credentials with less left than this are lent anew first."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project and what to do with it: for which target, as of when, and whether with everything made anew."""

    root: Path
    settings: Settings
    target: str
    as_of: str | None = None
    full: bool = False

    @property
    def git(self) -> Git:
        """The repository that the project is in."""
        return Git(self.root)

    @property
    def embedded(self) -> bool:
        """Whether the target is the embedded cloud."""
        return target_settings(self.settings, self.target).embedded

    def look_first(self) -> None:
        """Say that the clock stands still, where it does; end where nothing can be published to the target yet."""
        target = target_settings(self.settings, self.target)
        if not target.is_set_up:
            _fail_not_set_up(self.target)
        if self.as_of is None:
            say_standing_clock(self.settings, target)

    def made(self, state: State) -> ReleaseFolder:
        """Build on what was published before, write the release, and return it as the publisher reads it.

        It stands apart from `build/`, which anyone may build anew while a publish asks or uploads.
        """
        out = self.root / ".castoff" / "publish" / self.target
        now = this_instant()
        clock = instant_after(state.as_of, now)
        if clock != now and self.as_of is None and self.settings.standing_clock is None:
            say(f"this clock is behind what is live: built for {clock:%Y-%m-%d %H:%M:%S %Z}, as that was")
        self.write(commit=self.git.head(), prior=state.bookings, out=out, publishing=True, clock=clock)
        return made_for(self.target, load_release(out))

    def write(
        self,
        *,
        commit: str,
        prior: Mapping[str, PublishedBooking],
        out: Path,
        publishing: bool = False,
        clock: datetime | None = None,
    ) -> Written:
        """Build into a folder, and return how much there is; say the problems otherwise, and end.

        `clock` is the instant at which it is asked, where that is not this one.
        """
        wishes = replace(self._wishes(commit), prior=prior, publishing=publishing)
        wishes = replace(wishes, clock=clock or wishes.clock)
        with held(logbook_file(self.root, out), waiting=_say_waiting):
            written, problems = build_into(out, self.root, wishes)
        _say(problems, briefly=publishing)
        if written is None:
            raise AssertionError("a build without a problem is there")
        return written

    def attempt(
        self, *, prior: Mapping[str, PublishedBooking], out: Path
    ) -> tuple[ReleaseFolder | None, tuple[Problem, ...]]:
        """Build for who only looks, committed or not; return None where a problem stops it, and every problem."""
        with held(logbook_file(self.root, out), waiting=_say_waiting):
            written, problems = build_into(out, self.root, replace(self._wishes(""), prior=prior))
            return (load_release(out) if written is not None else None), problems

    def keep(self, *, commit: str, out: Path, explain: Sequence[str], lookout: Lookout) -> Kept:
        """Build into a folder, on nothing that was published, what changed there; say the problems otherwise, and end.

        `explain` are the bookings to be told of why they were rendered, or why not.
        """
        kept, problems = keep(
            self.root, self._wishes(commit), out, explain=explain, lookout=lookout, waiting=_say_waiting
        )
        refuse(problems)
        if kept is None:
            raise AssertionError("a build without a problem is there")
        return kept

    def _wishes(self, commit: str) -> Wishes:
        return Wishes(
            target=self.target,
            clock=this_instant(),
            commit=commit,
            as_of=parse_instant(self.as_of, self.settings.zone),
            addresses=self._addresses(),
            full=self.full,
        )

    def _addresses(self) -> Addresses | None:
        facts = load_facts(place_of(self.root).facts) if self.embedded else None
        return addresses_of(facts) if facts else None

    def destination(self) -> Target:
        """Return the target as the publisher takes it."""
        target = target_settings(self.settings, self.target)
        if target.embedded:
            return embedded_target(self.target, self._facts())
        return _real(self.target, target)

    def _facts(self) -> Facts:
        """Return the running cloud's facts, with credentials that last; asks the cloud only where they don't."""
        place = place_of(self.root)
        facts = load_facts(place.facts)
        if facts is not None:
            expires = facts.credentials["publisher"].expires
            if expires is not None and expires - this_instant() > _LEAST_LEFT:
                return facts
            from castoff.cloud.embedded import fresh_facts  # noqa: PLC0415 - the cloud's code is heavy and rarely needed

            facts = fresh_facts(place)
        if facts is None:
            fail("the embedded cloud does not run", hint="start it with `castoff cloud start`")
        return facts


def open_project(root: Path, *, target: str, as_of: str | None, full: bool = False) -> Project:
    """Return the project in a folder, its target known to exist."""
    settings = load_settings(root)
    target_settings(settings, target)
    return Project(root, settings, target, as_of, full)


def _say(problems: Sequence[Problem], *, briefly: bool) -> None:
    """Say problems, and end where one is an error; `briefly` only counts the warnings that a check says as well."""
    if not briefly or stops(problems):
        refuse(problems)
        return
    own = [problem for problem in problems if problem.rule in _IN_FULL]
    refuse(own)
    if others := len(problems) - len(own):
        say(f"{counted(others, 'warning')}: see `castoff check`")


def _say_waiting() -> None:
    say("another castoff builds into the same folder; this one goes on when that is done")


def made_for(target: str, folder: ReleaseFolder) -> ReleaseFolder:
    """Return a release that was made for this target; raise PublishError for one that was made for another."""
    if folder.release.target != target:
        raise PublishError(
            f"{folder.root} holds a release for `{folder.release.target}`, not for `{target}`", hint="run it again"
        )
    return folder


def addresses_of(facts: Facts) -> Addresses:
    """Return where the sites of a running cloud are seen."""
    port = facts.edge.rpartition(":")[2]
    return Addresses(guest=f"http://guest.localhost:{port}", ops=f"http://ops.localhost:{port}")


def embedded_target(name: str, facts: Facts) -> Target:
    """Return the embedded cloud as the publisher takes it, with the credentials of the publisher's own role."""
    seen, out = addresses_of(facts), facts.outputs
    lent = facts.credentials["publisher"]
    signed = out.get("OperatorAuth") == Authentication.SIGV4
    return Target(
        name=name,
        sites={
            Site.GUEST: SiteTarget(seen.guest, out["GuestBucket"], out["GuestDistribution"]),
            Site.OPS: SiteTarget(seen.ops, out["OpsBucket"], out["OpsDistribution"]),
        },
        state=f"s3://{out['StateBucket']}/",
        scc=ServiceTarget(out["SccUrl"], f"secretsmanager:{out['SccSecret']}#service_key", signed=signed),
        dashboard=ServiceTarget(out["DashboardUrl"], f"secretsmanager:{out['DashboardSecret']}#token", signed=signed),
        region=facts.region,
        endpoint=facts.endpoint,
        credentials=Credentials(lent.key, lent.secret, lent.token),
    )


def _fail_not_set_up(target: str) -> NoReturn:
    fail(f"`{target}` is not set up yet", hint=f"`castoff setup --target {target}` makes it")


def _real(name: str, target: TargetSettings) -> Target:
    guest, ops, scc, dashboard = target.guest, target.ops, target.scc, target.dashboard
    if guest is None or ops is None or scc is None or dashboard is None or target.state is None:
        _fail_not_set_up(name)
    return Target(
        name=name,
        sites={
            Site.GUEST: SiteTarget(f"https://{guest.domain}", guest.bucket, guest.distribution),
            Site.OPS: SiteTarget(f"https://{ops.domain}", ops.bucket, ops.distribution),
        },
        state=target.state,
        scc=ServiceTarget(scc.url, scc.key, signed=scc.auth is Authentication.SIGV4),
        dashboard=ServiceTarget(dashboard.url, dashboard.token, signed=dashboard.auth is Authentication.SIGV4),
        region=target.region,
        endpoint=target.endpoint,
        access=Access(target.profile, target.role, session_name(os.environ)),
    )
