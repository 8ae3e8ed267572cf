"""The lease as an operator meets it: shown, taken away; and a state that was lost, found again without a call."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING, Final

import pytest
from support.hands import Hands
from support.turnstile import Arrives, Held

if TYPE_CHECKING:
    from support.harbour import Harbour
    from support.projects import Ran

_EVENT: Final = r"^POST .*/prod/event$"
_TIMES: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? P[DS]T|\d+ s\b|process \d+|\d+(?= files?\b)")


def unlock(harbour: Harbour, *more: str) -> Ran:
    """Run the command on the target of all these tests."""
    return harbour.project.castoff("unlock", "--target", "local", *more)


def test_nothing_to_unlock_is_said(harbour: Harbour) -> None:
    """Nobody is at work: that is all there is to say."""
    ran = unlock(harbour)

    assert (ran.code, ran.err) == (0, "nothing to unlock: nobody is publishing to local\n")


@pytest.mark.usefixtures("calm")
def test_lease_is_shown_and_taken_from_a_publisher_that_sleeps(harbour: Harbour, charter: str) -> None:
    """Who lives on this machine is left alone until `--yes`; then it wakes to no harm, and the next does the rest."""
    held = Held(Arrives.LATE)
    harbour.turnstile.treat(_EVENT, held)
    with harbour.project.running("publish", "--target", "local", "--yes") as sleeper:
        held.wait()
        sleeper.send_signal(signal.SIGSTOP)
        polite = unlock(harbour)
        taken = unlock(harbour, "--yes")
        held.release()
        sleeper.send_signal(signal.SIGCONT)
        sleeper.communicate()

    again = harbour.publish()

    assert (polite.code, taken.code, sleeper.returncode, again.code) == (1, 0, 1, 0), again.err
    shown = _TIMES.sub("<>", harbour.project.plain(polite.err)).splitlines()
    assert shown[0].startswith("local is held by ")
    assert shown[1:] == [
        "  commit     <commit>, as of <>",
        "  taken      <>; last heard of <> ago, by S3's clock",
        "  runs out   in <>, unless it is renewed",
        f"  under way  {charter}   event, calendar entry",
        "             others    <> files",
        "error: <> is at work on this machine",
        "  hint: let it finish, or stop it with Ctrl-C; `--yes` takes the lease from it all the same",
    ]
    assert "unlocked; now run `castoff publish --target local`: it does what is left" in taken.err
    assert [event["status"] for event in harbour.witness.events(charter)] == ["scheduled"]
    assert sorted(mail.to for mail in harbour.witness.mails(charter)) == ["leo@example.com", "maya@example.com"]
    assert harbour.witness.state()["in_progress"] is None


def test_lost_state_is_adopted_and_nobody_is_called_again(harbour: Harbour, charter: str) -> None:
    """The state's bucket is emptied: a publish stops with the word to say, and that word finds all of it again."""
    assert harbour.publish().code == 0
    mails, events = harbour.witness.mails(), harbour.witness.events(charter)
    Hands(harbour.project).lose_state()

    refused = harbour.publish()
    plan = harbour.publish("--adopt", "--json")
    third = harbour.publish()

    assert refused.code == 1
    assert "castoff publish --adopt" in refused.refusal
    assert plan.code == 0, plan.err
    assert plan.json()["applied"]
    assert harbour.witness.mails() == mails
    assert [event["event_id"] for event in harbour.witness.events(charter)] == [event["event_id"] for event in events]
    assert harbour.witness.state()["files"].keys() == harbour.witness.paths()
    assert "nothing to do" in third.err
