"""Git: which commit the work tree is, whether it is clean, and which commit came before which."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


_READ: Final = ("castoff.yaml", "bookings", "content", "layouts")
"""What a build reads: none of it may be live and in no commit."""


_WRITTEN: Final = (":(exclude)build", ":(exclude).build.*", ":(exclude).castoff")
"""What castoff itself writes into a project, whether or not git has been told to ignore it."""

_RELATIVE: Final = frozenset("~^@")
"""Signs of a name that counts back from another, and means nothing elsewhere (gitrevisions(7))."""


@dataclass(frozen=True, slots=True)
class Git:
    """The repository that a folder belongs to."""

    folder: Path

    def head(self) -> str:
        """Return the commit that is checked out; raise PublishError where there is none."""
        done = self._run("rev-parse", "--verify", "HEAD^{commit}")
        if done.returncode:
            self._check_inside()
            raise PublishError("there is no commit yet", hint="commit your files: castoff publishes commits")
        return done.stdout.strip()

    def resolve(self, name: str) -> str:
        """Return the commit that a name means here; raise PublishError where it means none."""
        done = self._run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if done.returncode:
            fetch = f"`git fetch origin {name.removeprefix('origin/')}`"
            hint = f"fetch it, such as with {fetch}, or name another"
            if not _RELATIVE.isdisjoint(name):
                hint = "name another, or fetch what came before: `git fetch --unshallow`"
            raise PublishError(f"there is no commit `{name}` here", hint=hint)
        return done.stdout.strip()

    def write_tree(self, commit: str, target: Path) -> None:
        """Write the files that this folder has in a commit into an empty folder; the work tree and index stay as is."""
        inside = self._said("rev-parse", "--show-prefix").strip()
        index = target / ".git-index"
        apart = {"GIT_DIR": self._said("rev-parse", "--absolute-git-dir").strip(), "GIT_WORK_TREE": str(target)}
        apart["GIT_INDEX_FILE"] = str(index)
        done = self._run("read-tree", f"{commit}:{inside.rstrip('/')}", **apart)
        if done.returncode:
            raise PublishError(f"{commit[:12]} has no folder `{inside}`", hint="name a commit in which it is there")
        # What `git archive` leaves out by an attribute, a build may need.
        self._said("checkout-index", "--all", **apart)
        index.unlink()

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

    def subjects(self, commits: Iterable[str]) -> dict[str, str]:
        """Return the first line of each commit's message; a commit that is not known has none."""
        wanted = [commit for commit in dict.fromkeys(commits) if commit]
        if not wanted:
            return {}
        done = self._run("log", "--no-walk=unsorted", "--ignore-missing", "--format=%H%x09%s", *wanted, "--")
        lines = (line.partition("\t") for line in done.stdout.splitlines())
        return {commit: subject for commit, _, subject in lines}

    def knows(self, commit: str) -> bool:
        """Tell whether a commit is in this clone."""
        return self._run("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0

    def commit_of(self, ref: str) -> str | None:
        """Return the commit that a branch, a tag or a hash names here; None where it names none, or more than one."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        return done.stdout.strip() if done.returncode == 0 else None

    def _said(self, *words: str, **variables: str) -> str:
        """Return what git says; raise PublishError with its own words where it refuses."""
        done = self._run(*words, **variables)
        if done.returncode:
            self._check_inside()
            raise _refused(done)
        return done.stdout

    def _check_inside(self) -> None:
        done = self._run("rev-parse", "--git-dir", LC_ALL="C")
        if "not a git repository" in done.stderr:
            raise PublishError(
                f"{self.folder} is not a git repository",
                hint="run `git init`, add your files and commit them: castoff publishes commits",
            )
        if done.returncode:
            raise _refused(done)

    def _run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603 - fixed words, commits as separate arguments
                ["git", "-C", str(self.folder), *words],  # noqa: S607 - the operator's own git
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, **variables},
            )
        except FileNotFoundError as error:
            raise PublishError("git is not installed", hint="install git") from error


def _refused(done: subprocess.CompletedProcess[str]) -> PublishError:
    """Return git's refusal in its own words, with its advice where it gives any."""
    said = done.stderr.strip().splitlines() or [" ".join(map(str, done.args))]
    advice = next((line.strip() for line in said[1:] if line.strip().startswith("git ")), "")
    hint = f"`{advice}`, then publish again" if advice else "mend the repository, then publish again"
    return PublishError(f"git refuses: {said[0]}", hint=hint)
