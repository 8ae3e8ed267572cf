"""The doctor at a terminal: a target that is well, one that is not, and the contract of its services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")
_CONTRACT: Final = ("doctor", *_LOCAL, "--contract", "--yes")


def test_an_embedded_target_is_well(harbour: Harbour) -> None:
    """Each check has a line within eighty columns; those that make no sense here say why."""
    shown = harbour.project.castoff("doctor", *_LOCAL)

    assert (shown.code, [line for line in shown.out.splitlines() if "  wrong" in line]) == (0, [])
    assert " ok, 4 not looked at" in shown.err
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "    hint: " not in shown.out


def test_the_doctor_changes_nothing_and_tells_no_secret(harbour: Harbour) -> None:
    """It asks and it asks only; no key, no token, no credential is in what it says."""
    before = (harbour.witness.state(), len(harbour.witness.mails()), harbour.witness.objects())
    facts = harbour.project.facts
    harbour.turnstile.forget()

    shown = harbour.project.castoff("doctor", *_LOCAL, "--json")

    held = [
        value for lent in facts["credentials"].values() for name, value in lent.items() if name in {"secret", "token"}
    ]
    held += [key for keys in harbour.witness._keys.values() for key in keys.values()]
    assert [secret for secret in held if secret in shown.out + shown.err] == []
    assert (harbour.witness.state(), len(harbour.witness.mails()), harbour.witness.objects()) == before
    assert shown.code == 0


def test_a_cloud_that_does_not_run_is_said(harbour: Harbour) -> None:
    """With the command that starts it; nothing is looked at in vain."""
    facts = harbour.project.root / ".castoff" / "cloud.json"
    aside = facts.rename(facts.with_suffix(".aside"))
    try:
        refused = harbour.project.castoff("doctor", *_LOCAL)
    finally:
        aside.rename(facts)

    assert refused.refusal == ("error: the embedded cloud does not run\n  hint: start it with `castoff cloud start`\n")


def test_a_target_that_nobody_can_reach_is_wrong_line_by_line(harbour: Harbour) -> None:
    """The example's production is nobody's: every fault is a line, exit 1, and it takes seconds."""
    environment = {
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }

    shown = harbour.project.castoff("doctor", **environment)

    assert shown.code == 1
    assert "wrong    account" in shown.out
    assert "not looked at: it needs `account`" in shown.out


def test_our_own_services_keep_the_contract(harbour: Harbour) -> None:
    """Through API Gateway and Lambda; nobody is mailed, and nothing stays but a cancelled event."""
    mails = len(harbour.witness.mails())

    shown = harbour.project.castoff(*_CONTRACT, "--json")

    told = shown.json()
    assert {one["clause"]: one["verdict"] for one in told["clauses"] if one["verdict"] != "held"} == {
        "member": "not tried"
    }
    assert (shown.code, told["left"], len(harbour.witness.mails())) == (0, [], mails)
    assert [event["status"] for event in harbour.witness.events(told["booking"])] == ["cancelled"]
    assert harbour.witness.entries(told["booking"]) == []


def test_the_contract_asks_for_leave(harbour: Harbour) -> None:
    """Where nobody can be asked, nothing is asked of a service, and what would be done is said."""
    harbour.turnstile.forget()

    refused = harbour.project.castoff("doctor", *_LOCAL, "--contract")

    assert refused.code == 1
    assert "say `--yes` where that is well" in refused.err
    assert harbour.turnstile.passed == ()
