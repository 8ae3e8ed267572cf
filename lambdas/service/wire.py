"""DynamoDB's wire form of values: what boto3's own serializer does, without the half second it takes to import."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Item = dict[str, Any]


def to_wire(value: object) -> dict[str, Any]:
    """Return a value in DynamoDB's typed form; TypeError for a kind that we never store."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": format(value, "f") if isinstance(value, Decimal) else str(value)}
        case str():
            return {"S": value}
        case list() | tuple():
            return {"L": [to_wire(member) for member in value]}
        case Mapping():
            return {"M": item_to_wire(value)}
        case _:
            raise TypeError(f"no wire form for {type(value).__name__}")


def from_wire(typed: Mapping[str, Any]) -> Any:
    """Return the value of DynamoDB's typed form; whole numbers as int, others as Decimal."""
    ((kind, value),) = typed.items()
    match kind:
        case "NULL":
            return None
        case "N":
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else number
        case "L":
            return [from_wire(member) for member in value]
        case "M":
            return item_from_wire(value)
        case "S" | "BOOL":
            return value
        case _:
            raise TypeError(f"no value for the wire form {kind}")


def item_to_wire(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's attributes in DynamoDB's typed form."""
    return {name: to_wire(value) for name, value in item.items()}


def item_from_wire(attributes: Mapping[str, Any]) -> Item:
    """Return an item from DynamoDB's typed form."""
    return {name: from_wire(typed) for name, typed in attributes.items()}
