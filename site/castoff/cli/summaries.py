"""What a publish leaves in a job's summary: Markdown appended to a file, as GitHub's $GITHUB_STEP_SUMMARY takes it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from castoff.cli.terminal import counted
from publisher.errors import PublishError
from publisher.telling.grouped import grouped
from publisher.telling.markdown import code, markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publisher.publish import Done


@contextmanager
def summarised(file: str | None, target: str) -> Iterator[None]:
    """Let a PublishError that passes be written into the summary, where one is wanted."""
    try:
        yield
    except PublishError as error:
        if file is not None:
            _append(file, _refused(error, target))
        raise


def summarise(file: str, target: str, done: Done, *, links: bool) -> None:
    """Write down how a publish ended: what was done, and who is new, by id unless `links` are for whoever reads it.

    Who has a guest's link sees the page, and a summary may be anybody's to read.
    """
    bookings = done.folder.release.bookings
    at = f"{code(target)} is at {code(done.plan.commit[:12])}"
    if not done.plan.actions:
        lines = [f"### castoff publish: nothing to do, {at}"]
    elif not done.applied:
        lines = ["### castoff publish: nothing was changed"]
    else:
        lines = [f"### castoff publish: {counted(len(done.plan.actions), 'action')} done, {at}", ""]
        new = [key for key in done.new if bookings[key].status == "confirmed"]
        lines += [f"- new: {code(key)} {bookings[key].guest_url if links else ''}".rstrip() for key in new]
        if new and not links:
            lines.append("- `castoff link ID` prints a guest's link and a message to send it with")
        lines += ["", markdown(grouped(done.plan), expect=False)]
    _append(file, "\n".join(lines))


def _refused(error: PublishError, target: str) -> str:
    lines = [f"### castoff publish to {code(target)} ended with an error", "", code(error.words)]
    lines += [f"- so far: {code(error.so_far)}"] if error.so_far else []
    lines += [f"- what to do: {code(error.hint)}"] if error.hint else []
    return "\n".join([*lines[:3], "", *lines[3:]])


def _append(file: str, text: str) -> None:
    try:
        with Path(file).open("a", encoding="utf-8") as summary:
            summary.write(f"{text.rstrip()}\n\n")
    except OSError as error:
        raise PublishError(
            f"the summary cannot be written to {file}: {error.strerror}",
            hint="correct `--summary`; `castoff status` says what is live",
        ) from error
