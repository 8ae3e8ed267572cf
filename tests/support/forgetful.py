"""A publisher that forgets one thing: the real ports, but distributions that are never told what to drop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from support.hurried import Hurried

from castoff.cli.releasing import open_project
from publisher.adapters.world import connect
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import Site


def publish_forgetfully(root: Path) -> Done:
    """Publish a project to its running cloud, every invalidation left out."""
    project = open_project(root, target="local", as_of=None)
    world = connect(project.destination())
    forgetful = replace(world, distributions=_Forgetful(), clock=Hurried(world.clock))
    terms = Terms(commits=project.git, confirm=lambda _plan: True)
    return publish(project.made, forgetful, terms=terms, progress=_Silent())


class _Forgetful:
    def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
        assert paths
        return f"{site.value} {reference}, as if"

    def completed(self, site: Site, invalidation: str) -> bool:
        return invalidation.startswith(site.value)


class _Silent:
    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Say nothing."""

    def warn(self, words: str) -> None:
        """Say nothing."""
