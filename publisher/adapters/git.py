"""Git: which commit the work tree is, whether it is clean, and which commit came before which."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.errors import PublishError

if TYPE_CHECKING:
    from pathlib import Path


_READ: Final = ("castoff.yaml", "bookings", "content", "layouts")
"""What a build reads: none of it may be live and in no commit."""


_WRITTEN: Final = (":(exclude)build", ":(exclude).build.*", ":(exclude).castoff")
"""What castoff itself writes into a project, whether or not git has been told to ignore it."""


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
        """Return the files that differ from the commit: new ones too, and of what a build reads also ignored ones."""
        everything = self._said("status", "--porcelain", "--", ".", *_WRITTEN).splitlines()
        ignored = self._said("status", "--porcelain", "--ignored", "--", *_READ).splitlines()
        return [line[3:] for line in everything] + [line[3:] for line in ignored if line.startswith("!!")]

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether `older` is `newer` or one of its ancestors; a commit that is not known is none.

        Raises PublishError where this clone is too shallow to know.
        """
        if older == newer:
            return True
        done = self._run("merge-base", "--is-ancestor", older, newer)
        if done.returncode and self._said("rev-parse", "--is-shallow-repository").strip() == "true":
            raise PublishError(
                f"this clone is shallow, so whether {older[:12]} came before {newer[:12]} cannot be told",
                hint="fetch the whole history: `git fetch --unshallow`, in GitHub Actions `fetch-depth: 0`",
            )
        return done.returncode == 0

    def _said(self, *words: str) -> str:
        """Return what git says; raise PublishError with its own words where it refuses."""
        done = self._run(*words)
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"git {' '.join(words)}"]
            raise PublishError(f"git refuses: {said[0]}", hint="mend the repository, then publish again")
        return done.stdout

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
