"""The login: what cookie a spent link brings, for how long, and who comes in without another link."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from castoff.contract.tickets import (
    Audience,
    Cookie,
    Key,
    Ticket,
    cookie_name,
    read_cookie,
    sign_cookie,
    sign_ticket,
)

NEWEST, OLDER = Key("c0000002", "c2" * 32), Key("c0000001", "c1" * 32)
PAGE = "/g/xhqgmdh-crew"
ENDS = datetime.fromisoformat("2024-05-30T12:00:00-07:00")
TokenOf = Callable[[str], str]


def press(scc: TestClient, token: str, subject: str = "xhqgmdh", **headers: str) -> httpx.Response:
    """Press a link's button."""
    return scc.post(f"/crew/{subject}", data={"token": token}, headers=headers)


def granted(answer: httpx.Response, subject: str) -> Cookie:
    """Return what the cookie of an answer grants; only the newest key signs."""
    value = SimpleCookie(answer.headers["set-cookie"])[cookie_name(subject)].value
    cookie = read_cookie(value, [NEWEST])
    assert cookie is not None
    return cookie


@pytest.fixture
def board(scc: TestClient, crew: dict[str, str], token_of: TokenOf) -> str:
    """Make Dev one of ops, mail him a link, and return its token."""
    body = {"name": "Dev Rao", "role": "ops", "email": crew["crew-003"]}
    scc.put("/crew-members/crew-003", json=body)
    assert scc.post("/crew-members/crew-003/link", json={"subject": "ops"}).status_code == 202
    return token_of("crew-003")


@pytest.mark.usefixtures("event")
def test_a_spent_link_brings_a_cookie(scc: TestClient, token_of: TokenOf) -> None:
    """The cookie is for that booking and that member, and belongs to this very host, to no script and no other site."""
    answer = press(scc, token_of("crew-001"))

    name, _, rest = answer.headers["set-cookie"].partition("=")
    value, *attributes = rest.split("; ")
    expires = int((ENDS + timedelta(hours=36)).timestamp())
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert (name, read_cookie(value, [NEWEST])) == ("__Host-crew-xhqgmdh", Cookie("xhqgmdh", "crew-001", 1, expires))
    assert attributes == ["Path=/", f"Max-Age={84 * 3600}", "Secure", "HttpOnly", "SameSite=Lax"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    ("now", "expires"),
    [
        pytest.param(ENDS - timedelta(days=2), ENDS + timedelta(hours=36), id="before the charter"),
        pytest.param(ENDS, ENDS + timedelta(hours=36), id="at its end"),
        pytest.param(ENDS + timedelta(days=3), ENDS + timedelta(days=3, hours=36), id="days after it"),
    ],
)
def test_how_long_a_login_lasts(
    scc: TestClient, hours: dict[str, datetime], token_of: TokenOf, now: datetime, expires: datetime
) -> None:
    """A login lasts until 36 hours after the charter, or after the login when that is later."""
    hours["now"] = now
    scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})

    cookie = granted(press(scc, token_of("crew-001")), "xhqgmdh")

    assert cookie.expires == expires.timestamp()


def test_ops_stay_for_two_weeks(scc: TestClient, board: str, hours: dict[str, datetime]) -> None:
    """Who has the role ops goes to the board, with a cookie of its own for two weeks."""
    answer = press(scc, board, "ops")

    expires = int((hours["now"] + timedelta(days=14)).timestamp())
    assert (answer.status_code, answer.headers["location"]) == (303, "/ops/")
    assert answer.headers["set-cookie"].startswith("__Host-ops=1.c0000002.ops.crew-003.1.")
    assert f"; Max-Age={14 * 86400};" in answer.headers["set-cookie"]
    assert granted(answer, "ops") == Cookie("ops", "crew-003", 1, expires)


@pytest.mark.usefixtures("event")
def test_a_link_opens_one_door(scc: TestClient, board: str, token_of: TokenOf) -> None:
    """A crew link does not open the board, nor the board's a crew page; trying spends neither."""
    link = token_of("crew-001")

    wrong = [press(scc, link, "ops"), press(scc, board, "xhqgmdh")]

    assert [(answer.status_code, "set-cookie" in answer.headers) for answer in wrong] == [(410, False)] * 2
    assert [press(scc, link).status_code, press(scc, board, "ops").status_code] == [303, 303]


def test_who_left_ops_does_not_get_in(scc: TestClient, board: str, crew: dict[str, str]) -> None:
    """A link to the board is void once its member has another role, and stays void when they have it again."""
    for role in ("crew", "ops"):
        scc.put("/crew-members/crew-003", json={"name": "Dev Rao", "role": role, "email": crew["crew-003"]})

        assert press(scc, board, "ops").status_code == 410


@pytest.mark.usefixtures("event")
def test_who_comes_back_has_a_later_epoch(
    scc: TestClient, crew: dict[str, str], departures: Any, token_of: TokenOf
) -> None:
    """A cookie from after a member's return is of the epoch that the edge asks for, one from before is not."""
    before = granted(press(scc, token_of("crew-001")), "xhqgmdh")
    scc.delete("/crew-members/crew-001")
    left = departures.noted["crew-001"][-1]
    scc.put("/crew-members/crew-001", json={"name": "Ben Ito", "role": "crew", "email": crew["crew-001"]})
    scc.post("/crew-members/crew-001/link", json={"subject": "xhqgmdh"})

    after = granted(press(scc, token_of("crew-001")), "xhqgmdh")

    assert before.epoch < left <= departures.noted["crew-001"][-1] <= after.epoch


@pytest.mark.usefixtures("event")
def test_of_two_at_once_one_has_a_cookie(scc: TestClient, token_of: TokenOf) -> None:
    """Of presses at the same moment, from two places, exactly one brings a cookie."""
    token = token_of("crew-001")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: press(scc, token), range(8)))

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    assert sum("set-cookie" in answer.headers for answer in answers) == 1


@pytest.mark.usefixtures("event")
def test_without_a_key_no_link_is_spent(
    make_scc: Callable[..., TestClient], scc: TestClient, secret: Callable[..., str], token_of: TokenOf
) -> None:
    """While no key can sign, the page says so in words, and the link is still good afterwards."""
    token = token_of("crew-001")
    keyless = make_scc(gate_secret=secret(cookie_keys=[], ticket_keys=[]))

    answer = press(keyless, token)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "<h1>One moment</h1>" in answer.text
    assert press(scc, token).status_code == 303


def cookie(
    subject: str = "xhqgmdh", member: str = "crew-001", *, epoch: int = 1, hours: int = 1, key: Key = OLDER
) -> str:
    """Return a cookie that lasts so many hours from the tests' noon."""
    noon = datetime.fromisoformat("2024-05-28T12:00:00-07:00")
    return sign_cookie(Cookie(subject, member, epoch, int((noon + timedelta(hours=hours)).timestamp())), key)


GOOD = cookie()


@pytest.mark.usefixtures("event")
def test_who_is_in_stays_in(scc: TestClient, token_of: TokenOf) -> None:
    """Who went back and presses a spent link's button again is let through by the cookie, which stays as it is."""
    token = token_of("crew-001")
    press(scc, token)

    again = press(scc, token, Cookie=f"a=b; __Host-crew-xhqgmdh={GOOD}; c=d")

    assert (again.status_code, again.headers["location"]) == (303, PAGE)
    assert "set-cookie" not in again.headers


@pytest.mark.usefixtures("event")
@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="empty"),
        pytest.param("x", id="no cookie"),
        pytest.param(GOOD[:-1], id="truncated"),
        pytest.param(GOOD + "A", id="a character more"),
        pytest.param(GOOD.replace("crew-001", "crew-002"), id="another member"),
        pytest.param(cookie("abcdefg"), id="of another booking"),
        pytest.param(cookie("ops"), id="of the board"),
        pytest.param(cookie(member="crew-003"), id="of who is not aboard"),
        pytest.param(cookie(member="crew-009"), id="of a stranger"),
        pytest.param(cookie(epoch=0), id="of an earlier epoch"),
        pytest.param(cookie(epoch=2), id="of an epoch that is not yet"),
        pytest.param(cookie(hours=0), id="over"),
        pytest.param(cookie(key=Key("c0000000", "c0" * 32)), id="of a key rotated out"),
        pytest.param(cookie(key=Key("c0000002", "00" * 32)), id="of another secret"),
        pytest.param(cookie(key=Key("70000002", "72" * 32)), id="of a ticket's key"),
        pytest.param(
            sign_ticket(Ticket("xhqgmdh", Audience.CREW, 0, 9_999_999_999, 1), OLDER), id="a ticket by this key"
        ),
        pytest.param("A" * 10_000, id="ten thousand characters"),
    ],
)
def test_a_cookie_that_is_not_good_helps_nobody(scc: TestClient, token_of: TokenOf, value: str) -> None:
    """With a spent link and any other cookie one is not let through."""
    token = token_of("crew-001")
    press(scc, token)

    assert press(scc, token, Cookie=f"__Host-crew-xhqgmdh={value}").status_code == 410
