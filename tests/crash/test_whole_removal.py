"""Every death over a booking whose file is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from crash.matrix import ask_whole
from crash.scenarios import REMOVAL
from support.ledger import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

    from crash.matrix import Matrix
    from crash.scenarios import FollowUp

pytestmark = pytest.mark.matrix


@pytest.mark.parametrize("follow_up", REMOVAL.follow_ups, ids=lambda follow_up: follow_up.value)
def test_as_if_nobody_died(
    matrix: Callable[[], Matrix], follow_up: FollowUp, record_property: Callable[[str, object], None]
) -> None:
    """Whatever follows, everything is there once, as the last commit has it, and told once."""
    record_property(CASES, ask_whole(matrix, REMOVAL, follow_up))
