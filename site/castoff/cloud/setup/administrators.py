"""Who may read photos and state, and call the services, beside the publisher: whoever sets up is among them."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Final

from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.account import Caller
    from castoff.cloud.setup.wanted import Wanted
    from castoff.cloud.standing import Standing
    from castoff.cloud.template import Template

_PARAMETER: Final = "Administrators"
_CALLERS: Final = "OperatorPrincipals"
_SIGNED: Final = "sigv4"
_SESSION: Final = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.+")


def with_caller(
    template: Template,
    caller: Caller,
    *,
    wanted: Wanted,
    standing: Standing | None,
    asked: Mapping[str, str | None],
) -> dict[str, str]:
    """Return the parameters by which a new stack lets in whoever makes it; what is asked or deployed stays.

    So does one that comes to know its callers by their signatures: its own `castoff doctor` would be refused.
    """
    found = administrators(template, caller) if standing is None and _PARAMETER not in asked else {}
    deployed = standing.parameters if standing else {}
    signed_anew = wanted.auth == _SIGNED and deployed.get("OperatorAuth") != _SIGNED
    if signed_anew and not asked.get(_CALLERS) and not deployed.get(_CALLERS):
        found |= {_CALLERS: ",".join(principals(caller.arn))}
    return found


def check_callers(caller: Caller, asked: Mapping[str, str | None]) -> None:
    """End where somebody of another account is to call: API Gateway refuses them, whoever the stack lets in."""
    for arn in filter(None, (asked.get(_CALLERS) or "").split(",")):
        named = arn.strip().split(":")[4]
        if named != caller.account:
            raise CloudError(
                f"`{_CALLERS}` names account {named}, and the stack is in {caller.account}: theirs cannot call",
                hint=f"let them assume a role of {caller.account}, and name that",
            )


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
