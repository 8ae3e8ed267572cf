"""Crew members: name, role and address, and an epoch that voids the links of who left or moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.service.fence import LABEL, fence_steps, raise_fence, stale_serial
from lambdas.service.refusals import RefusalError, UnavailableError
from lambdas.service.table import ConditionError, Key, Put, Table
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.bodies import MemberBody

_ATTEMPTS = 5


@dataclass(frozen=True)
class Member:
    """A crew member; a link is good only in the epoch it was made in."""

    member_id: str
    name: str
    role: str
    email: str
    phone: str | None
    epoch: int

    @property
    def first_name(self) -> str:
        """How a mail greets them."""
        return self.name.split()[0]


class Members:
    """The crew members in a table; one who left remains as a tombstone with its epoch."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, member_id: str) -> Member | None:
        """Return a member who is here, or None."""
        item = self._table.get(member_key(member_id))
        return _member(item) if item is not None and not item["gone"] else None

    def put(self, member_id: str, body: MemberBody, *, serial: int | None) -> Member:
        """Write a member, new, changed or back again; a new address voids the links sent to the old one."""
        raise_fence(self._table, _subject(member_id), serial)
        for _ in range(_ATTEMPTS):
            before = self._table.get(member_key(member_id))
            after = {**member_key_item(member_id), **body.model_dump(mode="json"), "gone": False}
            moved = before is not None and (before["gone"] or before["email"] != body.email)
            after["epoch"] = (before["epoch"] if before else 1) + (1 if moved else 0)
            if self._replaced(before, after, serial=serial):
                return _member(after)
        raise UnavailableError(f"crew member {member_id} kept changing")

    def remove(self, member_id: str, *, serial: int | None) -> None:
        """Let a member go, with every link of theirs; RefusalError 404 for one who was never here."""
        raise_fence(self._table, _subject(member_id), serial)
        for _ in range(_ATTEMPTS):
            before = self._table.get(member_key(member_id))
            if before is None:
                raise RefusalError(404, "member_unknown", f"there is no crew member `{member_id}`")
            if before["gone"]:
                return
            epoch = before["epoch"] + 1
            after = {**member_key_item(member_id), "gone": True, "email": "", "epoch": epoch}
            if self._replaced(before, after, serial=serial):
                return
        raise UnavailableError(f"crew member {member_id} kept changing")

    def _replaced(self, before: Item | None, after: Item, *, serial: int | None) -> bool:
        if before == after:
            return True
        put = Put(after, "attribute_not_exists(#pk)", label="member")
        if before is not None:
            same = "#epoch = :epoch AND #email = :email"
            put = Put(after, same, {"epoch": before["epoch"], "email": before["email"]}, label="member")
        try:
            self._table.write(put, *fence_steps(_subject(after["pk"].partition("#")[2]), serial))
        except ConditionError as refused:
            if LABEL in refused.labels:
                raise stale_serial() from None
            return False
        return True


def member_key(member_id: str) -> Key:
    """Return where a member lies."""
    return Key(f"member#{member_id}", "member")


def member_key_item(member_id: str) -> Item:
    """Return a member's key as attributes."""
    key = member_key(member_id)
    return {"pk": key.pk, "sk": key.sk}


def member_answer(member: Member) -> dict[str, Any]:
    """Return a member as their JSON answer."""
    return {
        "member_id": member.member_id,
        "name": member.name,
        "role": member.role,
        "email": member.email,
        "phone": member.phone,
    }


def _member(item: Mapping[str, Any]) -> Member:
    return Member(
        member_id=item["pk"].partition("#")[2],
        name=item["name"],
        role=item["role"],
        email=item["email"],
        phone=item["phone"],
        epoch=item["epoch"],
    )


def _subject(member_id: str) -> str:
    return f"member#{member_id}"
