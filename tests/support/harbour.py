"""A harbour: a project with its embedded cloud, a turnstile between the two, and a witness of what is there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from support.projects import Project, Ran
from support.sweep import secrets_of, sweep
from support.turnstile import Turnstile
from support.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Harbour:
    """All of it together; `behind` is where the cloud really answers.

    `days` from today are those on which nobody sails yet: no two charters are in each other's way.
    """

    project: Project
    turnstile: Turnstile
    witness: Witness
    behind: str
    days: Iterator[int] = field(default_factory=lambda: count(7))

    def publish(self, *more: str) -> Ran:
        """Publish what is committed, without a question."""
        return self.project.castoff("publish", "--target", "local", "--yes", *more)


@contextmanager
def open_harbour(
    root: Path, environment: Mapping[str, str], *, free_port: Callable[[], int], also: tuple[str, ...] = ()
) -> Iterator[Harbour]:
    """Lay out a project, start its cloud by the command, and let every call from now on pass the turnstile.

    `also` are more words of that command. It closes only if no secret shows in anything that was said or written.
    """
    project = Project.lay_out(root, environment)
    try:
        ports = ("--port", str(free_port()), "--edge-port", str(free_port()))
        started = project.castoff("cloud", "start", *ports, *also)
        assert started.code == 0, started.err
        facts = project.facts
        turnstile, witness = Turnstile(facts["endpoint"]), Witness(facts, endpoint=facts["endpoint"])
        try:
            project.tell(endpoint=turnstile.endpoint)
            harbour = Harbour(project, turnstile, witness, facts["endpoint"])
            secrets = secrets_of(harbour)
            yield harbour
            leaks = sweep(harbour, secrets + secrets_of(harbour))
            assert not leaks, "\n".join(leaks)
        finally:
            witness.close()
            turnstile.close()
    finally:
        project.castoff("cloud", "reset", "--yes")
