"""Errors of every part, told in one voice: what is wrong, what to do next, exit 1; never a traceback for a mistake."""

from __future__ import annotations

import re
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.terminal import fail, say
from castoff.cloud.problems import CloudError
from castoff.folder import ForeignFolderError, UnwritableFolderError
from castoff.workers import EndedWorkerError
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.cli.terminal import Progress

_PUBLISHING: Final = {"publish", "demo"}
_NOT_TWICE: Final = r"(; what was done is known and is not done twice)?"
_PUBLISH: Final = re.compile(rf"run `castoff publish` again{_NOT_TWICE}")
_THEN_PUBLISH: Final = re.compile(rf"[,;] then publish again( with `--repair`)?{_NOT_TWICE}")


@contextmanager
def told(progress: Progress | None = None, *, broken_off: str = "run it again") -> Iterator[None]:
    """Run a command's work; what it cannot go on from is said, and ends it; `broken_off` is the hint after Ctrl-C.

    Who is told to end (SIGTERM) ends in order too: no worker stays, and nothing half done.
    """
    try:
        with _ending_in_order():
            yield
    except PublishError as error:
        _clear(progress)
        fail(error.words, so_far=error.so_far, hint=_fitting(error.hint))
    except CloudError as error:
        _clear(progress)
        fail(error.message, hint=error.hint or None)
    except ForeignFolderError as error:
        _clear(progress)
        fail(str(error), hint="build into a new folder, or empty that one")
    except UnwritableFolderError as error:
        _clear(progress)
        fail(str(error), hint=error.hint)
    except EndedWorkerError:
        _clear(progress)
        fail("the system ended a worker of the build", hint="see that there is memory enough, then run it again")
    except (click.Abort, KeyboardInterrupt):  # at a question, and elsewhere
        _clear(progress)
        if sys.stderr.isatty():
            say()  # behind the question, or what the keyboard left there
        fail("broken off", hint=broken_off)
    _clear(progress)


def _fitting(hint: str | None) -> str | None:
    """Return a hint of the publisher's for the command at work: who only looks is told of no publish."""
    context = click.get_current_context(silent=True)
    if hint is None or context is None or context.info_name in _PUBLISHING:
        return hint
    return "run it again" if _PUBLISH.fullmatch(hint) else _THEN_PUBLISH.sub("", hint)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM unwind the block, unless the command has a way of its own to end."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _clear(progress: Progress | None) -> None:
    if progress is not None:
        progress.clear()
