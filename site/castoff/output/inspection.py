"""The inspection: a release and its bodies in, everything that is wrong with the built site out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from castoff.output.calendars import calendar_problems
from castoff.output.files import file_problems, release_problems
from castoff.output.links import Anchor, link_problems
from castoff.output.nesting import nesting_problems
from castoff.output.page import read_page
from castoff.output.people import people_problems
from castoff.output.policy import policy_problems
from castoff.output.references import references_in_manifest, references_in_style, references_on
from castoff.output.vectors import vector_problems
from castoff.problems import Problem, in_order
from castoff.workers import cut, team_of, workers_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from castoff.contract.release import File, Release
    from castoff.output.grounds import Grounds


def inspect(release: Release, bodies: Mapping[str, bytes], grounds: Grounds) -> tuple[Problem, ...]:
    """Return every problem of a built site, in the order of its files; `bodies` may read each file when it is asked.

    What is wrong on many pages in the same words is told once, of the first of them. Raises NoParserError.
    """
    inspector = _Inspector(release, bodies, grounds)
    found: list[Problem | Anchor] = list(release_problems(release, bodies))
    files = sorted((file for file in release.files.values() if file.path in bodies), key=lambda file: file.path)
    with team_of([_Share(inspector, share) for share in cut(files, workers_for(len(files)))]) as team:
        for share in team.ask(_inspect, None):
            found += share
    anchors = [one for one in found if isinstance(one, Anchor)]
    problems = [one for one in found if isinstance(one, Problem)]
    return _told_once(in_order((*problems, *inspector.missing(anchors))))


@dataclass(frozen=True, slots=True)
class _Share:
    """The files that one worker looks at."""

    inspector: _Inspector
    files: Sequence[File]


def _inspect(share: _Share, _: None) -> list[Problem | Anchor]:
    return share.inspector.inspect(share.files)


class _Inspector:
    """Look at the files of one release one by one."""

    def __init__(self, release: Release, bodies: Mapping[str, bytes], grounds: Grounds) -> None:
        self._release = release
        self._bodies = bodies
        self._grounds = grounds
        self._looks: Mapping[str, Callable[[File, bytes], Iterator[Problem | Anchor]]] = {
            "text/html": self._page,
            "text/css": self._style,
            "text/calendar": lambda file, body: calendar_problems(body, file.path),
            "image/svg+xml": lambda file, body: vector_problems(body, file.path),
            "application/manifest+json": self._manifest,
        }

    def inspect(self, files: Sequence[File]) -> list[Problem | Anchor]:
        """Return what is wrong with these files, and the anchors on other pages that they point at."""
        found: list[Problem | Anchor] = []
        for file in files:
            body = self._bodies[file.path]
            found += file_problems(file, body, self._release)
            look = self._looks.get(file.content_type.partition(";")[0])
            if look is not None:
                found += look(file, body)
        return found

    def missing(self, anchors: Iterable[Anchor]) -> Iterator[Problem]:
        """Yield the problems of anchors that are not there; each page pointed at is read once."""
        known: dict[str, frozenset[str]] = {}
        for anchor in anchors:
            body = self._bodies.get(anchor.path)
            if body is not None and anchor.path not in known:
                known[anchor.path] = read_page(body, anchor.path).anchors
            if anchor.name not in known.get(anchor.path, {anchor.name}):
                yield anchor.problem

    def _page(self, file: File, body: bytes) -> Iterator[Problem | Anchor]:
        page = read_page(body, file.path)
        references = tuple(references_on(page))
        forms = frozenset(slot.name for slot in file.slots)
        yield from page.problems
        yield from nesting_problems(page)
        yield from people_problems(page, forms=forms)
        yield from policy_problems(page, references, form=bool(file.slots))
        yield from link_problems(references, file.path, self._grounds, anchors=page.anchors)

    def _style(self, file: File, body: bytes) -> Iterator[Problem | Anchor]:
        yield from link_problems(references_in_style(body.decode(errors="replace")), file.path, self._grounds)

    def _manifest(self, file: File, body: bytes) -> Iterator[Problem | Anchor]:
        try:
            references = tuple(references_in_manifest(body.decode(errors="replace")))
        except (ValueError, KeyError, TypeError, AttributeError):
            yield Problem(file.path, 1, 1, "this is no manifest of a web app", "wrong-type", "write it as JSON")
        else:
            yield from link_problems(references, file.path, self._grounds)


def _told_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems with those of the same words folded into the first: a layout is wrong on every page."""
    first: dict[tuple[str, str], Problem] = {}
    others: dict[tuple[str, str], set[str]] = {}
    for problem in problems:
        key = (problem.rule, problem.words)
        first.setdefault(key, problem)
        others.setdefault(key, set()).add(problem.path)
    return tuple(_with_count(problem, len(others[key]) - 1) for key, problem in first.items())


def _with_count(problem: Problem, more: int) -> Problem:
    if not more:
        return problem
    return replace(problem, words=f"{problem.words}; so in {more} more {'file' if more == 1 else 'files'}")
