"""A fleet: clones of one repository at several commits, and the season that they publish from."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Final

from races.machines import Machine, check_out, clone_of, start
from support import warm
from support.reckoning import reckon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from races.season import Charter, Season
    from support.harbour import Harbour
    from support.projects import Project, Ran

LOST: Final = re.compile(
    r"commit \w+ is live, or was being published, and \w+ does not come after it"
    r"|another publish has taken over the lease"
    r"|this publish took longer than its lease"
    r"|is not what the last publish left there"
    r"|answered 409"
)
"""What a publisher says that was not the first."""

TAKEN: Final = re.compile(r"another publish has taken over the lease|this publish took longer than its lease")
"""What a publisher says of them that was at work, and was too late."""

_CALM: Final = 30.0
"""Seconds of a lease with nobody in the way."""
_CREW: Final = ("captain-001", "crew-001", "crew-002")


class Fleet:
    """The clones; `folder` has what they say, run by run."""

    def __init__(self, harbour: Harbour, season: Season, folder: Path) -> None:
        self.harbour = harbour
        self.season = season
        self._folder = folder
        self._clones: list[Project] = []
        self._runs = 0

    def clone(self, number: int, commit: str) -> Project:
        """Return one of the clones with a commit checked out."""
        while len(self._clones) <= number:
            self._clones.append(clone_of(self.harbour.project, self._folder / f"clone{len(self._clones)}"))
        return check_out(self._clones[number], commit)

    def run(self) -> Path:
        """Return a folder for what a run says."""
        self._runs += 1
        return self._folder / f"run{self._runs}"

    def publish(self, commit: str, *, number: int = 0) -> Ran:
        """Publish a commit from one of the clones with a lease that lasts."""
        return start(self.clone(number, commit), Machine(), folder=self.run(), lease=_CALM).wait()

    def amiss(self, commit: str) -> list[str]:
        """Return everything in which the world is not a clean build of a commit, told once."""
        witness, built = self.harbour.witness, self.run()
        work = partial(warm.build, prior=witness.state()["bookings"], out=built)
        assert warm.start(self.clone(0, commit), work, folder=self.run()).wait().code == 0
        return [*reckon(witness, built=built, commit=commit, gone=self.season.gone), *self._mails()]

    def _mails(self) -> Iterator[str]:
        """Tell of every mail that was sent twice, and of who does not know how a charter stands."""
        sent = [(mail.to, mail.subject) for mail in self.harbour.witness.mails()]
        for (to, subject), many in Counter(sent).items():
            if many > 1:
                yield f"{to} was told {many} times: {subject}"
        for charter in self.season.charters.values():
            yield from _untold(charter, sent, self.harbour.project)


def _untold(charter: Charter, sent: list[tuple[str, str]], project: Project) -> Iterator[str]:
    """Tell of every member whose last mail about a charter is not about how it stands now."""
    for member in _CREW:
        address = _address(project, member)
        about = [subject for to, subject in sent if to == address and charter.day_words in subject]
        last = about[-1] if about else ""
        aboard = charter.sails and member in charter.members
        if aboard and not (
            last.endswith(charter.call) and last.startswith(("Crew call", "Changed", "Sails after all"))
        ):
            yield f"{member} is to sail {charter}, and was told last: {last or 'nothing'}"
        if not aboard and last and not last.startswith(("Not needed", "Cancelled")):
            yield f"{member} is not to sail {charter}, and was told last: {last}"


def _address(project: Project, member: str) -> str:
    text = (project.root / f"content/crew/{member}.md").read_text("utf-8")
    found = re.search(r"^email: (\S+)$", text, re.MULTILINE)
    assert found
    return found[1]
