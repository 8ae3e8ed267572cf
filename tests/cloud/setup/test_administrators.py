"""Who may read photos and state of a new stack: whoever sets it up is never left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.account import Caller
from castoff.cloud.setup.administrators import administrators
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
