"""A round of checks: what waits for what, what is told when, and that nothing holds it up."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from support.patients import patient

from castoff.cloud.doctor.checks import checks_of
from castoff.cloud.doctor.finding import Check, Finding, UnseenError, Verdict, ok, skipped, warn, wrong
from castoff.cloud.doctor.round import examine
from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.patient import Patient


def check(name: str, finding: Finding | Exception, *needs: str) -> Check:
    """Return a check that finds what it is told to."""

    def look(_: Patient, __: Mapping[str, Any]) -> Finding:
        if isinstance(finding, Exception):
            raise finding
        return finding

    return Check("group", name, f"the {name}", look, needs)


def test_one_fault_is_one_line() -> None:
    """What depends on what is wrong is not looked at, and says on what all of it waits."""
    checks = [
        check("first", wrong("it is broken", "mend it")),
        check("second", ok("well"), "first"),
        check("third", ok("well"), "second"),
        check("fourth", ok("well")),
    ]

    found = examine(checks, patient())

    assert [one.verdict.value for one in found.values()] == ["wrong", "skipped", "skipped", "ok"]
    assert found["second"].words == "not looked at: it needs `the first`"
    assert found["third"].words == "not looked at: it needs `the first`"


def test_what_was_found_is_handed_on() -> None:
    """A check gets what those that it needs have found, whatever their verdict."""

    def look(_: Patient, found: Mapping[str, Any]) -> Finding:
        return ok(str(dict(found)))

    checks = [
        check("warned", warn("soon", "do it", found=1)),
        check("skips", skipped("it makes no sense here", found=2)),
        check("aside", ok("well", found=3)),
        Check("group", "last", "last", look, ("warned", "skips")),
    ]

    assert examine(checks, patient())["last"].words == "{'warned': 1, 'skips': 2}"


def test_a_forbidden_look_says_what_to_allow() -> None:
    """It is no fault of the target, so a warning; what depends on it is not looked at."""
    checks = [check("closed", UnseenError("s3:GetBucketPolicy", "bucket b")), check("next", ok("well"), "closed")]

    found = examine(checks, patient())

    assert found["closed"] == Finding(
        Verdict.WARN, "not allowed to look at bucket b", "allow `s3:GetBucketPolicy` to whoever runs this"
    )
    assert found["next"].verdict is Verdict.SKIPPED


def test_what_cannot_be_asked_is_told_in_words() -> None:
    """A call that failed is a line with its hint; a fault of ours is one, too, and hides none of the others."""
    checks = [
        check("call", CloudError("AWS is not there", hint="check the network")),
        check("fault", KeyError("nothing")),
        check("other", ok("well")),
    ]

    found = examine(checks, patient())

    assert (found["call"].words, found["call"].hint) == ("AWS is not there", "check the network")
    assert found["fault"].words == "this check failed: KeyError: 'nothing'"
    assert found["other"].verdict is Verdict.OK


def test_independent_checks_run_together_and_not_all_at_once() -> None:
    """As many at a time as there are threads."""
    together, most, lock = 0, 0, threading.Lock()

    def look(_: Patient, __: Mapping[str, Any]) -> Finding:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        time.sleep(0.02)
        with lock:
            together -= 1
        return ok("well")

    checks = [Check("group", str(number), "t", look) for number in range(9)]

    examine(checks, patient(), threads=3)

    assert most == 3


def test_who_does_not_answer_keeps_nobody() -> None:
    """After some seconds it is told as wrong, what waits for it as not looked at, and the rest as it is."""
    never = threading.Event()

    def look(_: Patient, __: Mapping[str, Any]) -> Finding:
        never.wait(30)
        return ok("late")

    checks = [Check("group", "slow", "t", look), check("waits", ok("well"), "slow"), check("quick", ok("well"))]

    begun = time.monotonic()
    found = examine(checks, patient(), seconds=0.3)

    assert time.monotonic() - begun < 5
    assert (found["slow"].verdict, found["slow"].words) == (Verdict.WRONG, "nothing came within 0.3 s")
    assert (found["waits"].verdict, found["quick"].verdict) == (Verdict.SKIPPED, Verdict.OK)
    never.set()


def test_checks_are_named_once_and_wait_for_nothing_that_is_not_there() -> None:
    """Every need is a check, none waits for itself, and groups stand together."""
    checks = checks_of(patient())
    names = [one.name for one in checks]
    groups = [one.group for one in checks]

    assert len(names) == len({*names})
    assert {need for one in checks for need in one.needs} <= {*names}
    assert [
        group for number, group in enumerate(groups) if group in groups[:number] and group != groups[number - 1]
    ] == []


def test_without_a_way_out_every_line_says_so() -> None:
    """Where nobody answers at all, each check has a line and none a traceback."""
    silent = patient(present=lambda _host: "its name is not known")

    found = examine(checks_of(silent), silent, seconds=20)

    assert found["account"].verdict is Verdict.WRONG
    assert found["guest-bucket"].words == "not looked at: it needs `account`"
    assert "failed" not in " ".join(one.words for one in found.values() if one.words.startswith("this check"))
