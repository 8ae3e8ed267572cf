"""The dashboard through API Gateway and Lambda: what callers send and see, with the role that the template gives it."""

from __future__ import annotations

import http.client
import json
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from icalendar import Calendar

from castoff.cli import main
from castoff.cloud.account import account_in
from castoff.cloud.facts import save_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from castoff.cloud.facts import Facts

SEED = {"date": "2031-05-30", "event_type": "charter", "booking_id": "seedone"}
Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def ask(cloud: Facts) -> Callable[..., Answer]:
    """Return what asks the deployed dashboard, with its token unless another is named."""
    account = account_in(cloud, "publisher")
    client = account.session.client("secretsmanager", **account.options)
    token = json.loads(client.get_secret_value(SecretId=cloud.outputs["DashboardSecret"])["SecretString"])["token"]
    port = urlsplit(cloud.endpoint).port
    api = urlsplit(cloud.outputs["DashboardUrl"]).netloc.split(".")[0]

    def ask_it(method: str, path: str, body: Any = None, **headers: str) -> Answer:
        named = {"Host": f"{api}.execute-api.localhost:{port}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/prod{path}", text, {**named, "X-Dashboard-Token": token, **headers})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read().decode()
        finally:
            connection.close()

    return ask_it


def test_the_seeds_plain_entry_stands_and_is_fed(ask: Callable[..., Answer]) -> None:
    """A body of three fields makes an entry; its feed opens without a token, polls cheaply, and ends when revoked."""
    wrote = ask("POST", "/calendar", SEED | {"vessel": "Sprite"})
    ask("PUT", "/calendar/seedtwo", SEED | {"booking_id": "seedtwo", "vessel": "Sprite"})
    listed = json.loads(ask("GET", "/calendar?from=2031-05-30&to=2031-05-30")[2])["entries"]
    made = json.loads(ask("POST", "/calendar/feeds", {"label": "a phone"})[2])
    fed = ask("GET", made["path"], **{"X-Dashboard-Token": ""})
    known = ask("GET", made["path"], **{"X-Dashboard-Token": "", "If-None-Match": fed[1]["etag"]})
    looked = ask("HEAD", made["path"], **{"X-Dashboard-Token": ""})
    revoked = ask("DELETE", f"/calendar/feeds/{made['id']}")
    after = ask("GET", made["path"], **{"X-Dashboard-Token": ""})
    gone = [ask("DELETE", f"/calendar/{booking}") for booking in ("seedone", "seedtwo")]

    assert wrote[0] == 200
    assert [(entry["booking_id"], entry["conflicts"]) for entry in listed] == [
        ("seedone", ["seedtwo"]),
        ("seedtwo", ["seedone"]),
    ]
    assert fed[0] == 200
    assert Calendar.from_ical(fed[2]).walk("VCALENDAR")
    assert (known[0], known[2]) == (304, "")
    assert (looked[0], looked[2]) == (200, "")
    assert (revoked[0], after[0]) == (200, 401)
    assert [answer[0] for answer in gone] == [200, 200]


def test_refusals_come_through_as_they_are(ask: Callable[..., Answer]) -> None:
    """What is wrong is named in the one form, behind the gateway as before it."""
    answers = [
        ask("GET", "/calendar?from=2031-05-31&to=2031-05-30"),
        ask("POST", "/calendar", SEED | {"date": "tomorrow"}),
        ask("GET", "/calendar.ics?key=guess"),
        ask("GET", "/calendar", **{"X-Dashboard-Token": "guess"}),
    ]

    assert [(status, json.loads(body)["field"]) for status, _, body in answers] == [
        (422, "to"),
        (422, "date"),
        (401, "key"),
        (401, "X-Dashboard-Token"),
    ]


def test_the_operator_subscribes_and_ends_it(
    cloud: Facts, ask: Callable[..., Answer], checkout: Path, tmp_path: Path
) -> None:
    """`castoff link --calendar` prints an address that opens, once; it is listed without its key, and revoked."""
    shutil.copy(checkout / "castoff.yaml", tmp_path)
    save_facts(cloud, tmp_path / ".castoff" / "cloud.json")

    made = link(tmp_path, "--calendar", "Ana's phone")
    address = urlsplit(made.stdout.strip())
    opened = ask("GET", f"{address.path.removeprefix('/prod')}?{address.query}", Host=address.netloc)
    (listed,) = json.loads(link(tmp_path, "--calendars", "--json").stdout)
    shown = link(tmp_path, "--calendars").stdout
    ended = [link(tmp_path, "--revoke", listed["id"]) for _ in range(2)]
    closed = ask("GET", f"{address.path.removeprefix('/prod')}?{address.query}", Host=address.netloc)

    assert made.exit_code == 0, made.stderr
    assert "this is shown once" in made.stderr
    assert f"`castoff link --revoke {listed['id']} --target local` ends it\n" in made.stderr
    assert address.query not in made.stderr
    assert (opened[0], closed[0]) == (200, 401)
    assert listed["label"] == "Ana's phone"
    assert listed["used"]
    assert shown.startswith(f"{listed['id']}  made ")
    assert address.query.partition(".")[2] not in shown
    assert [ran.exit_code for ran in ended] == [0, 1]
    assert f"error: the dashboard has no feed `{listed['id']}`, or no longer\n" in ended[1].stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--calendar", "Ana", "--calendars"],
        ["--calendar", "Ana", "--revoke", "abc"],
        ["xhqgmdh", "--calendars"],
        ["--crew", "crew-001", "--revoke", "abc"],
        [],
    ],
)
def test_one_thing_is_asked_at_a_time(tmp_path: Path, words: list[str]) -> None:
    """Whoever asks for two things, or for nothing, is told so before anything is made."""
    assert link(tmp_path, *words).exit_code == 2


def link(root: Path, *words: str) -> Result:
    """Run the command as from a terminal that nobody watches."""
    return CliRunner().invoke(main, ["-C", str(root), "link", "--target", "local", *words])
