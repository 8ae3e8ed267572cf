"""Which files of the fault matrix are asked, and the bay that each asks its cells in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faults.matrix import PROOF, Berths, open_berths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SAMPLE = "test_sample.py"
_WHOLE = [file.name for file in Path(__file__).parent.glob("test_whole_*.py")]

collect_ignore = [_SAMPLE] if PROOF else _WHOLE


@pytest.fixture(scope="module")
def berths(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    free_port: Callable[[], int],
    cloud_environment: dict[str, str],
) -> Iterator[Berths]:
    """Open a bay with a booking for each of the module's CELLS."""
    wanted = request.module.CELLS
    with open_berths(tmp_path_factory.mktemp("faults"), cloud_environment, wanted, free_port=free_port) as opened:
        yield opened
