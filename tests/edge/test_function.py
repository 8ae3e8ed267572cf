"""The function at the edge: one address a page, in the edge's engine and in CloudFront's own."""

import pytest
from edge.engines import FUNCTION, Ask, Held, Told, asked_for, in_cloudfronts_form, in_edge, in_njs

from castoff.edge.messages import Response

AS_IT_IS = "as it is"
NOWHERE = "object /g/-"
LOGIN = "302 /crew/xhqgmdh"
BOARD = "302 /crew/ops"

# (what is asked, method, target, what becomes of it without a cookie)
ROUTES = [
    ("a guest page", "GET", "/g/boatsetter-may30", "object /g/boatsetter-may30.html"),
    ("a guest page by its object", "GET", "/g/boatsetter-may30.html", "object /g/boatsetter-may30.html"),
    ("a page by its booking", "GET", "/g/xhqgmdh", "object /g/xhqgmdh.html"),
    ("a page asked for by HEAD", "HEAD", "/g/xhqgmdh", "object /g/xhqgmdh.html"),
    ("a page with a query", "GET", "/g/xhqgmdh?utm=mail", "object /g/xhqgmdh.html"),
    ("a crew page", "GET", "/g/xhqgmdh-crew", LOGIN),
    ("a crew page by its object", "GET", "/g/xhqgmdh-crew.html", LOGIN),
    ("a guest's calendar file", "GET", "/g/boatsetter-may30.ics", AS_IT_IS),
    ("a crew's calendar file", "GET", "/g/xhqgmdh-crew.ics", LOGIN),
    ("a crew page asked for by HEAD", "HEAD", "/g/xhqgmdh-crew", LOGIN),
    ("a crew page with a query", "GET", "/g/xhqgmdh-crew?token=t", LOGIN),
    ("a crew page of no booking", "GET", "/g/no-such-crew", "302 /crew/no-such"),
    ("a slug with a crew in it", "GET", "/g/the-crew-party", "object /g/the-crew-party.html"),
    ("a crew page by twice its object", "GET", "/g/xhqgmdh-crew.html.html", LOGIN),
    ("another kind of crew file", "GET", "/g/xhqgmdh-crew.json", LOGIN),
    ("upper case in the slug", "GET", "/g/Boatsetter-May30", "301 /g/boatsetter-may30"),
    ("upper case in the prefix", "GET", "/G/boatsetter-may30", "301 /g/boatsetter-may30"),
    ("a QR code in capitals", "GET", "/G/BOATSETTER-MAY30", "301 /g/boatsetter-may30"),
    ("upper case in the object", "GET", "/g/Boatsetter-May30.HTML", "301 /g/boatsetter-may30"),
    ("upper case in a calendar file", "GET", "/g/Boatsetter-May30.ICS", "301 /g/boatsetter-may30.ics"),
    ("a slash at the end", "GET", "/g/boatsetter-may30/", "301 /g/boatsetter-may30"),
    ("slashes at the end", "GET", "/g/boatsetter-may30///", "301 /g/boatsetter-may30"),
    ("a slash after the object", "GET", "/g/boatsetter-may30.html/", "301 /g/boatsetter-may30"),
    ("a crew page in capitals", "GET", "/g/XHQGMDH-CREW", "301 /g/xhqgmdh-crew"),
    ("a crew page with a slash", "GET", "/g/xhqgmdh-crew/", "301 /g/xhqgmdh-crew"),
    ("a form sent to another spelling", "POST", "/g/Boatsetter-May30", "308 /g/boatsetter-may30"),
    ("HEAD to another spelling", "HEAD", "/g/Boatsetter-May30", "301 /g/boatsetter-may30"),
    ("a query kept", "GET", "/g/Xhqgmdh?a=1&b=two%20words", "301 /g/xhqgmdh?a=1&b=two%20words"),
    ("a repeated parameter kept", "GET", "/g/Xhqgmdh?a=1&a=2", "301 /g/xhqgmdh?a=1&a=2"),
    ("a parameter without a value kept", "GET", "/g/Xhqgmdh?print", "301 /g/xhqgmdh?print"),
    ("an encoded letter", "GET", "/g/%78hqgmdh-crew", "301 /g/xhqgmdh-crew"),
    ("an encoded hyphen", "GET", "/g/xhqgmdh%2Dcrew.html", "301 /g/xhqgmdh-crew"),
    ("an encoded hyphen in lower case", "GET", "/g/xhqgmdh%2dcrew.html", "301 /g/xhqgmdh-crew"),
    ("an encoded dot", "GET", "/g/xhqgmdh-crew%2Ehtml", "301 /g/xhqgmdh-crew"),
    ("an encoded slash", "GET", "/g%2Fxhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("an encoded prefix", "GET", "/%67/xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("everything encoded", "GET", "/%67%2F%78%68%71%67%6D%64%68", "301 /g/xhqgmdh"),
    ("encoded twice", "GET", "/g/xhqgmdh%252Dcrew.html", "301 /g/xhqgmdh-crew"),
    ("encoded three times", "GET", "/g/xhqgmdh%25252Dcrew.html", NOWHERE),
    ("two slashes in front", "GET", "//g/xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("two slashes within", "GET", "/g//xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("a back slash", "GET", "/g\\xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("an encoded back slash", "GET", "/g%5Cxhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("a dot", "GET", "/g/./xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("dots from another prefix", "GET", "/crew/../g/xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("encoded dots", "GET", "/castoff/%2e%2E/g/xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("dots beyond the root", "GET", "/../../g/xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("dots within the prefix", "GET", "/g/a/../xhqgmdh-crew.html", "301 /g/xhqgmdh-crew"),
    ("dots out of the prefix", "GET", "/g/../about.html", AS_IT_IS),
    ("a host in the path", "GET", "//g//evil.example.com", "301 /g/evil.example.com"),
    ("a NUL", "GET", "/g/xhqgmdh-crew%00.html", NOWHERE),
    ("a line break at the end", "GET", "/g/xhqgmdh%0A", NOWHERE),
    ("a line break after the object", "GET", "/g/xhqgmdh-crew.html%0a", NOWHERE),
    ("a line break after the board", "GET", "/ops/2024-05%0a", NOWHERE),
    ("a line break", "GET", "/g/xhqgmdh%0D%0Aset-cookie:a=b", NOWHERE),
    ("a blank", "GET", "/g/xhqgmdh%20crew", NOWHERE),
    ("a plus sign", "GET", "/g/xhqgmdh+crew", NOWHERE),
    ("a path parameter", "GET", "/g/xhqgmdh-crew;a=b", NOWHERE),
    ("an encoded question mark", "GET", "/g/xhqgmdh-crew%3Fa", NOWHERE),
    ("a letter beyond ASCII", "GET", "/g/%C3%A9t%C3%A9", NOWHERE),
    ("a sign that lower case makes a k", "GET", "/g/%E2%84%AA", NOWHERE),
    ("bytes that are no text", "GET", "/g/%C0%AF", NOWHERE),
    ("half an escape", "GET", "/g/xhqgmdh%2", NOWHERE),
    ("a page below a page", "GET", "/g/xhqgmdh/crew", NOWHERE),
    ("the prefix alone", "GET", "/g/", NOWHERE),
    ("the prefix alone in capitals", "GET", "/G/", NOWHERE),
    ("what is no slug's", "GET", "/g/-", "object /g/-.html"),
    ("a picture", "GET", "/g/photo.jpg", "object /g/photo.jpg.html"),
    ("upload forms", "POST", "/g/PRESIGN", AS_IT_IS),
    ("upload forms in lower case", "GET", "/g/presign", "object /g/presign.html"),
    ("upload forms with a slash", "POST", "/g/PRESIGN/", "308 /g/presign"),
    ("upload forms encoded", "POST", "/g/%50RESIGN", "308 /g/presign"),
    ("a magic link", "GET", "/crew/xhqgmdh?token=abc", AS_IT_IS),
    ("a magic link spent", "POST", "/crew/xhqgmdh", AS_IT_IS),
    ("the login page of ops", "GET", "/crew/ops", AS_IT_IS),
    ("a crew path in capitals", "GET", "/crew/OPS/", AS_IT_IS),
    ("the board", "GET", "/ops/", BOARD),
    ("the board without a slash", "GET", "/ops", BOARD),
    ("the board by its object", "GET", "/ops/index.html", BOARD),
    ("the board by its name", "GET", "/ops/index", "301 /ops/"),
    ("the board in capitals", "GET", "/OPS", "301 /ops/"),
    ("the board with slashes", "GET", "//ops//", "301 /ops/"),
    ("the board encoded", "GET", "/%6fps/", "301 /ops/"),
    ("the board by way of dots", "GET", "/crew/%2e%2e/ops/index.html", "301 /ops/"),
    ("a page of the board", "GET", "/ops/2024-05", BOARD),
    ("a page of the board by its object", "GET", "/ops/2024-05.html", BOARD),
    ("a page of the board in capitals", "GET", "/OPS/2024-05.HTML", "301 /ops/2024-05"),
    ("a page of the board encoded", "GET", "/ops/2024%2d05", "301 /ops/2024-05"),
    ("a page of the board below another", "GET", "/ops/week/22.html", BOARD),
    ("a page of the board with a slash", "GET", "/ops/2024-05/", "301 /ops/2024-05"),
    ("a calendar file of the board", "GET", "/ops/all.ics", BOARD),
    ("what is no page of the board", "GET", "/ops/a%20b", NOWHERE),
    ("an asset", "GET", "/castoff/site.3f2a.css", AS_IT_IS),
    ("an asset with capitals", "GET", "/castoff/Logo.3f2a.svg", AS_IT_IS),
    ("the page for what is missing", "GET", "/castoff/404.html", AS_IT_IS),
    ("a site of the domain's own", "GET", "/", AS_IT_IS),
    ("a page of its own", "GET", "/About/Us/", AS_IT_IS),
    ("an escape of its own", "GET", "/caf%C3%A9//menu", AS_IT_IS),
    ("a name that begins like ours", "GET", "/guide", AS_IT_IS),
    ("a file named like the prefix", "GET", "/g.html", AS_IT_IS),
    ("the prefix without its slash", "GET", "/g", AS_IT_IS),
    ("a name that begins like the board", "GET", "/opsis", AS_IT_IS),
    ("a folder that holds ours", "GET", "/blog/g/xhqgmdh", AS_IT_IS),
]
HOSTS = ("guest.localhost", "ops.localhost")
SENT = [(host, *route) for host in HOSTS for route in ROUTES]


def ask_row(host: str, method: str, target: str) -> Ask:
    """Return a row's request, with a store that holds nothing."""
    return Ask(asked_for(target, method=method, host=host), Held({}))


@pytest.mark.parametrize(("host", "what", "method", "target", "outcome"), SENT)
def test_edge_engine_routes(host: str, what: str, method: str, target: str, outcome: str) -> None:
    """Each spelling comes to its one object or address, on either host."""
    ask = ask_row(host, method, target)

    result = in_edge(FUNCTION.read_text(), ask)

    assert str(Told(in_cloudfronts_form(result), [])) == meant(outcome, target), what
    if not isinstance(result, Response):
        same = (ask.request.method, ask.request.query, ask.request.headers)
        assert (result.method, result.query, result.headers) == same


@pytest.fixture(scope="module")
def njs_results() -> list[Told]:
    """Run every row in njs, all at once."""
    return in_njs(FUNCTION.read_text(), [ask_row(host, method, target) for host, _, method, target, _ in SENT])


@pytest.mark.parametrize("row", range(len(SENT)), ids=[f"{host}-{what}" for host, what, *_ in SENT])
def test_njs_routes(row: int, njs_results: list[Told]) -> None:
    """CloudFront's own engine comes to the same end as the edge's."""
    _, _, _, target, outcome = SENT[row]

    assert str(njs_results[row]) == meant(outcome, target)


def test_redirect_is_not_stored() -> None:
    """A redirect may hold a token, so nobody keeps it."""
    result = in_edge(FUNCTION.read_text(), ask_row("guest.localhost", "GET", "/g/A?token=t"))

    assert isinstance(result, Response)
    assert result.header("cache-control") == "no-store"


def test_second_redirect_never_comes() -> None:
    """Whoever follows a redirect arrives: at a page, or at its login."""
    for host, what, _, target, outcome in SENT:
        status, _, address = outcome.partition(" ")
        if status not in ("301", "308"):
            continue

        again = Told(in_cloudfronts_form(in_edge(FUNCTION.read_text(), ask_row(host, "GET", address))), [])

        assert not str(again).startswith("30") or str(again) in (LOGIN, BOARD), (what, target)


def test_size_is_within_cloudfronts_limit() -> None:
    """CloudFront takes 10 KB of code."""
    assert len(FUNCTION.read_bytes()) <= 10 * 1024


def meant(outcome: str, target: str) -> str:
    """Return an outcome of the table in full."""
    return f"object {target.partition('?')[0]}" if outcome == AS_IT_IS else outcome
