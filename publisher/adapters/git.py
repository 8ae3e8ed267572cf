"""Git: which commit the work tree is, whether it is clean, and which commit came before which."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from publisher.errors import PublishError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Git:
    """The repository that a folder belongs to."""

    folder: Path

    def head(self) -> str:
        """Return the commit that is checked out; raise PublishError where there is none."""
        done = self._run("rev-parse", "--verify", "HEAD^{commit}")
        if done.returncode:
            outside = self._run("rev-parse", "--git-dir").returncode != 0
            raise PublishError(
                f"{self.folder} is not a git repository" if outside else "there is no commit yet",
                hint="run `git init`, add your files and commit them: castoff publishes commits"
                if outside
                else "commit your files: castoff publishes commits",
            )
        return done.stdout.strip()

    def changed(self) -> list[str]:
        """Return the files that differ from the commit, new ones included."""
        return [line[3:] for line in self._run("status", "--porcelain", "--", ".").stdout.splitlines()]

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether `older` is `newer` or one of its ancestors; a commit that is not known is none."""
        return older == newer or self._run("merge-base", "--is-ancestor", older, newer).returncode == 0

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603 - fixed words, commits as separate arguments
                ["git", "-C", str(self.folder), *words],  # noqa: S607 - the operator's own git
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise PublishError("git is not installed", hint="install git") from error
