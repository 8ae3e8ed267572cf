"""A glance: a publish of what is live already asks once and builds nothing, and whatever has changed is built."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.broken import state_of
from support.worlds import Services, Silent

from castoff.cli.glance import Glance, Here, first_change, glanced, holds, program_stamp, remember
from castoff.cli.releasing import Project, open_project
from castoff.cloud.facts import Credentials, Facts, save_facts
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from publisher.target import Target

BASE: Final = Path(__file__).resolve().parents[2] / "invalid" / "_base"
TARGETS: Final = """\
targets:
  production:
    guest: {domain: guest.example.com, bucket: guest-pages, distribution: E1EXAMPLE}
    ops: {domain: ops.example.com, bucket: ops-pages, distribution: E2EXAMPLE}
    uploads: castoff-uploads
    state: s3://castoff-state/
    scc: {url: "https://a1b2c3.execute-api.us-west-2.amazonaws.com/prod", key: "env:SCC_KEY"}
    dashboard: {url: "https://d4e5f6.execute-api.us-west-2.amazonaws.com/prod", token: "env:DASHBOARD_TOKEN"}
  local: {embedded: true}
"""
NOON: Final = datetime(2024, 5, 20, 19, tzinfo=UTC)
GLANCE: Final = Glance(
    target="production",
    commit="abc",
    as_of="2024-05-20T12:00:00-07:00",
    until="2024-05-21T00:00:00-07:00",
    live="d1",
    program="p1",
    zone="America/Los_Angeles",
    rules="r1",
    clock=None,
    cloud="c1",
    state="s3://castoff-state/",
    region="us-west-2",
    endpoint=None,
    profile=None,
    role=None,
)
HERE: Final = Here("production", "abc", [], "p1", "r1", "c1", NOON)


@pytest.mark.parametrize(
    ("description", "here", "expected"),
    [
        ("all as it was, at that very instant", {}, True),
        ("a second before anything changes", {"now": NOON + timedelta(hours=12, seconds=-1)}, True),
        ("when something changes", {"now": NOON + timedelta(hours=12)}, False),
        ("by a clock that is behind", {"now": NOON - timedelta(seconds=1)}, False),
        ("another commit", {"commit": "abd"}, False),
        ("a file in no commit", {"changed": ["bookings/a7kq4wt.yaml"]}, False),
        ("another castoff", {"program": "p2"}, False),
        ("new rules for the time zone", {"rules": "r2"}, False),
        ("another target", {"target": "rehearsal"}, False),
        ("another embedded cloud", {"cloud": "c2"}, False),
        ("no embedded cloud any more", {"cloud": None}, False),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_each_condition_alone_decides(description: str, here: dict[str, Any], *, expected: bool) -> None:
    """Whatever is not as it was sends a publish the usual way."""
    assert holds(GLANCE, replace(HERE, **here)) is expected, description


def test_an_example_goes_by_its_own_clock() -> None:
    """A clock that stands still never comes to where something changes, unless it was published for earlier."""
    stands = replace(GLANCE, clock="2024-05-20T20:00:00-07:00")
    years_later = replace(HERE, now=NOON + timedelta(days=900))

    assert holds(stands, years_later)
    assert not holds(replace(stands, until="2024-05-20T19:00:00-07:00"), years_later)


class Bucket:
    """A state bucket of which one thing is asked."""

    def __init__(self, live: str | None) -> None:
        self.live = live
        self.asked: list[Target] = []

    def ask(self, target: Target) -> str | None:
        """Answer, and note who asked."""
        self.asked.append(target)
        return self.live


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project that is committed, whose one charter is twelve days ahead."""
    root = tmp_path / "project"
    shutil.copytree(BASE, root)
    with (root / "castoff.yaml").open("a", encoding="utf-8") as settings:
        settings.write(TARGETS)
    _git(root, "init", "--quiet")
    _commit(root)
    return open_project(root, target="production", as_of="2024-05-20 12:00")


def published(project: Project, world: Services, *, program: str = "p1") -> Done:
    """Publish a project to the world in memory, and note what was found."""
    terms = Terms(commits=project.git, confirm=lambda _plan: True)
    done = publish(project.made, world.ports(), terms=terms, progress=Silent())
    remember(project, done, program=program)
    return done


def looked(project: Project, live: str | None, *, program: str = "p1", now: datetime = NOON) -> tuple[bool, int]:
    """Return whether a glance tells that there is nothing to do, and how many requests that took."""
    bucket = Bucket(live)
    found = glanced(project.root, project.target, program=program, now=now, ask=bucket.ask)
    return found is not None, len(bucket.asked)


def test_the_same_again_is_one_question(project: Project) -> None:
    """The state says that the release of the last publish is live: that is all there is to ask, also later that day."""
    world = Services()
    done = published(project, world)

    assert done.applied
    assert done.live == state_of(world).release == done.folder.digest
    assert looked(project, done.live) == (True, 1)
    assert looked(project, done.live, now=datetime.fromisoformat(first_change(done.folder.release))) == (False, 0)


def test_what_a_publish_of_nothing_found_is_noted_too(project: Project) -> None:
    """Its own release is not what the state names; what it was planned upon is."""
    world = Services()
    first = published(project, world)
    later = replace(project, as_of="2024-05-20 13:00")

    again = published(later, world)

    assert not again.applied
    assert again.folder.digest != again.live == first.live
    assert looked(project, first.live) == (False, 0)  # it is of an hour later
    assert looked(project, first.live, now=NOON + timedelta(hours=2)) == (True, 1)


@pytest.mark.parametrize("live", [None, "d2"], ids=["nobody-knows", "another-machine-published"])
def test_another_state_is_built_upon(project: Project, live: str | None) -> None:
    """Where the state does not say that very release, which it does not while one is at work, nothing is concluded."""
    published(project, Services())

    assert looked(project, live) == (False, 1)


def test_what_has_changed_here_is_asked_of_nobody(project: Project) -> None:
    """A changed file, a new one, one that git ignores, a new commit, another program: each is built."""
    done = published(project, Services())
    booking = next((project.root / "bookings").glob("*.yaml"))
    text = booking.read_text("utf-8")

    booking.write_text(text + "requests: one guest uses a cane\n", "utf-8")
    changed = looked(project, done.live)
    booking.write_text(text, "utf-8")
    same = looked(project, done.live)
    (project.root / "layouts").mkdir(exist_ok=True)
    (project.root / "layouts" / "guest.html").write_text("")
    new = looked(project, done.live)
    (project.root / ".git" / "info" / "exclude").write_text("layouts/\n")
    ignored = looked(project, done.live)
    shutil.rmtree(project.root / "layouts")
    _git(project.root, "commit", "--quiet", "--allow-empty", "--message", "Nothing")

    assert (changed, same, new, ignored) == ((False, 0), (True, 1), (False, 0), (False, 0))
    assert looked(project, done.live) == (False, 0)
    assert looked(project, done.live, program="p2") == (False, 0)


def test_a_page_with_a_form_is_looked_after(project: Project) -> None:
    """A form must be renewed in time, so that a release with one leaves no note."""
    opened = replace(project, as_of="2024-06-01 18:00")

    done = published(opened, Services())

    assert any(file.slots for file in done.folder.release.files.values())
    assert not _note(project).exists()


@pytest.mark.parametrize("kind", ["changed", "declined"])
def test_what_was_not_made_true_leaves_no_note(project: Project, kind: str) -> None:
    """Neither files that are in no commit, nor a plan that somebody said no to."""
    if kind == "changed":
        (project.root / "content" / "new.md").write_text("")
    terms = Terms(commits=project.git, confirm=lambda _plan: kind == "changed")
    done = publish(project.made, Services().ports(), terms=terms, progress=Silent())

    remember(project, done, program="p1")

    assert not _note(project).exists()


def test_an_embedded_cloud_is_asked_by_what_it_lends(project: Project) -> None:
    """Its keys are never noted; with less than a minute left new ones are lent first; one that is gone is not asked."""
    facts = _facts(expires=datetime(2199, 1, 1, tzinfo=UTC))
    save_facts(facts, project.root / ".castoff" / "cloud.json")
    embedded = replace(project, target="local")
    done = published(project, Services())
    remember(embedded, done, program="p1")
    bucket = Bucket(done.live)

    assert glanced(project.root, "local", program="p1", now=NOON, ask=bucket.ask) is not None
    assert bucket.asked[0].credentials is not None
    assert bucket.asked[0].credentials.secret == "lent-secret"
    assert "lent-" not in _note(embedded).read_text("utf-8")
    save_facts(_facts(expires=NOON + timedelta(seconds=30)), project.root / ".castoff" / "cloud.json")
    assert looked(embedded, done.live) == (False, 0)
    save_facts(replace(facts, edge="http://127.0.0.1:4999"), project.root / ".castoff" / "cloud.json")
    assert looked(embedded, done.live) == (False, 0)
    (project.root / ".castoff" / "cloud.json").unlink()
    assert looked(embedded, done.live) == (False, 0)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", json.dumps(asdict(GLANCE) | {"as_of": "noon"}), json.dumps({"target": "x"})]
)
def test_a_note_that_is_none_says_nothing(project: Project, text: str) -> None:
    """Whatever stands there: a publish goes the usual way."""
    _note(project).parent.mkdir(parents=True)
    _note(project).write_text(text)

    assert looked(project, "d1") == (False, 0)


def test_a_program_is_known_by_its_files() -> None:
    """The same files have the same stamp."""
    assert program_stamp() == program_stamp()


def _note(project: Project) -> Path:
    return project.root / ".castoff" / "publish" / f"{project.target}.json"


def _facts(*, expires: datetime) -> Facts:
    outputs = {
        name: name.lower()
        for name in (
            *("GuestBucket", "GuestDistribution", "OpsBucket", "OpsDistribution", "StateBucket", "SccUrl", "SccSecret"),
            *("DashboardUrl", "DashboardSecret", "OperatorAuth"),
        )
    }
    lent = Credentials("lent-key", "lent-secret", "lent-token", expires)
    return Facts("http://127.0.0.1:1", "us-west-2", "http://127.0.0.1:2", {}, "castoff", outputs, {"publisher": lent})


def _commit(root: Path) -> None:
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "As it stands")


def _git(root: Path, *words: str) -> None:
    identity = ("-c", "user.name=castoff", "-c", "user.email=operator@example.com")
    subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)
