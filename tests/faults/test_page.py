"""The page about faults, which is the table that the tests hold castoff to, for whoever reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from faults.page import page

if TYPE_CHECKING:
    from pathlib import Path


def test_page_is_the_table(checkout: Path) -> None:
    """docs/explanation/faults.md is what the table says; CASTOFF_UPDATE=1 writes it."""
    path = checkout / "docs" / "explanation" / "faults.md"
    if os.environ.get("CASTOFF_UPDATE") == "1":
        path.write_text(page(), encoding="utf-8")

    assert path.read_text(encoding="utf-8") == page()
