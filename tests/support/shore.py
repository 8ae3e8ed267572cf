"""An operator ashore: a castoff.yaml of their own, an AWS account, and a way to answer what setup asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from castoff.cli.unfinished import check_settings, load_wanted
from castoff.cloud.account import caller_of
from castoff.cloud.progress import Silent
from castoff.cloud.setup.course import Done, Terms, set_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from castoff.cloud.account import Account
    from castoff.cloud.progress import Progress
    from castoff.cloud.setup.change_set import ChangeSet
    from castoff.cloud.setup.sites import Edit
    from castoff.cloud.sources import Sources

SETTINGS: Final = """\
# What the season needs
brand: {name: Harbour Sails, email: sail@example.com}
timezone: America/Los_Angeles
targets:
  production:
    guest: {domain: sails.example.com}   # the guests
    ops:   {domain: board.example.com}
  local: {embedded: true}       # filled in by `castoff cloud`
"""


def named(settings: str, stack: str) -> str:
    """Return settings whose production is a stack of that name."""
    return settings.replace("  production:\n", f"  production:\n    stack: {stack}\n")


class BrokenOffError(BaseException):
    """Stands for a kill: nothing catches it."""


@dataclass
class Breaking:
    """Ends the run at its n-th step."""

    at: int
    steps: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        """Note it, or end here."""
        self.steps.append(text)
        if len(self.steps) == self.at:
            raise BrokenOffError(text)


@dataclass
class Answering:
    """Says yes or no, and keeps what it was shown."""

    changes_too: bool = True
    edits_too: bool = True
    shown: list[object] = field(default_factory=list)

    def agree_to_changes(self, change_set: ChangeSet) -> bool:
        """Keep it and answer."""
        self.shown.append(change_set)
        return self.changes_too

    def agree_to_edits(self, found: Sequence[Edit]) -> bool:
        """Keep them and answer."""
        self.shown.extend(found)
        return self.edits_too

    def check(self, text: str) -> None:
        """Judge as the command line does."""
        check_settings(text)


@dataclass(frozen=True)
class Shore:
    """One operator: their folder, their account, and the stack that is theirs."""

    root: Path
    account: Account
    sources: Sources
    packages: Path
    stack: str
    runtime: str

    @property
    def settings(self) -> Path:
        """Their castoff.yaml."""
        return self.root / "castoff.yaml"

    @property
    def given(self) -> dict[str, str]:
        """What the first run is told."""
        return {"OperatorAddresses": "127.0.0.1/32", "Runtime": self.runtime}

    def set_up(
        self,
        *,
        given: Mapping[str, str] | None = None,
        operator: Answering | None = None,
        progress: Progress | None = None,
        account: Account | None = None,
    ) -> Done:
        """Run it as the command does."""
        wanted = load_wanted(self.root, "production")
        assert wanted is not None
        terms = Terms(
            wanted=wanted,
            given=self.given if given is None else given,
            sources=self.sources,
            cache=self.packages,
            settings=self.settings,
            caller=caller_of(self.account),
        )
        return set_up(account or self.account, terms, operator=operator or Answering(), progress=progress or Silent())
