"""What the operator can get wrong: each is one message with one hint, and nothing is changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.projects import Project

if TYPE_CHECKING:
    from pathlib import Path

    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")
_NOWHERE: Final = "https://0123456789.execute-api.us-west-2.amazonaws.com/prod"


@pytest.fixture
def project(tmp_path: Path, cloud_environment: dict[str, str]) -> Project:
    """Lay out a project whose cloud was never started."""
    return Project.lay_out(tmp_path / "charters", cloud_environment)


def test_no_settings(project: Project) -> None:
    """Outside of a project it says where it looked, and how to name another folder."""
    (project.root / "castoff.yaml").unlink()

    assert project.castoff("publish").refusal == (
        f"error: there is no castoff.yaml in {project.root} or above\n"
        "  hint: go to your project's folder, or name it: `castoff -C FOLDER …`\n"
    )


def test_no_repository(project: Project) -> None:
    """Without git there is nothing that could be published."""
    (project.root / ".git").rename(project.root / "no-git")

    assert project.castoff("publish", *_LOCAL, "--yes").refusal == (
        f"error: {project.root} is not a git repository\n"
        "  hint: run `git init`, add your files and commit them: castoff publishes commits\n"
    )


def test_no_commit(project: Project) -> None:
    """A repository without a commit has nothing to publish yet."""
    project.git("update-ref", "-d", "HEAD")

    assert project.castoff("publish", *_LOCAL, "--yes").refusal == (
        "error: there is no commit yet\n  hint: commit your files: castoff publishes commits\n"
    )


def test_unknown_target(project: Project) -> None:
    """A mistyped target is answered with those that there are, and the one that was meant."""
    assert project.castoff("publish", "--target", "lokal", "--yes").refusal == (
        "error: unknown target `lokal`; castoff.yaml has `production`, `local`\n  hint: did you mean `local`?\n"
    )


def test_changed_since_the_commit(project: Project) -> None:
    """What goes to production is a commit, so changed files are named first."""
    project.book("unsaved", days=7)

    assert project.castoff("publish", "--yes").refusal == (
        "error: 1 file changed since the commit, `bookings/unsaved.yaml` first\n"
        "  hint: commit or remove them: what is live has to be a commit\n"
    )


def test_cloud_that_does_not_run(project: Project) -> None:
    """The embedded cloud is missed by name, with the command that starts it."""
    assert project.castoff("publish", *_LOCAL, "--yes").refusal == (
        "error: the embedded cloud does not run\n  hint: start it with `castoff cloud start`\n"
    )


def test_cloud_that_died(project: Project) -> None:
    """A cloud that left its facts behind is missed at the first call, with the command that starts it."""
    project.write(".castoff/cloud.json", json.dumps(_facts_of_nothing()))

    assert project.castoff("publish", *_LOCAL, "--yes").refusal == (
        "error: GetObject on s3://state/state.json.gz was not answered: the connection was refused\n"
        "  hint: check the network (embedded, `castoff cloud start`), then publish again;"
        " what was done is known and is not done twice\n"
    )


def _facts_of_nothing() -> dict[str, Any]:
    """Return facts of a cloud at a port where nobody listens (discard)."""
    sites = ("GuestBucket", "OpsBucket", "GuestDistribution", "OpsDistribution", "SccSecret", "DashboardSecret")
    return {
        "format": 1,
        "endpoint": "http://127.0.0.1:9",
        "region": "us-west-2",
        "edge": "http://127.0.0.1:9",
        "pids": {},
        "stack": "castoff",
        "outputs": dict.fromkeys(sites, "x") | {"StateBucket": "state", "SccUrl": _NOWHERE, "DashboardUrl": _NOWHERE},
        "credentials": {"publisher": {"key": "k", "secret": "s", "expires": "2999-01-01T00:00:00+00:00"}},
    }


def test_problems_stop_it_before_anything_is_changed(harbour: Harbour, charter: str) -> None:
    """Every problem with its place and a hint, how many there are, and not one request but for the state."""
    path = f"bookings/{charter}.yaml"
    harbour.project.replace(path, "vessel: jada", "vessel: jadda")
    harbour.project.replace(path, "captain: captain-001", "captain: captain-0001")
    harbour.project.commit()

    refused = harbour.publish()
    harbour.project.git("revert", "--no-edit", "HEAD")

    assert (refused.code, refused.out) == (1, "")
    assert refused.err == (
        f"{path}:4:9: unknown vessel `jadda` [unknown-vessel]\n"
        "  hint: did you mean `jada`?\n"
        f"{path}:8:10: unknown crew member `captain-0001` [unknown-crew-member]\n"
        "  hint: did you mean `captain-001`?\n"
        "2 errors\n"
    )
    assert [call.partition(" ")[0] for call in harbour.turnstile.passed] == ["GET"]
