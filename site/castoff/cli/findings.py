"""Problems as they are read: by people, a line each with its hint; by GitHub, as annotations beside the lines."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.terminal import summary
from castoff.contract.release import Site
from castoff.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from castoff.problems import Problem

_NOT_IN_REPOSITORY: Final = (*(f"{site.value}/" for site in Site), "castoff/layouts/")
"""How the paths of pages that were made begin, and of castoff's own layouts."""
_MANY: Final = 20
"""Problems that are taken in at a glance; of more, the end says which rules they are of."""


def told(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the problems as lines of a terminal, each with its hint; of many, a hint that returns only once."""
    hinted: set[tuple[str, str | None]] = set()
    for problem in problems:
        place = click.style(f"{problem.path}:{problem.line}:{problem.column}:", bold=True)
        mark = click.style("warning: ", fg="yellow") if problem.severity is Severity.WARNING else ""
        yield f"{place} {mark}{problem.words} {click.style(f'[{problem.rule}]', dim=True)}"
        advice = (problem.rule, problem.hint)
        if problem.hint is not None and (advice not in hinted or len(problems) <= _MANY):
            hinted.add(advice)
            yield f"  hint: {problem.hint}"


def counted_up(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield how many errors and warnings there are; of many, in how many files and of which rules."""
    if len(problems) <= _MANY:
        yield summary(problems) if problems else "all is well"
        return
    files = len({problem.path for problem in problems})
    yield f"{summary(problems)}, in {files:,} {'file' if files == 1 else 'files'}"
    counts = Counter(problem.rule for problem in problems).most_common()
    width = len(f"{counts[0][1]:,}")
    yield from (f"  {count:>{width},}  {rule}" for rule, count in counts)


def annotated(problems: Sequence[Problem], *, within: str = "") -> Iterator[str]:
    """Yield the problems as GitHub's workflow commands; `within` is the project's folder in the repository.

    See https://docs.github.com/actions/reference/workflow-commands-for-github-actions. GitHub shows ten of a kind
    beside the lines that they are about, and all of them in the log.
    """
    folder = f"{within}/" if within else ""
    for problem in problems:
        place = f"file={_property(folder + problem.path)},line={problem.line},col={problem.column},"
        words = problem.words if problem.hint is None else f"{problem.words}\nhint: {problem.hint}"
        if problem.path.startswith(_NOT_IN_REPOSITORY):
            place, words = "", f"{problem.path}:{problem.line}:{problem.column}: {words}"
        yield f"::{problem.severity.value} {place}title={_property(problem.rule)}::{_message(words)}"


def folder_in_repository(root: Path, environment: Mapping[str, str]) -> str:
    """Return where a project lies in the repository that GitHub checked out; empty at its top, or elsewhere."""
    workspace = Path(environment.get("GITHUB_WORKSPACE") or root).resolve()
    within = root.resolve()
    if within == workspace or not within.is_relative_to(workspace):
        return ""
    return within.relative_to(workspace).as_posix()


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
