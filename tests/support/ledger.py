"""What of a proof passed for these very files, so that after an interruption it is not run again."""

from __future__ import annotations

import hashlib
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest
from support.projects import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CASES: Final = "cases"
"""The property of a test that asks for many things at once: how many they were."""


class Ledger:
    """A plugin of pytest: a line for each test that passed, and in the end how many in each folder."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        self.before = frozenset(line.partition("\t")[0] for line in self._lines())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down what passed, at once."""
        if report.when == "call" and report.passed:
            cases = dict(report.user_properties).get(CASES, 1)
            with self._file.open("a", encoding="utf-8") as ledger:
                ledger.write(f"{report.nodeid}\t{cases}\n")

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Let a proof be well of which nothing was left to do."""
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self.before:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what has passed for these files by now, whenever it was."""
        tests, cases = Counter[str](), Counter[str]()
        for line in self._lines():
            test, _, many = line.partition("\t")
            folder = test.split("/")[1]
            tests[folder] += 1
            cases[folder] += int(many)
        terminalreporter.section("passed for these very files")
        for folder in sorted(tests):
            more = f", {cases[folder]:,} cases" if cases[folder] > tests[folder] else ""
            terminalreporter.line(f"{folder:12} {tests[folder]:5,} tests{more}")

    def _lines(self) -> list[str]:
        return self._file.read_text("utf-8").splitlines()


def of_these_files() -> Path:
    """Return the ledger of every file of this checkout that git knows or would."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    whole = hashlib.sha256()
    for name in sorted(set(listed.stdout.split("\0"))):
        path = ROOT / name
        if path.is_file():
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return ROOT / ".castoff" / "proof" / whole.hexdigest()[:16]
