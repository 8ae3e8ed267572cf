"""Who may read photos and state of a new stack: whoever sets it up is never left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.account import Caller
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.administrators import administrators, check_callers, with_caller
from castoff.cloud.setup.parameters import parameters
from castoff.cloud.setup.wanted import Site, Wanted
from castoff.cloud.standing import Standing
from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from castoff.cloud.sources import Sources

ACCOUNT = "arn:aws:iam::123456789012"
SESSION = "arn:aws:sts::123456789012:assumed-role"


@pytest.mark.parametrize(
    ("what", "arn", "added"),
    [
        ("the account's owner", f"{ACCOUNT}:root", []),
        ("a user who is called so", f"{ACCOUNT}:user/admin", []),
        ("a role that is called so", f"{SESSION}/OrganizationAdmin/ana", []),
        ("an administrator of IAM Identity Center", f"{SESSION}/AWSReservedSSO_AdministratorAccess_1a2b/ana", []),
        ("any other user", f"{ACCOUNT}:user/crew/ana", [f"{ACCOUNT}:user/crew/ana"]),
        (
            "any other role, whatever its path",
            f"{SESSION}/deploy/ana",
            [f"{ACCOUNT}:role/deploy", f"{ACCOUNT}:role/*/deploy"],
        ),
        ("a session that is nobody's role", "arn:aws:sts::123456789012:federated-user/ana", []),
    ],
)
def test_whoever_sets_up_is_among_them(sources: Sources, what: str, arn: str, added: list[str]) -> None:
    """Beside the template's own names, each as the template takes it."""
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    definition = template["Parameters"]["Administrators"]

    found = administrators(template, Caller("123456789012", arn))

    assert (what, found) == (what, {"Administrators": ",".join([definition["Default"], *added])} if added else {})
    assert all(re.fullmatch(definition["AllowedPattern"], one) for one in added)


SIGNED = Wanted(
    "production",
    "castoff",
    Site("sails.example.com"),
    Site("board.example.com"),
    "America/Los_Angeles",
    mail_from="crew@example.com",
    auth="sigv4",
)
BY_KEY = replace(SIGNED, auth="service-key")
ANA = Caller("123456789012", f"{SESSION}/deploy/ana")
ANAS = f"{ACCOUNT}:role/deploy,{ACCOUNT}:role/*/deploy"


def standing(**parameters: str) -> Standing:
    """Return a stack with parameters."""
    return Standing("castoff", "UPDATE_COMPLETE", {}, parameters, {}, datetime(2024, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("what", "wanted", "deployed", "given", "callers"),
    [
        ("a new stack", SIGNED, None, {}, ANAS),
        ("a new stack whose callers are said", SIGNED, None, {"OperatorPrincipals": ACCOUNT + ":user/jo"}, None),
        ("a new stack that goes by address", BY_KEY, None, {"OperatorAddresses": "192.0.2.0/24"}, None),
        (
            "one that comes to know signatures",
            SIGNED,
            {"OperatorAuth": "service-key", "OperatorPrincipals": ""},
            {},
            ANAS,
        ),
        ("one that has known them", SIGNED, {"OperatorAuth": "sigv4", "OperatorPrincipals": ""}, {}, None),
        (
            "one whose callers were said",
            SIGNED,
            {"OperatorAuth": "service-key", "OperatorPrincipals": ACCOUNT + ":user/jo"},
            {},
            None,
        ),
    ],
)
def test_whoever_sets_up_may_look(
    sources: Sources,
    *,
    what: str,
    wanted: Wanted,
    deployed: dict[str, str] | None,
    given: dict[str, str],
    callers: str | None,
) -> None:
    """The services take their signature too, unless somebody has said whose, and castoff doctor sees them."""
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    there = standing(**deployed) if deployed else None
    asked = parameters(template, wanted, standing=there, given=given)

    found = with_caller(template, ANA, wanted=wanted, standing=there, asked=asked)

    assert (what, found.get("OperatorPrincipals")) == (what, callers)
    assert ("Administrators" in found) == (deployed is None)


@pytest.mark.parametrize(
    ("what", "callers", "stranger"),
    [
        ("nothing is said", None, None),
        ("nobody", "", None),
        ("who is deployed and who sets up", ANAS, None),
        ("another account's role", f"{ACCOUNT}:user/jo, arn:aws:iam::999999999999:role/office", "999999999999"),
        ("every account's", "arn:aws:iam::*:role/office", "*"),
    ],
)
def test_whoever_could_never_call_is_not_listed(what: str, callers: str | None, stranger: str | None) -> None:
    """An account of its own has the last word about who calls: another's are refused there, whatever the stack says."""
    told = None

    try:
        check_callers(ANA, {"OperatorPrincipals": callers})
    except CloudError as error:
        told = error.message

    said = f"`OperatorPrincipals` names account {stranger}, and the stack is in 123456789012"
    assert (what, told and told.partition(":")[0]) == (what, said if stranger else None)
