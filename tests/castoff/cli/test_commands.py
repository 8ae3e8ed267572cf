"""The command line as a whole: what it offers, how it answers a slip, what it prints where."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from support.example import example, projected
from support.projects import ROOT, Project

from castoff.cli import COMMANDS, main
from castoff.cli.messages import message_for
from castoff.cli.status import told_of
from castoff.contract.release import Booking
from castoff.contract.state import PublishedBooking, State

if TYPE_CHECKING:
    from pathlib import Path


def run(*words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name: str) -> None:
    """`--help` says what it does and shows a line that can be typed as it stands."""
    shown = run(name, "--help")

    assert shown.exit_code == 0
    assert "Example:\n    castoff" in shown.output


def test_overview_lists_every_command(checkout: Path) -> None:
    """Commands are listed apart from their modules, so that the overview imports none; here the two meet."""
    shown = run("--help").output

    assert [name for name in COMMANDS if name not in shown] == []
    assert sorted(COMMANDS) == sorted(
        path.stem
        for path in (checkout / "site/castoff/cli").glob("*.py")
        if "@click.command" in path.read_text() or "@click.group()" in path.read_text()
        if path.stem != "__init__"
    )


def test_mistyped_command_is_usage_with_a_guess() -> None:
    """Exit 2, and the command that was meant."""
    shown = run("publsh")

    assert shown.exit_code == 2
    assert "No such command 'publsh'. Did you mean `publish`?" in shown.output


def test_project_is_found_from_a_folder_within(checkout: Path) -> None:
    """A command works from anywhere below castoff.yaml, as git does."""
    shown = run("-C", str(checkout / "content" / "docks"), "check")

    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "all is well\n")


def test_check_answers_programs_too(checkout: Path) -> None:
    """`--json` prints a list of problems, and nothing else on stdout."""
    shown = run("-C", str(checkout), "check", "--json")

    assert json.loads(shown.stdout) == []


def test_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    """Where there is no castoff.yaml, every command says so."""
    shown = run("-C", str(tmp_path), "check")

    assert shown.exit_code == 1
    assert shown.stderr == (
        f"error: there is no castoff.yaml in {tmp_path} or above\n"
        "  hint: go to your project's folder, or name it: `castoff -C FOLDER …`\n"
    )


def test_link_is_a_message_ready_to_send(checkout: Path) -> None:
    """The guest's first name, the day, the boat and the address, with nothing to fill in."""
    shown = run("-C", str(checkout), "link", "xhqgmdh")

    assert shown.stderr == "this is an example, of which nothing is at production: the link leads nowhere\n"
    assert shown.stdout == (
        "Hi Dana, everything for Thursday, May 30, 2024, aboard Jada is on your page: where to board, what to bring,"
        " how to reach us.\nhttps://queenofsandiego.com/g/boatsetter-may30\nQueen of San Diego\n"
    )


def test_link_of_a_cancelled_charter_invites_nobody(checkout: Path) -> None:
    """The message sends the guest to the page that says what happens now, and to no dock."""
    shown = run("-C", str(checkout), "link", "r9fjt5k")

    assert shown.stdout == (
        "Hi Howard, your charter on Sunday, June 2, 2024, aboard Jada, is cancelled. Your page says what happens now.\n"
        "https://queenofsandiego.com/g/jada-guest-r9fjt5k\nQueen of San Diego\n"
    )


@pytest.mark.parametrize("target", ["prod", "Production"])
def test_target_s_name_cut_short_is_guessed(checkout: Path, target: str) -> None:
    """Who types the beginning of a target is told its whole name."""
    shown = run("-C", str(checkout), "plan", "--target", target)

    assert (shown.exit_code, shown.stderr) == (
        1,
        (
            f"error: unknown target `{target}`; castoff.yaml has `production`, `local`\n"
            "  hint: did you mean `production`?\n"
        ),
    )


@pytest.mark.parametrize(
    "words",
    [
        ("cloud", "start", "--port", "99999999"),
        ("cloud", "start", "--edge-port", "0"),
        ("publish", "--max-removed", "-1"),
        ("publish", "--lease", "0"),
    ],
)
def test_number_that_cannot_be_is_usage(words: tuple[str, ...]) -> None:
    """A port, a limit or a lease that makes no sense is refused before anything starts, with exit 2."""
    shown = run(*words)

    assert shown.exit_code == 2
    assert "is not in the range" in shown.stderr


@pytest.mark.parametrize(
    ("booking", "words"),
    [
        ("xhqgmdi", "error: there is no booking `xhqgmdi`\n  hint: did you mean `xhqgmdh`?\n"),
        ("p3hv6xs", "error: booking `p3hv6xs` is a hold: its guest has no page yet\n"),
    ],
)
def test_link_of_what_has_no_page_is_refused(checkout: Path, booking: str, words: str) -> None:
    """An unknown booking, or one that is only on hold, has no link to give away."""
    shown = run("-C", str(checkout), "link", booking)

    assert (shown.exit_code, shown.stderr) == (1, words)


def test_link_of_a_charter_whose_page_is_gone_is_refused(tmp_path: Path) -> None:
    """Nobody is sent to a page that retention has removed; on its last day it is there."""
    project = Project.lay_out(tmp_path, os.environ)
    project.write("bookings/xhqgmdh.yaml", (ROOT / "bookings/xhqgmdh.yaml").read_text("utf-8"))
    settings = (project.root / "castoff.yaml").read_text("utf-8")
    project.write("castoff.yaml", f"{settings}as_of: 2024-08-28 12:00\n")
    gone = project.castoff("link", "xhqgmdh")
    project.write("castoff.yaml", f"{settings}as_of: 2024-08-28 11:00\n")
    there = project.castoff("link", "xhqgmdh")

    assert gone.refusal == (
        "error: booking `xhqgmdh` is long over: its page is gone since Wednesday, August 28, 2024\n"
        "  hint: `retention` in castoff.yaml says how long pages stay\n"
    )
    assert there.code == 0, there.err


@pytest.mark.parametrize("command", ["plan", "publish", "status", "setup"])
def test_real_target_of_an_example_site_is_refused_before_anything_is_asked(tmp_path: Path, command: str) -> None:
    """A clock that stands still calls nobody for real: no credentials are needed to be told."""
    project = Project.lay_out(tmp_path, os.environ)
    settings = (project.root / "castoff.yaml").read_text("utf-8")
    project.write("castoff.yaml", f"{settings}as_of: 2024-08-28 12:00\n")

    assert project.castoff(command).refusal == (
        "error: the clock at the dock stands at 2024-08-28 12:00, and the target is for real\n"
        "  hint: remove `as_of` from castoff.yaml: it is for example sites\n"
    )


@pytest.mark.parametrize("command", ["plan", "publish", "status"])
def test_clock_that_stands_still_is_said(tmp_path: Path, command: str) -> None:
    """Who works on an example site is told which day it takes for today, before anything else."""
    project = Project.lay_out(tmp_path, os.environ)
    settings = (project.root / "castoff.yaml").read_text("utf-8")
    project.write("castoff.yaml", f"{settings}as_of: 2024-08-28 12:00\n")

    said = project.castoff(command, "--target", "local").err

    assert said.startswith("the clock at the dock stands at 2024-08-28 12:00: `as_of` in castoff.yaml\n")


@pytest.mark.parametrize("command", ["plan", "publish", "status"])
def test_target_that_is_not_set_up_is_refused_and_holds_up_no_other(tmp_path: Path, command: str) -> None:
    """Its one message names the command that makes it; another target goes on as if it were not there."""
    project = Project.lay_out(tmp_path, os.environ)
    targets = "{production: {guest: {domain: a.example.com}, ops: {domain: b.example.com}}, local: {embedded: yes}}"
    project.write("castoff.yaml", f"brand: {{name: Sails}}\ntimezone: GB\ntargets: {targets}\n")
    project.commit()

    refused, other = project.castoff(command), project.castoff(command, "--target", "local")

    assert refused.refusal == (
        "error: `production` is not set up yet\n  hint: `castoff setup --target production` makes it\n"
    )
    assert "the embedded cloud does not run" in other.err


@pytest.mark.parametrize(
    "words", [["plan"], ["status"], ["history"], ["keys", "rotate", "cookie"], ["new"]], ids=" ".join
)
def test_environment_names_the_target(checkout: Path, words: list[str]) -> None:
    """Of every command, unless it is given one."""
    ran = CliRunner().invoke(main, ["-C", str(checkout), *words], env={"CASTOFF_TARGET": "lokal"})
    given = CliRunner().invoke(
        main, ["-C", str(checkout), *words, "--target", "proof"], env={"CASTOFF_TARGET": "lokal"}
    )

    assert "unknown target `lokal`" in ran.stderr
    assert "unknown target `proof`" in given.stderr


def test_status_counts_bookings_that_are_live() -> None:
    """A booking that was removed is remembered by the state, and is no part of what is live."""
    ends = "2024-05-30T12:00:00-07:00"
    state = State(
        serial=3,
        commit="c0ffee",
        bookings={
            "xhqgmdh": PublishedBooking(input="", status="confirmed", ends=ends),
            "b4nq9rv": PublishedBooking(input="", status="removed", ends=ends),
        },
    )

    assert told_of(state, "local", zone=ZoneInfo("America/Los_Angeles")) == ["local is at c0ffee: 1 booking"]
    assert told_of(State(), "local", zone=ZoneInfo("America/Los_Angeles")) == ["nothing was ever published to local"]


def test_message_after_a_publish_says_that_a_charter_is_cancelled() -> None:
    """What a publish prints for a guest has the words of `castoff link`, from the release alone."""
    fleet = example()
    projection = projected(fleet)["r9fjt5k"]
    booking = Booking(
        id="r9fjt5k",
        status="cancelled",
        input="",
        ends="",
        next=None,
        guest_url=projection.guest.address,
        crew_url="",
        event=None,
        calendar=projection.calendar,
        carry=projection.carry.to_json(),
    )

    assert message_for(booking, fleet.settings.brand) == (
        "Hi Howard, your charter on Sunday, June 2, 2024, aboard Jada, is cancelled. Your page says what happens now.\n"
        "https://queenofsandiego.com/g/jada-guest-r9fjt5k\nQueen of San Diego"
    )
