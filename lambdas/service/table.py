"""One DynamoDB table with string keys `pk` and `sk`: consistent reads, and writes that all happen or none.

Expressions name every attribute as `#name`, so that none of DynamoDB's reserved words can get in the way.
"""

import random
import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from lambdas.service.patience import seconds_left
from lambdas.service.refusals import UnavailableError
from lambdas.service.wire import Item, item_from_wire, item_to_wire, to_wire

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 7
_FIRST_PAUSE = 0.05  # seconds, doubled each time: about three in all
_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_PASSING_CODES = frozenset(
    {
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottledException",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        "RequestTimeout",
    }
)
_UNANSWERED = (HTTPClientError, NoConnectionError)


@dataclass(frozen=True)
class Key:
    """Where an item lies."""

    pk: str
    sk: str


@dataclass(frozen=True)
class Put:
    """Write a whole item; `label` names the step in a ConditionError."""

    item: Item
    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True)
class Update:
    """Change attributes of an item, or make it."""

    key: Key
    change: str
    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True)
class Delete:
    """Remove an item."""

    key: Key
    condition: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True)
class Check:
    """Write nothing, but let the other steps happen only while a condition holds."""

    key: Key
    condition: str
    values: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""


Step = Put | Update | Delete | Check


class ConditionError(Exception):
    """A write was refused by the conditions of the steps named in `labels`; nothing was written."""

    def __init__(self, labels: frozenset[str]) -> None:
        super().__init__(f"conditions failed: {', '.join(sorted(labels))}")
        self.labels = labels


class Table:
    """A table, through a client that is made at its first use."""

    def __init__(
        self,
        client: Callable[[], "DynamoDBClient"],
        name: str,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._name = name
        self._pause = pause

    def get(self, key: Key) -> Item | None:
        """Return the item as it is now, or None."""
        answer = self._ask(
            "GetItem",
            lambda client: client.get_item(
                TableName=self._name, Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}}, ConsistentRead=True
            ),
        )
        return item_from_wire(answer["Item"]) if "Item" in answer else None

    def partition(
        self, pk: str, *, first: str = "", last: str = "\U0010ffff", most: int | None = None
    ) -> Sequence[Item]:
        """Return a partition's items whose `sk` lies between `first` and `last`, in order: all, or the first `most`."""
        asked: dict[str, Any] = {
            "TableName": self._name,
            "ConsistentRead": True,
            "KeyConditionExpression": "#pk = :pk AND #sk BETWEEN :first AND :last",
            "ExpressionAttributeNames": {"#pk": "pk", "#sk": "sk"},
            "ExpressionAttributeValues": {":pk": {"S": pk}, ":first": {"S": first or " "}, ":last": {"S": last}},
        }
        found: list[Item] = []
        while True:
            if most is not None:
                asked["Limit"] = most - len(found)
            answer = self._ask("Query", lambda client: client.query(**asked))
            found.extend(item_from_wire(attributes) for attributes in answer["Items"])
            if "LastEvaluatedKey" not in answer or len(found) == most:
                return found
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, *steps: Step) -> None:
        """Do all steps or none; ConditionError names those whose condition failed."""
        # A lone step goes as a transaction too: at a few writes a booking its double price is nothing, and one token
        # for all attempts (good for ten minutes) lets us ask again after a lost answer: what was done is not refused.
        asked: list[Any] = [_wire_step(step, self._name) for step in steps]
        token = str(uuid.uuid4())
        try:
            self._ask(
                "TransactWriteItems",
                lambda client: client.transact_write_items(TransactItems=asked, ClientRequestToken=token),
            )
        except _CancelledError as cancelled:
            failed = frozenset(
                step.label
                for step, reason in zip(steps, cancelled.reasons, strict=True)
                if reason == "ConditionalCheckFailed"
            )
            raise ConditionError(failed) from None

    def update(self, step: Update) -> None:
        """Change one item by itself; ConditionError when its condition failed.

        Never in conflict with another such change, as transactions on one item are: for counters, where it does no
        harm that asking again after a lost answer changes twice.
        """
        asked = _wire_step(step, self._name)["Update"]
        try:
            self._ask("UpdateItem", lambda client: client.update_item(**asked))
        except _CancelledError:
            raise ConditionError(frozenset({step.label})) from None

    def _ask(self, operation: str, call: Callable[["DynamoDBClient"], Any]) -> Any:
        """Ask until there is an answer, no use in asking again, or no time; the client itself asks once."""
        words = f"table {self._name}: {operation} failed"
        pause = _FIRST_PAUSE
        for attempt in range(1, _ATTEMPTS + 1):
            if seconds_left() <= 0:
                raise UnavailableError(f"table {self._name}: {operation} was not begun, the request took too long")
            waits = pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads callers, guards nothing
            is_last = attempt == _ATTEMPTS or waits >= seconds_left()
            try:
                return call(self._client())
            except ClientError as fault:
                reasons = _cancellation_reasons(fault)
                if "ConditionalCheckFailed" in reasons:
                    raise _CancelledError(reasons) from None
                if is_last or not _is_passing(fault, reasons):
                    said = " ".join([fault.response["Error"]["Code"], *reasons])
                    raise UnavailableError(f"{words} ({said})") from fault
            except BotoCoreError as fault:
                if is_last or not isinstance(fault, _UNANSWERED):
                    raise UnavailableError(f"{words} ({type(fault).__name__})") from fault
            self._pause(waits)
            pause *= 2
        raise AssertionError("the last attempt returns or raises")


class _CancelledError(Exception):
    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def _cancellation_reasons(fault: ClientError) -> Sequence[str]:
    if fault.response["Error"]["Code"] == "ConditionalCheckFailedException":  # of a lone step
        return ["ConditionalCheckFailed"]
    reasons = fault.response.get("CancellationReasons", [])
    return [str(reason.get("Code", "None")) for reason in reasons]


def _is_passing(fault: ClientError, reasons: Sequence[str]) -> bool:
    code = fault.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        return all(reason in _PASSING or reason == "None" for reason in reasons) and bool(reasons)
    return code in _PASSING_CODES


def _wire_step(step: Step, table: str) -> Any:
    match step:
        case Put():
            return {"Put": {"TableName": table, "Item": item_to_wire(step.item), **_expressions(step, "")}}
        case Update():
            change = {"UpdateExpression": step.change}
            return {"Update": {"TableName": table, **_wire_key(step.key), **change, **_expressions(step, step.change)}}
        case Delete():
            return {"Delete": {"TableName": table, **_wire_key(step.key), **_expressions(step, "")}}
        case Check():
            return {"ConditionCheck": {"TableName": table, **_wire_key(step.key), **_expressions(step, "")}}


def _wire_key(key: Key) -> dict[str, Any]:
    return {"Key": {"pk": {"S": key.pk}, "sk": {"S": key.sk}}}


def _expressions(step: Step, change: str) -> dict[str, Any]:
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", f"{step.condition} {change}")}
    wired: dict[str, Any] = {}
    if step.condition:
        wired["ConditionExpression"] = step.condition
    if names:
        wired["ExpressionAttributeNames"] = names
    if step.values:
        wired["ExpressionAttributeValues"] = {f":{name}": to_wire(value) for name, value in step.values.items()}
    return wired
