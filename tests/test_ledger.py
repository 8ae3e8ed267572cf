"""What a proof keeps of what passed: enough to go on from, and never more than is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.ledger import CASES, Ledger

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER, CLOSING = (
    "tests/crash/test_a.py::test[1]",
    "tests/faults/test_b.py::test",
    "tests/faults/test_b.py::test_end",
)


def tell(ledger: Ledger, test: str, *, cases: int = 1, fails: str = "") -> None:
    """Tell of the phases of a test, of which one fails."""
    for phase in ("setup", "call", "teardown"):
        report = pytest.TestReport(
            test,
            ("", None, ""),
            {},
            "failed" if phase == fails else "passed",
            None,
            phase,
            user_properties=[(CASES, cases)],
        )
        ledger.pytest_runtest_logreport(report)
        if phase == fails == "setup":
            return


def test_what_passed_is_known_to_the_next(tmp_path: Path) -> None:
    """With how many cases it asked."""
    ledger = Ledger(tmp_path / "proof" / "page")
    tell(ledger, ONE, cases=40)
    tell(ledger, OTHER)

    after = Ledger(tmp_path / "proof" / "page")

    assert ledger.before == frozenset()
    assert after.before == {ONE, OTHER}
    assert after.passed() == {ONE: 40, OTHER: 1}


@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
def test_a_failure_strikes_all_that_passed_in_its_file(tmp_path: Path, phase: str) -> None:
    """A world that is closed badly, or found wrong in the end, vouches for nothing that was done in it."""
    ledger = Ledger(tmp_path / "page")
    tell(ledger, ONE)
    tell(ledger, OTHER)
    tell(ledger, CLOSING, fails=phase)

    assert Ledger(tmp_path / "page").before == {ONE}


def test_a_line_that_broke_off_counts_for_nothing(tmp_path: Path) -> None:
    """Nor does it spoil the next."""
    page = tmp_path / "page"
    page.write_text(f"{ONE}\t1\n{OTHER}\t", "utf-8")

    ledger = Ledger(page)
    tell(ledger, CLOSING)

    assert ledger.before == {ONE}
    assert Ledger(page).before == {ONE, CLOSING}
