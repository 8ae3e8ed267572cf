"""Crew members: name, role and address, and an epoch that voids every link and cookie of who left or moved.

member#<member>      member     who they are, or that they are gone; the epoch only ever rises
ops                  <member>   who has the role ops, so that they can be found by their address
address#<digest>     <member>   whose address it is or was, so that a bounce finds them
fence#member#<id>    fence      the highest serial seen
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambdas.service.fence import LABEL, fence_steps, raise_fence, stale_serial
from lambdas.service.refusals import RefusalError, UnavailableError
from lambdas.service.table import ConditionError, Delete, Key, Put, Step, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.bodies import MemberBody, MemberRole
from lambdas.shipcaptaincrew.departures import Departures

_ATTEMPTS = 5
_FIRST_EPOCH = 1
_OPS = "ops"


@dataclass(frozen=True)
class Member:
    """A crew member; a link or a cookie is good only in the epoch it was made in."""

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

    def __init__(self, table: Table, departures: Departures) -> None:
        self._table = table
        self._departures = departures

    def find(self, member_id: str) -> Member | None:
        """Return a member who is here, or None."""
        item = self._table.get(member_key(member_id))
        return _member(item) if item is not None and not item["gone"] else None

    def ops(self) -> Sequence[Member]:
        """Return the members with the role ops."""
        found = (self.find(item["sk"]) for item in self._table.partition(_OPS))
        return [member for member in found if member is not None]

    def put(self, member_id: str, body: MemberBody, *, serial: int | None) -> Member:
        """Write a member, new, changed or back again; who moves to another address or leaves ops has to log in anew."""
        raise_fence(self._table, _subject(member_id), serial)
        for _ in range(_ATTEMPTS):
            before = self._table.get(member_key(member_id))
            after = {**member_key_item(member_id), **body.model_dump(mode="json"), "gone": False}
            after["epoch"] = _next_epoch(before, body)
            if self._replaced(before, after, serial=serial):
                self._tell_the_edge(member_id, after)
                return _member(after)
        raise UnavailableError(f"crew member {member_id} kept changing")

    def remove(self, member_id: str, *, serial: int | None) -> None:
        """Let a member go, with every link and cookie of theirs; RefusalError 404 for one who was never here."""
        raise_fence(self._table, _subject(member_id), serial)
        for _ in range(_ATTEMPTS):
            before = self._table.get(member_key(member_id))
            if before is None:
                raise RefusalError(404, "member_unknown", f"there is no crew member `{member_id}`", field="member_id")
            epoch = before["epoch"] + (0 if before["gone"] else 1)
            after = {**member_key_item(member_id), "gone": True, "email": "", "epoch": epoch}
            if self._replaced(before, after, serial=serial):
                self._tell_the_edge(member_id, after)
                return
        raise UnavailableError(f"crew member {member_id} kept changing")

    def log_out(self, member_id: str, *fence: Update) -> None:
        """Void every link and cookie of a member, who may stay; there is nothing to void of who is gone or unknown.

        Raises ConditionError when the fence stands higher, UnavailableError when the edge may not have heard of it.
        """
        later = Update(
            member_key(member_id),
            change="SET #epoch = #epoch + :one",
            condition="#gone = :no",
            values={"one": 1, "no": False},
            label="member",
        )
        try:
            self._table.write(later, *fence)
        except ConditionError as refused:
            if refused.labels != {"member"}:
                raise
            return
        self._departures.note(member_id, lambda: self._epoch(member_id))

    def _tell_the_edge(self, member_id: str, after: Item) -> None:
        """Have the edge refuse older cookies, again each time it is asked: the last try may have failed."""
        if after["epoch"] > _FIRST_EPOCH:
            self._departures.note(member_id, lambda: self._epoch(member_id))

    def _epoch(self, member_id: str) -> int:
        item = self._table.get(member_key(member_id))
        if item is None:
            raise UnavailableError(f"crew member {member_id} vanished")
        return int(item["epoch"])

    def _replaced(self, before: Item | None, after: Item, *, serial: int | None) -> bool:
        if before == after:
            return True
        put = Put(after, "attribute_not_exists(#pk)", label="member")
        if before is not None:
            same = "#epoch = :epoch AND #email = :email"
            put = Put(after, same, {"epoch": before["epoch"], "email": before["email"]}, label="member")
        member_id = after["pk"].partition("#")[2]
        try:
            steps = (put, _roster_step(member_id, after), *_address_steps(member_id, after))
            self._table.write(*steps, *fence_steps(_subject(member_id), serial))
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


def address_step(member_id: str, email: str) -> Step:
    """Return the step that lets a bounce of an address find its member: no address, only its digest."""
    return Put({"pk": address_partition(email), "sk": member_id}, label="address")


def address_partition(email: str) -> str:
    """Return where the members lie who have or had an address."""
    return f"address#{hashlib.sha256(email.strip().casefold().encode()).hexdigest()}"


def member_answer(member: Member) -> dict[str, Any]:
    """Return a member as their JSON answer."""
    return {
        "member_id": member.member_id,
        "name": member.name,
        "role": member.role,
        "email": member.email,
        "phone": member.phone,
    }


def _next_epoch(before: Item | None, body: MemberBody) -> int:
    if before is None:
        return _FIRST_EPOCH
    left_ops = before.get("role") == MemberRole.OPS and body.role is not MemberRole.OPS
    moved = before["gone"] or before["email"] != body.email or left_ops
    return int(before["epoch"]) + (1 if moved else 0)


def _roster_step(member_id: str, after: Item) -> Step:
    if not after["gone"] and after["role"] == MemberRole.OPS:
        return Put({"pk": _OPS, "sk": member_id})
    return Delete(Key(_OPS, member_id))


def _address_steps(member_id: str, after: Item) -> Sequence[Step]:
    return () if after["gone"] else (address_step(member_id, after["email"]),)


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
