"""The questions of `castoff new`: one after another at a terminal, each answer looked at before the next is asked."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.choices import chosen, listing, several
from castoff.cli.terminal import say
from castoff.drafts import problems_so_far
from castoff.fleet.content import Role
from castoff.fleet.model import Status
from castoff.moments import in_words, is_past, moment_in
from castoff.problems import Severity
from castoff.reading import forms
from castoff.reading.forms import FormError, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from castoff.drafts import Said
    from castoff.fleet.charter import Charter
    from castoff.fleet.charters import Fleet
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem

    Value = str | tuple[str, ...]

REQUIRED: Final = ("vessel", "starts", "duration", "dock", "captain", "count", "lead", "source")
"""Fields that a booking has to have, and that nobody but the operator knows."""

_QUESTIONS: Final = {
    "vessel": "vessel",
    "starts": "day and time",
    "duration": "duration",
    "dock": "dock",
    "captain": "captain",
    "crew": "crew, with commas between",
    "count": "how many guests",
    "lead": "lead guest, first name and initial",
    "source": "source",
    "requests": "requests of the guests",
    "status": "status: draft, hold or confirmed",
}
_EXAMPLES: Final = {"starts": "30 May 9:00", "duration": "3h"}
_OPTIONAL: Final = ("crew", "requests")
_NONE: Final = "none"
_OTHER_WAYS: Final = {"double-booked": "starts", "short-turnaround": "starts", "too-many-guests": "vessel"}
"""What else would satisfy a rule than what it finds wrong."""
_OFFERED: Final = dict.fromkeys((Status.DRAFT.value, Status.HOLD.value, Status.CONFIRMED.value), "")


@dataclass(frozen=True, slots=True)
class Interview:
    """Everything that answers are held against; `now` is the instant, in the operator's zone."""

    sources: Sources
    fleet: Fleet
    now: datetime

    def complete(self, said: Said) -> Said:
        """Ask for whatever was not said, in the order in which an operator thinks."""
        say("A new booking: Enter takes what stands in brackets, Ctrl-C writes nothing.\n")
        found = self._if_meant(said) if "starts" in said else said
        for field in _QUESTIONS:
            if field not in found:
                found = self._ask(field, found)
        return found

    def correct(self, said: Said, wrong: Sequence[tuple[str, Problem]]) -> Said:
        """Say what is wrong with the first thing that is among the other bookings, and ask for that again.

        One thing at a time: where vessel, captain and crew are all taken, another time frees them all.
        """
        first = min((field for field, _ in wrong), key=lambda field: ([*_QUESTIONS, field].index(field), field))
        problems = [problem for field, problem in wrong if field == first]
        for problem in problems:
            _tell(problem.words, problem.hint)
        ways = dict.fromkeys((first, *(_OTHER_WAYS[one.rule] for one in problems if one.rule in _OTHER_WAYS)))
        for field in ways:
            found = self._ask(field, said, present=said.get(field, ""))
            if found != said:
                return found
        return said

    def without_a_choice(self, said: Said) -> dict[str, str]:
        """Return vessel, dock and captain where there is only one to choose."""
        choices = {field: [*self._choices(field, said)] for field in ("vessel", "dock", "captain")}
        return {field: found[0] for field, found in choices.items() if len(found) == 1}

    def _ask(self, field: str, said: Said, *, present: Value | None = None) -> Said:
        """Return what was said with one answer more, asked until it is in order; the only choice is not asked for."""
        only = self.without_a_choice(said)
        if present is None and field in only:
            say(f"{field}: {only[field]}, the only one")
            return {**said, field: only[field]}
        choices = self._choices(field, said)
        if field != "status":
            for line in listing(choices):
                say(line)
        default = self._usual(field, said) if present is None else present
        while True:
            found = {**said, field: self._answer(field, choices, default)}
            if field in REQUIRED and not found[field]:
                _tell("a booking has to have this", None)
            elif self._in_order(field, found):
                return self._if_meant(found) if field == "starts" else found

    def _answer(self, field: str, choices: Mapping[str, str], default: Value) -> Value:
        """Return what was answered to a question, asked again where it could be taken in several ways."""
        shown = ", ".join(default) if isinstance(default, tuple) else shortened(default)
        words = _QUESTIONS.get(field, field)
        words += f", such as {_EXAMPLES[field]}" if field in _EXAMPLES and not shown else ""
        while True:
            text = _typed(words, shown or (_NONE if field in _OPTIONAL else ""))
            try:
                if not text:
                    return default
                if field == "crew":
                    return () if text == _NONE else several(text, choices)
                if text == _NONE and field not in REQUIRED:
                    return ""
                if field == "starts":
                    return moment_in(text, now=self.now)
                return chosen(text, choices) if choices else text
            except FormError as error:
                _tell(error.words, error.hint)

    def _in_order(self, field: str, said: Said) -> bool:
        """Tell whether an answer is in order, and what is wrong with it otherwise."""
        found = problems_so_far(said, self.sources, self.fleet)
        wrong = [problem for at, problem in found if at == field and problem.severity is Severity.ERROR]
        for problem in wrong:
            _tell(problem.words, problem.hint)
        return not wrong

    def _if_meant(self, said: Said) -> Said:
        """Say what day and time were understood; what is past is asked for again unless it is meant."""
        starts = str(said["starts"])
        say(f"  {in_words(starts)}")
        if not is_past(starts, self.now):
            return said
        say("  that is past")
        if _typed("write it all the same", "no").lower() in ("y", "yes"):
            return said
        return self._ask("starts", {field: value for field, value in said.items() if field != "starts"})

    def _choices(self, field: str, said: Said) -> dict[str, str]:
        fleet = self.fleet
        if field == "vessel":
            return {key: f"{vessel.name}, up to {vessel.capacity} guests" for key, vessel in fleet.vessels.items()}
        if field == "dock":
            return {key: dock.name for key, dock in fleet.docks.items()}
        if field == "captain":
            return {key: member.name for key, member in fleet.crew.items() if member.role is Role.CAPTAIN}
        if field == "crew":
            ashore = {said.get("captain"), *(key for key, member in fleet.crew.items() if member.role is Role.OPS)}
            return {key: member.name for key, member in fleet.crew.items() if key not in ashore}
        return _OFFERED if field == "status" else {}

    def _usual(self, field: str, said: Said) -> Value:
        """Return what is most likely meant: dock, duration and source as they were when the vessel last sailed."""
        last: Charter | None = max(
            (charter for charter in self.fleet.charters if charter.vessel.id == said.get("vessel")),
            key=lambda charter: charter.starts,
            default=None,
        )
        usual = {"status": Status.CONFIRMED.value, "source": "direct"}
        if last is not None:
            usual |= {"dock": last.dock.id, "source": last.booking.source}
            usual |= {"duration": forms.in_words(last.booking.duration)}
        return () if field == "crew" else usual.get(field, "")


def _typed(words: str, default: str) -> str:
    """Return a line that was typed at the terminal; raise KeyboardInterrupt where it ended, too."""
    click.echo(f"{words}{f' [{default}]' if default else ''}: ", err=True, nl=False)
    try:
        line = sys.stdin.buffer.readline().decode("utf-8", "surrogateescape")
    except KeyboardInterrupt:
        say()
        raise
    if not line:
        say()
        raise KeyboardInterrupt
    return line.strip()


def _tell(words: str, hint: str | None) -> None:
    say(f"  {words}")
    if hint:
        say(f"  hint: {hint}")
