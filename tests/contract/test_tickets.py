"""Tokens: what is signed comes back, and nothing else does."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.contract.tickets import (
    LONGEST,
    Audience,
    Cookie,
    Key,
    Ticket,
    cookie_name,
    read_cookie,
    read_ticket,
    sign_cookie,
    sign_ticket,
    upload_prefix,
)

KEY = Key("k1", "5f" * 32)
OLD = Key("k0", "a7" * 32)
COOKIE = Cookie("xhqgmdh", "crew-001", 3, 1_717_200_000)
TICKET = Ticket("xhqgmdh", Audience.GUEST, 1_717_000_000, 1_718_000_000, 25_000_000)
COOKIE_TOKEN, TICKET_TOKEN = sign_cookie(COOKIE, KEY), sign_ticket(TICKET, KEY)


@given(
    subject=st.from_regex(r"[a-z0-9]{7}", fullmatch=True),
    member=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    epoch=st.integers(1, 10**6),
    expires=st.integers(0, 10**11),
)
def test_cookie_comes_back(subject: str, member: str, epoch: int, expires: int) -> None:
    """What was signed is what is read, under either of two keys."""
    cookie = Cookie(subject, member, epoch, expires)

    assert read_cookie(sign_cookie(cookie, OLD), [KEY, OLD]) == cookie


@given(at=st.integers(0, 200), character=st.characters(max_codepoint=126))
def test_a_changed_character_voids_a_ticket(at: int, character: str) -> None:
    """No single character can be another."""
    token = sign_ticket(TICKET, KEY)
    at %= len(token)
    changed = token[:at] + character + token[at + 1 :]

    assert (read_ticket(changed, [KEY]) == TICKET) == (changed == token)


@pytest.mark.parametrize(
    ("description", "token"),
    [
        ("nothing", ""),
        ("not a token", "1.k1"),
        ("of a key rotated out", sign_ticket(TICKET, Key("k9", "00" * 32))),
        ("of a key with a known name", sign_ticket(TICKET, Key("k1", "00" * 32))),
        ("of another kind", sign_cookie(COOKIE, KEY)),
        ("without its mac", sign_ticket(TICKET, KEY).rpartition(".")[0]),
        ("with half its mac", sign_ticket(TICKET, KEY)[:-20]),
        ("of another version", "2" + sign_ticket(TICKET, KEY)[1:]),
        ("with a part more", "1.k1.x." + sign_ticket(TICKET, KEY)[5:]),
        ("ten thousand characters", "1.k1." + "x" * 10_000),
        ("one too long", sign_ticket(TICKET, KEY).ljust(LONGEST + 1, "A")),
        ("not ASCII", sign_ticket(TICKET, KEY) + "é"),
    ],
)
def test_what_we_did_not_sign_grants_nothing(description: str, token: str) -> None:
    """Each is refused without a word."""
    assert read_ticket(token, [KEY, OLD]) is None, description


def signed_as(kind: str, text: str) -> str:
    """Return text with the mac that a token of this kind has."""
    digest = hmac.digest(KEY.secret.encode(), f"{kind}:{text}".encode(), hashlib.sha256)
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


@pytest.mark.parametrize(("kind", "cookie", "ticket"), [("cookie", COOKIE, None), ("ticket", None, TICKET)])
def test_kinds_do_not_mix_over_the_very_same_text(kind: str, cookie: Cookie | None, ticket: Ticket | None) -> None:
    """What is a cookie's in every letter is none with a ticket's mac, and the other way round."""
    cookie_text, ticket_text = (token.rpartition(".")[0] for token in (COOKIE_TOKEN, TICKET_TOKEN))

    assert read_cookie(signed_as(kind, cookie_text), [KEY]) == cookie
    assert read_ticket(signed_as(kind, ticket_text), [KEY]) == ticket


@pytest.mark.parametrize(
    ("what", "key_id", "secret", "said"),
    [
        ("no id", "", "5f" * 32, "`id`"),
        ("an id with a dot", "hush.hush", "5f" * 32, "`id`"),
        ("an id with a line break", "hush\n", "5f" * 32, "`id`"),
        ("an id beyond ASCII", "hüsh", "5f" * 32, "`id`"),
        ("a long id", "hush" * 17, "5f" * 32, "`id`"),
        ("no secret", "k1", "", "`secret`"),
        ("a word", "k1", "hush", "`secret`"),
        ("a secret cut short", "k1", "5f" * 31, "`secret`"),
        ("a secret and a half", "k1", "5f" * 48, "`secret`"),
        ("capitals", "k1", "5F" * 32, "`secret`"),
        ("a line break for the last digit", "k1", "5f" * 31 + "5\n", "`secret`"),
        ("a line break after it", "k1", "5f" * 32 + "\n", "`secret`"),
    ],
)
def test_what_somebody_mistyped_is_no_key(what: str, key_id: str, secret: str, said: str) -> None:
    """It signs nothing, and the fault names the field and nothing of what it holds."""
    with pytest.raises(ValueError, match=said) as fault:
        Key(key_id, secret)

    told = str(fault.value)
    assert not [part for part in ("hush", "5f", "5F") if part in told], what


def test_no_part_can_hold_the_dot_between_them() -> None:
    """Two parts that run together would sign one thing and mean another."""
    with pytest.raises(ValueError, match=r"crew\.001"):
        sign_cookie(Cookie("xhqgmdh", "crew.001", 1, 2), KEY)


def test_names_that_others_build_upon() -> None:
    """The edge, the bucket's policy and the browser know these."""
    assert cookie_name("xhqgmdh") == "__Host-crew-xhqgmdh"
    assert cookie_name("ops") == "__Host-ops"
    assert upload_prefix("xhqgmdh", Audience.CREW) == "uploads/xhqgmdh/crew/"
    assert sign_cookie(COOKIE, KEY).startswith("1.k1.xhqgmdh.crew-001.3.1717200000.")


def test_a_key_shows_no_secret() -> None:
    """It may stand in a traceback."""
    assert KEY.secret not in repr(KEY)
