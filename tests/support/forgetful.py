"""A publisher that forgets one thing: the real ports, but distributions that are never told what to drop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from castoff.cli.releasing import open_project
from publisher.adapters.world import connect
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import Site
    from publisher.ports import Clock


def publish_forgetfully(root: Path) -> Done:
    """Publish a project to its running cloud, every invalidation left out."""
    project = open_project(root, target="local", as_of=None)
    world = connect(project.destination())
    forgetful = replace(world, distributions=_Forgetful(), clock=_Hurried(world.clock))
    terms = Terms(commits=project.git, confirm=lambda _plan: True)
    return publish(project.made, forgetful, terms=terms, progress=_Silent())


class _Forgetful:
    def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
        assert paths
        return f"{site.value} {reference}, as if"

    def completed(self, site: Site, invalidation: str) -> bool:
        return invalidation.startswith(site.value)


@dataclass(slots=True)
class _Hurried:
    """The machine's clock, but a second of waiting takes ten milliseconds."""

    real: Clock
    ahead: float = 0.0

    def now(self) -> float:
        return self.real.now()

    def monotonic(self) -> float:
        return self.real.monotonic() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.real.sleep(seconds / 100)
        self.ahead += seconds * 0.99


class _Silent:
    def step(self, words: str, *, done: int = 0, total: int = 0) -> None:
        """Say nothing."""
