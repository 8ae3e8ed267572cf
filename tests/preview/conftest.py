"""What tests of the preview stand on: the example site laid out, and browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from preview.running import lay_out
from support.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of a project that nobody else has."""
    return lay_out(tmp_path / "project")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium, which bears no second one beside it."""
    with chromium() as started:
        yield started
