"""Crew members: name, role and address, and two counters that void what they hold.

An epoch voids the cookies of who left, moved to another address, left ops or was taken off a charter. A tenure voids
the links, and outlasts being taken off: the link to another charter, mailed in the same moment, stays good.

member#<member>      member     who they are, or that they are gone; epoch and tenure only ever rise
crew                 <member>   who is here, so that all can be listed
ops                  <member>   who has the role ops, so that they can be found by their address
address#<digest>     <member>   whose address it is, so that a bounce finds them
fence#member#<id>    fence      the highest serial seen
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambdas.service.fence import LABEL, fence_steps, raise_fence, stale_serial
from lambdas.service.refusals import RefusalError, UnavailableError
from lambdas.service.table import Check, ConditionError, Delete, Key, Put, Step, Table, Update
from lambdas.service.wire import Item
from lambdas.shipcaptaincrew.bodies import MemberBody, MemberRole
from lambdas.shipcaptaincrew.debts import Debts, debt_step

_ATTEMPTS = 5
_FIRST = 1
_CREW = "crew"
_OPS = "ops"


@dataclass(frozen=True)
class Member:
    """A crew member; a cookie is good only in the epoch, a link only in the tenure it was made in."""

    member_id: str
    name: str
    role: str
    email: str
    phone: str | None
    epoch: int
    tenure: int

    @property
    def first_name(self) -> str:
        """How a mail greets them."""
        return self.name.split()[0]


class Members:
    """The crew members in a table; one who left remains as a tombstone with its epoch."""

    def __init__(self, table: Table, debts: Debts) -> None:
        self._table = table
        self._debts = debts

    def find(self, member_id: str) -> Member | None:
        """Return a member who is here, or None."""
        item = self._table.get(member_key(member_id))
        return _member(item) if item is not None and not item["gone"] else None

    def ids(self) -> Sequence[str]:
        """Return the ids of all who are here, in order."""
        return [item["sk"] for item in self._table.partition(_CREW)]

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
            after |= _counters(before, void=before is not None and _logs_in_anew(before, body))
            if self._replaced(before, after, serial=serial):
                self._debts.pay_for(member_id)
                return _member(after)
        raise UnavailableError(f"crew member {member_id} kept changing")

    def remove(self, member_id: str, *, serial: int | None) -> None:
        """Let a member go, with every link and cookie of theirs; RefusalError 404 for one who was never here."""
        raise_fence(self._table, _subject(member_id), serial)
        for _ in range(_ATTEMPTS):
            before = self._table.get(member_key(member_id))
            if before is None:
                raise RefusalError(404, "member_unknown", f"there is no crew member `{member_id}`", field="member_id")
            after = {**member_key_item(member_id), "gone": True, "email": ""}
            after |= _counters(before, void=not before["gone"])
            if self._replaced(before, after, serial=serial):
                self._debts.pay_for(member_id)
                return
        raise UnavailableError(f"crew member {member_id} kept changing")

    def log_out_steps(self, member_id: str) -> Sequence[Step]:
        """Return the steps that void every cookie of a member who stays, with the debt to the edge.

        Who is gone or unknown has no cookie that is good: then the step holds that it is still so.
        """
        key = member_key(member_id)
        item = self._table.get(key)
        if item is None or item["gone"]:
            return [Check(key, "attribute_not_exists(#pk) OR #gone = :yes", {"yes": True}, label="member")]
        epoch, later = item["epoch"], item["epoch"] + 1
        values = {"epoch": epoch, "later": later, "tenure": _tenure(item)}
        change = "SET #epoch = :later, #tenure = :tenure"
        return [Update(key, change, "#epoch = :epoch", values, label="member"), debt_step(member_id, later)]

    def _replaced(self, before: Item | None, after: Item, *, serial: int | None) -> bool:
        if before == after:
            return True
        put = Put(after, "attribute_not_exists(#pk)", label="member")
        if before is not None:
            same = "#epoch = :epoch AND #email = :email"
            put = Put(after, same, {"epoch": before["epoch"], "email": before["email"]}, label="member")
        member_id = after["pk"].partition("#")[2]
        try:
            steps = (put, *_roster_steps(member_id, after), *_address_steps(member_id, before, after))
            self._table.write(*steps, *_debt_steps(member_id, before, after), *fence_steps(_subject(member_id), serial))
        except ConditionError as refused:
            if LABEL in refused.labels:
                raise stale_serial() from None
            return False
        return True


def member_key(member_id: str) -> Key:
    """Return where a member lies."""
    return Key(f"member#{member_id}", "member")


def fault_key(member_id: str) -> Key:
    """Return where it lies what is wrong with a member's address."""
    return Key(f"member#{member_id}", "mail")


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


def _logs_in_anew(before: Item, body: MemberBody) -> bool:
    left_ops = before.get("role") == MemberRole.OPS and body.role is not MemberRole.OPS
    return before["gone"] or before["email"] != body.email or left_ops


def _counters(before: Item | None, *, void: bool) -> dict[str, int]:
    """Return epoch and tenure, both risen where every cookie and every link is to be void."""
    if before is None:
        return {"epoch": _FIRST, "tenure": _FIRST}
    return {"epoch": before["epoch"] + int(void), "tenure": _tenure(before) + int(void)}


def _tenure(item: Mapping[str, Any]) -> int:
    """Return a member's tenure; before there were any, a link was good in its epoch."""
    return int(item.get("tenure", item["epoch"]))


def _debt_steps(member_id: str, before: Item | None, after: Item) -> Sequence[Step]:
    """Return the debt where cookies become void, or where nobody noted in time whether the edge has heard of it."""
    told = before is None or ("tenure" in before and before["epoch"] == after["epoch"])
    return () if told or after["epoch"] == _FIRST else (debt_step(member_id, after["epoch"]),)


def _roster_steps(member_id: str, after: Item) -> Sequence[Step]:
    here = not after["gone"]
    rosters = {_CREW: here, _OPS: here and after["role"] == MemberRole.OPS}
    return [Put({"pk": pk, "sk": member_id}) if on else Delete(Key(pk, member_id)) for pk, on in rosters.items()]


def _address_steps(member_id: str, before: Item | None, after: Item) -> Sequence[Step]:
    """Return the steps that have an address found while it is a member's, and forget what came back from another."""
    old = address_partition(before["email"]) if before is not None and before["email"] else None
    new = address_partition(after["email"]) if after["email"] else None
    steps: list[Step] = [address_step(member_id, after["email"])] if new else []
    if old and old != new:
        steps.append(Delete(Key(old, member_id), label="address"))
    if before is not None and old != new:
        steps.append(Delete(fault_key(member_id), label="fault"))
    return steps


def _member(item: Mapping[str, Any]) -> Member:
    return Member(
        member_id=item["pk"].partition("#")[2],
        name=item["name"],
        role=item["role"],
        email=item["email"],
        phone=item["phone"],
        epoch=item["epoch"],
        tenure=_tenure(item),
    )


def _subject(member_id: str) -> str:
    return f"member#{member_id}"
