"""A change set made, looked at, and carried out or thrown away."""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.code_bucket import store_template
from castoff.cloud.problems import CallError, CloudError
from castoff.cloud.settling import remove, settle_well, status_of
from castoff.cloud.setup.changes import change_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.account import Account
    from castoff.cloud.progress import Progress
    from castoff.cloud.setup.changes import Change

_UNCHANGED: Final = ("didn't contain changes", "No updates are to be performed")
_NEW: Final = (None, "REVIEW_IN_PROGRESS", "DELETE_COMPLETE")


@dataclass(frozen=True)
class ChangeSet:
    """What would change; `address` names it to CloudFormation."""

    stack: str
    address: str
    changes: tuple[Change, ...]
    creates: bool


def make_change_set(
    account: Account, name: str, *, body: str, parameters: Mapping[str, str | None], progress: Progress
) -> ChangeSet | None:
    """Have CloudFormation work out what would change; None where nothing would.

    Of a parameter, None leaves the deployed value. Raises CallError, or CloudError with AWS's own reason.
    """
    cloudformation = account.session.client("cloudformation", **account.options)
    new = status_of(cloudformation, name) in _NEW
    url = store_template(account, name=name, body=body)
    progress.step("asking what would change")
    with call("CreateChangeSet", f"stack `{name}`"):
        made = cloudformation.create_change_set(
            StackName=name,
            ChangeSetName=f"castoff-setup-{secrets.token_hex(6)}",
            ChangeSetType="CREATE" if new else "UPDATE",
            TemplateURL=url,
            Parameters=[_parameter(key, value) for key, value in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
    described = _described(cloudformation, name, made["Id"])
    if described["Status"] != "CREATE_COMPLETE":
        reason = described.get("StatusReason", "")
        discard(account, ChangeSet(name, made["Id"], (), new))
        if any(words in reason for words in _UNCHANGED):
            return None
        raise CloudError(f"stack `{name}`: CloudFormation cannot make this change: {reason}")
    return ChangeSet(name, made["Id"], tuple(map(change_of, described["Changes"])), new)


def carry_out(account: Account, change_set: ChangeSet, *, progress: Progress) -> None:
    """Execute a change set and wait; StackError, with the first cause, where that fails."""
    cloudformation = account.session.client("cloudformation", **account.options)
    with call("ExecuteChangeSet", f"stack `{change_set.stack}`"):
        cloudformation.execute_change_set(ChangeSetName=change_set.address)
    settle_well(cloudformation, change_set.stack, progress=progress)


def discard(account: Account, change_set: ChangeSet) -> None:
    """Throw a change set away, with the empty stack that CloudFormation made to hold it; what is left does no harm."""
    cloudformation = account.session.client("cloudformation", **account.options)
    with contextlib.suppress(CallError):
        with call("DeleteChangeSet", f"stack `{change_set.stack}`"):
            cloudformation.delete_change_set(ChangeSetName=change_set.address, StackName=change_set.stack)
        if change_set.creates and status_of(cloudformation, change_set.stack) == "REVIEW_IN_PROGRESS":
            remove(cloudformation, change_set.stack)


def _described(cloudformation: Any, name: str, address: str) -> dict[str, Any]:
    """Return a change set once it is worked out, with all of its changes."""
    pause = 0.05
    while True:
        with call("DescribeChangeSet", f"stack `{name}`"):
            found: dict[str, Any] = dict(cloudformation.describe_change_set(ChangeSetName=address, StackName=name))
        if found["Status"] not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            break
        time.sleep(pause)
        pause = min(pause * 2, 5)
    changes, token = list(found.get("Changes", [])), found.get("NextToken")
    while token:
        with call("DescribeChangeSet", f"stack `{name}`"):
            page = cloudformation.describe_change_set(ChangeSetName=address, StackName=name, NextToken=token)
        changes += page.get("Changes", [])
        token = page.get("NextToken")
    return {**found, "Changes": changes}


def _parameter(key: str, value: str | None) -> Any:
    if value is None:
        return {"ParameterKey": key, "UsePreviousValue": True}
    return {"ParameterKey": key, "ParameterValue": value}
