"""What the doctor prints: a table that a person reads at eighty columns."""

from __future__ import annotations

import click
from click.testing import CliRunner

from castoff.cli import main
from castoff.cli.contract import lines
from castoff.cli.doctor import report, summary
from castoff.cli.lines import wrapped
from castoff.cloud.doctor.finding import Check, Finding, ok, skipped, warn, wrong
from publisher.clauses.clause import Tried, Verdict


def check(group: str, name: str, title: str) -> Check:
    """Return a check that is only told of."""
    return Check(group, name, title, lambda _patient, _found: ok("well"))


CHECKS = (
    check("access", "account", "account"),
    check("access", "clock", "clock"),
    check("guest site", "bucket", "bucket closed"),
    check("guest site", "certificate", "certificate"),
)
FINDINGS: dict[str, Finding] = {
    "account": ok("123456789012, as assumed-role/castoff-publisher/ci"),
    "clock": warn("this machine's clock is 3 s behind", "set it by the network: `sudo timedatectl set-ntp true`"),
    "bucket": wrong(
        "queenofsandiego.com is open to everybody by its policy",
        "`aws s3api put-public-access-block --bucket queenofsandiego.com --public-access-block-configuration X=true`",
    ),
    "certificate": skipped("plain HTTP, on this machine only"),
}


def test_a_line_for_each_check_and_what_to_do_beneath() -> None:
    """In groups and columns; a command stays in one piece, whatever the width."""
    told = click.unstyle("\n".join(report(CHECKS, FINDINGS, width=80)))

    assert told == (
        "access\n"
        "  ok       account        123456789012, as assumed-role/castoff-publisher/ci\n"
        "  warning  clock          this machine's clock is 3 s behind\n"
        "           hint: set it by the network: `sudo timedatectl set-ntp true`\n"
        "\n"
        "guest site\n"
        "  wrong    bucket closed  queenofsandiego.com is open to everybody by its policy\n"
        "           hint: `aws s3api put-public-access-block --bucket queenofsandiego.com"
        " --public-access-block-configuration X=true`\n"
        "  skipped  certificate    not looked at: plain HTTP, on this machine only"
    )
    assert summary(FINDINGS) == "1 ok, 1 warning, 1 wrong, 1 not looked at"


def test_what_waits_for_one_thing_is_one_line() -> None:
    """However much of a group it is; what waits for another, or was looked at, has lines of its own."""
    group = tuple(check("site", name, f"the {name}") for name in "abcde")
    account, bucket = skipped("it needs `account`"), skipped("it needs `bucket`")
    lone = (check("mail", "f", "f"),)
    others = (account, ok("well"), account, bucket, account)

    whole = report((*group, *lone), dict.fromkeys("abcdef", account), width=80)
    some = report(group, dict(zip("abcde", others, strict=True)), width=80)

    assert [click.unstyle(line) for line in whole] == [
        "site",
        "  skipped  5 checks  not looked at: it needs `account` (all)",
        "",
        "mail",
        "  skipped  f         not looked at: it needs `account`",
    ]
    assert [click.unstyle(line) for line in some] == [
        "site",
        "  skipped  3 checks  not looked at: it needs `account` (the a, the c, the e)",
        "  ok       the b     well",
        "  skipped  the d     not looked at: it needs `bucket`",
    ]


def test_long_words_go_on_beneath_their_beginning() -> None:
    """So that columns stay columns."""
    told = list(wrapped("one two three four `five six` seven", indent=4, width=19))

    assert told == ["one two three", "four `five six`", "seven"]


def test_a_broken_clause_says_what_was_expected_and_seen() -> None:
    """Beneath it; one that was not tried says why in place of what it says."""
    broken = Tried("dashboard", "fence", "a lower serial is 409", Verdict.BROKEN, expected="409", seen="200")
    untried = Tried("dashboard", "deleted", "an entry is removed", Verdict.UNTRIED, seen="it needs `written`")

    told = [click.unstyle(line) for tried in (broken, untried) for line in lines(tried, width=80)]

    assert told == [
        "  broken     fence            a lower serial is 409",
        "             expected  409",
        "             seen      200",
        "  not tried  deleted          it needs `written`",
    ]


def test_test_events_are_for_the_contract() -> None:
    """A flag that would do nothing is a slip."""
    shown = CliRunner().invoke(main, ["doctor", "--yes"])

    assert shown.exit_code == 2
    assert "go with --contract" in shown.output
