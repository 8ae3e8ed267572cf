"""`castoff scrub` beside the service at work: what was stored before castoff is cleaned, and nothing else happens."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from fastapi.testclient import TestClient

from castoff.cloud.account import Account
from castoff.cloud.progress import Silent
from castoff.cloud.scrub import Kind, scrub
from lambdas.service.table import Key, Put, Step, Table, Update

MONEY = "Revenue: $840.75\nOne guest uses a cane.\nCaptain fee: 150\nUmsatz: 840,75 €"
KEPT = "One guest uses a cane."


@pytest.fixture
def account(cloud: str) -> Account:
    """Open the embedded cloud as its operator."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-west-2")
    return Account(session, cloud)


@pytest.fixture
def stale(table: Table, event: dict[str, Any]) -> dict[str, Any]:
    """Put money into an event and the mails about it, as a service without castoff's rules had stored them."""
    old = {"notes": MONEY}
    table.update(Update(Key(f"event#{event['event_id']}", "event"), "SET #notes = :notes", values=old))
    for mail in table.partition("outbox"):
        table.update(Update(Key("outbox", mail["sk"]), "SET #facts.#notes = :notes", values=old))
    return event


class Meddling:
    """A progress that does something once, when the scrub has read its items and cleans the first."""

    def __init__(self, meddle: Callable[[], Any]) -> None:
        self._meddle: Callable[[], Any] | None = meddle

    def step(self, _: str) -> None:
        """Meddle."""
        if (meddle := self._meddle) is not None:
            self._meddle = None
            meddle()


def notes_in(table: Table, event: dict[str, Any]) -> list[str]:
    """Return the notes of an event and of the mails about it."""
    stored = table.get(Key(f"event#{event['event_id']}", "event"))
    assert stored is not None
    return [stored["notes"], *(mail["facts"]["notes"] for mail in table.partition("outbox"))]


def test_a_dry_run_counts_and_changes_nothing(
    account: Account, table: Table, table_name: str, stale: dict[str, Any]
) -> None:
    """Events and mails are counted, and their lines by booking; all stay as they are."""
    before = (notes_in(table, stale), table.get(Key(f"event#{stale['event_id']}", "event")))

    found = scrub(account, table_name, apply=False, progress=Silent())

    counted = {kind: (count.seen, count.held, count.lines, count.changed) for kind, count in found.kinds.items()}
    assert counted[Kind.EVENT] == (1, 1, 3, 0)
    assert counted[Kind.MAIL] == (3, 3, 9, 0)
    assert dict(found.bookings) == {"xhqgmdh": 12}
    assert (notes_in(table, stale), table.get(Key(f"event#{stale['event_id']}", "event"))) == before


def test_lines_about_money_go_and_nobody_is_mailed(
    account: Account, table: Table, table_name: str, *, stale: dict[str, Any], scc: TestClient, mails: Any
) -> None:
    """Harmless lines stay, the event stays the event, the crew hears nothing, and a second run finds nothing."""
    sent = len(mails())

    found = scrub(account, table_name, apply=True, progress=Silent())
    again = scrub(account, table_name, apply=True, progress=Silent())
    shown = scc.get(f"/events/{stale['event_id']}").json()
    scc.patch(f"/events/{stale['event_id']}", json={"guest_count": 7})

    assert [count.changed for count in found.kinds.values()] == [1, 3, 0, 0]
    assert notes_in(table, stale) == [KEPT] * 4
    assert not again.bookings
    assert shown == stale | {"notes": KEPT, "revision": 2}
    assert len(mails()) == sent


@pytest.mark.parametrize("at", range(1, 12))
def test_a_run_that_was_broken_off_is_finished_by_the_next(
    account: Account, table: Table, table_name: str, *, stale: dict[str, Any], at: int
) -> None:
    """Wherever it ends, what it did stays done and the next run does the rest."""
    steps = iter(range(1, 1000))

    class Cut:
        def step(self, _: str) -> None:
            if next(steps) == at:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scrub(account, table_name, apply=True, progress=Cut())

    scrub(account, table_name, apply=True, progress=Silent())

    assert notes_in(table, stale) == [KEPT] * 4


def test_a_change_made_meanwhile_stands(
    account: Account, table_name: str, stale: dict[str, Any], scc: TestClient
) -> None:
    """An event that was patched after it was read is read again: the patch stands, and the money goes all the same."""
    path = f"/events/{stale['event_id']}"
    progress = Meddling(lambda: scc.patch(path, json={"guest_count": 5}))

    scrub(account, table_name, apply=True, progress=progress)

    shown = scc.get(path).json()
    assert (shown["guest_count"], shown["notes"], shown["revision"]) == (5, KEPT, 3)


def test_notes_that_were_replaced_meanwhile_are_left(
    account: Account, table_name: str, stale: dict[str, Any], scc: TestClient
) -> None:
    """Who wrote new notes while the old ones were looked through keeps them, at the revision that they got."""
    path = f"/events/{stale['event_id']}"
    progress = Meddling(lambda: scc.patch(path, json={"notes": "Gate code 1234"}))

    found = scrub(account, table_name, apply=True, progress=progress)

    shown = scc.get(path).json()
    assert (shown["notes"], shown["revision"]) == ("Gate code 1234", 2)
    assert found.kinds[Kind.EVENT].changed == 0


def test_an_event_that_goes_meanwhile_stays_gone(
    account: Account, dynamodb: Any, table_name: str, stale: dict[str, Any]
) -> None:
    """No item comes back, in whole or in part."""
    key = {"pk": {"S": f"event#{stale['event_id']}"}, "sk": {"S": "event"}}
    progress = Meddling(lambda: dynamodb.delete_item(TableName=table_name, Key=key))

    scrub(account, table_name, apply=True, progress=progress)

    assert "Item" not in dynamodb.get_item(TableName=table_name, Key=key)


def test_a_service_that_read_before_writes_no_money_back(
    account: Account,
    table_name: str,
    dynamodb: Any,
    *,
    stale: dict[str, Any],
    make_scc: Callable[..., TestClient],
) -> None:
    """A patch that was under way while the event was cleaned begins anew on the clean one."""

    class Slow(Table):
        cleaned = False

        def write(self, *steps: Step) -> None:
            if not self.cleaned:
                self.cleaned = True
                scrub(account, table_name, apply=True, progress=Silent())
            super().write(*steps)

    scc = make_scc(storage=Slow(lambda: dynamodb, table_name))

    patched = scc.patch(f"/events/{stale['event_id']}", json={"guest_count": 5})

    assert patched.status_code == 200
    assert (patched.json()["guest_count"], patched.json()["notes"]) == (5, KEPT)
    assert scc.get(f"/events/{stale['event_id']}").json()["notes"] == KEPT


def test_an_item_without_a_revision_is_known_by_its_notes(account: Account, table: Table, table_name: str) -> None:
    """A mail that was written anew while it was looked through keeps what it says now."""
    mail: dict[str, Any] = {"pk": "outbox", "sk": "ev-1#1#crew-001", "facts": {"booking_id": "xhqgmdh", "notes": MONEY}}
    table.write(Put(mail))
    key = Key("outbox", mail["sk"])
    progress = Meddling(lambda: table.write(Update(key, "SET #facts.#notes = :new", values={"new": "Gate code 1234"})))

    scrub(account, table_name, apply=True, progress=progress)

    stored = table.get(key)
    assert stored is not None
    assert stored["facts"]["notes"] == "Gate code 1234"
