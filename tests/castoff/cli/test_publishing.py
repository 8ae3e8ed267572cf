"""What a target for real takes: one commit, whatever happens to the work tree while a publish waits or builds."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from support.broken import state_of
from support.worlds import Services, Silent

from castoff.cli.publishing import publish_project
from castoff.cli.releasing import Project, open_project
from publisher.publish import Terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cli.terminal import Progress
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Loaded

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
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project that is committed, whose one charter is to come."""
    root = tmp_path / "project"
    shutil.copytree(BASE, root)
    with (root / "castoff.yaml").open("a", encoding="utf-8") as settings:
        settings.write(TARGETS)
    _git(root, "init", "--quiet")
    _commit(root)
    return open_project(root, target="production", as_of="2024-05-20 12:00")


@dataclass(frozen=True)
class _Waited:
    """A state that was waited for; meanwhile somebody was at the work tree."""

    behind: Any
    meanwhile: Callable[[], None]

    def load(self) -> Loaded:
        self.meanwhile()
        loaded: Loaded = self.behind.load()
        return loaded

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)


@dataclass(frozen=True, slots=True)
class _Disturbed(Project):
    """A project at whose work tree somebody is while it is built."""

    meanwhile: Callable[[], None] = lambda: None

    def made(self, state: State) -> ReleaseFolder:
        folder = Project.made(self, state)
        self.meanwhile()
        return folder


def _edit(root: Path) -> None:
    path = next((root / "bookings").glob("*.yaml"))
    path.write_text(path.read_text("utf-8") + "requests: half a sen\n", "utf-8")


def _leave(root: Path) -> None:
    _edit(root)
    _commit(root)


def test_what_was_read_half_written_is_not_taken_because_it_was_undone_since(project: Project) -> None:
    """A file that was edited while a publish waited, and is as it was once all is read, was read in between."""
    world = Services()
    undo = partial(_git, project.root, "checkout", "--quiet", ".")
    taken = _Disturbed(project.root, project.settings, project.target, project.as_of, project.full, undo)
    states = _Waited(world.ports().states, partial(_edit, project.root))
    ports = replace(world.ports(), states=states)
    terms = Terms(commits=project.git, confirm=lambda _plan: True)

    with pytest.raises(SystemExit):
        publish_project(taken, terms=terms, progress=cast("Progress", Silent()), world=lambda _target: ports)

    assert world.state_at is None


@pytest.mark.parametrize("when", ["waiting", "building"])
@pytest.mark.parametrize(
    ("done", "words"),
    [
        pytest.param(_edit, "1 file changed since the commit, `bookings/", id="edited"),
        pytest.param(_leave, "was checked out while", id="another commit"),
    ],
)
def test_nothing_but_the_commit_becomes_live(
    project: Project, capsys: pytest.CaptureFixture[str], when: str, done: Callable[[Path], None], words: str
) -> None:
    """A half-written file stops a publish before anything is changed; a whole commit is taken as it is read."""
    world = Services()

    def meanwhile() -> None:
        done(project.root)

    if when == "building":
        taken: Project = _Disturbed(
            project.root, project.settings, project.target, project.as_of, project.full, meanwhile
        )
        ports = world.ports()
    else:
        taken = project
        ports = replace(world.ports(), states=_Waited(world.ports().states, meanwhile))
    terms = Terms(commits=project.git, confirm=lambda _plan: True)

    if (when, done) == ("waiting", _leave):
        publish_project(taken, terms=terms, progress=cast("Progress", Silent()), world=lambda _target: ports)
        assert state_of(world).commit == project.git.head()
        return
    with pytest.raises(SystemExit):
        publish_project(taken, terms=terms, progress=cast("Progress", Silent()), world=lambda _target: ports)

    assert words in capsys.readouterr().err
    assert world.state_at is None
    assert world.objects_at == {}


def _commit(root: Path) -> None:
    _git(root, "add", ".")
    _git(root, "-c", "user.name=Kim", "-c", "user.email=kim@example.com", "commit", "--quiet", "-m", "more")


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)
