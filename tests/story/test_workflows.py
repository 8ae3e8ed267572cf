"""The operator's workflows, run step by step as a runner would, against the embedded cloud."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.projects import PROGRAM, ROOT, Project
from support.runner import Job, Runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.harbour import Harbour

WORKFLOWS: Final = ROOT / ".github" / "workflows"
OWNER: Final = "harborsails/charters"
ROLE: Final = "arn:aws:iam::111122223333:role/castoff-publisher"


@dataclass(frozen=True)
class GitHub:
    """A repository at GitHub: its main branch, its comments, and who runs its workflows."""

    origin: Project
    harbour: Harbour
    folder: Path
    asked: list[Mapping[str, str]] = field(default_factory=list)
    _runs: Iterator[int] = field(default_factory=lambda: count(4711))

    def book(self, *, branch: str | None = None, **fields: Any) -> tuple[str, str]:
        """Commit a new booking, and return its id and the commit."""
        day = next(self.harbour.days)
        booking = f"flow{day:03}"
        if branch:
            self.origin.git("checkout", "--quiet", "-B", branch, "main")
        self.origin.book(booking, days=day, **fields)
        return booking, self.origin.commit()

    def merged(self, branch: str) -> str:
        """Return the commit that GitHub makes of a pull request to try it."""
        self.origin.git("checkout", "--quiet", "--detach", "main")
        self.origin.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch)
        commit = self.origin.git("rev-parse", "HEAD").strip()
        self.origin.git("checkout", "--quiet", "main")
        return commit

    def run(
        self, workflow: str, sha: str, *, ref: str = "refs/heads/main", event: Any = None, **variables: str
    ) -> dict[str, Job]:
        """Run a workflow for a commit."""
        github = {
            "repository": OWNER,
            "ref": ref,
            "sha": sha,
            "run_id": next(self._runs),
            "token": "a-token-of-this-run",
            "event": event if event is not None else {"repository": {"private": True}},
        }
        (self.folder / "jobs").mkdir(exist_ok=True)
        runner = Runner(
            folder=self.folder / "jobs",
            environment={**self.origin.environment, "GH_COMMENTS": str(self._comments)},
            stand_ins={
                "actions/checkout": lambda place, inputs: self._checkout(place, inputs, sha),
                "actions/setup-python": lambda _, inputs: self._noted(inputs),
                "aws-actions/configure-aws-credentials": lambda _, inputs: self._noted(inputs),
                "install castoff": _install,
            },
            programs=ROOT / "tests" / "support" / "github",
        )
        found = {"CASTOFF_TARGET": "local", "CASTOFF_ROLE": ROLE, **variables}
        return runner.run(WORKFLOWS / workflow, github=github, variables=found)

    def plan(self, sha: str, *, head: str = OWNER) -> dict[str, Job]:
        """Run the workflow of a pull request from a repository."""
        event = {"pull_request": {"number": 7, "head": {"repo": {"full_name": head}}}}
        return self.run("plan.yml", sha, ref="refs/pull/7/merge", event=event)

    def comments(self, *, of: str = "github-actions[bot]") -> list[str]:
        """Return somebody's comments on the pull request; the workflows' own unless told."""
        return [comment["body"] for comment in self._kept() if comment["user"]["login"] == of]

    def comment(self, login: str, body: str) -> None:
        """Let somebody else comment on the pull request."""
        kept = self._kept()
        kept.append({"id": 900 + len(kept), "user": {"login": login}, "body": body})
        self._comments.write_text(json.dumps(kept), "utf-8")

    def forget_comments(self) -> None:
        """Let nobody have said anything."""
        self._comments.unlink(missing_ok=True)

    @property
    def _comments(self) -> Path:
        return self.folder / "comments.json"

    def _kept(self) -> list[dict[str, Any]]:
        return json.loads(self._comments.read_text("utf-8")) if self._comments.exists() else []

    def _checkout(self, place: Path, inputs: Mapping[str, str], sha: str) -> Mapping[str, str]:
        """Clone as deep as is asked for; the facts of the cloud are what a role is on AWS."""
        whole = ("+refs/heads/*:refs/remotes/origin/*",)
        depth = whole if inputs.get("fetch-depth") == "0" else ("--depth", "1")
        assert inputs["persist-credentials"] == "false"
        self.origin.git("init", "--quiet", str(place))
        self.origin.git("-C", str(place), "fetch", "--quiet", f"file://{self.origin.root}", sha, *depth)
        self.origin.git("-C", str(place), "checkout", "--quiet", "--detach", sha)
        (place / ".castoff").mkdir()
        shutil.copy(self.harbour.project.root / ".castoff" / "cloud.json", place / ".castoff")
        return {}

    def _noted(self, inputs: Mapping[str, str]) -> Mapping[str, str]:
        self.asked.append(inputs)
        return {}


def _install(place: Path, _: Mapping[str, str]) -> Mapping[str, str]:
    """Let castoff be there without installing it once more."""
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "castoff").symlink_to(PROGRAM)
    return {}


@pytest.fixture(scope="module")
def github(harbour: Harbour, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHub]:
    """Put the harbour's repository to GitHub, and bring back what was committed there."""
    folder = tmp_path_factory.mktemp("github")
    origin = Project(folder / "origin", harbour.project.environment)
    harbour.project.git("clone", "--quiet", str(harbour.project.root), str(origin.root))
    origin.git("checkout", "--quiet", "-B", "main")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
    origin.write(".gitignore", ".castoff/\n.venv/\nbuild/\n")
    origin.commit()
    yield GitHub(origin, harbour, folder)
    origin.git("checkout", "--quiet", "main")
    harbour.project.git("pull", "--quiet", "--ff-only", str(origin.root), "main")


def test_a_push_is_published_and_told_once(github: GitHub, harbour: Harbour) -> None:
    """The crew is called, the summary says so with the guest's link, and the nightly run has nothing left to do."""
    booking, commit = github.book()
    github.asked.clear()

    job = github.run("publish.yml", commit)["publish"]

    assert job.code == 0, job.ran
    assert f"`{booking}`" in job.summary or f"<code>{booking}</code>" in job.summary
    assert f"/g/jada-guest-{booking}" in job.summary
    assert [len(harbour.witness.events(booking)), len(harbour.witness.entries(booking))] == [1, 1]
    assert github.asked[-1] == {
        "role-to-assume": ROLE,
        "role-session-name": "castoff-4711",
        "aws-region": "us-west-2",
    }
    mails = len(harbour.witness.mails())
    again = github.run("publish.yml", commit, event={"schedule": "23 9 * * *"})["publish"]
    assert (again.code, again.summary) == (
        0,
        f"### castoff publish: nothing to do, <code>local</code> is at <code>{commit[:12]}</code>\n\n",
    )
    assert len(harbour.witness.mails()) == mails


def test_a_run_that_was_replaced_is_made_up_for_by_the_next(github: GitHub, harbour: Harbour) -> None:
    """Two pushes and one run: both charters are published once, and the run that was dropped can put nothing back.

    The summary has each new guest's link: it is as private as the repository.
    """
    dropped, before = github.book()
    newest, commit = github.book()

    job = github.run("publish.yml", commit)["publish"]

    assert job.code == 0, job.ran
    for booking in (dropped, newest):
        assert len(harbour.witness.events(booking)) == 1
        assert len(harbour.witness.entries(booking)) == 1
        assert len([mail for mail in harbour.witness.mails(booking) if "captain" in mail.to]) <= 1
    assert job.summary.count("/g/jada-guest-") >= 2
    late = github.run("publish.yml", before)["publish"]
    assert late.code == 1
    assert "is live" in late.summary
    assert "does not come after it" in late.summary
    assert harbour.witness.state()["commit"] == commit


def test_without_a_role_or_off_the_main_branch_nothing_runs(github: GitHub) -> None:
    """A repository that is only a copy of this one does not fail for want of an account."""
    commit = github.origin.git("rev-parse", "main").strip()

    assert github.run("publish.yml", commit, CASTOFF_ROLE="")["publish"].code is None
    assert github.run("publish.yml", commit, ref="refs/heads/trial")["publish"].code is None


def test_a_pull_request_is_planned_in_one_comment(github: GitHub, harbour: Harbour) -> None:
    """Its plan stands in the summary and in a comment, which the next push changes; nothing is asked of the cloud.

    What others wrote stays as it is, however it begins.
    """
    github.forget_comments()
    theirs = "### castoff plan for Friday: I bring the cake"
    github.comment("somebody", theirs)
    github.comment("github-actions[bot]", "Coverage: 98 %")
    booking, _ = github.book(branch="first")
    harbour.turnstile.forget()

    jobs = github.plan(github.merged("first"))

    assert (jobs["plan"].code, jobs["comment"].code) == (0, 0), jobs
    assert jobs["plan"].summary.rstrip() == github.comments()[1].rstrip()
    assert booking in github.comments()[1]
    github.origin.git("checkout", "--quiet", "first")
    github.origin.replace(f"bookings/{booking}.yaml", "duration: 3h", "duration: 4h")
    github.origin.book("flowtwo", days=next(harbour.days))
    github.origin.commit()
    jobs = github.plan(github.merged("first"))
    assert jobs["comment"].code == 0, jobs
    coverage, comment = github.comments()
    assert coverage == "Coverage: 98 %"
    assert "flowtwo" in comment
    assert github.comments(of="somebody") == [theirs]
    assert harbour.turnstile.passed == ()


def test_a_fork_is_told_in_its_summary_alone(github: GitHub) -> None:
    """Its token may write nothing, so nobody tries."""
    booking, _ = github.book(branch="forked")
    before = github.comments()

    jobs = github.plan(github.merged("forked"), head="somebody/charters")

    assert (jobs["plan"].code, jobs["comment"].code) == (0, None)
    assert booking in jobs["plan"].summary
    assert github.comments() == before


def test_a_pull_request_with_a_mistake_is_told_where_it_is(github: GitHub) -> None:
    """What `castoff check` says stands in the summary, the job fails, and no comment is written."""
    github.forget_comments()
    booking, _ = github.book(branch="mistaken", vessel="jade")

    jobs = github.plan(github.merged("mistaken"))

    assert (jobs["plan"].code, jobs["comment"].code) == (1, 0)
    assert f"    bookings/{booking}.yaml:4:9: unknown vessel `jade`" in jobs["plan"].summary
    assert f"::error file=bookings/{booking}.yaml,line=4,col=9" in jobs["plan"].ran["check"].out
    assert github.comments() == []


def test_a_plan_of_an_earlier_push_does_not_stay(github: GitHub) -> None:
    """Where a push breaks what was planned before, the comment says that there is no plan any more."""
    github.forget_comments()
    booking, _ = github.book(branch="broken")
    assert github.plan(github.merged("broken"))["plan"].code == 0
    github.origin.git("checkout", "--quiet", "broken")
    github.origin.replace(f"bookings/{booking}.yaml", "vessel: jada", "vessel: jade")
    github.origin.commit()

    jobs = github.plan(github.merged("broken"))

    assert (jobs["plan"].code, jobs["comment"].code) == (1, 0)
    assert github.comments() == [
        "### castoff plan for `local`: none for the last push; what is wrong stands in its job's summary\n"
    ]


def test_a_pull_request_that_mends_the_main_branch_goes_through(github: GitHub) -> None:
    """With nothing to compare with there is no plan, and that is said; the check held what is to be merged."""
    github.forget_comments()
    good = github.origin.git("rev-parse", "main").strip()
    booking, _ = github.book(vessel="jade")
    github.origin.git("checkout", "--quiet", "-B", "mending")
    github.origin.replace(f"bookings/{booking}.yaml", "vessel: jade", "vessel: jada")
    github.origin.commit()

    jobs = github.plan(github.merged("mending"))

    github.origin.git("reset", "--quiet", "--hard", good)
    assert (jobs["plan"].code, jobs["comment"].code) == (0, 0), jobs["plan"].ran
    assert jobs["plan"].summary.startswith("### castoff plan for `local`: there is none\n\n")
    assert "`HEAD^1` does not build, so there is nothing to compare with" in jobs["plan"].summary
    assert "unknown vessel `jade`" in jobs["plan"].summary
    assert github.comments() == []


def test_a_pull_request_that_publishes_nothing_goes_without_a_comment(github: GitHub) -> None:
    """A change of a text that no page shows is nobody's news."""
    github.forget_comments()
    github.origin.git("checkout", "--quiet", "-B", "quiet", "main")
    github.origin.write("NOTES.md", "Call the yard.\n")
    github.origin.commit()

    jobs = github.plan(github.merged("quiet"))

    assert (jobs["plan"].code, jobs["comment"].code) == (0, 0), jobs
    assert github.comments() == []
