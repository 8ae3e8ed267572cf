"""An edge in no cloud: the function in front of pages in memory, nothing kept, and an API where there is one."""

from __future__ import annotations

from edge.cookies import BOOKING, HELD, KEY
from edge.engines import FUNCTION, asked_for

from castoff.contract.tickets import OPS, Cookie, cookie_name, sign_cookie
from castoff.edge.distribution import EdgeFunction
from castoff.edge.local import local_edge
from castoff.edge.messages import Request, Response
from castoff.edge.origins import object_key
from castoff.edge.policies import AddedHeader, ResponseHeadersPolicy

FAR = 4_102_444_800
CODE = FUNCTION.read_text()


class Shelf:
    """Pages by key, which may change at any time; remembers what it was asked."""

    def __init__(self, **pages: str) -> None:
        self.pages = {f"g/{name}.html": body for name, body in pages.items()}
        self.asked: list[Request] = []

    def fetch(self, request: Request) -> Response:
        """Return a page that says it may be kept for a day."""
        self.asked.append(request)
        body = self.pages.get(object_key(request.path) or "")
        if body is None:
            return Response(status=404, body=b"nothing")
        return Response(status=200, headers=(("cache-control", "s-maxage=86400"),), body=body.encode())


class Echo:
    """An API that says what it was told."""

    def fetch(self, request: Request) -> Response:
        """Return method, path, query, cookies and body."""
        cookies = ",".join(name for name, _ in request.cookies())
        told = [request.method, request.path, request.query, cookies, request.body.decode()]
        return Response(status=200, body=" ".join(told).encode())


def function(**values: str) -> EdgeFunction:
    """Return the function with a store of its own."""
    return EdgeFunction(name="castoff-edge", code=CODE, store=values)


def test_nothing_is_kept() -> None:
    """A page that changed is the new one at once, whatever it said of itself."""
    shelf = Shelf(jada="old")
    edge = local_edge(function=function(), pages=shelf)
    first = edge.respond(asked_for("/g/jada")).body
    shelf.pages["g/jada.html"] = "new"

    assert (first, edge.respond(asked_for("/g/jada")).body) == (b"old", b"new")


def test_gate_stands_here_too() -> None:
    """A crew page opens with a cookie of a key that this store alone knows, and closes when the store forgets it."""
    store = dict(HELD)
    edge = local_edge(
        function=EdgeFunction(name="castoff-edge", code=CODE, store=store), pages=Shelf(**{f"{BOOKING}-crew": "crew"})
    )
    cookie = f"{cookie_name(BOOKING)}={sign_cookie(Cookie(BOOKING, 'captain-001', 1, FAR), KEY)}"
    page = f"/g/{BOOKING}-crew"

    told = [edge.respond(asked_for(page, cookie=line)) for line in (cookie, None)]
    store.clear()
    later = edge.respond(asked_for(page, cookie=cookie))

    assert [told[0].body, told[1].header("location"), later.status] == [b"crew", f"/crew/{BOOKING}", 302]


def test_missing_page_is_the_sites_own() -> None:
    """What is not there is the site's page for that, under 404."""
    shelf = Shelf()
    shelf.pages["castoff/404.html"] = "not here"

    response = local_edge(function=function(), pages=shelf).respond(asked_for("/g/jada"))

    assert (response.status, response.body) == (404, b"not here")


def test_api_hears_everything() -> None:
    """Login pages and upload forms are the API's, with query, cookies and body; pages take no POST."""
    edge = local_edge(function=function(), pages=Shelf(), api=Echo())
    login = asked_for(f"/crew/{OPS}?token=t", cookie="a=1; b=2")
    form = Request(method="POST", host="guest.localhost", path="/g/PRESIGN", body=b"{}")

    assert edge.respond(login).body == b"GET /crew/ops token=t a,b "
    assert edge.respond(form).body == b"POST /g/PRESIGN   {}"
    assert edge.respond(Request(method="POST", host="guest.localhost", path="/g/jada")).status == 403


def test_without_an_api_pages_are_asked() -> None:
    """With no API its addresses are asked of the pages, which may have something to say there."""
    shelf = Shelf()

    local_edge(function=function(), pages=shelf).respond(asked_for("/crew/xhqgmdh"))

    assert shelf.asked[0].path == "/crew/xhqgmdh"


def test_headers_of_pages() -> None:
    """Pages carry the policy's headers, and without one none but their own."""
    policy = ResponseHeadersPolicy(added=(AddedHeader(name="x-robots-tag", value="noindex", override=True),))

    told = [
        local_edge(function=function(), pages=Shelf(jada="page"), headers=headers).respond(asked_for("/g/jada"))
        for headers in (policy, None)
    ]

    assert [response.header("x-robots-tag") for response in told] == ["noindex", None]
