"""The command line towards people and programs: what it asks, what it shows in colour, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from support.outcomes import assert_nobody_was_called, assert_once, assert_well_again

if TYPE_CHECKING:
    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")


def test_no_terminal_and_nobody_who_said_yes(harbour: Harbour, charter: str) -> None:
    """Without a terminal the plan is shown and not applied, since nobody could be asked."""
    refused = harbour.project.castoff("publish", *_LOCAL)

    assert refused.refusal == (
        "error: there is no terminal to ask at\n"
        "  hint: read the plan with `castoff plan --target local`, then publish with `--yes`\n"
    )
    assert f"+ {charter}  " in refused.err
    assert ": crew call\n" in refused.err
    assert [call.partition(" ")[0] for call in harbour.turnstile.passed] == ["GET"]


def test_no_is_no(harbour: Harbour, charter: str) -> None:
    """Whoever answers no at the question has changed nothing."""
    assert charter
    shown = harbour.project.at_terminal("publish", *_LOCAL, answer="n")

    assert shown.code == 0
    assert shown.screen.endswith("apply? [y/N]: n\nnothing was changed\n")
    assert [call.partition(" ")[0] for call in harbour.turnstile.passed] == ["GET"]


def test_another_plan_than_the_one_that_was_read(harbour: Harbour, charter: str) -> None:
    """With the digest of a plan that is no more, nothing is applied."""
    plan = harbour.project.castoff("plan", *_LOCAL, "--json").json()

    refused = harbour.publish("--expect", "0" * 64)

    assert refused.refusal == (
        f"error: the plan is {plan['digest'][:12]}, not the expected 000000000000: something changed since\n"
        "  hint: run `castoff plan --target local` again and read it\n"
    )
    assert_nobody_was_called(harbour, charter)
    assert harbour.publish("--expect", plan["digest"]).code == 0
    assert_once(harbour, charter)


def test_colour_only_where_it_is_wanted(harbour: Harbour, charter: str) -> None:
    """A terminal has colours unless NO_COLOR says otherwise; a pipe never has them."""
    coloured, plain = (
        harbour.project.at_terminal("publish", *_LOCAL, answer="n", **variables)
        for variables in ({}, {"NO_COLOR": "1"})
    )
    piped = harbour.project.castoff("plan", *_LOCAL)

    assert f"\x1b[32m+ {charter}\x1b[0m" in coloured.signs
    assert "\x1b" not in plain.signs + piped.out + piped.err
    assert charter in piped.out
    assert coloured.screen == plain.screen


def test_exit_codes_of_plan(harbour: Harbour, charter: str) -> None:
    """As in Terraform: 2 for changes, 0 for none, 1 for what went wrong; without the flag, changes are 0."""
    plan = ("plan", *_LOCAL, "--detailed-exitcode")
    before = [harbour.project.castoff(*plan).code, harbour.project.castoff("plan", *_LOCAL).code]
    assert_well_again(harbour, charter)

    after = harbour.project.castoff(*plan)

    assert (before, after.code, after.out) == ([2, 0], 0, "")
    assert harbour.project.castoff("plan", "--target", "lokal", "--detailed-exitcode").code == 1
    assert harbour.project.castoff("plan", "--no-such-option").code == 2


def test_results_for_programs(harbour: Harbour, charter: str) -> None:
    """With --json, stdout is one JSON document, whatever is said beside it."""
    project = harbour.project
    plan = project.castoff("plan", *_LOCAL, "--json").json()
    published = project.castoff("publish", *_LOCAL, "--yes", "--json").json()
    status = project.castoff("status", *_LOCAL, "--json").json()
    link = project.castoff("link", charter, *_LOCAL, "--json").json()
    cloud = project.castoff("cloud", "status", "--json").json()

    assert published["plan"]["digest"] == plan["digest"]
    assert [new["booking"] for new in published["new"]] == [charter]
    assert published["applied"] is True
    assert status["bookings"][charter]["event"]["status"] == "scheduled"
    assert status["in_progress"] is False
    assert link["url"] == published["new"][0]["guest_url"]
    assert (cloud["ready"], cloud["outputs"]) == (True, project.facts["outputs"])
    told = project.castoff("check", "--json").json()
    assert {problem["severity"] for problem in told} <= {"warning"}  # few of the example's charters sail here
    assert project.castoff("build", *_LOCAL, "--json").json()["bookings"] >= 2
