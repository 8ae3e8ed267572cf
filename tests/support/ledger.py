"""What of a proof passed for these very files, so that after an interruption it is not run again."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.projects import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CASES: Final = "cases"
"""The property of a test that asks for many things at once: how many they were."""

_PASSED: Final = re.compile(r"(.+)\t(\d+)\n")
_FAILED: Final = re.compile(r"(.+)\tfailed\n")


class Ledger:
    """A plugin of pytest, for the process that hears of all tests: a line for each that passed, or for a file.

    Whatever fails in a file, be it what closes it, strikes all that passed there before.
    """

    def __init__(self, page: Path) -> None:
        self._page = page
        self._cases: dict[str, int] = {}
        page.parent.mkdir(parents=True, exist_ok=True)
        if page.exists() and not page.read_text("utf-8").endswith("\n"):
            self._write("\n")  # a line that broke off counts for nothing
        self.before = frozenset(self.passed())

    def passed(self) -> Mapping[str, int]:
        """Return the tests that passed, each with how many cases it asked."""
        found: dict[str, int] = {}
        for line in self._page.read_text("utf-8").splitlines(keepends=True) if self._page.exists() else ():
            if passed := _PASSED.fullmatch(line):
                found[passed[1]] = int(passed[2])
            elif failed := _FAILED.fullmatch(line):
                found = {test: cases for test, cases in found.items() if _file(test) != failed[1]}
        return found

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell those who work beside each other, all the same: they are to find the same tests."""
        node.workerinput["passed"] = sorted(self.before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write down what passed with all that it stands on, at once."""
        if report.failed:
            self._cases.pop(report.nodeid, None)
            self._write(f"{_file(report.nodeid)}\tfailed\n")
        elif report.when == "call" and report.passed:
            self._cases[report.nodeid] = int(str(dict(report.user_properties).get(CASES, 1)))
        elif report.when == "teardown" and report.nodeid in self._cases:
            self._write(f"{report.nodeid}\t{self._cases.pop(report.nodeid)}\n")

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Let a proof be well of which nothing was left to do."""
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self.before:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what has passed for these files by now, whenever it was."""
        tests, cases = Counter[str](), Counter[str]()
        for test, many in self.passed().items():
            folder = test.split("/")[1]
            tests[folder] += 1
            cases[folder] += many
        terminalreporter.section("passed for these very files")
        for folder in sorted(tests):
            more = f", {cases[folder]:,} cases" if cases[folder] > tests[folder] else ""
            terminalreporter.line(f"{folder:12} {tests[folder]:5,} tests{more}")

    def _write(self, line: str) -> None:
        with self._page.open("a", encoding="utf-8") as page:
            page.write(line)


def of_these_files() -> Path:
    """Return the page of every file of this checkout that git knows or would."""
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


def _file(test: str) -> str:
    return test.partition("::")[0]
