"""Attacks on magic links: each row is what someone sends, and the refusal that they get for it."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from lambdas.service.table import Key, Table, Update

PAGE = "/g/xhqgmdh-crew"
FORM = "application/x-www-form-urlencoded"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
NOT_OURS, USED, RUN_OUT, BACK = (
    f"This link {words}" for words in ("is not ours", "was used", "has run out", "was taken back")
)
TokenOf = Callable[[str], str]

pytestmark = pytest.mark.usefixtures("event")


def heading(answer: httpx.Response) -> str:
    """Return what a page says first, or where it leads."""
    return answer.headers.get("location") or answer.text.partition("<h1>")[2].partition("</h1>")[0]


def press(scc: TestClient, token: str, subject: str = "xhqgmdh", **headers: str) -> tuple[int, str, bool]:
    """Press a button, and return status, heading or way, and whether a cookie was given."""
    answer = scc.post(f"/crew/{subject}", data={"token": token}, headers=headers)
    return answer.status_code, heading(answer), "set-cookie" in answer.headers


def other_spelling(token: str) -> str:
    """Return base64 of the same 32 bytes: its last letter has two bits that a lenient reader drops."""
    return token[:-1] + ALPHABET[ALPHABET.index(token[-1]) ^ 1]


SPELLINGS: dict[str, Callable[[str], str]] = {
    "forged": lambda _: "A" * 43,
    "empty": lambda _: "",
    "truncated by one": lambda token: token[:-1],
    "truncated by half": lambda token: token[:21],
    "without its first letter": lambda token: token[1:],
    "one letter more": lambda token: token + "A",
    "twice": lambda token: token * 2,
    "another first letter": lambda token: ("B" if token[0] == "A" else "A") + token[1:],
    "re-encoded, the same bytes": other_spelling,
    "padded": lambda token: token + "=",
    "padded in percent": lambda token: token + "%3D",
    "base64 of the other alphabet, padded": lambda token: token.translate(str.maketrans("-_", "+/")) + "=",
    "base64 of itself": lambda token: base64.b64encode(token.encode()).decode(),
    "its digest": lambda token: hashlib.sha256(token.encode()).hexdigest(),
    "its digest's key": lambda token: f"link#{hashlib.sha256(token.encode()).hexdigest()}",
    "its bytes in hexadecimal": lambda token: base64.urlsafe_b64decode(token + "=").hex(),
    "upper case": lambda token: token.upper() + ("A" if token == token.upper() else ""),
    "capitals and small ones swapped": lambda token: token.swapcase(),
    "backwards": lambda token: token[::-1],
    "a blank in front": lambda token: f" {token}",
    "a blank behind": lambda token: f"{token} ",
    "a line break behind": lambda token: f"{token}\n",
    "a NUL behind": lambda token: f"{token}\0",
    "in quotation marks": lambda token: f'"{token}"',
    "as JSON": lambda token: f'{{"token":"{token}"}}',
    "fullwidth letters": lambda token: "".join(chr(ord(letter) + 0xFEE0) for letter in token),
    "a space of no width within": lambda token: f"{token[:20]}\u200b{token[20:]}",
    "a combining accent behind": lambda token: f"{token}\u0301",
    "a lookalike for a hyphen": lambda token: token[:-1] + "\u2010",
    "another algorithm named in front": lambda token: f"none.{token}",
    "a form of a cookie": lambda token: f"1.c0000002.xhqgmdh.crew-001.1.9999999999.{token}",
    "very long": lambda token: token * 500,
    "a condition": lambda _: "' OR attribute_exists(pk) --",
    "an object of DynamoDB's": lambda token: f'{{"S":"{token}"}}',
}


def test_what_is_not_the_token_itself_opens_nothing(scc: TestClient, token_of: TokenOf) -> None:
    """Whatever is nearly a token is 410 and not ours, is not shown back, and spends nothing."""
    token = token_of("crew-001")
    sent = {name: spelling(token) for name, spelling in SPELLINGS.items()}
    assert token not in sent.values()

    answers = {
        name: scc.post(
            "/crew/xhqgmdh", data={"token": text}, headers={"CloudFront-Viewer-Address": f"198.51.100.{number}:1"}
        )
        for number, (name, text) in enumerate(sent.items())
    }

    told = {
        name: (answer.status_code, heading(answer), "set-cookie" in answer.headers) for name, answer in answers.items()
    }
    assert told == dict.fromkeys(SPELLINGS, (410, NOT_OURS, False))
    assert [name for name, text in sent.items() if text.strip() and text in answers[name].text] == []
    assert press(scc, token) == (303, PAGE, True)


def test_a_link_that_was_good_once(
    scc: TestClient, crew: dict[str, str], token_of: TokenOf, hours: dict[str, datetime]
) -> None:
    """Replayed is 410 and used, expired is 410 and run out, taken back is 410 and says so: each in its own words."""
    spent, late, gone = (token_of(member_id) for member_id in ("captain-001", "crew-001", "crew-002"))
    assert crew
    press(scc, spent)
    scc.delete("/crew-members/crew-002")

    replayed, taken_back = press(scc, spent), press(scc, gone)
    hours["now"] += timedelta(hours=48)

    assert (replayed, taken_back) == ((410, USED, False), (410, BACK, False))
    assert press(scc, late) == (410, RUN_OUT, False)
    assert press(scc, gone) == (410, RUN_OUT, False)


def test_a_clock_that_goes_backwards_prolongs_nothing(
    scc: TestClient, token_of: TokenOf, hours: dict[str, datetime]
) -> None:
    """A link that was used stays used on a machine whose clock is behind."""
    token = token_of("crew-001")
    press(scc, token)

    hours["now"] -= timedelta(days=1)

    assert press(scc, token) == (410, USED, False)


@pytest.mark.parametrize("subject", ["abcdefg", "zzzzzzz", "ops", "XHQGMDH", "xhqgmdh-crew", "crew-001"])
def test_a_link_for_another_door(scc: TestClient, charter: dict[str, Any], token_of: TokenOf, subject: str) -> None:
    """Swapped to another booking, to one that is none, to the board or to another spelling it is 410 and not ours."""
    token = token_of("crew-001")
    other = charter | {"booking_id": "abcdefg", "crew_page": "http://guest.localhost:8080/g/abcdefg-crew"}
    scc.post("/event", json=other, headers={"Idempotency-Key": "event:abcdefg"})

    assert press(scc, token, subject) == (410, NOT_OURS, False)
    assert press(scc, token) == (303, PAGE, True)


def test_a_link_for_another_member(scc: TestClient, token_of: TokenOf) -> None:
    """Whoever names another member beside a token gets a cookie of the token's own."""
    form = {"token": token_of("crew-001"), "member_id": "captain-001", "member": "captain-001", "role": "ops"}

    answer = scc.post("/crew/xhqgmdh", data=form)

    assert answer.headers["set-cookie"].startswith("__Host-crew-xhqgmdh=1.c0000002.xhqgmdh.crew-001.1.")


BODIES: dict[str, tuple[str | None, str]] = {
    "JSON": ("application/json", '{{"token": "{token}"}}'),
    "a form that says it is JSON": ("application/json", "token={token}"),
    "a form that says it is text": ("text/plain", "token={token}"),
    "a form that says nothing": (None, "token={token}"),
    "several parts": (
        "multipart/form-data; boundary=b",
        '--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--b--\r\n',
    ),
    "a bad one first": (FORM, "token=A&token={token}"),
    "five fields": (FORM, "token={token}&a=1&b=2&c=3&d=4"),
    "bytes beyond ASCII": (FORM, "token={token}&a=é"),
    "another name": (FORM, "Token={token}"),
    "a list": (FORM, "token[]={token}"),
    "a semicolon between": (FORM, "a=1;token={token}"),
}


def test_a_body_that_is_no_form(scc: TestClient, token_of: TokenOf) -> None:
    """A good token in anything but one plain form is 410, as if there were none; in the address it is not read."""
    token = token_of("crew-001")

    answers = {
        name: scc.post(
            f"/crew/xhqgmdh?token={token}",
            content=body.format(token=token).encode(),
            headers={"Content-Type": kind} if kind else {},
        )
        for name, (kind, body) in BODIES.items()
    }

    told = {
        name: (answer.status_code, heading(answer), "set-cookie" in answer.headers) for name, answer in answers.items()
    }
    assert told == dict.fromkeys(BODIES, (410, NOT_OURS, False))
    assert press(scc, token) == (303, PAGE, True)


LOOKS: dict[str, tuple[str, dict[str, str], int]] = {
    "a scanner's GET": ("GET", {}, 200),
    "a scanner's HEAD": ("HEAD", {}, 200),
    "a browser's guess": ("GET", {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"}, 200),
    "GET that would be POST": ("GET", {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}, 200),
    "GET with a form's type": ("GET", {"Content-Type": FORM}, 200),
    "OPTIONS": ("OPTIONS", {"Access-Control-Request-Method": "POST", "Origin": "https://evil.example"}, 405),
    "PUT": ("PUT", {}, 405),
    "PATCH": ("PATCH", {}, 405),
    "DELETE": ("DELETE", {}, 405),
    "TRACE": ("TRACE", {}, 405),
    "a method of one's own": ("SPEND", {}, 405),
}


def test_only_a_press_spends(scc: TestClient, token_of: TokenOf) -> None:
    """A scanner, a prefetch and every method but POST spend nothing, give nothing and allow no other site."""
    token = token_of("crew-001")

    answers = {
        name: scc.request(method, f"/crew/xhqgmdh?token={token}", headers=headers)
        for name, (method, headers, _) in LOOKS.items()
    }

    given = {"set-cookie", "access-control-allow-origin"}
    told = {name: (answer.status_code, given & {*answer.headers}) for name, answer in answers.items()}
    assert told == {name: (status, set()) for name, (_, _, status) in LOOKS.items()}
    assert press(scc, token) == (303, PAGE, True)


def test_tries_in_vain_are_counted_by_network(scc: TestClient, token_of: TokenOf, hours: dict[str, datetime]) -> None:
    """Sixty an hour from one network, then 429 even for a good link, unspent; others and the next hour are free."""
    token = token_of("crew-001")
    here = {"CloudFront-Viewer-Address": "198.51.100.10:1", "X-Forwarded-For": "192.0.2.77"}

    guesses = [press(scc, f"{number:043}", **here)[0] for number in range(61)]
    good = scc.post("/crew/xhqgmdh", data={"token": token}, headers=here)
    elsewhere = press(scc, "A" * 43, **{"CloudFront-Viewer-Address": "198.51.100.11:1"})
    hours["now"] += timedelta(hours=1)

    assert guesses == [410] * 60 + [429]
    assert (good.status_code, heading(good), good.headers["retry-after"]) == (429, "Too many tries", "3600")
    assert elsewhere == (410, NOT_OURS, False)
    assert press(scc, token, **here) == (303, PAGE, True)


def test_good_links_are_not_counted(scc: TestClient, table: Table, token_of: TokenOf) -> None:
    """A crew of any size comes in from one network: only what is refused is counted there."""
    for member_id in ("captain-001", "crew-001", "crew-002"):
        press(scc, token_of(member_id), **{"CloudFront-Viewer-Address": "198.51.100.10:1"})

    assert table.partition("limit#tries-network#198.51.100.10") == []


def test_tries_in_vain_are_counted_by_member(scc: TestClient, event: dict[str, Any], token_of: TokenOf) -> None:
    """An old link pressed from everywhere is 429 after twenty, and its member's good link opens all the same."""
    old = token_of("crew-001")
    press(scc, old)
    scc.patch(f"/events/{event['event_id']}", json={"dock": "Harbor Island"})

    tries = [press(scc, old, **{"CloudFront-Viewer-Address": f"198.51.100.{number}:1"}) for number in range(22)]

    assert tries == [(410, USED, False)] * 20 + [(429, "Too many tries", False)] * 2
    assert press(scc, token_of("crew-001")) == (303, PAGE, True)


VIEWERS = (None, "", "nowhere", "198.51.100.10", "localhost:1", "198.51.100.10:1, 192.0.2.1:1", "\t", "é")


def test_who_hides_an_address_shares_one(scc: TestClient, table: Table, hours: dict[str, datetime]) -> None:
    """A viewer's address that is missing or is none counts as one place, so that leaving it out evades nothing."""
    values = {"most": 60, "end": int(hours["now"].timestamp()) + 3600}
    for network in ("nowhere", "198.51.100.10"):
        used_up = Key(f"limit#tries-network#{network}", "limit")
        table.update(Update(used_up, "SET #count = :most, #expires_at = :end", values=values))

    answers = {
        viewer: scc.post(
            "/crew/xhqgmdh",
            data={"token": "A" * 43},
            headers={} if viewer is None else {b"CloudFront-Viewer-Address": viewer.encode()},
        )
        for viewer in VIEWERS
    }

    assert {viewer: answer.status_code for viewer, answer in answers.items()} == dict.fromkeys(VIEWERS, 429)


def test_a_host_of_ones_own_leads_nowhere(scc: TestClient, crew: dict[str, str], mails: Any, token_of: TokenOf) -> None:
    """A forged Host, forwarded or not, is neither in a mail's link nor in the way on after a login."""
    forged = {
        "Host": "evil.example.",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/crew/ops",
        "X-Rewrite-URL": "/crew/ops",
    }
    scc.post("/crew/xhqgmdh/link", data={"email": crew["crew-001"]}, headers=forged)

    answer = press(scc, token_of("crew-001"), **forged)

    assert answer == (303, PAGE, True)
    assert "evil.example" not in str(mails("crew-001"))
