"""The gate: a crew page or the board for a member's good cookie, the login page for everything else."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from edge.cookies import BOARD, CREW_PAGE, KEY, ROWS, Row
from edge.engines import (
    FUNCTION,
    PLACE,
    Ask,
    Held,
    Told,
    asked_for,
    in_cloudfronts_form,
    in_edge,
    in_njs,
    run_njs,
    stopped_clock,
)

from castoff.edge.function import run_function
from castoff.edge.messages import Request, Response

CODE = stopped_clock(FUNCTION.read_text())
OBJECTS = {BOARD: "/ops/index.html", "/ops": "/ops/index.html", "/ops/2024-05": "/ops/2024-05.html"}

# Pages that are everybody's, and what the function makes of them.
PUBLIC = [
    ("a guest page", "/g/boatsetter-may30", "object /g/boatsetter-may30.html"),
    ("another spelling of one", "/g/Boatsetter-May30", "301 /g/boatsetter-may30"),
    ("a guest's calendar file", "/g/boatsetter-may30.ics", "object /g/boatsetter-may30.ics"),
    ("what is no page", "/g/a%20b", "object /g/-"),
    ("another spelling of a crew page", "/g/XHQGMDH-CREW", "301 /g/xhqgmdh-crew"),
    ("an asset", "/castoff/site.3f2a.css", "object /castoff/site.3f2a.css"),
    ("upload forms", "/g/PRESIGN", "object /g/PRESIGN"),
    ("a login page", "/crew/xhqgmdh", "object /crew/xhqgmdh"),
    ("a site of the domain's own", "/about", "object /about"),
]


def ask_row(row: Row) -> Ask:
    """Return a row's request."""
    return Ask(asked_for(row.page, cookie=row.line), row.store)


def right_end(row: Row) -> str:
    """Say what should become of a row."""
    path = row.page.partition("?")[0]
    if not row.opens:
        return "302 /crew/ops" if path.startswith("/ops") else "302 /crew/xhqgmdh"
    crew = path if path.endswith((".html", ".ics")) else f"{path}.html"
    return f"object {OBJECTS.get(path, crew)}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_edge_engine(row: Row) -> None:
    """Only a good cookie of that very booking, or the operator's own word, opens a page."""
    result = in_edge(CODE, ask_row(row))

    assert str(Told(in_cloudfronts_form(result), [])) == right_end(row)


@pytest.fixture(scope="module")
def njs_results() -> list[Told]:
    """Run every row in njs, all at once."""
    return in_njs(CODE, [ask_row(row) for row in ROWS])


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.what for row in ROWS])
def test_njs(number: int, njs_results: list[Told]) -> None:
    """CloudFront's own engine judges as the edge's does, and asks its store for the same."""
    ask = ask_row(ROWS[number])
    in_edge(CODE, ask)

    assert str(njs_results[number]) == right_end(ROWS[number])
    assert njs_results[number].asked == ask.store.asked


def test_who_is_sent_away_gets_the_same_whatever_there_is() -> None:
    """The answer is three words: where the login is, by name of what was asked for, and that nobody keeps it."""
    result = in_edge(CODE, Ask(asked_for(CREW_PAGE), Held({})))

    assert result == Response(status=302, headers=(("location", "/crew/xhqgmdh"), ("cache-control", "no-store")))


def test_origin_hears_no_cookie() -> None:
    """Whoever is let through leaves every cookie at the door."""
    good = next(row for row in ROWS if row.what == "a good cookie among others")

    result = in_edge(CODE, ask_row(good))

    assert isinstance(result, Request)
    assert result.cookies() == ()
    assert result.header("accept") == "text/html"


@pytest.mark.parametrize(("target", "outcome"), [row[1:] for row in PUBLIC], ids=[row[0] for row in PUBLIC])
def test_public_pages_do_not_pay(target: str, outcome: str) -> None:
    """What is everybody's is served without a store and without a digest: here there are neither, nor a module."""
    bare = CODE.replace("import cf from 'cloudfront';", "const cf = null;")
    bare = bare.replace("import crypto from 'crypto';", "const crypto = null;")
    good = next(row for row in ROWS if row.what == "a good cookie")
    assert "import " not in bare

    result = run_function(bare, asked_for(target, cookie=good.line), PLACE)

    assert str(Told(in_cloudfronts_form(result), [])) == outcome


def test_public_pages_ask_no_store() -> None:
    """In njs, too, no key is asked for on the way of what is everybody's."""
    good = next(row for row in ROWS if row.what == "a good cookie")

    told = in_njs(CODE, [Ask(asked_for(target, cookie=good.line), good.store) for _, target, _ in PUBLIC])

    assert [(str(one), one.asked) for one in told] == [(outcome, []) for _, _, outcome in PUBLIC]


def test_who_is_let_in_costs_three_questions() -> None:
    """A good cookie asks for its key and for whether its member is gone, no cookie for the setting alone."""
    good = next(row for row in ROWS if row.what == "a good cookie")
    asks = [ask_row(good), Ask(asked_for(CREW_PAGE), Held({})), Ask(asked_for(BOARD), Held({}))]

    told = in_njs(CODE, asks)

    key = f"key:{KEY.id}"
    assert [one.asked for one in told] == [[key, key, "gone:captain-001"], ["crew_pages"], []]


@pytest.mark.parametrize("row", [row for row in ROWS if row.what.startswith("ten thousand")], ids=lambda row: row.what)
def test_too_long_is_refused_unread(row: Row) -> None:
    """A cookie longer than any of ours costs no question about its key."""
    ask = ask_row(row)

    in_edge(CODE, ask)

    assert ask.store.asked == ["crew_pages"]


def test_without_a_module_nothing_opens() -> None:
    """A function that cannot have its store at all is closed, and the guest pages go on."""
    good = next(row for row in ROWS if row.what == "a good cookie")
    broken = CODE.replace("import cf from 'cloudfront';", "const cf = { kvs: function () { throw 'none'; } };")

    closed = in_edge(broken, ask_row(good))
    guest = in_edge(broken, Ask(asked_for("/g/abc"), Held({})))

    assert str(Told(in_cloudfronts_form(closed), [])) == "302 /crew/xhqgmdh"
    assert isinstance(guest, Request)


def test_edge_without_a_store_is_closed() -> None:
    """A function that is associated with no store sends everyone to the login page."""
    good = next(row for row in ROWS if row.what == "a good cookie")

    result = run_function(CODE, asked_for(good.page, cookie=good.line), PLACE)

    assert isinstance(result, Response)
    assert result.status == 302


def test_njs_signs_as_python_does() -> None:
    """The digest that the gate rests on is the one that ShipCaptainCrew computes, in its very spelling."""
    text = "cookie:1.0a1b2c3d.xhqgmdh.captain-001.1.1716926400"
    script = (
        "import crypto from 'crypto';\n"
        f"console.log(crypto.createHmac('sha256', '{KEY.secret}').update('{text}').digest('base64url'));"
    )

    mac = hmac.digest(KEY.secret.encode(), text.encode(), hashlib.sha256)

    said = run_njs(script).strip()

    assert said + "=" == base64.urlsafe_b64encode(mac).decode()
