"""Who may read photos and state beside the publisher: administrators by their names, and whoever sets up."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from castoff.cloud.account import Caller
    from castoff.cloud.template import Template

_PARAMETER: Final = "Administrators"
_SESSION: Final = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.+")


def administrators(template: Template, caller: Caller) -> dict[str, str]:
    """Return the parameter of a new stack; empty where the template's own names have the caller among them.

    Without it, somebody whose name is no administrator's would publish once and be refused the state.
    """
    usual = str(template["Parameters"][_PARAMETER]["Default"])
    missing = [one for one in principals(caller.arn) if not _is_among(one, usual.split(","))]
    return {_PARAMETER: ",".join([usual, *missing])} if missing else {}


def principals(arn: str) -> tuple[str, ...]:
    """Return by what IAM's conditions know the owner of an ARN: of a role's session the role, whatever its path."""
    session = _SESSION.fullmatch(arn)
    if session is None:
        return (arn,) if ":iam::" in arn else ()
    roles = f"arn:{session['partition']}:iam::{session['account']}:role"
    return f"{roles}/{session['role']}", f"{roles}/*/{session['role']}"


def _is_among(principal: str, names: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(principal, name) for name in names)
