"""What ends a command is said in words: what is wrong, what to do next, and no traceback."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import click
import pytest

from castoff.cli.errors import told
from castoff.folder import UnwritableFolderError
from castoff.workers import EndedWorkerError, WorkerError
from publisher.errors import PublishError

CASES = [
    (
        EndedWorkerError("a worker ended without an answer"),
        "error: the system ended a worker of the build\n  hint: see that there is memory enough, then run it again\n",
    ),
    (
        UnwritableFolderError(Path("build"), OSError(errno.ENOSPC, "No space left on device")),
        (
            "error: build cannot be written: no space left on device\n"
            "  hint: see that you may write there, and that the disk has room\n"
        ),
    ),
    (
        UnwritableFolderError(Path("build"), OSError(errno.EBUSY, "Device or resource busy")),
        (
            "error: build cannot be written: device or resource busy\n"
            "  hint: it is where a disk is mounted, and is replaced whole: build into a folder below it with `--out`\n"
        ),
    ),
    (KeyboardInterrupt(), "error: broken off\n  hint: run it again\n"),
]


@pytest.mark.parametrize(("error", "words"), CASES, ids=[type(error).__name__ for error, _ in CASES])
def test_it_is_said_and_ends_with_1(error: BaseException, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a hint that fits."""
    with pytest.raises(SystemExit) as ended, told():
        raise error

    assert ended.value.code == 1
    assert capsys.readouterr().err == words


def test_a_fault_of_ours_stays_one() -> None:
    """It comes with where it was raised, whichever process met it."""
    with pytest.raises(WorkerError), told():
        raise WorkerError("Local: nobody else knows me")


def test_who_is_told_to_end_ends_in_order() -> None:
    """As after Ctrl-C, everything that a block has to put away is put away; and afterwards all is as it was."""
    before = signal.getsignal(signal.SIGTERM)
    put_away = []

    with pytest.raises(SystemExit) as ended, told():  # noqa: PT012 - what unwinds is what is looked at
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            put_away.append("all")

    assert ended.value.code == 128 + signal.SIGTERM
    assert put_away == ["all"]
    assert signal.getsignal(signal.SIGTERM) == before


def test_who_has_a_way_of_their_own_to_end_keeps_it() -> None:
    """A command that set one before is not overruled."""
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)

    with told():
        os.kill(os.getpid(), signal.SIGTERM)
    own = signal.signal(signal.SIGTERM, before)

    assert own == signal.SIG_IGN


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        ("sign in to AWS again, then publish again", "sign in to AWS again"),
        ("run `castoff publish` again", "run it again"),
        ("run `castoff publish` again; what was done is known and is not done twice", "run it again"),
        (
            "check the network, then publish again; what was done is known and is not done twice",
            "check the network",
        ),
    ],
)
def test_who_only_looks_is_told_of_no_publish(hint: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The publisher's hints are of a publish; the rest of them helps everyone."""
    for command in ("plan", "publish"):
        with click.Context(click.Command(command), info_name=command), pytest.raises(SystemExit), told():
            raise PublishError("no", hint=hint)

    assert capsys.readouterr().err == f"error: no\n  hint: {said}\nerror: no\n  hint: {hint}\n"
