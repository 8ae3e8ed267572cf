"""The cache: what is kept, under which key, for how long, and what drops it."""

import pytest

from castoff.edge.cache import Cache, Entry, cache_key, error_kept_seconds, kept_seconds, names, stale_seconds
from castoff.edge.messages import Headers, Request, Response
from castoff.edge.policies import CachePolicy, Rule, Selection

NOON = 1_716_922_800  # 2024-05-28 19:00 UTC
ORDINARY = CachePolicy(min_seconds=0, default_seconds=60, max_seconds=31_536_000)
LEAST = CachePolicy(min_seconds=5, default_seconds=60, max_seconds=600)
DISABLED = CachePolicy(min_seconds=0, default_seconds=0, max_seconds=0)

# What is kept, as: what, policy, status, headers, seconds.
KEPT: list[tuple[str, CachePolicy, int, Headers, int]] = [
    ("nothing said", ORDINARY, 200, (), 60),
    ("max-age", ORDINARY, 200, (("cache-control", "max-age=30"),), 30),
    ("s-maxage", ORDINARY, 200, (("cache-control", "s-maxage=40"),), 40),
    ("s-maxage over max-age", ORDINARY, 200, (("cache-control", "max-age=0, must-revalidate, s-maxage=86400"),), 86400),
    ("s-maxage of zero over max-age", ORDINARY, 200, (("cache-control", "max-age=30, s-maxage=0"),), 0),
    ("a directive in capitals", ORDINARY, 200, (("cache-control", "S-MaxAge=40"),), 40),
    ("a quoted number", ORDINARY, 200, (("cache-control", 'max-age="30"'),), 30),
    ("no number at all", ORDINARY, 200, (("cache-control", "max-age=soon"),), 60),
    ("a number below zero", ORDINARY, 200, (("cache-control", "max-age=-1"),), 60),
    ("two header lines", ORDINARY, 200, (("cache-control", "public"), ("cache-control", "max-age=30")), 30),
    ("no-store", ORDINARY, 200, (("cache-control", "no-store"),), 0),
    ("no-cache", ORDINARY, 200, (("cache-control", "no-cache, s-maxage=40"),), 0),
    ("private", ORDINARY, 200, (("cache-control", "private, max-age=30"),), 0),
    ("immutable for a year", ORDINARY, 200, (("cache-control", "max-age=31536000, immutable"),), 31_536_000),
    ("an expiry", ORDINARY, 200, (("expires", "Tue, 28 May 2024 19:01:30 GMT"),), 90),
    ("an expiry in the past", ORDINARY, 200, (("expires", "Tue, 28 May 2024 18:00:00 GMT"),), 0),
    ("an expiry that is no date", ORDINARY, 200, (("expires", "0"),), 0),
    ("max-age over an expiry", ORDINARY, 200, (("expires", "0"), ("cache-control", "max-age=30")), 30),
    ("below the least", LEAST, 200, (("cache-control", "max-age=1"),), 5),
    ("above the most", LEAST, 200, (("cache-control", "max-age=86400"),), 600),
    ("no-store against a least", LEAST, 200, (("cache-control", "no-store"),), 5),
    ("a redirect", ORDINARY, 301, (("cache-control", "max-age=30"),), 30),
    ("a partial answer", ORDINARY, 206, (("cache-control", "max-age=30"),), 0),
    ("an error", ORDINARY, 404, (("cache-control", "max-age=30"),), 0),
    ("a policy that keeps nothing", DISABLED, 200, (("cache-control", "max-age=30"),), 0),
]

# (what, status, headers, least, whether the distribution speaks of it, seconds)
ERRORS_KEPT: list[tuple[str, int, Headers, int, bool, int]] = [
    ("not found", 404, (), 10, False, 10),
    ("not found, with a rule of none", 404, (), 0, True, 0),
    ("not found, said for longer", 404, (("cache-control", "max-age=60"),), 10, False, 60),
    ("not found, said for less", 404, (("cache-control", "max-age=1"),), 10, False, 10),
    ("not found, said not to be stored", 404, (("cache-control", "no-store"),), 10, False, 10),
    ("forbidden", 403, (), 10, False, 0),
    ("forbidden, with a rule", 403, (), 10, True, 10),
    ("forbidden, said for how long", 403, (("cache-control", "s-maxage=20"),), 10, False, 20),
    ("bad gateway", 502, (), 10, False, 10),
    ("conflict", 409, (), 10, False, 0),
    ("unauthorized", 401, (("cache-control", "max-age=60"),), 10, False, 0),
]

# (invalidation's path, path, whether it is named)
NAMED = [
    ("/g/jada", "/g/jada", True),
    ("/g/jada", "/g/jada.html", False),
    ("/g/jada", "/g/Jada", False),
    ("g/jada", "/g/jada", True),
    ("/g/jada*", "/g/jada", True),
    ("/g/jada*", "/g/jada.html", True),
    ("/g/*", "/g/jada", True),
    ("/g/*", "/g", False),
    ("/*", "/", True),
    ("*", "/g/jada", True),
    ("/g/*.html", "/g/jada.html", False),
]


@pytest.mark.parametrize(("what", "policy", "status", "headers", "seconds"), KEPT)
def test_kept_seconds(what: str, policy: CachePolicy, status: int, headers: Headers, seconds: int) -> None:
    """An answer stays fresh for as long as CloudFront would keep it."""
    assert kept_seconds(Response(status=status, headers=headers), policy, now=NOON) == seconds, what


@pytest.mark.parametrize(("what", "status", "headers", "least", "told", "seconds"), ERRORS_KEPT)
def test_error_kept_seconds(what: str, status: int, headers: Headers, least: int, *, told: bool, seconds: int) -> None:
    """An error is kept for a while, and some only when somebody says so."""
    assert error_kept_seconds(Response(status=status, headers=headers), least=least, told=told) == seconds, what


@pytest.mark.parametrize(("pattern", "path", "named"), NAMED)
def test_names(pattern: str, path: str, *, named: bool) -> None:
    """An invalidation names a path exactly, or all that begin as it does before its star."""
    assert names(pattern, path) is named


def test_stale_seconds() -> None:
    """`stale-if-error` says how long an answer may stand in; silence sets no limit."""
    assert stale_seconds(Response(status=200, headers=(("cache-control", "stale-if-error=60"),))) == 60
    assert stale_seconds(Response(status=200)) is None


def test_key_leaves_out_what_the_policy_does_not_name() -> None:
    """Two requests that differ in what no policy names are the same."""
    plain = Request(method="GET", host="guest.localhost", path="/g/jada.html")
    other = Request(
        method="HEAD", host="x", path="/g/jada.html", query="utm=mail", headers=(("cookie", "a=b"), ("accept", "*/*"))
    )

    assert cache_key(plain, ORDINARY) == cache_key(other, ORDINARY)


def test_key_holds_what_the_policy_names() -> None:
    """A parameter, header or cookie that the policy names makes two of one, in whatever order they come."""
    policy = CachePolicy(
        parameters=Selection(rule=Rule.ALL_EXCEPT, names=frozenset({"utm"})),
        headers=Selection(rule=Rule.WHITELIST, names=frozenset({"accept-language"})),
        cookies=Selection(rule=Rule.WHITELIST, names=frozenset({"lang"})),
    )
    headers = (("cookie", "a=b; lang=es"), ("accept-language", "es"), ("accept", "*/*"))
    request = Request(method="GET", host="h", path="/p", query="b=2&a=1&utm=x", headers=headers)

    assert cache_key(request, policy) == ("/p", "?a=1", "?b=2", ":accept-language=es", ";lang=es")


def test_drop_wants_every_path_named() -> None:
    """An answer known under two paths goes once both were named, be it in two invalidations."""
    cache = Cache()
    cache.keep(("/g/jada.html",), entry("/g/jada", "/g/jada.html"), asked_in=0)

    cache.drop(["/g/jada"])
    half = cache.find(("/g/jada.html",))
    cache.drop(["/g/jada.html"])

    assert half is not None
    assert cache.find(("/g/jada.html",)) is None


def test_drop_leaves_the_rest() -> None:
    """What no invalidation names stays."""
    cache = Cache()
    cache.keep(("/a",), entry("/a"), asked_in=0)
    cache.keep(("/b",), entry("/b"), asked_in=0)

    cache.drop(["/a"])

    assert cache.find(("/a",)) is None
    assert cache.find(("/b",)) is not None


def test_answer_from_before_an_invalidation_is_not_kept() -> None:
    """An origin asked before an invalidation may have told the old page, so its answer is not kept."""
    cache = Cache()
    asked_in = cache.epoch
    cache.drop(["/a"])

    cache.keep(("/a",), entry("/a"), asked_in=asked_in)

    assert cache.find(("/a",)) is None


def test_capacity_lets_the_longest_unused_go() -> None:
    """A full cache loses what nobody asked for the longest."""
    cache = Cache(capacity=20)
    for path in ("/a", "/b"):
        cache.keep((path,), entry(path, body=b"ten bytes."), asked_in=0)
    cache.find(("/a",))

    cache.keep(("/c",), entry("/c", body=b"ten bytes."), asked_in=0)

    assert [path for path in ("/a", "/b", "/c") if cache.find((path,))] == ["/a", "/c"]


def entry(*paths: str, body: bytes = b"page") -> Entry:
    """Return a kept answer."""
    return Entry(response=Response(status=200, body=body), names=frozenset(paths), since=0, until=60)
