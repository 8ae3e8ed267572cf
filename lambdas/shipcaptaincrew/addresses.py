"""What became of the addresses that were written to: bounces and complaints, noted of the member whose address it is.

member#<member>      mail       what SES last told of their address, until it is another one or they are back
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lambdas.service.table import ConditionError, Put, Table
from lambdas.shipcaptaincrew.members import Member, Members, address_partition, fault_key


class Trouble(StrEnum):
    """What SES told of an address."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Fault:
    """What is wrong with an address; one that bounced for good is not written to again."""

    trouble: Trouble
    permanent: bool
    since: str

    @property
    def stops_mail(self) -> bool:
        """Whether nothing is to be sent there by itself."""
        return self.trouble is Trouble.BOUNCE and self.permanent


def fault_answer(fault: Fault | None) -> dict[str, Any] | None:
    """Return a fault as JSON, without the address."""
    if fault is None:
        return None
    return {"kind": str(fault.trouble), "permanent": fault.permanent, "since": fault.since}


class Addresses:
    """The addresses that members have, and their faults."""

    def __init__(self, table: Table, members: Members) -> None:
        self._table = table
        self._members = members

    def fault_of(self, member: Member) -> Fault | None:
        """Return what is wrong with a member's address, if anything is known."""
        item = self._table.get(fault_key(member.member_id))
        if item is None or item["digest"] != address_partition(member.email):
            return None
        return Fault(Trouble(item["trouble"]), item["permanent"], item["since"])

    def stops(self, member: Member) -> bool:
        """Tell whether nothing is to be sent to a member by itself."""
        fault = self.fault_of(member)
        return fault is not None and fault.stops_mail

    def note(self, address: str, fault: Fault, *, now: datetime) -> Sequence[str]:
        """Note a fault of everyone who has this address now, and return their ids; what is worse already stays."""
        digest = address_partition(address)
        noted: list[str] = []
        for item in self._table.partition(digest):
            member = self._members.find(item["sk"])
            if member is None or address_partition(member.email) != digest:
                continue
            key = fault_key(member.member_id)
            put = Put(
                {
                    "pk": key.pk,
                    "sk": key.sk,
                    "digest": digest,
                    "trouble": str(fault.trouble),
                    "permanent": fault.permanent,
                    "since": fault.since,
                    "noted_at": now.isoformat(),
                },
                "" if fault.stops_mail else _NOTHING_WORSE,
                {} if fault.stops_mail else {"digest": digest, "no": False},
                label="fault",
            )
            try:
                self._table.write(put)
            except ConditionError:
                continue
            noted.append(member.member_id)
        return noted


_NOTHING_WORSE = "attribute_not_exists(#pk) OR #digest <> :digest OR #permanent = :no"
