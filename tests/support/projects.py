"""An operator's project, worked on as the operator does: files, git, and castoff's own command line."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from support.said import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parents[2]
PROGRAM: Final = Path(sys.executable).with_name("castoff")
ZONE: Final = ZoneInfo("America/Los_Angeles")

_TODAY: Final = datetime.now(ZONE).date()

_PATIENCE: Final = 120.0
_ASKED: Final = b": "
"""How each question ends, and nothing else that is said."""
_STANDING_CLOCK: Final = re.compile(r"^as_of:.*\n", re.MULTILINE)
_SO_FAR: Final = re.compile(r"^  so far: (.*)\n", re.MULTILINE)
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_BOOKING: Final = """\
id: {id}
source: direct
status: {status}
vessel: {vessel}
dock: {dock}
starts: {starts:%Y-%m-%d %H:%M}
duration: 3h
captain: {captain}
crew: [{crew}]
guests:
  count: 6
  lead: {lead}
finance:
  revenue: 840.75
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    def __post_init__(self) -> None:
        """Keep what was said, for who looks for secrets in it."""
        note(self.out, self.err)

    def json(self) -> Any:
        """Return the result as a program reads it."""
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The message that it ended with, which is the last thing said: exit code 1 and no result beside it.

        How far it came until then is told apart.
        """
        assert (self.code, self.out) == (1, ""), self
        _, found, words = self.err.partition("error: ")
        return found + _SO_FAR.sub("", words)

    @property
    def so_far(self) -> str | None:
        """How far it came before it stopped, or None where there was nothing to do yet."""
        found = _SO_FAR.search(self.err)
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Shown:
    """How a command ended at a terminal, and every sign that it sent there."""

    code: int
    signs: str

    def __post_init__(self) -> None:
        """Keep what was said, for who looks for secrets in it."""
        note(self.signs)

    @property
    def screen(self) -> str:
        """Return what stands there in the end: without colours, and of lines drawn over each other the last."""
        lines = (line.rstrip("\r").rpartition("\r")[2].rstrip() for line in _COLOUR.sub("", self.signs).split("\n"))
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Project:
    """A project's folder; `environment` is what commands run in, with no colour and no AWS of this machine."""

    root: Path
    environment: Mapping[str, str] = field(repr=False)

    @classmethod
    def lay_out(cls, root: Path, environment: Mapping[str, str]) -> Project:
        """Lay out a project with the example's settings and content, a clock that runs, and no booking; commit it."""
        project = cls(root, _clean(environment))
        project.write("castoff.yaml", _STANDING_CLOCK.sub("", (ROOT / "castoff.yaml").read_text("utf-8")))
        project.write(".gitignore", ".castoff/\nbuild/\n")
        project.write("bookings/.keep", "")
        shutil.copytree(ROOT / "content", root / "content")
        project.git("init", "--quiet")
        project.commit()
        return project

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def book(self, booking: str, *, days: int, also: str = "", **fields: Any) -> None:
        """Write a booking that starts so many days from today, at 9 unless `hour` says another; `also` is added."""
        settled = {"status": "confirmed", "vessel": "jada", "captain": "captain-001", "crew": "crew-001"}
        settled |= {"dock": "sheraton-marina"}
        settled |= {"lead": "Dana R.", "starts": in_days(days, hour=fields.pop("hour", 9))} | fields
        self.write(f"bookings/{booking}.yaml", _BOOKING.format(id=booking, **settled) + also)

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file: one place in it becomes another."""
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def commit(self) -> str:
        """Commit everything, and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "As it stands")
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *words: str) -> str:
        """Run git."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def castoff(self, *words: str, **variables: str) -> Ran:
        """Run castoff with nobody at a terminal; a traceback is a failure whatever else was promised."""
        done = subprocess.run(
            [PROGRAM, *words],
            cwd=self.root,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Run castoff beside the test, which may stop or kill it."""
        with subprocess.Popen(
            [PROGRAM, *words],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as program:
            try:
                yield program
            finally:
                with suppress(ProcessLookupError):
                    program.send_signal(signal.SIGCONT)
                    program.kill()
                note(*(stream.read() for stream in (program.stdout, program.stderr) if stream and not stream.closed))

    def at_terminal(self, *words: str, answer: str, **variables: str) -> Shown:
        """Run castoff at a terminal, and answer its question once."""
        return self.in_dialogue(*words, answers=[answer], **variables)

    def in_dialogue(self, *words: str, answers: Iterable[str | signal.Signals], **variables: str) -> Shown:
        """Run castoff at a terminal, and answer its questions one after another, or send a signal instead."""
        ours, theirs = pty.openpty()
        try:
            with subprocess.Popen(
                [PROGRAM, *words],
                cwd=self.root,
                env={**self.environment, "TERM": "xterm", **variables},
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
            ) as program:
                os.close(theirs)
                try:
                    signs = _converse(ours, program, iter(answers))
                finally:
                    program.kill()
            return Shown(program.returncode, signs)
        finally:
            os.close(ours)

    @property
    def facts(self) -> dict[str, Any]:
        """What the running cloud says of itself."""
        facts: dict[str, Any] = json.loads((self.root / ".castoff" / "cloud.json").read_text("utf-8"))
        return facts

    def tell(self, **facts: Any) -> None:
        """Say something else of the running cloud."""
        self.write(".castoff/cloud.json", json.dumps(self.facts | facts))

    @contextmanager
    def telling(self, **facts: Any) -> Iterator[None]:
        """Say something else of the running cloud, for a while."""
        true = self.facts
        self.tell(**facts)
        try:
            yield
        finally:
            self.tell(**true)

    def plain(self, text: str) -> str:
        """Return a program's words with what differs from run to run named instead: ports, ids, commits, folders."""
        facts = self.facts
        named = {value: f"<{name}>" for name, value in facts["outputs"].items()}
        named |= {str(self.root): "<project>", self.git("rev-parse", "HEAD")[:12]: "<commit>"}
        named |= {facts["endpoint"]: "<cloud>", f":{facts['edge'].rpartition(':')[2]}": ":<edge>"}
        for value in sorted(named, key=len, reverse=True):
            text = text.replace(value, named[value])
        text = re.sub(r"plan [0-9a-f]{12}", "plan <digest>", text)
        return re.sub(r"\.[0-9a-f]{10}\.", ".<hash>.", text)


def in_days(days: int, *, hour: int) -> datetime:
    """Return an hour so many days from today, by the clock at the dock; today is the day on which the tests began."""
    return datetime.combine(_TODAY + timedelta(days=days), time(hour), ZONE)


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(("AWS_", "GIT_", "NO_COLOR", "CASTOFF_TARGET"))
    }
    people = {f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | dict.fromkeys(people, "operator@example.com") | {"GIT_CONFIG_GLOBAL": os.devnull}


def _converse(terminal: int, program: subprocess.Popen[bytes], answers: Iterator[str | signal.Signals]) -> str:
    """Read what a program shows until it ends, and answer each of its questions."""
    shown = b""
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:  # Linux says so where the other side is closed
            break
        if not read:
            break
        shown += read
        if shown.endswith(_ASKED) and not select.select([terminal], [], [], 0.02)[0]:
            answer = next(answers, None)
            assert answer is not None, f"it asks once more:\n{shown.decode()}"
            if isinstance(answer, signal.Signals):
                program.send_signal(answer)
            else:
                os.write(terminal, f"{answer}\n".encode())
    program.wait(_PATIENCE)
    return shown.decode()
