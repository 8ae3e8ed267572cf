"""Debts to the edge: of whom it may not have heard yet that their cookies are void.

owed                 <member>   the epoch below which the edge is to refuse their cookies

Each is written in the transaction that voids the cookies, and struck once the edge knows: by the call that wrote it,
by that call when it is made again, or by the next tick.
"""

from collections.abc import Mapping

from lambdas.service.table import ConditionError, Delete, Key, Put, Step, Table
from lambdas.shipcaptaincrew.departures import Departures

_OWED = "owed"
_AT_ONCE = 50  # entries, one after the other; more debts than that wait for the next call or tick


def debt_step(member_id: str, epoch: int) -> Step:
    """Return the step that notes what the edge has to hear of a member."""
    return Put({"pk": _OWED, "sk": member_id, "epoch": epoch}, label="owed")


class Debts:
    """The debts in a table, and the edge to which they are owed."""

    def __init__(self, table: Table, departures: Departures) -> None:
        self._table = table
        self._departures = departures

    def pay(self) -> None:
        """Tell the edge all that is owed, by whomever; UnavailableError while it may not have heard."""
        while self._owed():
            told = self._departures.note(self._owed)
            if told:
                self._strike(told)

    def pay_for(self, member_id: str) -> None:
        """Tell the edge where something is owed of a member: nobody waits for what is owed of another."""
        if self._table.get(Key(_OWED, member_id)) is not None:
            self.pay()

    def _owed(self) -> Mapping[str, int]:
        return {item["sk"]: item["epoch"] for item in self._table.partition(_OWED, most=_AT_ONCE)}

    def _strike(self, told: Mapping[str, int]) -> None:
        struck = [
            Delete(Key(_OWED, member_id), "#epoch = :epoch", {"epoch": epoch}, label="owed")
            for member_id, epoch in told.items()
        ]
        try:
            self._table.write(*struck)
        except ConditionError:
            return  # one was struck by somebody else, or is a later debt now: who asks next finds what is left
