"""`castoff new`: a booking's file from flags or questions, with an id that nobody guesses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from castoff.build import no_collector
from castoff.cli.errors import told
from castoff.cli.foretelling import foretold
from castoff.cli.interview import REQUIRED, Interview
from castoff.cli.office import PRODUCTION, open_office, save
from castoff.cli.project import find_root, refuse, say_standing_clock
from castoff.cli.terminal import Progress, fail, result, result_json, say, summary
from castoff.drafts import problems_so_far, problems_with
from castoff.fleet.model import Status
from castoff.moments import is_past, moment_in
from castoff.pages.wording import listed
from castoff.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from castoff.cli.office import New, Office
    from castoff.drafts import Said
    from castoff.problems import Problem

_STDIN: Final = 0
_FLAGS: Final = {"count": "--guests", "crew_call": "--crew-call"}
"""Flags that are not called like their field."""


@click.command()
@click.option("--vessel", help="A file in content/vessels, without .md.")
@click.option("--starts", help="Day and time at the dock: `2024-05-30 09:00`, `30 May 9:00`, `tomorrow 9am`.")
@click.option("--duration", help="Such as `3h` or `1h 30m`.")
@click.option("--dock", help="A file in content/docks, without .md.")
@click.option("--captain", help="A file in content/crew, without .md.")
@click.option("--crew", multiple=True, help="Likewise; once for each member.")
@click.option("--guests", help="How many guests come.")
@click.option("--lead", help="The guest who booked: first name and initial is all a page ever shows.")
@click.option("--source", help="Where the booking came from, such as `boatsetter` or `direct`.")
@click.option("--requests", help="What guests asked for; guest and crew read it.")
@click.option("--notes", help="For the crew only.")
@click.option("--status", help="draft, hold or confirmed, which it is unless said.")
@click.option("--waiver", help="Where guests sign: an https address.")
@click.option("--boarding", help="How long before the start guests board, where not as the vessel has it.")
@click.option("--crew-call", help="How long before the start the crew is called, likewise.")
@click.option("--slug", help="The guest page's name in its address, instead of one that nobody guesses.")
@click.option("--target", help="Whose addresses to show: the embedded cloud while it runs, or production.")
@click.option("--yes", is_flag=True, help="Ask nothing, and take a day that is past.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str, /, *, crew: tuple[str, ...], target: str | None, yes: bool, as_json: bool, **flags: str | None
) -> None:
    """Write the file of a new booking, from flags or from answers at a terminal; its id is drawn.

    It is checked like all the others first, and nothing is published. Money is written by hand, under `finance`.

    \b
    Example:
      castoff new
      castoff new --vessel jada --starts "30 May 9:00" --duration 3h --dock sheraton-marina \\
          --captain captain-001 --crew crew-001 --guests 6 --lead "Dana R." --source direct
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off="nothing was written"), no_collector():
        office = open_office(find_root(directory), target)
        said = _said(flags, crew, now=office.now)
        interview = Interview(*office.known, office.now) if os.isatty(_STDIN) and not yes else None
        if interview is not None:
            say_standing_clock(office.fleet.settings)
        said = _in_order(_complete(said, office, interview, yes=yes), office, interview)
        if interview is None and is_past(str(said["starts"]), office.now):
            if not yes:
                fail(f"`{said['starts']}` is past", hint="`--yes` writes it all the same")
            say(f"warning: `{said['starts']}` is past: check the year")
        progress.step("looking at the whole project")
        new, problems = office.new(said)
        progress.clear()
        if new is None:
            refuse(problems)
            raise AssertionError("a build without a problem is there")
        save(office.root, new.draft)
    if as_json:
        result_json(new.to_json())
    else:
        if interview is None:
            say_standing_clock(office.fleet.settings)
        _tell(new)


def _said(flags: dict[str, str | None], crew: tuple[str, ...], *, now: datetime) -> Said:
    """Return what flags said, by field; a flag without a word says nothing of what a booking has to have."""
    said: dict[str, str | tuple[str, ...]] = {
        "count" if name == "guests" else name: value.strip() for name, value in flags.items() if value is not None
    }
    if said.get("starts"):
        said["starts"] = moment_in(str(said["starts"]), now=now)
    if crew:
        said["crew"] = tuple(filter(None, map(str.strip, crew)))
    return {field: value for field, value in said.items() if value or field not in (*REQUIRED, "status")}


def _complete(said: Said, office: Office, interview: Interview | None, *, yes: bool) -> Said:
    """Return all that there is to say: what flags said, and answers or defaults for the rest."""
    if interview is not None:
        _refuse_flags(problems_so_far(said, *office.known))
        return interview.complete(said)
    only = Interview(*office.known, office.now).without_a_choice(said)
    whole = {**only, "status": Status.CONFIRMED.value, **said}
    missing = [_flag(field) for field in REQUIRED if field not in whole]
    if missing:
        why = "--yes asks nothing" if yes else "no terminal to ask at"
        raise click.UsageError(f"missing {listed(missing)}, and {why}")
    return whole


def _in_order(said: Said, office: Office, interview: Interview | None) -> Said:
    """Return what was said once nothing is wrong with it among the other bookings: corrected, where one can ask."""
    while True:
        drafted = office.draft(said)
        found = [(drafted.field_of(problem), problem) for problem in problems_with(drafted, *office.known)]
        if interview is None:
            _refuse_flags(found)
        wrong = [(field, problem) for field, problem in found if problem.severity is Severity.ERROR]
        if not wrong or interview is None:
            return said
        said = interview.correct(said, wrong)


def _refuse_flags(found: Sequence[tuple[str, Problem]]) -> None:
    """Say what is wrong as `castoff check` does, with the flag for a place, and end; warnings are for later."""
    wrong = [(field, problem) for field, problem in found if problem.severity is Severity.ERROR]
    for field, problem in wrong:
        say(f"{_flag(field)}: {problem.words} [{problem.rule}]")
        if problem.hint:
            say(f"  hint: {problem.hint}")
    if wrong:
        say(summary([problem for _, problem in wrong]))
        raise SystemExit(1)


def _flag(field: str) -> str:
    return _FLAGS.get(field, f"--{field}")


def _tell(new: New) -> None:
    """Print the file's name, which is the result, and say what would become of it and what to do next."""
    result(new.path)
    for problem in new.warnings:
        say(str(problem))
    say()
    for line in foretold(new.release, new.booking.id, status=new.booking.status.value):
        say(line)
    say("\nnext")
    say("  castoff serve")
    say(f"  git add {new.path} && git commit -m 'Booking {new.booking.id}'")
    if new.booking.status.public:
        say("  castoff publish" if new.target in {None, PRODUCTION} else f"  castoff publish --target {new.target}")
