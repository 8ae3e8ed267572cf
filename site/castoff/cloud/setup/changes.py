"""What a change set would do, as values and as lines for whoever decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_KINDS: Final = {
    "AWS::S3::Bucket": "bucket",
    "AWS::DynamoDB::Table": "table",
    "AWS::CloudFront::Distribution": "distribution",
    "AWS::CloudFront::KeyValueStore": "key-value store",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::SES::EmailIdentity": "sender",
}
"""What holds something that a new one would not hold: files, bookings, an address, keys, AWS's confirmation."""

_SENDER: Final = "AWS::SES::EmailIdentity"
_KEPT: Final = ("AWS::S3::Bucket", "AWS::DynamoDB::Table")
"""What the template keeps when the stack lets go of it (`DeletionPolicy: Retain`)."""


_DECIDING: Final = {
    "AWS::S3::Bucket": {"BucketName", "BucketNamePrefix", "ObjectLockEnabled"},
    "AWS::DynamoDB::Table": {"TableName", "KeySchema", "AttributeDefinitions", "LocalSecondaryIndexes"},
    "AWS::CloudFront::Distribution": set[str](),
    "AWS::CloudFront::KeyValueStore": {"Name", "ImportSource"},
    "AWS::SecretsManager::Secret": {"Name"},
    "AWS::SES::EmailIdentity": {"EmailIdentity"},
}
"""The properties whose change may replace what holds data ("Update requires" in CloudFormation's reference)."""

_WIDTH: Final = 70


class Verb(StrEnum):
    """What becomes of a resource."""

    ADD = "add"
    CHANGE = "change"
    REPLACE = "replace"
    MAY_REPLACE = "replace?"
    REMOVE = "remove"
    OTHER = "other"


_ORDER: Final = (Verb.REMOVE, Verb.REPLACE, Verb.MAY_REPLACE, Verb.CHANGE, Verb.ADD, Verb.OTHER)


@dataclass(frozen=True)
class Change:
    """One resource of a change set; `fields` are the properties that change."""

    verb: Verb
    name: str
    kind: str
    physical: str = ""
    fields: tuple[str, ...] = ()

    @property
    def loses(self) -> bool:
        """Whether something that holds data goes out of use."""
        return self.kind in _KINDS and self.verb in (Verb.REMOVE, Verb.REPLACE, Verb.MAY_REPLACE)

    @property
    def warning(self) -> str:
        """What to know before one that holds data goes out of use."""
        what = f"{_KINDS[self.kind]} `{self.name}` ({self.physical})"
        if self.kind == _SENDER:
            return f"REPLACED: {what}: no mail goes out until AWS has the new sender confirmed; the old one stays"
        if self.verb is Verb.REMOVE:
            after = "it stays, and nothing uses it any more" if self.kind in _KEPT else "what it holds is lost"
            return f"REMOVED: {what}: {after}"
        how = "MAYBE REPLACED" if self.verb is Verb.MAY_REPLACE else "REPLACED"
        after = "the old one stays, unused" if self.kind in _KEPT else "what the old one holds is lost"
        return f"{how}: {what}: a new, empty one takes its place; {after}"

    def to_json(self) -> dict[str, object]:
        """Return it for programs."""
        told = {"verb": self.verb.value, "resource": self.name, "type": self.kind, "id": self.physical or None}
        return {**told, "fields": list(self.fields), "loses": self.loses}


def change_of(described: Mapping[str, Any]) -> Change:
    """Return the change that CloudFormation describes."""
    resource = described["ResourceChange"]
    details = resource.get("Details", [])
    fields = {one["Target"].get("Name") or one["Target"]["Attribute"] for one in details if "Target" in one}
    return Change(
        verb=_judged(_verb(resource["Action"], resource.get("Replacement")), resource["ResourceType"], fields),
        name=resource["LogicalResourceId"],
        kind=resource["ResourceType"],
        physical=resource.get("PhysicalResourceId", ""),
        fields=tuple(sorted(fields)),
    )


def change_lines(changes: Sequence[Change]) -> list[str]:
    """Return a line for each change, what goes first, and each warning beneath; what is added, a line for each type."""
    ordered = sorted(changes, key=lambda one: (_ORDER.index(one.verb), one.kind, one.name))
    rows = [(one.verb, one.name, _short(one), ", ".join(one.fields)) for one in ordered if one.verb is not Verb.ADD]
    width, kind_width = (max((len(row[column]) for row in rows), default=0) for column in (1, 2))
    lines = [f"  {row[0]:<8}  {row[1]:<{width}}  {row[2]:<{kind_width}}  {row[3]}".rstrip() for row in rows]
    return [*lines, *_added(ordered), *(one.warning for one in losses(ordered))]


def summary(changes: Iterable[Change]) -> str:
    """Return how many are added, changed, replaced and removed, in words."""
    verbs = [one.verb for one in changes]
    counts = [(verb, verbs.count(verb)) for verb in reversed(_ORDER)]
    return ", ".join(f"{count} to {verb}" for verb, count in counts if count) or "only what it tells of itself"


def losses(changes: Iterable[Change]) -> list[Change]:
    """Return the changes that take something out of use which holds data."""
    return [one for one in changes if one.loses]


def _judged(verb: Verb, kind: str, fields: set[str]) -> Verb:
    """Return what becomes of a resource that may be replaced, where AWS documents that these fields never need it."""
    if verb is Verb.MAY_REPLACE and kind in _DECIDING and not fields & _DECIDING[kind]:
        return Verb.CHANGE
    return verb


def _added(changes: Iterable[Change]) -> Iterator[str]:
    added = [one for one in changes if one.verb is Verb.ADD]
    kinds = groupby(added, key=_short)
    width = max((len(_short(one)) for one in added), default=0)
    for kind, these in kinds:
        names = wrap(", ".join(one.name for one in these), _WIDTH)
        yield f"  {Verb.ADD:<8}  {kind:<{width}}  {names[0]}"
        yield from (f"{'':<{12 + width}}  {more}" for more in names[1:])


def _short(change: Change) -> str:
    return change.kind.removeprefix("AWS::")


def _verb(action: str, replacement: str | None) -> Verb:
    match action, replacement:
        case "Add", _:
            return Verb.ADD
        case "Remove", _:
            return Verb.REMOVE
        case "Modify", "True":
            return Verb.REPLACE
        case "Modify", "Conditional":
            return Verb.MAY_REPLACE
        case "Modify", _:
            return Verb.CHANGE
    return Verb.OTHER
