"""Money in what was stored before castoff: found in whatever form, counted without a word of it, taken out alone."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from castoff.cli import main
from castoff.cloud.account import account_in
from castoff.cloud.facts import save_facts
from castoff.cloud.progress import Silent
from castoff.cloud.scrub import Kind, booking_of, find_spots, kind_of, scrub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts

MONEY = "Revenue: $840.75\nGate code 1234"
KEY = {"pk": {"S": "event#ev-1"}, "sk": {"S": "event"}}


def text(words: str) -> dict[str, str]:
    """Return a text in DynamoDB's typed form."""
    return {"S": words}


@pytest.mark.parametrize(
    ("attributes", "cleaned"),
    [
        pytest.param({"notes": text(MONEY)}, {"notes": text("Gate code 1234")}, id="an event"),
        pytest.param({"notes": text("Net to captain: 289.41")}, {"notes": text("")}, id="nothing else"),
        pytest.param(
            {"notes": text("Einnahmen: 840,75 €\nKapitän: 150 Euro\nSteg 4")}, {"notes": text("Steg 4")}, id="German"
        ),
        pytest.param(
            {"facts": {"M": {"notes": text(MONEY)}}}, {"facts": {"M": {"notes": text("Gate code 1234")}}}, id="a mail"
        ),
        pytest.param({"Notes": text(MONEY)}, {"Notes": text("Gate code 1234")}, id="a capital letter"),
        pytest.param(
            {"notes": {"L": [text("Revenue: $840.75"), text("Gate code 1234")]}},
            {"notes": {"L": [text("Gate code 1234")]}},
            id="a list of lines",
        ),
        pytest.param(
            {"answers": {"L": [{"M": {"notes": text(MONEY)}}]}},
            {"answers": {"L": [{"M": {"notes": text("Gate code 1234")}}]}},
            id="in a list",
        ),
        pytest.param(
            {"answer": text(json.dumps({"id": 7, "notes": MONEY}))},
            {"answer": text(json.dumps({"id": 7, "notes": "Gate code 1234"}))},
            id="JSON in a text",
        ),
        pytest.param({"notes": text("One guest uses a cane.")}, None, id="harmless notes"),
        pytest.param({"notes": text("  Gate code 1234 \n\n")}, None, id="harmless notes, untidy"),
        pytest.param({"notes": {"NULL": True}}, None, id="no notes"),
        pytest.param({"notes": {"L": []}}, None, id="no lines"),
        pytest.param({"notes": {"L": [{"N": "7"}]}}, None, id="lines that are none"),
        pytest.param({"event_name": text("Revenue: $840.75")}, None, id="another field"),
        pytest.param({"answer": text('{"notes": "Revenue: $840')}, None, id="broken JSON"),
        pytest.param({"answer": text("[" * 100_000 + '"notes"')}, None, id="deep JSON"),
        pytest.param({}, None, id="nothing at all"),
    ],
)
def test_notes_are_found_in_whatever_form(
    account: Account, table: str, *, attributes: dict[str, Any], cleaned: dict[str, Any] | None
) -> None:
    """Lines about money go wherever notes are kept; all else stays as it is, to the letter."""
    client = account.session.client("dynamodb", **account.options)
    client.put_item(TableName=table, Item={**KEY, **attributes})

    scrub(account, table, apply=True, progress=Silent())

    stored = client.get_item(TableName=table, Key=KEY)["Item"]
    assert stored == {**KEY, **(attributes if cleaned is None else cleaned)}


def test_no_value_is_shown_by_accident() -> None:
    """What was found is printed, by a traceback for instance, without the lines it is about."""
    (spot,) = find_spots({**KEY, "notes": text(MONEY)})

    assert "840" not in repr(spot)
    assert spot.lines == 1


@pytest.mark.parametrize(
    ("item", "kind", "booking"),
    [
        ({"pk": text("event#ev-1"), "booking_id": text("xhqgmdh")}, Kind.EVENT, "xhqgmdh"),
        ({"pk": text("outbox"), "facts": {"M": {"booking_id": text("xhqgmdh")}}}, Kind.MAIL, "xhqgmdh"),
        ({"pk": text("request#abc")}, Kind.REQUEST, ""),
        ({"pk": text("else"), "booking_id": text("\x1b[31mRevenue")}, Kind.OTHER, ""),
        ({"pk": text("else"), "booking_id": {"N": "7"}}, Kind.OTHER, ""),
    ],
)
def test_items_are_told_by_kind_and_booking(item: Any, kind: Kind, booking: str) -> None:
    """A booking's id is shown where it is one; anything else that stands there is not."""
    assert (kind_of(item), booking_of(item)) == (kind, booking)


def test_a_large_table_is_read_page_by_page(account: Account, table: str) -> None:
    """More than DynamoDB hands out at once is all looked through."""
    client = account.session.client("dynamodb", **account.options)
    for number in range(12):
        notes = {"notes": text(f"{MONEY}\n{'x' * 200_000}")}
        client.put_item(TableName=table, Item={**KEY, "pk": text(f"event#ev-{number}"), **notes})

    found = scrub(account, table, apply=True, progress=Silent())

    assert (found.kinds[Kind.EVENT].seen, found.kinds[Kind.EVENT].changed) == (12, 12)


def test_the_command_counts_first_and_cleans_when_told(
    cloud: Facts, account: Account, checkout: Path, tmp_path: Path
) -> None:
    """Without --apply it changes nothing; with it, it does; and no line of what it found is in what it says."""
    shutil.copy(checkout / "castoff.yaml", tmp_path)
    save_facts(cloud, tmp_path / ".castoff" / "cloud.json")
    client, scc = account.session.client("dynamodb", **account.options), cloud.outputs["SccTable"]
    stale = {**KEY, "pk": text("event#scrubbed"), "booking_id": text("scrubme"), "notes": text(MONEY)}
    client.put_item(TableName=scc, Item=stale)
    try:
        runs = [run(tmp_path, *words) for words in ([], ["--apply"], ["--apply", "--json"])]
        left = client.get_item(TableName=scc, Key={name: stale[name] for name in KEY})["Item"]
    finally:
        client.delete_item(TableName=scc, Key={name: stale[name] for name in KEY})

    assert [ran.exit_code for ran in runs] == [0, 0, 0]
    assert runs[0].stdout == runs[1].stdout == "scrubme  1 line\n"
    assert "nothing was changed\n  hint: `castoff scrub --target local --apply` removes them\n" in runs[0].stderr
    assert "1 line about money in 1, 1 changed\n" in runs[1].stderr
    assert json.loads(runs[2].stdout)["bookings"] == {}
    assert left["notes"] == text("Gate code 1234")
    assert not [ran for ran in runs if "840" in ran.output or "Revenue" in ran.output]


def test_a_real_target_is_reached_by_its_stack(cloud: Facts, checkout: Path, tmp_path: Path) -> None:
    """With the operator's own credentials, in the region they name; a stack that is not there is told."""
    admin = cloud.credentials["admin"]
    operator = {
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_REGION": cloud.region,
        "AWS_ACCESS_KEY_ID": admin.key,
        "AWS_SECRET_ACCESS_KEY": admin.secret,
    }
    settings = (checkout / "castoff.yaml").read_text()

    ran = []
    for stack in (cloud.stack, "nowhere"):
        named = settings.replace("  production:\n", f"  production:\n    stack: {stack}\n")
        (tmp_path / "castoff.yaml").write_text(named)
        words = ["-C", str(tmp_path), "scrub", "--json"]
        ran.append(CliRunner().invoke(main, words, env=operator))

    assert (ran[0].exit_code, json.loads(ran[0].stdout)["applied"]) == (0, False), ran[0].stderr
    assert ran[1].exit_code == 1
    assert ran[1].stderr.startswith(f"error: there is no stack `nowhere` in {cloud.region}\n")


def test_no_cloud_is_told(checkout: Path, tmp_path: Path) -> None:
    """Where nothing runs there is nothing to look through, and it says what to do."""
    shutil.copy(checkout / "castoff.yaml", tmp_path)

    ran = run(tmp_path)

    assert ran.exit_code == 1
    assert ran.stderr == "error: the embedded cloud does not run\n  hint: start it with `castoff cloud start`\n", (
        ran.stderr
    )


def run(root: Path, *words: str) -> Any:
    """Run the command as from a terminal that nobody watches."""
    return CliRunner().invoke(main, ["-C", str(root), "scrub", "--target", "local", *words])


@pytest.fixture
def account(cloud: Facts) -> Account:
    """Open the account as its deployer, who may scan."""
    return account_in(cloud, "admin")


@pytest.fixture
def table(account: Account) -> Iterator[str]:
    """Make a table of this test's own."""
    client, name = account.session.client("dynamodb", **account.options), "scrubbed"
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    yield name
    client.delete_table(TableName=name)
