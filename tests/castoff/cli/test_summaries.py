"""What a publish that ended before its end leaves in a job's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from castoff.cli.errors import told
from castoff.cli.interrupts import heard
from castoff.cli.project import refuse
from castoff.cli.summaries import summarised
from castoff.cli.terminal import Progress, fail
from castoff.cloud.problems import CloudError
from castoff.problems import Problem
from publisher.errors import PublishError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADING: Final = "### castoff publish to <code>production</code>"
MISTAKE: Final = Problem("bookings/xhqgmdh.yaml", 4, 9, "unknown vessel `jade`", "unknown-vessel")


def raised(error: BaseException) -> Callable[[], None]:
    """Return what raises an error that came so far."""

    def work() -> None:
        if isinstance(error, PublishError):
            error.so_far = "1 of 3 actions done"
        raise error

    return work


FAILED: Final = f"{HEADING} ended with an error"
STOPPED: Final = f"{HEADING} was stopped"
SO_FAR: Final = "- so far: <code>1 of 3 actions done</code>"

# how it ends, what does, how the command exits, the summary's paragraphs
ENDS: Final = [
    (
        "an error",
        raised(PublishError("s3 said no", hint="ask the owner")),
        1,
        (FAILED, "<code>s3 said no</code>", f"{SO_FAR}\n- what to do: <code>ask the owner</code>"),
    ),
    (
        "Ctrl-C, or a job that is cancelled",
        raised(StoppedError("stopped", hint="publish again")),
        130,
        (STOPPED, "<code>stopped</code>", f"{SO_FAR}\n- what to do: <code>publish again</code>"),
    ),
    ("Ctrl-C while it builds", raised(KeyboardInterrupt()), 1, (STOPPED, "the log says where")),
    (
        "something that is said at once",
        lambda: fail("2 files changed since the commit", hint="commit them"),
        1,
        (FAILED, "<code>2 files changed since the commit</code>", "- what to do: <code>commit them</code>"),
    ),
    (
        "a booking that does not build",
        lambda: refuse([MISTAKE]),
        1,
        (
            FAILED,
            "<code>1 error</code>",
            "- <code>bookings/xhqgmdh.yaml:4:9: unknown vessel &#96;jade&#96; &#91;unknown-vessel&#93;</code>",
        ),
    ),
    (
        "the embedded cloud",
        raised(CloudError("it does not start", hint="look at its log")),
        1,
        (FAILED, "<code>it does not start</code>", "- what to do: <code>look at its log</code>"),
    ),
]


@pytest.mark.parametrize(("how", "work", "code", "summary"), ENDS, ids=[how for how, *_ in ENDS])
def test_it_stands_in_the_summary(
    tmp_path: Path, how: str, work: Callable[[], None], code: int, summary: tuple[str, ...]
) -> None:
    """However a publish ends, whoever looks at the job reads why, how far it came, and what to do."""
    file = tmp_path / "summary.md"
    progress = Progress()

    with (
        pytest.raises(SystemExit) as ended,
        told(progress),
        heard(progress),
        summarised(str(file), "production"),
    ):
        work()

    assert (ended.value.code, file.read_text("utf-8")) == (code, "\n\n".join(summary) + "\n\n"), how
