"""Money taken out of notes that ShipCaptainCrew stored before castoff, by the function that it uses on arrival.

Every write is conditional on what was read, so a run may be broken off and begun again, beside services at work.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import CloudError
from castoff.contract.money import hold_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

    from castoff.cloud.account import Account
    from castoff.cloud.progress import Progress

Item = dict[str, Any]
"""An item in DynamoDB's typed form."""

_ATTEMPTS: Final = 10
_PAUSE: Final = 0.05  # seconds after a lost race, more after each
_NOTES: Final = "notes"
_LOST: Final = ("ConditionalCheckFailedException", "TransactionConflictException")


class Kind(StrEnum):
    """What an item of the table is."""

    EVENT = "event"
    MAIL = "mail"
    REQUEST = "request"
    OTHER = "other"


_KINDS: Final = {"event": Kind.EVENT, "outbox": Kind.MAIL, "request": Kind.REQUEST}


@dataclass(frozen=True, slots=True)
class Spot:
    """Notes that hold lines about money: where in an item, as they stand, without those lines, and how many these are.

    Lines themselves are nowhere said.
    """

    path: tuple[str | int, ...]
    old: Mapping[str, Any] = field(repr=False)
    clean: Mapping[str, Any] = field(repr=False)
    lines: int


@dataclass
class Count:
    """Items of one kind that have notes, those of them with lines about money, such lines, and items changed."""

    seen: int = 0
    held: int = 0
    lines: int = 0
    changed: int = 0


@dataclass
class Findings:
    """What was found, by kind, and the lines by booking; it grows with the bookings that hold money alone."""

    kinds: dict[Kind, Count] = field(default_factory=lambda: {kind: Count() for kind in Kind})
    bookings: Counter[str] = field(default_factory=Counter)


def scrub(account: Account, table: str, *, apply: bool, progress: Progress) -> Findings:
    """Look through a table, and with `apply` remove what is found; CallError, or CloudError for an item in contention.

    One page of at most a megabyte is held at a time.
    """
    client = account.session.client("dynamodb", **account.options)
    found = Findings()
    looked = 0
    for item in _items(client, table):
        looked += 1
        progress.step(f"looking through {table}: {looked:,} items")
        kind = kind_of(item)
        count = found.kinds[kind]
        count.seen += _has_notes(item)
        spots = find_spots(item)
        if not spots:
            continue
        lines = sum(spot.lines for spot in spots)
        count.held += 1
        count.lines += lines
        found.bookings[booking_of(item)] += lines
        if apply:
            count.changed += _clean(client, table, item, spots)
    return found


def kind_of(item: Item) -> Kind:
    """Return what an item is, by its key."""
    return _KINDS.get(str(item["pk"].get("S", "")).partition("#")[0], Kind.OTHER)


def booking_of(item: Item) -> str:
    """Return the booking that an item is about, as it may be shown; empty where it names none."""
    named = item.get("booking_id") or item.get("facts", {}).get("M", {}).get("booking_id") or {}
    booking = str(named.get("S", ""))
    return booking if booking.isascii() and booking.replace("-", "").replace("_", "").isalnum() else ""


def find_spots(item: Item) -> tuple[Spot, ...]:
    """Return the notes of an item that hold lines about money, at whatever depth. Pure."""
    return tuple(spot for path, value in _notes({"M": item}, ()) if (spot := _spot(path, value)) is not None)


def _has_notes(item: Item) -> bool:
    return next(_notes({"M": item}, ()), None) is not None


def _notes(value: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every notes within a value; and each text that is JSON with notes in it, as of an answer that was kept."""
    if path and str(path[-1]).casefold() == _NOTES and ("S" in value or _are_lines(value)):
        yield path, value
    elif "M" in value:
        for name, member in value["M"].items():
            yield from _notes(member, (*path, name))
    elif "L" in value:
        for index, member in enumerate(value["L"]):
            yield from _notes(member, (*path, index))
    elif "S" in value and value["S"].lstrip()[:1] in ("{", "[") and f'"{_NOTES}"' in value["S"].casefold():
        yield path, value


def _are_lines(value: Mapping[str, Any]) -> bool:
    return bool(value.get("L")) and all("S" in member for member in value["L"])


def _spot(path: tuple[str | int, ...], value: Mapping[str, Any]) -> Spot | None:
    clean: Mapping[str, Any]
    if str(path[-1]).casefold() != _NOTES:
        document, lines = _within(value["S"])
        clean = {"S": document}
    elif "S" in value:
        text, lines = _held(value["S"])
        clean = {"S": text}
    else:
        text, lines = _held("\n".join(member["S"] for member in value["L"]))
        clean = {"L": [{"S": line} for line in text.splitlines()]}
    return Spot(path, value, clean, lines) if lines else None


def _within(text: str) -> tuple[str, int]:
    """Return JSON without the lines about money in its notes, and how many these are."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text, 0
    clean, lines = _cleaned(document, name="")
    return json.dumps(clean, ensure_ascii=False), lines


def _cleaned(value: Any, *, name: str) -> tuple[Any, int]:
    if isinstance(value, str):
        return _held(value) if name.casefold() == _NOTES else (value, 0)
    if isinstance(value, dict):
        parts = {key: _cleaned(member, name=key) for key, member in value.items()}
        return {key: part for key, (part, _) in parts.items()}, sum(lines for _, lines in parts.values())
    if isinstance(value, list):
        if value and name.casefold() == _NOTES and all(isinstance(member, str) for member in value):
            text, lines = _held("\n".join(value))
            return (text.splitlines() if lines else value), lines
        members = [_cleaned(member, name="") for member in value]
        return [part for part, _ in members], sum(lines for _, lines in members)
    return value, 0


def _held(text: str) -> tuple[str, int]:
    held = hold_back(text)
    return (held.text.strip() if held.lines else text), len(held.lines)


def _items(client: DynamoDBClient, table: str) -> Iterator[Item]:
    asked: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    while True:
        with call("Scan", f"table {table}"):
            answer = client.scan(**asked)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _clean(
    client: DynamoDBClient,
    table: str,
    item: Item,
    spots: tuple[Spot, ...],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Write an item without its lines about money; one that changed is read again, one that is gone is well."""
    key = {name: item[name] for name in ("pk", "sk")}
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with call("UpdateItem", f"table {table}", passing=(client.exceptions.ClientError,)):
                client.update_item(TableName=table, Key=key, **_change(item, spots))
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in _LOST:
                with call("UpdateItem", f"table {table}"):
                    raise
        else:
            return True
        pause(_PAUSE * attempt)
        with call("GetItem", f"table {table}"):
            there = client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        if there is None or not (spots := find_spots(there)):
            return False
        item = there
    raise CloudError(
        f"table {table}: an item about booking `{booking_of(item)}` kept changing",
        hint="run it again once no publish is under way; what is done stays done",
    )


def _change(item: Item, spots: tuple[Spot, ...]) -> dict[str, Any]:
    """Return an update's parts: notes as they should be, provided that notes and revision are as they were read.

    The revision rises with it, as with any change: a service that read the item before would else write it back whole.
    """
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    sets, conditions = [], []
    for number, spot in enumerate(spots):
        place = _named(spot.path, names)
        values |= {f":old{number}": spot.old, f":clean{number}": spot.clean}
        sets.append(f"{place} = :clean{number}")
        conditions.append(f"{place} = :old{number}")
    if "N" in item.get("revision", {}):
        names["#revision"] = "revision"
        values |= {":revision": item["revision"], ":one": {"N": "1"}}
        sets.append("#revision = #revision + :one")
        conditions.append("#revision = :revision")
    return {
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def _named(path: tuple[str | int, ...], names: dict[str, str]) -> str:
    """Return a path as an expression writes it, each name of it added to `names`."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts[-1] += f"[{step}]"
            continue
        mark = next((mark for mark, name in names.items() if name == step), f"#n{len(names)}")
        names[mark] = step
        parts.append(mark)
    return ".".join(parts)
