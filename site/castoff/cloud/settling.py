"""A stack at work: waited for, its events told as they come, and why it failed."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import CallError, StackError
from castoff.cloud.progress import Silent
from castoff.cloud.standing import GOOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

    from castoff.cloud.progress import Progress

_AT_REST: Final = (*GOOD, "REVIEW_IN_PROGRESS")
_BEGUN: Final = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
_DOING: Final = {"CREATE": "making", "UPDATE": "changing", "DELETE": "removing", "ROLLBACK": "taking back"}


def status_of(cloudformation: CloudFormationClient, name: str) -> str | None:
    """Return a stack's status, None where there is no such stack; CallError where AWS does not say."""
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    try:
        with call("DescribeStacks", f"stack `{name}`", passing=(ClientError,)):
            return cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        with call("DescribeStacks", f"stack `{name}`"):
            raise


def settle(cloudformation: CloudFormationClient, name: str, *, progress: Progress | None = None) -> str | None:
    """Wait while something is under way, telling what; return the status then, None where there is no such stack."""
    news = _News(cloudformation, name, progress or Silent())
    pause = 0.05  # doubled up to five seconds: the embedded cloud is done at once, AWS in minutes
    while (status := status_of(cloudformation, name)) and status.endswith("_IN_PROGRESS"):
        if status in _AT_REST:
            break
        news.tell()
        time.sleep(pause)
        pause = min(pause * 2, 5)
    return status


def settle_well(cloudformation: CloudFormationClient, name: str, *, progress: Progress | None = None) -> None:
    """Wait until a stack stands as it was asked to; StackError, with the first cause, where that fails."""
    status = settle(cloudformation, name, progress=progress) or "DELETE_COMPLETE"
    if status not in GOOD:
        raise StackError(name, status=status, reasons=reasons(cloudformation, name))


def remove(cloudformation: CloudFormationClient, name: str, *, progress: Progress | None = None) -> None:
    """Remove a stack that never came to be: CloudFormation takes no other call for it."""
    with call("DeleteStack", f"stack `{name}`"):
        cloudformation.delete_stack(StackName=name)
    status = settle(cloudformation, name, progress=progress)
    if status not in (None, "DELETE_COMPLETE"):
        raise StackError(name, status=status, reasons=reasons(cloudformation, name))


def reasons(cloudformation: CloudFormationClient, name: str) -> tuple[str, ...]:
    """Collect why the last change failed, first cause first; what was merely cancelled with it says nothing."""
    told: list[str] = []
    for event in _events(cloudformation, name):  # newest first
        if _is_own(event) and event.get("ResourceStatus") in _BEGUN:
            break
        reason = event.get("ResourceStatusReason", "")
        failed = event.get("ResourceStatus", "").endswith("_FAILED")
        if failed and reason and "cancelled" not in reason:
            told.append(f"{event.get('LogicalResourceId')} ({event.get('ResourceType')}): {reason}")
    return tuple(reversed(told))


class _News:
    """Tells each event of a stack once."""

    def __init__(self, cloudformation: CloudFormationClient, name: str, progress: Progress) -> None:
        self._cloudformation, self._name, self._progress = cloudformation, name, progress
        self._known: set[str] = set()
        self._done: set[str] = set()

    def tell(self) -> None:
        with contextlib.suppress(CallError):  # a stack may be gone by now: its status, asked next, says so
            self._tell()

    def _tell(self) -> None:
        fresh: list[Any] = []
        for event in _events(self._cloudformation, self._name):
            begun = _is_own(event) and event.get("ResourceStatus") in _BEGUN
            if event["EventId"] in self._known or begun:
                break
            fresh.append(event)
        for event in reversed(fresh):
            self._known.add(event["EventId"])
            self._say(event)

    def _say(self, event: StackEventTypeDef) -> None:
        name, status = event.get("LogicalResourceId", ""), event.get("ResourceStatus", "")
        if _is_own(event):
            return
        if status.endswith("_COMPLETE"):
            self._done.add(name)
        doing = _DOING.get(status.removesuffix("_IN_PROGRESS"))
        if doing:
            self._progress.step(f"{doing} {name} ({len(self._done)} done)")


def _events(cloudformation: CloudFormationClient, name: str) -> Iterator[StackEventTypeDef]:
    with call("DescribeStackEvents", f"stack `{name}`"):
        for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
            yield from page["StackEvents"]


def _is_own(event: StackEventTypeDef) -> bool:
    """Say whether an event is the stack's, and not one of its resources'."""
    return event.get("PhysicalResourceId") == event.get("StackId")
