"""Tokens: what is signed comes back, and nothing else does."""

from __future__ import annotations

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


def test_kinds_do_not_mix_even_where_their_parts_would() -> None:
    """A cookie's mac is no ticket's over the very same text."""
    cookie = sign_cookie(Cookie("xhqgmdh", "guest", 1, 2), KEY)
    text = cookie.rpartition(".")[0]

    assert read_ticket(f"{text}.3.{cookie.rpartition('.')[2]}", [KEY]) is None
    assert sign_ticket(Ticket("xhqgmdh", Audience.GUEST, 1, 2, 3), KEY).rpartition(".")[2] not in cookie


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
