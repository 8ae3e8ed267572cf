"""The policy of an operator's own bucket with castoff's statement in it, and every other as it was."""

from __future__ import annotations

import json
from typing import Any, Final

from castoff.cloud.problems import CloudError

Policy = dict[str, Any]

_PASSING: Final = {
    "aws:principalisawsservice",
    "aws:securetransport",
    "aws:sourcearn",
    "aws:viaawsservice",
    "s3:tlsversion",
}


def merged_policy(present: str | None, statement: Policy, *, bucket: str) -> tuple[Policy, tuple[str, ...]]:
    """Return a policy that has the statement, known by its `Sid`, and a line for what that takes: none, or one."""
    policy: Policy = json.loads(present) if present else {"Version": "2012-10-17", "Statement": []}
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    sid = statement["Sid"]
    here = [one for one in statements if one.get("Sid") == sid]
    if here and _settled(here[0]) == _settled(statement):
        return policy, ()
    if _denies_cloudfront(statements):
        raise CloudError(
            f"the policy of bucket `{bucket}` denies whatever it does not name, CloudFront among it",
            hint=f"let `cloudfront.amazonaws.com` pass there, then run it again; castoff adds `{sid}` itself",
        )
    others = [one for one in statements if one.get("Sid") != sid]
    verb = "change" if here else "add"
    line = f"{verb} statement `{sid}`: CloudFront may read {', '.join(_paths(statement))}"
    return {**policy, "Statement": [*others, statement]}, (line,)


def _paths(statement: Policy) -> list[str]:
    resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    return [one.partition(":::")[2].partition("/")[2] for one in resources]


def _settled(statement: Policy) -> Policy:
    """Return a statement as it means: S3 gives lists of one back as text, and in an order of its own."""
    return {
        key: sorted(value) if isinstance(value, list) else [value] if key in ("Action", "Resource") else value
        for key, value in statement.items()
    }


def _denies_cloudfront(statements: list[Policy]) -> bool:
    """Say whether a statement denies reading to everybody, with no condition that lets AWS's services pass."""
    return any(
        one["Effect"] == "Deny" and one.get("Principal") in ("*", {"AWS": "*"}) and _reads(one) and _for_all(one)
        for one in statements
    )


def _reads(statement: Policy) -> bool:
    actions = statement.get("Action", [])
    return bool({"*", "s3:*", "s3:Get*", "s3:GetObject"} & set([actions] if isinstance(actions, str) else actions))


def _for_all(statement: Policy) -> bool:
    """Say whether no condition is known to let CloudFront pass."""
    keys = {key.lower() for test in statement.get("Condition", {}).values() for key in test}
    return not keys & _PASSING
