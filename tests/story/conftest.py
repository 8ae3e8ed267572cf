"""What the story's tests stand on: a harbour, opened and closed by castoff's own commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.chromium import chromium
from support.harbour import Harbour, open_harbour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def harbour(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Harbour]:
    """Open a harbour, and publish a first charter from it, `regular`, on its first day."""
    with open_harbour(tmp_path_factory.mktemp("charters"), cloud_environment, free_port=free_port) as opened:
        opened.project.book("regular", days=next(opened.days))
        opened.project.commit()
        published = opened.publish()
        assert published.code == 0, published.err
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium, which bears no second one beside it."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def calm(harbour: Harbour) -> None:
    """Publish and mend whatever earlier modules left over: from here on a publish has the tests' own work alone."""
    harbour.turnstile.forget()
    settled = harbour.publish("--repair")
    if "has to see everything, and could not" in settled.err:  # a machine that is busy with three clouds
        settled = harbour.publish("--repair")
    assert settled.code == 0, settled.err


@pytest.fixture
def charter(harbour: Harbour) -> str:
    """Commit a charter that is still to be published, and return its booking."""
    day = next(harbour.days)
    booking = f"sail{day:03}"
    harbour.project.book(booking, days=day)
    harbour.project.commit()
    harbour.turnstile.forget()
    return booking
