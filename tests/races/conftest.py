"""What the races stand on: a harbour, and clones of its project."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from races.fleet import Fleet
from races.season import Season
from support.harbour import Harbour, open_harbour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED: Final = os.environ.get("CASTOFF_SEED") or "20240530"


@pytest.fixture(scope="module")
def harbour(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Harbour]:
    """Open a harbour in which nothing was published yet."""
    with open_harbour(tmp_path_factory.mktemp("charters"), cloud_environment, free_port=free_port) as opened:
        yield opened


@pytest.fixture(scope="module")
def fleet(harbour: Harbour, tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """Open a season, and publish its first commit in peace."""
    season = Season(harbour.project, Random(SEED))  # noqa: S311 - edits, not secrets
    made = Fleet(harbour, season, tmp_path_factory.mktemp("fleet"))
    published = made.publish(season.open())
    assert published.code == 0, published.err
    return made
