"""What a publish leaves in a job's summary: Markdown appended to a file, as GitHub's $GITHUB_STEP_SUMMARY takes it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from castoff.cli.terminal import Ended
from castoff.cloud.problems import CloudError
from publisher.errors import PublishError, StoppedError
from publisher.telling.grouped import grouped
from publisher.telling.markdown import code, markdown
from publisher.telling.words import headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.publish import Done


_LINKS = 20
"""New bookings whose link is shown."""
_PROBLEMS = 20
"""Problems of a build that are shown: a summary has an end."""


@contextmanager
def summarised(file: str | None, target: str) -> Iterator[None]:
    """Let whatever ends a publish be written into the summary, where one is wanted, on its way to whoever says it."""
    try:
        yield
    except BaseException as error:
        if file is not None:
            _append(file, _ended(error, target))
        raise


def summarise(file: str, target: str, done: Done) -> None:
    """Write down how a publish ended: what was done, and who is new, with their guest's link."""
    bookings = done.folder.release.bookings
    at = _at(target, done.plan.commit)
    if not done.plan.actions:
        summarise_nothing(file, target, done.plan.commit)
        return
    if not done.applied:
        _append(file, "### castoff publish: nothing was changed")
        return
    plan = grouped(done.plan)
    new = [key for key in done.new if bookings[key].status == "confirmed"]
    links = [f"- new: {code(key)} {bookings[key].guest_url}" for key in new[:_LINKS]]
    if len(new) > _LINKS:
        links.append(f"- {len(new) - _LINKS:,} more; `castoff link ID` prints the link of each")
    title = f"castoff publish: {headline(plan)}; {at}"
    _append(file, markdown(plan, title=title, notes=["\n".join(links)] if links else [], expect=False))


def summarise_nothing(file: str, target: str, commit: str) -> None:
    """Write down that there was nothing to do."""
    _append(file, f"### castoff publish: nothing to do, {_at(target, commit)}")


def _at(target: str, commit: str) -> str:
    return f"{code(target)} is at {code(commit[:12])}"


def _ended(error: BaseException, target: str) -> str:
    """Return how it ended, in the words in which it is said; a fault of ours has none but the traceback in the log."""
    how = "was stopped" if isinstance(error, StoppedError | KeyboardInterrupt) else "ended with an error"
    heading = f"### castoff publish to {code(target)} {how}"
    match error:
        case PublishError() | Ended():
            return _told(heading, error.words, so_far=error.so_far, hint=error.hint, problems=_problems(error))
        case CloudError():
            return _told(heading, error.message, hint=error.hint)
        case _:
            return f"{heading}\n\nthe log says where"


def _problems(error: BaseException) -> tuple[str, ...]:
    return error.problems if isinstance(error, Ended) else ()


def _told(
    heading: str, words: str, *, so_far: str | None = None, hint: str | None = None, problems: tuple[str, ...] = ()
) -> str:
    lines = [f"- so far: {code(so_far)}"] if so_far else []
    lines += [f"- what to do: {code(hint)}"] if hint else []
    lines += [f"- {code(problem.splitlines()[0])}" for problem in problems[:_PROBLEMS]]
    if len(problems) > _PROBLEMS:
        lines.append(f"- {len(problems) - _PROBLEMS:,} more; `castoff check` shows them")
    return "\n".join([heading, "", code(words), "", *lines])


def _append(file: str, text: str) -> None:
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(f"{text.rstrip()}\n\n")
    except OSError as error:
        raise PublishError(
            f"the summary cannot be written to {file}: {error.strerror}",
            hint="correct `--summary`; `castoff status` says what is live",
        ) from error
