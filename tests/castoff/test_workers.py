"""Work for several processes: the same answers as one gives, faults as themselves, and nobody left behind."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from castoff.workers import cut

PRELUDE = """
import os, signal, sys, time
from castoff.workers import WorkerError, cut, team_of, workers_for

class Held:
    def __init__(self, numbers):
        self.numbers = list(numbers)

    def add(self, more):
        self.numbers = [number + more for number in self.numbers]
        return os.getpid(), self.numbers

    def refuse(self, number):
        if number in self.numbers:
            raise ValueError(f"{number} of {self.numbers}")

    def vanish(self, number):
        if number in self.numbers:
            os._exit(3)

    def odd(self, _):
        class Local(Exception):
            pass
        raise Local("nobody else knows me")

    def sleep(self, _):
        time.sleep(60)

def nobody_is_left():
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False
"""


def ran(program: str) -> list[str]:
    """Run a program in a process of its own: beside threads, such as other tests have started, nothing is forked."""
    text = PRELUDE + textwrap.dedent(program)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("items", "number", "shares"),
    [
        ("abcdef", 2, ["abc", "def"]),
        ("abcde", 2, ["ab", "cde"]),
        ("ab", 3, ["", "a", "b"]),
        ("", 2, ["", ""]),
        ("abc", 1, ["abc"]),
    ],
)
def test_shares_are_all_there_is_in_order(items: str, number: int, shares: list[str]) -> None:
    """Of about the same size, and as many as are asked for."""
    assert cut(items, number) == shares


def test_a_part_stays_with_its_worker_from_task_to_task() -> None:
    """Each in a process of its own, answers in the order of the parts."""
    told = ran("""
        with team_of([Held(share) for share in cut(range(5), 2)]) as team:
            first, second = team.ask(Held.add, 10), team.ask(Held.add, 100)
        print([numbers for _, numbers in first], [numbers for _, numbers in second])
        print([pid for pid, _ in first] == [pid for pid, _ in second], len({os.getpid(), *(pid for pid, _ in first)}))
        print(nobody_is_left())
    """)

    assert told == ["[[10, 11], [12, 13, 14]] [[110, 111], [112, 113, 114]]", "True 3", "True"]


def test_a_single_part_needs_no_process() -> None:
    """It is worked on here."""
    told = ran("""
        with team_of([Held([1])]) as team:
            print(team.ask(Held.add, 1) == [(os.getpid(), [2])])
    """)

    assert told == ["True"]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_fault_is_itself_whoever_meets_it(workers: int) -> None:
    """The first part's goes before the others', and says where it was raised."""
    told = ran(f"""
        for five in (5, 0):
            try:
                with team_of([Held([*share, 7]) for share in cut(range(6), {workers})]) as team:
                    team.ask(Held.refuse, five)
            except ValueError as error:
                print(str(error)[:4], "in refuse" in "".join(getattr(error, "__notes__", [])))
        try:
            with team_of([Held([share, 7]) for share in cut(range(6), {workers})]) as team:
                team.ask(Held.refuse, 7)
        except ValueError as error:
            print(error)
        print(nobody_is_left())
    """)

    first = cut(range(6), workers)[0]
    noted = workers > 1  # here it is raised where it is met
    assert told == [f"5 of {noted}", f"0 of {noted}", f"7 of [{first}, 7]", "True"]


def test_a_worker_that_vanishes_is_a_fault() -> None:
    """And so is an error that only its own process can make."""
    told = ran("""
        for task in (Held.vanish, Held.odd):
            try:
                with team_of([Held(share) for share in cut(range(6), 2)]) as team:
                    team.ask(task, 5)
            except WorkerError as error:
                print(error, nobody_is_left())
    """)

    assert told == ["a worker ended without an answer True", "Local: nobody else knows me True"]


def test_ends_that_are_ignored_are_no_fault() -> None:
    """Whoever starts a program may have told it to: its children then go by themselves."""
    told = ran("""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        with team_of([Held(share) for share in cut(range(4), 2)]) as team:
            print([numbers for _, numbers in team.ask(Held.add, 1)])
    """)

    assert told == ["[[1, 2], [3, 4]]"]


@pytest.mark.parametrize("left", [2, 5])
def test_where_no_more_processes_are_to_be_had_one_does_it_all(left: int) -> None:
    """The same answers; whoever was there already is sent away, and nothing stays open."""
    told = ran(f"""
        import resource
        before = os.listdir("/proc/self/fd")
        most = max(map(int, before)) + {left}
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        with team_of([Held(share) for share in cut(range(4), 2)]) as team:
            print([(pid == os.getpid(), numbers) for pid, numbers in team.ask(Held.add, 1)], nobody_is_left())
        print(os.listdir("/proc/self/fd") == before)
    """)

    assert told == ["[(True, [1, 2]), (True, [3, 4])] True", "True"]


def test_an_interrupt_ends_everybody() -> None:
    """Ctrl-C reaches the whole group: the workers leave it to their parent, which sends them away at once."""
    told = ran("""
        os.setpgrp()
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(0, signal.SIGINT))
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        started = time.monotonic()
        try:
            with team_of([Held(share) for share in cut(range(6), 2)]) as team:
                team.ask(Held.sleep, None)
        except KeyboardInterrupt:
            print("interrupted", nobody_is_left(), time.monotonic() - started < 10)
    """)

    assert told == ["interrupted True True"]


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Nobody asks them any more, so they go by themselves."""
    program = PRELUDE + textwrap.dedent(f"""
        with team_of([Held(share) for share in cut(range(6), 3)]) as team:
            pids = [pid for pid, _ in team.ask(Held.add, 1)]
            open({str(tmp_path / "pids")!r}, "w").write(" ".join(map(str, pids)))
            os.kill(os.getpid(), signal.SIGKILL)
    """)

    subprocess.run([sys.executable, "-c", program], check=False, timeout=30)

    pids = list(map(int, (tmp_path / "pids").read_text().split()))
    assert len(pids) == 3
    assert _all_gone(pids)


def test_only_what_pays_and_is_safe_is_shared_out() -> None:
    """A few items are one process's, and beside a thread there is never a second."""
    told = ran("""
        import threading
        print(workers_for(10), workers_for(10, most=3), workers_for(2, most=5), workers_for(0, most=5))
        print(workers_for(100_000) == len(os.sched_getaffinity(0)))
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
        print(workers_for(100_000), workers_for(10, most=3))
    """)

    assert told == ["1 3 2 1", "True", "1 1"]


def _all_gone(pids: list[int]) -> bool:
    """Wait for processes that are nobody's child any more."""
    given_up = time.monotonic() + 10
    while time.monotonic() < given_up:
        if not any(Path(f"/proc/{pid}").exists() and "(zombie)" not in _state(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def _state(pid: int) -> str:
    try:
        return next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("State"))
    except FileNotFoundError:
        return "(zombie)"
