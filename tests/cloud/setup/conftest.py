"""Operators ashore, each with a stack of their own in the one embedded cloud."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.shore import SETTINGS, Shore, named

from castoff.cloud import ministack
from castoff.cloud.account import account_in
from castoff.cloud.place import Place
from castoff.cloud.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.facts import Facts


@pytest.fixture(scope="session")
def standing_sources(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Return a copy of what the stack is made from, so that nobody's edit is a change between two runs."""
    folder = tmp_path_factory.mktemp("sources")
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(sources.lambdas, folder / "lambdas", ignore=skipped)
    shutil.copytree(sources.castoff / "contract", folder / "castoff" / "contract", ignore=skipped)
    shutil.copy(sources.castoff / "__init__.py", folder / "castoff")
    files = {name: Path(shutil.copy(getattr(sources, name), folder)) for name in ("template", "function", "lock")}
    return Sources(**files, lambdas=folder / "lambdas", castoff=folder / "castoff")


@pytest.fixture
def ashore(
    cloud: Facts, standing_sources: Sources, checkout: Path, cloud_environment: dict[str, str], tmp_path: Path
) -> Callable[..., Shore]:
    """Return a function that makes an operator, whose stack has the name given."""
    place = Place(checkout)
    runtime = ministack.find(place, cloud_environment).runtime()

    def make(stack: str, settings: str = SETTINGS) -> Shore:
        root = tmp_path / stack
        root.mkdir()
        (root / "castoff.yaml").write_text(named(settings, stack), encoding="utf-8")
        return Shore(root, account_in(cloud, "admin"), standing_sources, place.packages, stack, runtime)

    return make
