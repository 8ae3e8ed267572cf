"""Passes of a preview: its own gate takes them, each for its own page, and no other gate does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from castoff.contract.tickets import cookie_name
from castoff.edge.event import Place
from castoff.edge.function import run_function
from castoff.edge.messages import Request, Response
from castoff.preview.passes import MOST, TOKEN_SECONDS, TOKENS, Passes

CODE = (Path(__file__).resolve().parents[2] / "cloudfront_function.js").read_text("utf-8")
PLACE = Place(distribution_id="E", distribution_domain="d", request_id="r")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 4_000_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def passes(clock: Clock) -> Passes:
    """Return the passes of one preview."""
    return Passes(clock=clock)


def opens(path: str, line: str, passes: Passes) -> bool:
    """Tell whether the edge function of a preview lets a cookie through."""
    request = Request(method="GET", host="localhost", path=path, headers=(("cookie", line.partition(";")[0]),))
    found = run_function(CODE, request, PLACE, values=passes.values)
    assert isinstance(found, Request) or (isinstance(found, Response) and found.status == 302)
    return isinstance(found, Request)


def test_a_pass_opens_its_own_page_and_no_other(passes: Passes) -> None:
    """The real function, asked with this preview's key, lets a booking's cookie to that booking's crew page alone."""
    (line,) = passes.crew("xhqgmdh", ())

    assert opens("/g/xhqgmdh-crew", line, passes)
    assert opens("/g/xhqgmdh-crew.ics", line, passes)
    assert not opens("/g/c7rm4qx-crew", line, passes)
    assert not opens("/ops/", line, passes)
    assert opens("/ops/", passes.ops(), passes)
    assert not opens("/g/xhqgmdh-crew", passes.ops(), passes)


def test_the_key_is_one_preview_s_own(passes: Passes, clock: Clock) -> None:
    """A cookie of yesterday's preview, or of a colleague's, opens nothing."""
    (line,) = Passes(clock=clock).crew("xhqgmdh", ())

    assert not opens("/g/xhqgmdh-crew", line, passes)


def test_a_cookie_belongs_to_its_host_and_no_script(passes: Passes) -> None:
    """It has the attributes that `__Host-` asks for, and those that keep it from scripts and from other sites."""
    (line,) = passes.crew("xhqgmdh", ())

    assert re.fullmatch(r"__Host-crew-xhqgmdh=[\w.-]+; Path=/; Secure; HttpOnly; SameSite=Lax", line)


def test_old_cookies_go(passes: Passes, clock: Clock) -> None:
    """Of the crew pages that were opened before, the last few stay open; another preview's cookies all go."""
    ids = [f"aaaaaa{letter}" for letter in "abcdef"]
    sent = [tuple(passes.crew(booking, ())[0].partition(";")[0].split("=", 1)) for booking in ids]
    foreign = Passes(clock=clock).crew("zzzzzzz", ())[0].partition(";")[0].split("=", 1)
    cookies = [("session", "theirs"), (foreign[0], foreign[1]), *((name, value) for name, value in sent)]

    first, *gone = passes.crew("xhqgmdh", cookies)

    assert first.startswith("__Host-crew-xhqgmdh=1.")
    assert [line.partition("=")[0] for line in gone] == [
        "__Host-crew-zzzzzzz",
        *(cookie_name(booking) for booking in ids[: len(ids) - MOST + 1]),
    ]
    assert all(line.endswith("=; Path=/; Secure; Max-Age=0") for line in gone)


def test_a_page_that_is_opened_again_drops_nothing_of_its_own(passes: Passes) -> None:
    """The chosen booking's cookie is set anew, never removed in the same breath."""
    (line,) = passes.crew("xhqgmdh", ())
    name, _, value = line.partition(";")[0].partition("=")

    assert len(passes.crew("xhqgmdh", ((name, value),))) == 1


def test_a_token_is_good_once(passes: Passes, clock: Clock) -> None:
    """Once, for a minute, and only if it was made here."""
    token, late = passes.token(), passes.token()

    assert passes.spend(token)
    assert not passes.spend(token)
    assert not passes.spend("")
    assert not passes.spend("é")
    clock.now += TOKEN_SECONDS
    assert not passes.spend(late)


def test_tokens_that_nobody_spends_are_few(passes: Passes) -> None:
    """Opening the home page for days leaves no heap of them: the oldest go."""
    first = passes.token()
    last = [passes.token() for _ in range(TOKENS)]

    assert not passes.spend(first)
    assert all(passes.spend(token) for token in last)
