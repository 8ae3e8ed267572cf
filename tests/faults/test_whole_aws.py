"""Every fault of every call of AWS: S3, CloudFront, Secrets Manager, STS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from faults.matrix import ask, assert_whole, in_order
from faults.places import Place
from faults.table import Cell, cells

if TYPE_CHECKING:
    from faults.matrix import Berths

pytestmark = pytest.mark.matrix

CELLS: Final = in_order(cell for cell in cells(whole=True) if cell.call.place is Place.AWS)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_fault(berths: Berths, cell: Cell) -> None:
    """It ends as the table says, in those words; and after a publish in peace the world is as without the fault."""
    ask(berths, cell)


@pytest.mark.closes
def test_nothing_is_left_that_nobody_explains(berths: Berths) -> None:
    """Of all these faults the buckets show nothing."""
    assert_whole(berths)
