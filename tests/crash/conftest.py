"""What the crash matrix stands on: a yard for each file, and which files are asked."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from crash.matrix import ONE, PROOF, Matrix
from crash.yard import open_yard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SAMPLE = "test_sample.py"
_WHOLE = [file.name for file in Path(__file__).parent.glob("test_whole_*.py")]

collect_ignore = [_SAMPLE] if PROOF and not ONE else _WHOLE


@pytest.fixture(scope="module")
def matrix(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Callable[[], Matrix]]:
    """Return what opens a yard in which nobody died yet, once somebody asks for it."""
    with ExitStack() as stack:

        @cache
        def opened() -> Matrix:
            root = tmp_path_factory.mktemp("yard")
            return Matrix(stack.enter_context(open_yard(root, cloud_environment, free_port=free_port)))

        yield opened
