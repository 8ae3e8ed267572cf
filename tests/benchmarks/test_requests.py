"""What a publish asks for, counted at a stand-in for AWS: as little for many bookings as for few."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.season import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def publishes(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Return the benchmark, by the name that it has among benchmarks; what is on this machine's way is not on it."""
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield importlib.import_module("publishes")
    sys.path.remove(str(ROOT / "benchmarks"))


def test_requests_are_the_same_at_any_size(publishes: ModuleType, tmp_path: Path) -> None:
    """One for nothing, at most twenty for a change of time, none without a reason; each the same with more bookings."""
    few, more = (publishes.measured_at(tmp_path / str(count), count, rounds=1) for count in (12, 40))

    assert few.requests == more.requests
    assert few.requests["nothing"] == {"see what is live": 1}
    changed = few.requests["one at another time"]
    assert changed.keys() <= publishes.STEPS.keys()
    assert changed["change the event"] == 1
    assert changed.total() <= publishes.MOST
