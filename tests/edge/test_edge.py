"""The way of a request: behaviour, function, cache, origin, error page, headers."""

from dataclasses import replace

import pytest

from castoff.edge.cache import Cache
from castoff.edge.deployment import UnreadableError
from castoff.edge.distribution import Behaviour, Distribution, EdgeFunction, ErrorPage, OriginSettings
from castoff.edge.edge import Edge
from castoff.edge.forwarding import origin_request
from castoff.edge.messages import Headers, Request, Response
from castoff.edge.origins import Origin, Unreachable
from castoff.edge.policies import (
    AddedHeader,
    CachePolicy,
    OriginRequestPolicy,
    ResponseHeadersPolicy,
    Rule,
    Selection,
)
from castoff.edge.supply import Supply

REWRITES = "function handler(event) { event.request.uri += '.html'; return event.request; }"
HOLDS = "max-age=0, s-maxage=60"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_716_922_800.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Shelf:
    """An origin of fixed pages, which may be changed or go away, and remembers what it was asked."""

    def __init__(self, **pages: str) -> None:
        self.pages = {f"/{name}.html": body for name, body in pages.items()}
        self.headers: Headers = (("cache-control", HOLDS), ("content-type", "text/html"))
        self.missing = 404
        self.outage: Unreachable | Response | None = None
        self.asked: list[Request] = []

    def fetch(self, request: Request) -> Response | Unreachable:
        """Return the page, with the body's length for an ETag."""
        self.asked.append(request)
        if self.outage is not None:
            return self.outage
        body = self.pages.get(request.path)
        if body is None:
            return Response(status=self.missing, body=b"<Error/>")
        headers = (*self.headers, ("etag", f'"{body}"'))
        if request.revalidates == f'"{body}"':
            return Response(status=304, headers=headers)
        return Response(status=200, headers=headers, body=body.encode())


class Desk:
    """Invalidations as they are handed in."""

    def __init__(self) -> None:
        self.waiting: tuple[str, ...] = ()

    def begin(self) -> None:
        """Do nothing: none came before."""

    def arrived(self) -> tuple[str, ...]:
        """Return what was handed in, once."""
        waiting, self.waiting = self.waiting, ()
        return waiting


class Site:
    """One edge over fakes, with a default behaviour over the shelf."""

    def __init__(self, shelf: Shelf, distribution: Distribution | None = None) -> None:
        self.shelf = shelf
        self.desk = Desk()
        self.clock = Clock()
        self.distribution = distribution or one_behaviour()
        self.unreadable: UnreadableError | None = None
        self.edge = Edge(
            deployment=self,
            supply=Supply(open_origin=self.open_origin, invalidations=self.desk, cache=Cache(), clock=self.clock),
        )

    def current(self) -> Distribution:
        """Return the distribution as it is now."""
        if self.unreadable:
            raise self.unreadable
        return self.distribution

    def open_origin(self, _settings: OriginSettings) -> Origin:
        """Return the shelf."""
        return self.shelf

    def get(self, path: str, method: str = "GET", headers: Headers = ()) -> Response:
        """Ask the edge."""
        return self.edge.respond(Request(method=method, host="guest.localhost", path=path, headers=headers))


def one_behaviour(
    *, code: str | None = REWRITES, error_pages: dict[int, ErrorPage] | None = None, root: str = ""
) -> Distribution:
    """Return a distribution of one origin and one behaviour."""
    origin = OriginSettings(
        id="pages", domain="b.s3.amazonaws.com", path="", bucket="b", custom_headers=(), read_seconds=1
    )
    behaviour = Behaviour(
        pattern="*",
        origin_id="pages",
        methods=frozenset({"GET", "HEAD"}),
        cache=CachePolicy(),
        told_origin=OriginRequestPolicy(),
        told_viewer=ResponseHeadersPolicy(),
        function=EdgeFunction(name="castoff-edge", code=code) if code else None,
    )
    return Distribution(
        id="E1EXAMPLE",
        domain="d1.cloudfront.net",
        enabled=True,
        root_object=root,
        origins={"pages": origin},
        behaviours=(behaviour,),
        error_pages=error_pages or {},
    )


def test_second_request_is_a_hit() -> None:
    """What was fetched once is given again without asking, and says how old it is."""
    site = Site(Shelf(jada="old"))

    first = site.get("/jada")
    site.clock.now += 7
    second = site.get("/jada")

    assert (first.body, first.header("x-cache"), first.header("age")) == (b"old", "Miss from cloudfront", None)
    assert (second.body, second.header("x-cache"), second.header("age")) == (b"old", "Hit from cloudfront", "7")
    assert len(site.shelf.asked) == 1


def test_stale_until_invalidated() -> None:
    """A changed page stays old at the edge until its paths are named."""
    site = Site(Shelf(jada="old"))
    site.get("/jada")
    site.shelf.pages["/jada.html"] = "new"

    before = site.get("/jada")
    site.desk.waiting = ("/jada", "/jada.html")
    after = site.get("/jada")

    assert (before.body, after.body) == (b"old", b"new")


@pytest.mark.parametrize("named", ["/jada", "/jada.html"])
def test_half_an_invalidation_is_none(named: str) -> None:
    """To name only what a viewer asks for, or only what the function makes of it, leaves the old page."""
    site = Site(Shelf(jada="old"))
    site.get("/jada")
    site.shelf.pages["/jada.html"] = "new"

    site.desk.waiting = (named,)

    assert site.get("/jada").body == b"old"


def test_time_runs_out() -> None:
    """Past its time an answer is asked for again, and one that still holds is fresh again."""
    site = Site(Shelf(jada="old"))
    site.get("/jada")

    site.clock.now += 60
    again = site.get("/jada")
    hit = site.get("/jada")

    assert (again.body, again.header("x-cache")) == (b"old", "RefreshHit from cloudfront")
    assert site.shelf.asked[1].revalidates == '"old"'
    assert hit.header("x-cache") == "Hit from cloudfront"


def test_old_page_stands_in_for_a_failing_origin() -> None:
    """While the origin fails, what was kept is better than nothing, for as long as it says itself."""
    shelf = Shelf(jada="old")
    shelf.headers = (("cache-control", f"{HOLDS}, stale-if-error=100"),)
    site = Site(shelf)
    site.get("/jada")
    shelf.outage = Unreachable(status=504, reason="no answer")

    site.clock.now += 90
    stale = site.get("/jada")
    site.clock.now += 90
    failed = site.get("/jada")

    assert (stale.status, stale.body) == (200, b"old")
    assert failed.status == 504


def test_unreachable_origin_is_said_in_words() -> None:
    """An origin that gives no answer makes a page that says which and why."""
    shelf = Shelf()
    shelf.outage = Unreachable(status=502, reason="connection <refused>")

    response = Site(shelf).get("/jada")

    assert response.status == 502
    assert b"Origin `pages`: connection &lt;refused&gt;." in response.body
    assert response.header("x-cache") == "Error from cloudfront"


def test_error_page() -> None:
    """The distribution's page stands in for an error, under the status it chose, and nothing of the origin shows."""
    pages = {403: ErrorPage(path="/404.html", status=404, seconds=0)}
    shelf = Shelf(**{"404": "not here"})
    shelf.missing = 403

    response = Site(shelf, one_behaviour(error_pages=pages)).get("/jada")

    assert (response.status, response.body) == (404, b"not here")
    assert response.header("x-cache") == "Error from cloudfront"


def test_missing_error_page() -> None:
    """Without the page itself the origin's own error is shown."""
    pages = {403: ErrorPage(path="/404.html", status=404, seconds=0)}
    shelf = Shelf()
    shelf.missing = 403

    response = Site(shelf, one_behaviour(error_pages=pages)).get("/jada")

    assert (response.status, response.body) == (403, b"<Error/>")


def test_errors_are_kept_as_long_as_the_rule_says() -> None:
    """A page that was missing is missing for ten seconds more, unless the distribution says otherwise."""
    usual, none = (
        Site(Shelf()),
        Site(Shelf(), one_behaviour(error_pages={404: ErrorPage(path=None, status=404, seconds=0)})),
    )
    for site in (usual, none):
        site.get("/jada")
        site.shelf.pages["/jada.html"] = "here"

    assert [site.get("/jada").status for site in (usual, none)] == [404, 200]
    usual.clock.now += 10
    assert usual.get("/jada").status == 200


def test_unchanged_page_is_304() -> None:
    """A browser that has the page is told so, out of the cache or not."""
    site = Site(Shelf(jada="old"))

    answers = [site.get("/jada", headers=(("if-none-match", 'W/"old", "x"'),)) for _ in range(2)]

    assert [(answer.status, answer.body, answer.header("etag")) for answer in answers] == [(304, b"", '"old"')] * 2


def test_methods_outside_the_behaviour_are_refused() -> None:
    """CloudFront itself refuses a method that the behaviour does not list."""
    site = Site(Shelf(jada="old"))

    assert site.get("/jada", method="POST").status == 403
    assert site.shelf.asked == []


def test_head_is_answered_by_what_get_kept() -> None:
    """HEAD is a hit after GET, and keeps nothing itself."""
    site = Site(Shelf(jada="old"))

    sources = [site.get("/jada", method=method).header("x-cache") for method in ("HEAD", "GET", "HEAD")]

    assert sources == ["Miss from cloudfront", "Miss from cloudfront", "Hit from cloudfront"]


def test_failing_function_is_503() -> None:
    """A function that throws is 503, and the origin is never asked."""
    site = Site(Shelf(jada="old"), one_behaviour(code="function handler() { throw new Error('adrift'); }"))

    response = site.get("/jada")

    assert response.status == 503
    assert b"adrift" in response.body
    assert site.shelf.asked == []


def test_response_of_the_function_skips_the_origin() -> None:
    """What the function answers itself goes to the viewer."""
    code = "function handler() { return {statusCode: 302, headers: {location: {value: '/crew/ops'}}}; }"
    site = Site(Shelf(), one_behaviour(code=code))

    response = site.get("/ops/")

    assert (response.status, response.header("location")) == (302, "/crew/ops")
    assert response.header("x-cache") == "FunctionGeneratedResponse from cloudfront"


def test_republished_function_is_live() -> None:
    """The edge runs the function that is deployed now."""
    site = Site(Shelf(jada="page", other="another"))
    site.get("/jada")

    site.distribution = one_behaviour(
        code="function handler(event) { event.request.uri = '/other.html'; return event.request; }"
    )

    assert site.get("/jada").body == b"another"


def test_root_object() -> None:
    """The root is the distribution's root object."""
    site = Site(Shelf(index="home"), one_behaviour(code=None, root="index.html"))

    assert site.get("/").body == b"home"


def test_headers_of_the_policy() -> None:
    """The policy's headers are added and taken away, over the origin's only where it says so."""
    policy = ResponseHeadersPolicy(
        added=(
            AddedHeader(name="x-robots-tag", value="noindex", override=True),
            AddedHeader(name="content-type", value="text/plain", override=False),
        ),
        removed=frozenset({"etag"}),
    )
    distribution = one_behaviour()
    behaviours = tuple(replace(behaviour, told_viewer=policy) for behaviour in distribution.behaviours)

    response = Site(Shelf(jada="old"), replace(distribution, behaviours=behaviours)).get("/jada")

    told = [response.header(name) for name in ("x-robots-tag", "content-type", "etag")]
    assert told == ["noindex", "text/html", None]


def test_disabled_distribution_serves_nothing() -> None:
    """A distribution that was switched off answers no one."""
    site = Site(Shelf(jada="old"), replace(one_behaviour(), enabled=False))

    assert site.get("/jada").status == 403


def test_what_cannot_be_read_is_said() -> None:
    """When CloudFront's API is away, the viewer is told that and no traceback."""
    site = Site(Shelf())
    site.unreadable = UnreadableError("distribution `E1EXAMPLE`: no route")

    response = site.get("/jada")

    assert response.status == 502
    assert b"cannot read what is deployed: distribution `E1EXAMPLE`: no route." in response.body


API = OriginSettings(
    id="scc",
    domain="a1.execute-api.us-west-2.amazonaws.com",
    path="/prod",
    bucket=None,
    custom_headers=(("x-castoff-origin", "ours"),),
    read_seconds=1,
)
VIEWER = Request(
    method="POST",
    host="guest.localhost",
    path="/crew/xhqgmdh",
    query="token=a%2Bb&utm=mail",
    headers=(
        ("accept", "text/html"),
        ("cloudfront-viewer-address", "198.51.100.1:1"),
        ("content-type", "application/json"),
        ("cookie", "__Host-crew-xhqgmdh=c; other=o"),
        ("host", "guest.localhost"),
        ("user-agent", "a phone"),
        ("x-castoff-origin", "guessed"),
        ("x-forwarded-for", "198.51.100.1"),
        ("x-service-key", "invented"),
    ),
    body=b"{}",
    viewer="203.0.113.7",
    viewer_port=4711,
)


def told(policy: OriginRequestPolicy) -> Request:
    """Return what the API would get of the viewer's request under a policy."""
    distribution = one_behaviour()
    behaviour = replace(distribution.behaviours[0], told_origin=policy)
    return origin_request(
        VIEWER,
        behaviour=behaviour,
        origin=API,
        distribution=replace(distribution, origins={"scc": API}),
    )


def test_origin_is_told_next_to_nothing_by_default() -> None:
    """Without a policy an origin hears no header, cookie or parameter of the viewer's but the body's type."""
    request = told(OriginRequestPolicy())

    assert (request.path, request.query, request.body) == ("/prod/crew/xhqgmdh", "", b"{}")
    assert request.headers == (
        ("content-type", "application/json"),
        ("via", "1.1 edge (CloudFront)"),
        ("x-forwarded-for", "198.51.100.1, 203.0.113.7"),
        ("user-agent", "Amazon CloudFront"),
        ("x-castoff-origin", "ours"),
    )


def test_origin_is_told_what_the_policy_names() -> None:
    """A policy chooses headers, cookies and parameters, and may ask for the viewer's true address."""
    request = told(
        OriginRequestPolicy(
            headers=Selection(
                rule=Rule.WHITELIST, names=frozenset({"accept", "user-agent", "cloudfront-viewer-address"})
            ),
            cookies=Selection(rule=Rule.WHITELIST, names=frozenset({"__Host-crew-xhqgmdh"})),
            parameters=Selection(rule=Rule.WHITELIST, names=frozenset({"token"})),
        )
    )

    assert request.query == "token=a%2Bb"
    assert [request.header(name) for name in ("accept", "user-agent", "cookie", "cloudfront-viewer-address")] == [
        "text/html",
        "a phone",
        "__Host-crew-xhqgmdh=c",
        "203.0.113.7:4711",
    ]


def test_viewer_cannot_speak_for_cloudfront() -> None:
    """Even where all the viewer's headers go on, those that CloudFront adds are CloudFront's alone."""
    everything = Selection(rule=Rule.ALL_VIEWER)

    request = told(OriginRequestPolicy(headers=everything))

    assert [value for name, value in request.headers if name == "x-castoff-origin"] == ["ours"]
    assert request.header("cloudfront-viewer-address") is None
    assert request.header("x-service-key") == "invented"
