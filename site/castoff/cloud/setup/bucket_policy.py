"""The policy of an operator's own bucket with castoff's statement in it, and every other as it was."""

from __future__ import annotations

import fnmatch
import json
from typing import Any, Final

from castoff.cloud.problems import CloudError

Policy = dict[str, Any]

_PASSING: Final = {"aws:principalisawsservice", "aws:securetransport", "aws:viaawsservice", "s3:tlsversion"}
"""By which a statement lets AWS's services pass, as it is written in every guide."""

_OF_A_PERSON: Final = ("aws:principal", "aws:userid", "aws:username")
"""Keys that CloudFront's requests lack: "is not one of" holds of what is not there, and "is one of" does not."""


def merged_policy(present: str | None, statement: Policy, *, bucket: str) -> tuple[Policy, tuple[str, ...]]:
    """Return a policy that has the statement, known by its `Sid`, and a line for what that takes: none, or one."""
    policy: Policy = json.loads(present) if present else {"Version": "2012-10-17", "Statement": []}
    statements = _listed(policy["Statement"])
    sid = statement["Sid"]
    here = [one for one in statements if one.get("Sid") == sid]
    if here and _settled(here[0]) == _settled(statement):
        return policy, ()
    denials = [(one.get("Sid", "Deny"), _denies(one, statement)) for one in statements if one["Effect"] == "Deny"]
    if any(denied for _, denied in denials):
        raise CloudError(
            f"the policy of bucket `{bucket}` denies whatever it does not name, CloudFront among it",
            hint=f"let `cloudfront.amazonaws.com` pass there, then run it again; castoff adds `{sid}` itself",
        )
    others = [one for one in statements if one.get("Sid") != sid]
    verb = "change" if here else "add"
    line = f"{verb} statement `{sid}`: CloudFront may read {', '.join(_paths(statement))}"
    unclear = [f"see that statement `{name}` lets CloudFront pass" for name, denied in denials if denied is None]
    return {**policy, "Statement": [*others, statement]}, (line, *unclear)


def _paths(statement: Policy) -> list[str]:
    return [one.partition(":::")[2].partition("/")[2] for one in _listed(statement["Resource"])]


def _settled(statement: Policy) -> Policy:
    """Return a statement as it means: S3 gives lists of one back as text, and in an order of its own."""
    return {
        key: sorted(value) if isinstance(value, list) else [value] if key in ("Action", "Resource") else value
        for key, value in statement.items()
    }


def _denies(denial: Policy, ours: Policy) -> bool | None:
    """Say whether a statement denies what ours allows; None where only AWS could say."""
    if not (_means_cloudfront(denial) and _reads(denial) and _meets(denial, ours)):
        return False
    held = [
        _holds(operator.lower(), key.lower(), _listed(values), ours)
        for operator, test in denial.get("Condition", {}).items()
        for key, values in test.items()
    ]
    if False in held:
        return False
    return None if None in held else True


def _means_cloudfront(denial: Policy) -> bool:
    if "NotPrincipal" in denial:
        return "cloudfront.amazonaws.com" not in _listed(denial["NotPrincipal"].get("Service", []))
    principal = denial.get("Principal", {})
    if principal == "*":
        return True
    return "*" in _listed(principal.get("AWS", [])) or "cloudfront.amazonaws.com" in _listed(
        principal.get("Service", [])
    )


def _reads(denial: Policy) -> bool:
    named = denial.get("Action", denial.get("NotAction", []))
    reads = any(fnmatch.fnmatchcase("s3:getobject", one.lower()) for one in _listed(named))
    return reads == ("Action" in denial)


def _meets(denial: Policy, ours: Policy) -> bool:
    """Say whether a statement is about a path of ours, all of it or a part."""
    named = _listed(denial.get("Resource", denial.get("NotResource", [])))
    if "Resource" not in denial:
        return any(not any(fnmatch.fnmatchcase(path, one) for one in named) for path in _listed(ours["Resource"]))
    return any(
        fnmatch.fnmatchcase(path, one) or fnmatch.fnmatchcase(one, path)
        for path in _listed(ours["Resource"])
        for one in named
    )


def _holds(operator: str, key: str, values: list[str], ours: Policy) -> bool | None:
    """Say whether a condition holds of CloudFront's request for the distribution; None where that is not known."""
    negated = "not" in operator
    if key in _PASSING:
        return False
    if key == "aws:sourcearn":
        arn = next(value for name, value in ours["Condition"]["StringEquals"].items() if name.lower() == key)
        return any(fnmatch.fnmatchcase(arn, one) for one in values) != negated
    if key.startswith(_OF_A_PERSON):
        return negated or operator.endswith("ifexists")
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
