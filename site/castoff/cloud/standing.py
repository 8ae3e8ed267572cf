"""A stack as it stands at AWS: its status, what it gives, what it was told, and what it made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.cloud.calls import call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from castoff.cloud.account import Account

STACK: Final = "castoff"
"""What a target's stack is called where castoff.yaml says no other name."""

GOOD: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
"""Statuses of a stack whose last change came about."""

_NOTHING: Final = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")
"""Statuses of a name that has no resource: gone, or shown in a change set and never made."""


@dataclass(frozen=True)
class Standing:
    """One stack; `resources` are the physical ids of what it made, by logical id."""

    name: str
    status: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    resources: Mapping[str, str]
    changed: datetime
    """When its last change began."""


def load_standing(account: Account, name: str) -> Standing | None:
    """Ask for a stack; None where there is none, or none yet. Raises CallError."""
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    cloudformation = account.session.client("cloudformation", **account.options)
    try:
        with call("DescribeStacks", f"stack `{name}`", passing=(ClientError,)):
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        with call("DescribeStacks", f"stack `{name}`"):
            raise
    if stack["StackStatus"] in _NOTHING:
        return None
    resources: dict[str, str] = {}
    with call("ListStackResources", f"stack `{name}`"):
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=name):
            for one in page["StackResourceSummaries"]:
                if one["ResourceStatus"] != "DELETE_COMPLETE":
                    resources[one["LogicalResourceId"]] = one.get("PhysicalResourceId", "")
    return Standing(
        name=name,
        status=stack["StackStatus"],
        outputs={one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])},
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in stack.get("Parameters", [])},
        resources=resources,
        changed=stack.get("LastUpdatedTime") or stack["CreationTime"],
    )
