"""Table access: all steps or none, by name which refused, and patience with what passes."""

from collections.abc import Callable
from decimal import Decimal
from math import inf
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from lambdas.service.patience import finishing, seconds_left, within
from lambdas.service.refusals import UnavailableError
from lambdas.service.table import Check, ConditionError, Delete, Key, Put, Table, Update
from lambdas.service.wire import from_wire, to_wire

HERE = Key("booking#a", "event")


def cancelled(*reasons: str) -> ClientError:
    """Return what AWS raises for a cancelled transaction."""
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "TransactWriteItems")


class FaultyClient:
    """A client that raises some faults first, as AWS does and the embedded cloud never would."""

    def __init__(self, inner: Any, *faults: Exception) -> None:
        self._inner = inner
        self._faults = list(faults)

    def transact_write_items(self, **asked: Any) -> Any:
        """Raise the next fault, or write."""
        if self._faults:
            raise self._faults.pop(0)
        return self._inner.transact_write_items(**asked)

    def update_item(self, **asked: Any) -> Any:
        """Raise the next fault, or change."""
        if self._faults:
            raise self._faults.pop(0)
        return self._inner.update_item(**asked)


@pytest.fixture
def faulty(dynamodb: Any, table_name: str) -> Callable[..., tuple[Table, list[float]]]:
    """Make a table whose client raises faults first, and the list of its pauses."""

    def make(*faults: Exception) -> tuple[Table, list[float]]:
        pauses: list[float] = []
        client: Any = FaultyClient(dynamodb, *faults)
        return Table(lambda: client, table_name, pause=pauses.append), pauses

    return make


def put(value: str = "x") -> Put:
    """Return a step that writes one item, once."""
    return Put({"pk": HERE.pk, "sk": HERE.sk, "value": value}, "attribute_not_exists(#pk)", label="here")


@pytest.mark.parametrize(
    "value", [None, True, 0, -7, Decimal("2.5"), "", "é\n", ["a", 1], {"status": {"name": ["x"]}}, [], {}]
)
def test_values_come_back_as_they_went(table: Table, value: object) -> None:
    """Whatever we store is read back equal."""
    table.write(Put({"pk": "a", "sk": "b", "value": value}))

    assert table.get(Key("a", "b")) == {"pk": "a", "sk": "b", "value": value}
    assert from_wire(to_wire(value)) == value


def test_unknown_kinds_are_not_stored() -> None:
    """A kind of value that has no exact wire form is refused."""
    with pytest.raises(TypeError, match="no wire form for float"):
        to_wire({"value": 2.5})


def test_steps_happen_together_or_not_at_all(table: Table) -> None:
    """When one step's condition fails, none is done, and the error names that one."""
    table.write(put())
    other = Put({"pk": "other", "sk": "x"}, label="other")

    with pytest.raises(ConditionError) as refused:
        table.write(other, put("y"), Check(Key("nothing", "x"), "attribute_exists(#pk)", label="checked"))

    assert refused.value.labels == {"here", "checked"}
    assert table.get(Key("other", "x")) is None
    assert table.get(HERE) == {"pk": HERE.pk, "sk": HERE.sk, "value": "x"}


def test_reserved_words_are_names_too(table: Table) -> None:
    """An attribute may be named like one of DynamoDB's own words."""
    table.write(Update(HERE, "SET #status = :s, #name = :n", "attribute_not_exists(#status)", {"s": "a", "n": "b"}))
    table.write(Update(HERE, "SET #status = :new", "#status = :old", {"new": "c", "old": "a"}))

    assert table.get(HERE) == {"pk": HERE.pk, "sk": HERE.sk, "status": "c", "name": "b"}
    table.write(Delete(HERE, "#status = :s", {"s": "c"}))
    assert table.get(HERE) is None


def test_a_partition_is_read_whole_and_in_order(table: Table) -> None:
    """A partition larger than one answer of DynamoDB's is read to its end, and cut to what was asked."""
    for number in range(25):
        table.write(Put({"pk": "many", "sk": f"{number:02}", "value": "x" * 100_000}))

    assert [item["sk"] for item in table.partition("many")] == [f"{number:02}" for number in range(25)]
    assert [item["sk"] for item in table.partition("many", first="07", last="09")] == ["07", "08", "09"]


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_what_passes_is_waited_for(faulty: Callable[..., tuple[Table, list[float]]], reason: str) -> None:
    """A conflict with another transaction, or throttling, is tried again after growing pauses."""
    table, pauses = faulty(cancelled("None", reason), cancelled(reason))

    table.write(put())

    assert table._ask("GetItem", lambda _: "asked") == "asked"
    assert len(pauses) == 2


def test_patience_ends(faulty: Callable[..., tuple[Table, list[float]]]) -> None:
    """A conflict that does not pass is given up after seven attempts and less than four seconds."""
    table, pauses = faulty(*[cancelled("TransactionConflict")] * 99)

    with pytest.raises(UnavailableError, match="TransactWriteItems failed \\(TransactionCanceledException"):
        table.write(put())

    assert len(pauses) == 6
    assert sum(pauses) < 4


@pytest.mark.parametrize(
    "fault",
    [
        cancelled("ValidationError"),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "TransactWriteItems"),
        NoCredentialsError(),
    ],
)
def test_what_does_not_pass_is_not_waited_for(
    faulty: Callable[..., tuple[Table, list[float]]], fault: Exception
) -> None:
    """Any other failure is told at once, with the table and what was asked of it."""
    table, pauses = faulty(fault)

    with pytest.raises(UnavailableError, match="TransactWriteItems failed"):
        table.write(put())

    assert pauses == []


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionClosedError(endpoint_url="http://127.0.0.1:1"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1:1"),
        ReadTimeoutError(endpoint_url="http://127.0.0.1:1"),
        ClientError({"Error": {"Code": "InternalServerError", "Message": "no"}}, "TransactWriteItems"),
        ClientError({"Error": {"Code": "TransactionInProgressException", "Message": "no"}}, "TransactWriteItems"),
    ],
)
def test_a_lost_answer_is_asked_for_again(
    dynamodb: Any, table_name: str, faulty: Callable[..., tuple[Table, list[float]]], fault: Exception
) -> None:
    """Without an answer the same transaction is asked for again by its token: what was done already is not refused."""

    class Deaf(FaultyClient):
        """A client that does what it is asked for, and then raises."""

        def transact_write_items(self, **asked: Any) -> Any:
            """Write, and raise the next fault."""
            answer = self._inner.transact_write_items(**asked)
            tokens.append(asked["ClientRequestToken"])
            if self._faults:
                raise self._faults.pop(0)
            return answer

    tokens: list[str] = []
    _, pauses = faulty()
    deaf: Any = Deaf(dynamodb, fault)

    Table(lambda: deaf, table_name, pause=pauses.append).write(put())

    assert (len(tokens), len(set(tokens)), len(pauses)) == (2, 1, 1)


def test_nothing_is_begun_when_time_is_up(faulty: Callable[..., tuple[Table, list[float]]]) -> None:
    """A request that took too long begins nothing more, and waits for nothing that would end after its time."""
    table, pauses = faulty(cancelled("TransactionConflict"))

    with within(0.02), pytest.raises(UnavailableError, match="TransactWriteItems"):
        table.write(put())
    with within(0), pytest.raises(UnavailableError, match="GetItem was not begun"):
        table.get(HERE)
    with within(0), finishing():
        faulty()[0].write(put())

    assert pauses == []
    assert seconds_left() == inf


def test_a_failed_condition_outweighs_a_conflict(faulty: Callable[..., tuple[Table, list[float]]]) -> None:
    """A transaction refused for both reasons is not tried again: its condition will not come true."""
    table, pauses = faulty(cancelled("ConditionalCheckFailed", "TransactionConflict"))

    with pytest.raises(ConditionError) as refused:
        table.write(put(), Put({"pk": "other", "sk": "x"}, label="other"))

    assert refused.value.labels == {"here"}
    assert pauses == []


COUNT = Update(HERE, "SET #count = :one", "attribute_not_exists(#count)", {"one": 1}, label="counted")


def test_one_item_changes_by_itself(table: Table) -> None:
    """A change of one item happens under its condition, and says whose condition failed."""
    table.update(COUNT)

    with pytest.raises(ConditionError) as refused:
        table.update(COUNT)

    assert refused.value.labels == {"counted"}
    assert table.get(HERE) == {"pk": HERE.pk, "sk": HERE.sk, "count": 1}


@pytest.mark.parametrize(
    ("code", "tried_again"),
    [("ThrottlingException", True), ("TransactionConflictException", True), ("AccessDeniedException", False)],
)
def test_a_change_waits_for_what_passes(
    faulty: Callable[..., tuple[Table, list[float]]], code: str, *, tried_again: bool
) -> None:
    """A change meets throttling and transactions with patience, and tells any other failure at once."""
    table, pauses = faulty(ClientError({"Error": {"Code": code, "Message": "no"}}, "UpdateItem"))

    if tried_again:
        table.update(COUNT)
    else:
        with pytest.raises(UnavailableError, match="UpdateItem failed"):
            table.update(COUNT)

    assert len(pauses) == (1 if tried_again else 0)
