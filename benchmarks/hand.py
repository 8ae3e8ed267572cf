"""Publish a release that is in hand, by the publisher alone: `python hand.py RELEASE ENDPOINT`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

started = time.perf_counter()

from castoff.contract.release import Site  # noqa: E402 - the time that imports take counts, too
from publisher.adapters.world import connect  # noqa: E402
from publisher.folder import load_release  # noqa: E402
from publisher.publish import Terms, publish  # noqa: E402
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target  # noqa: E402


class Straight:
    """A history in which every commit comes after every other."""

    def is_ancestor(self, _older: str, _newer: str) -> bool:
        """Say so."""
        return True


class Steps:
    """Says when each step began, where somebody wants to know."""

    def __init__(self) -> None:
        self.last = ""

    def step(self, words: str, **_: int) -> None:
        """Say the time of a step's beginning."""
        if words != self.last and "-v" in sys.argv:
            print(f"{time.perf_counter() - started:6.3f}  {words}")
        self.last = words

    def warn(self, words: str) -> None:
        """Say it."""
        print(words)


def target(endpoint: str) -> Target:
    """Return the stand-in's target, with buckets of its own; a release in hand calls no service."""
    port = endpoint.rpartition(":")[2]
    service = ServiceTarget(f"{endpoint}/prod", "env:CASTOFF_BENCH_TOKEN")
    return Target(
        name="local",
        sites={
            Site.GUEST: SiteTarget(f"http://guest.localhost:{port}", "hand-guest", "E1GUEST"),
            Site.OPS: SiteTarget(f"http://ops.localhost:{port}", "hand-ops", "E2OPS"),
        },
        state="s3://hand-state/",
        scc=service,
        dashboard=service,
        region="us-west-2",
        endpoint=endpoint,
        credentials=Credentials("AKIAEXAMPLE", "a-secret-that-opens-nothing"),
    )


def main(release: Path, endpoint: str) -> None:
    """Publish it."""
    steps = Steps()
    steps.step("imported")
    terms = Terms(commits=Straight(), confirm=lambda _: True, example=True)
    publish(lambda _: load_release(release), connect(target(endpoint)), terms=terms, progress=steps)
    steps.step("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
