"""Work for as many processes as there are cores: each forked child holds a part of it and does task after task with it.

A part stays with its worker from one task to the next, so that only questions and answers go through a pipe.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
P = TypeVar("P")
Q = TypeVar("Q")
R = TypeVar("R")

FEWEST: Final = 150
"""Items of a worker below which it hardly saves what it costs: forking, and copying every page of memory it touches."""


class WorkerError(RuntimeError):
    """Say that a worker ended without an answer, or with one that cannot be handed over."""


class EndedWorkerError(WorkerError):
    """Say that a worker is gone: something outside has ended it."""


def workers_for(items: int, *, most: int | None = None) -> int:
    """Return how many workers pay for so many items, at least one; `most` is how many are wished for, whatever pays.

    It is one where a second process would not be safe: a child that is forked beside threads may find a lock held for
    ever.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    return max(1, min(_cores(), items // FEWEST) if most is None else min(most, items))


def cut(items: Sequence[T], number: int) -> list[Sequence[T]]:
    """Return the items in order, cut into so many shares of about the same size."""
    return [items[len(items) * at // number : len(items) * (at + 1) // number] for at in range(number)]


class Team(Generic[P]):
    """The parts of some work, and whoever does it: here this very process."""

    def __init__(self, parts: Sequence[P]) -> None:
        self._parts = parts

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self._parts)

    def ask(self, task: Callable[[P, Q], R], question: Q) -> list[R]:
        """Have a task done with every part at a time; return the answers in the order of the parts.

        Raises what the task raises, that of the first part before the others', and WorkerError where a worker dies.
        """
        return [task(part, question) for part in self._parts]


@contextmanager
def team_of(parts: Sequence[P]) -> Iterator[Team[P]]:
    """Yield a team, forked where there is more than one part; no worker outlives the block, however that ends.

    Where the system gives no more processes, this one does it all.
    """
    if len(parts) == 1:
        yield Team(parts)
        return
    team = _Forked(parts)
    try:
        yield team if team.fork() else Team(parts)
        team.dismiss()
    finally:
        team.end()


@dataclass(frozen=True, slots=True)
class _Child:
    """A worker as its parent knows it."""

    pid: int
    questions: IO[bytes]
    answers: IO[bytes]


class _Forked(Team[P]):
    """A team of which each member is a process of its own."""

    def __init__(self, parts: Sequence[P]) -> None:
        super().__init__(parts)
        self._children: list[_Child] = []

    def ask(self, task: Callable[[P, Q], R], question: Q) -> list[R]:
        asked = pickle.dumps((task, question), protocol=pickle.HIGHEST_PROTOCOL)
        for child in self._children:
            with suppress(BrokenPipeError):  # whoever is gone gives no answer either
                child.questions.write(asked)
                child.questions.flush()
        return [self._answer(child) for child in self._children]

    def fork(self) -> bool:
        """Fork a child for each part, or none; no interrupt falls between its birth and its readiness for one."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            for part in self._parts:
                self._children.append(self._forked(part, before))
        except OSError:  # there are too many processes, or too many files are open
            self.end()
            return False
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return True

    def dismiss(self) -> None:
        """Let every child go by itself: where no more questions come, it ends."""
        for child in self._children:
            child.questions.close()
            _wait_for(child.pid)
        self._closed()

    def end(self) -> None:
        """End whoever is still there, at once."""
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
        for child in self._children:
            _wait_for(child.pid)
        self._closed()

    def _closed(self) -> None:
        for child in self._children:
            for pipe in (child.questions, child.answers):
                with suppress(BrokenPipeError):
                    pipe.close()
        self._children = []

    def _forked(self, part: P, mask: set[int | signal.Signals]) -> _Child:
        ends: list[int] = []
        try:
            ends += os.pipe()
            ends += os.pipe()
            pid = os.fork()
        except OSError:
            for end in ends:
                os.close(end)
            raise
        questions, asking, answers, answering = ends
        if pid == 0:
            try:
                # Ctrl-C goes to the whole group: the parent decides what comes of it. Nobody else's pipes are kept
                # open here, so that each worker sees its own end with the parent.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
                others = (pipe for child in self._children for pipe in (child.questions, child.answers))
                for end in (asking, answers, *(pipe.fileno() for pipe in others)):
                    os.close(end)
                _obey(part, os.fdopen(questions, "rb"), os.fdopen(answering, "wb"))
            finally:
                os._exit(1)
        os.close(questions)
        os.close(answering)
        return _Child(pid, os.fdopen(asking, "wb"), os.fdopen(answers, "rb"))

    def _answer(self, child: _Child) -> Any:
        try:
            answer, error = pickle.load(child.answers)  # noqa: S301 - our own child wrote it
        except (EOFError, pickle.UnpicklingError):
            raise EndedWorkerError("a worker ended without an answer") from None
        if error is not None:
            raise error
        return answer


def _obey(part: Any, questions: IO[bytes], answers: IO[bytes]) -> NoReturn:
    """Do the tasks that are asked for until none comes, then end without what the parent registered for its own end."""
    while True:
        try:
            task, question = pickle.load(questions)  # noqa: S301 - our own parent wrote it
        except EOFError:
            os._exit(0)
        try:
            answer = _packed(task(part, question), None)
        except Exception as error:  # noqa: BLE001 - the parent raises it
            answer = _packed_error(error)
        answers.write(answer)
        answers.flush()
        del answer, question


def _wait_for(pid: int) -> None:
    """Wait for a child's end; one whose parent was told to ignore such ends is gone by itself."""
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _packed_error(error: Exception) -> bytes:
    """Return an error as itself, with where it was raised; one that cannot be packed goes by its words."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        packed = _packed(None, error)
        pickle.loads(packed)  # noqa: S301 - our own; many an error packs, and cannot be made anew
    except Exception:  # noqa: BLE001 - whatever its own code does
        return _packed(None, WorkerError(f"{type(error).__name__}: {error}"))
    return packed


def _packed(answer: object, error: Exception | None) -> bytes:
    return pickle.dumps((answer, error), protocol=pickle.HIGHEST_PROTOCOL)


def _cores() -> int:
    """Return how many processors this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
