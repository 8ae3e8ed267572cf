"""Magic links: each lets one member into one booking, once, in time; looking at one spends nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

PAGE = "/g/xhqgmdh-crew"
TokenOf = Callable[[str], str]

pytestmark = pytest.mark.usefixtures("event")


def enter(
    scc: TestClient, token: str, booking: str = "xhqgmdh", headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Press the button, and return the status and where it leads or the page's heading."""
    answer = scc.post(f"/crew/{booking}", data={"token": token}, headers=headers)
    heading = answer.text.partition("<h1>")[2].partition("</h1>")[0]
    return answer.status_code, answer.headers.get("location", heading)


def test_a_link_leads_to_the_page_once(scc: TestClient, token_of: TokenOf) -> None:
    """The first press leads to the crew page, the second says that the link was used."""
    token = token_of("crew-001")

    assert [enter(scc, token) for _ in range(2)] == [(303, PAGE), (410, "This link was used")]


def test_looking_spends_nothing(scc: TestClient, token_of: TokenOf) -> None:
    """A mail scanner may open the link as often as it likes."""
    token = token_of("crew-001")

    looks = [scc.get(f"/crew/xhqgmdh?token={token}") for _ in range(3)]

    assert {look.status_code for look in looks} == {200}
    assert f'<input type="hidden" name="token" value="{token}">' in looks[0].text
    assert enter(scc, token) == (303, PAGE)


def test_of_two_at_once_one_is_let_in(scc: TestClient, token_of: TokenOf) -> None:
    """Of presses at the same moment exactly one gets through."""
    token = token_of("crew-001")

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(status for status, _ in pool.map(lambda _: enter(scc, token), range(8)))

    assert statuses == [303] + [410] * 7


def test_a_link_runs_out(scc: TestClient, token_of: TokenOf, hours: dict[str, datetime]) -> None:
    """A link works until a second before its 48 hours are over, though its item is still there."""
    early, late = token_of("crew-001"), token_of("crew-002")
    sent = hours["now"]

    hours["now"] = sent + timedelta(hours=48, seconds=-1)
    first = enter(scc, early)
    hours["now"] = sent + timedelta(hours=48)
    second = enter(scc, late)

    assert (first, second) == ((303, PAGE), (410, "This link has run out"))


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="none"),
        pytest.param("A" * 43, id="right form, never given"),
        pytest.param("short", id="too short"),
        pytest.param("A" * 5000, id="too long"),
        pytest.param("é" * 43, id="not ASCII"),
        pytest.param("<script>alert(1)</script>", id="markup"),
    ],
)
def test_a_forged_token_opens_nothing(scc: TestClient, token: str) -> None:
    """What was never given lets nobody in, and is not shown back."""
    answer = scc.post("/crew/xhqgmdh", data={"token": token})

    assert answer.status_code == 410
    assert not token or token not in answer.text


def test_a_link_is_for_its_booking(scc: TestClient, charter: dict[str, Any], token_of: TokenOf) -> None:
    """A link opens no other booking's page, even of a member who is aboard there, and is not spent by trying."""
    token = token_of("crew-001")
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"})

    assert enter(scc, token, "abcdefg") == (410, "This link is not ours")
    assert enter(scc, token, "zzzzzzz") == (410, "This link is not ours")
    assert enter(scc, token) == (303, PAGE)


@pytest.mark.parametrize("leaving", ["member gone", "member gone and back", "off the crew", "address changed"])
def test_who_left_loses_every_link(
    scc: TestClient, event: dict[str, Any], crew: dict[str, str], token_of: TokenOf, leaving: str
) -> None:
    """A link stops working with the membership, the place aboard or the address that it was made for."""
    token = token_of("crew-001")
    body = {"name": "Ben Ito", "role": "crew", "email": crew["crew-001"]}
    match leaving:
        case "member gone":
            scc.delete("/crew-members/crew-001")
        case "member gone and back":
            scc.delete("/crew-members/crew-001")
            scc.put("/crew-members/crew-001", json=body)
        case "off the crew":
            scc.patch(f"/events/{event['event_id']}", json={"crew_ids": ["crew-002"]})
        case _:
            scc.put("/crew-members/crew-001", json=body | {"email": "ben.new@example.com"})

    assert enter(scc, token) == (410, "This link was taken back")


def test_no_token_is_kept(dynamodb: Any, table_name: str, token_of: TokenOf) -> None:
    """The table holds a token's digest and never the token."""
    stored = str(dynamodb.scan(TableName=table_name)["Items"])

    assert [token_of(member_id) in stored for member_id in ("captain-001", "crew-001", "crew-002")] == [False] * 3


def test_each_mail_has_a_link_of_its_own(scc: TestClient, event: dict[str, Any], token_of: TokenOf) -> None:
    """A change brings a fresh link, and the older one still works."""
    older = token_of("crew-001")
    scc.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})
    newer = token_of("crew-001")

    assert older != newer
    assert [enter(scc, token) for token in (older, newer)] == [(303, PAGE)] * 2


def test_pages_keep_to_themselves(scc: TestClient, token_of: TokenOf) -> None:
    """A page with a token is stored by nobody, indexed by nobody, framed by nobody, and loads nothing."""
    answer = scc.get(f"/crew/xhqgmdh?token={token_of('crew-001')}")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http" not in answer.text


def test_what_is_in_the_path_is_not_markup(scc: TestClient) -> None:
    """A booking's name with markup in it is refused and not shown."""
    answer = scc.get('/crew/"><script>?token=' + "A" * 43)

    assert answer.status_code == 410
    assert "<script" not in answer.text


VIEWERS_ROUTES = (
    ("GET", "/crew/xhqgmdh"),
    ("GET", "/crew/xhqgmdh?token={token}"),
    ("POST", "/crew/xhqgmdh"),
    ("POST", "/crew/xhqgmdh/link"),
    ("GET", "/crew/xhqgmdh/link"),
    ("GET", "/crew/ops"),
    ("POST", "/crew/ops"),
    ("POST", "/crew/ops/link"),
)


@pytest.mark.parametrize("origin", [None, "", "wrong", "é".encode(), b"x" * 9000])
def test_viewers_come_through_the_site(
    scc: TestClient, token_of: TokenOf, mails: Any, origin: str | bytes | None
) -> None:
    """Without the distribution's own header nothing is shown, spent or mailed, service key or not."""
    token, told = token_of("crew-001"), len(mails())
    del scc.headers["X-Castoff-Origin"]
    headers = {} if origin is None else {b"X-Castoff-Origin": origin if isinstance(origin, bytes) else origin.encode()}

    for method, path in VIEWERS_ROUTES:
        answer = scc.request(method, path.format(token=token), data={"token": token}, headers=headers)

        assert (path, answer.status_code, answer.json()["error"]) == (path, 403, "not_through_the_site")
        assert "set-cookie" not in answer.headers
    assert len(mails()) == told
    assert enter(scc, token, headers={"X-Castoff-Origin": "the-origin-header-of-this-test"}) == (303, PAGE)
