"""What tests of adapters stand on: a service that answers as it is told, and the benchmarks' S3."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from support.service import Service, serve

from benchmarks.season import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def service() -> Iterator[Service]:
    """Run a service on loopback."""
    with serve() as running:
        yield running


@pytest.fixture
def standin() -> Iterator[str]:
    """Run the benchmarks' S3."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    from shore import standin  # noqa: PLC0415 - benchmarks load each other by names of their own

    try:
        with standin(far=False) as shore:
            yield shore.endpoint
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
