"""What tests of adapters stand on: a service that answers as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.service import Service, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def service() -> Iterator[Service]:
    """Run a service on loopback."""
    with serve() as running:
        yield running
