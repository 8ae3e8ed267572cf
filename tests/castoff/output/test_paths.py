"""Paths as the checked output understands them, held against the edge function itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from castoff.edge.event import Place
from castoff.edge.function import run_function
from castoff.edge.messages import Request
from castoff.output.paths import meaning_of, seen_at

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.output.paths import Meaning

PLACE = Place(distribution_id="E1EXAMPLE", distribution_domain="d111111abcdef8.cloudfront.net", request_id="castoff")
PATHS = [
    *("/g/jada-may30", "/g/jada-may30.html", "/g/jada-may30.ics", "/g/xhqgmdh-crew", "/g/xhqgmdh-crew.html"),
    *("/g/Jada-May30", "/g/jada-may30/", "/G/jada-may30", "/g//jada-may30", "/g/./jada-may30", "/g/x/../jada-may30"),
    *("/g/jada%2Dmay30", "/g/jada%252Dmay30", "/g\\jada-may30", "/g/jada may30", "/g/jada%00", "/g/a/b", "/g/ä"),
    *("/ops", "/ops/", "/ops/index", "/ops/index.html", "/OPS/", "/ops/other", "/ops/a/b", "/ops/../g/jada"),
    *("/ops/2024-07", "/ops/2024-07.html", "/ops/2024-07.HTML", "/ops/2024-07/", "/ops//2024-07", "/ops/2024%2D07"),
    *("/g", "/g/", "/g/PRESIGN", "/crew/xhqgmdh", "/crew/", "/castoff/castoff.0123456789.css", "/", "/about"),
    *("/gg/jada", "/g/jada.html/", "/g/jada.ics/", "/%67/jada", "/g/%2e%2e/g/jada", "/opsx", "/g/jada.HTML"),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_means_what_the_edge_takes_it_for(path: str, checkout: Path) -> None:
    """The same object is behind it, and the same spellings are sent on to another."""
    code = (checkout / "cloudfront_function.js").read_text("utf-8")
    meaning = meaning_of(path)

    went = run_function(
        code, Request(method="GET", host="sails.example.com", path=path), PLACE, values={"crew_pages": "unlisted"}
    )

    assert (went.path if isinstance(went, Request) else went.header("location")) == expected(path, meaning)


@pytest.mark.parametrize(
    "key", ["g/jada-may30.html", "g/xhqgmdh-crew.html", "ops/index.html", "ops/2024-07.html", "g/jada-may30.ics"]
)
def test_a_page_is_seen_where_the_edge_shows_it(key: str) -> None:
    """Where relative addresses start from is an address of the page itself."""
    found = meaning_of(seen_at(key))

    assert found is not None
    assert (found.key, found.direct) == (key, True)


def expected(path: str, meaning: Meaning | None) -> str:
    """Return the object that is asked for, or where a browser is sent instead."""
    if meaning is None or path.startswith("/castoff/"):
        return path
    if not meaning.direct:
        return meaning.address
    if meaning.key.startswith("ops/"):
        return "/crew/ops"
    return f"/{meaning.key}" if meaning.key else "/g/-"
