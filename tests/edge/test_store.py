"""The store of the deployed function: read anew each time, so who is shut out is out at once; failing, it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from edge.cookies import KEY
from edge.engines import FUNCTION, asked_for

from castoff.cloud.account import account_of
from castoff.cloud.facts import Credentials
from castoff.cloud.key_value_store import open_store
from castoff.edge.distribution import EdgeFunction
from castoff.edge.function import StoreError
from castoff.edge.local import local_edge
from castoff.edge.messages import Response
from castoff.edge.store import DeployedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.conftest import Front

    from castoff.edge.messages import Request

CREW = "/g/store01-crew"


@pytest.fixture(scope="module")
def page(front: Front) -> Front:
    """Put a crew page into the bucket."""
    front.put("g/store01-crew.html", "aboard", cache="no-store")
    return front


def ends(front: Front, *, member: str = "captain-001") -> int:
    """Return how a member who logged in just now fares at the page."""
    return front.ask(CREW, headers=(("cookie", front.cookie("store01", member=member)),)).status


def store_of(front: Front, *, credentials: Credentials, endpoint: str | None = None) -> DeployedStore:
    """Return the edge's store as someone reads it."""
    account = account_of(credentials, region=front.facts.region, endpoint=endpoint or front.facts.endpoint)
    return DeployedStore(open_store(account), arn=front.facts.outputs["KeyValueStore"])


def test_values(front: Front) -> None:
    """The edge's own reader learns what the store holds, and what it does not."""
    store = store_of(front, credentials=front.facts.credentials["edge"])

    assert store.get(f"key:{KEY.id}") == KEY.secret
    assert store.get("key:ffffffff") is None
    assert store.get("gone:a b/c%é") is None


def test_page_opens_for_who_logged_in(page: Front) -> None:
    """A good cookie opens the page over HTTP, and the page is not kept for the next."""
    assert [ends(page), page.ask(CREW).status, ends(page)] == [200, 302, 200]


def test_who_is_gone_is_out_at_once(page: Front) -> None:
    """The very next request after the entry was written is refused, and of other members none."""
    before = ends(page, member="crew-077")
    page.keep("gone:crew-077", "2")
    after, other = ends(page, member="crew-077"), ends(page)
    page.keep("gone:crew-077", None)

    assert (before, after, other) == (200, 302, 200)


def test_rotated_key_is_out_at_once(page: Front) -> None:
    """A cookie of a key that is no longer there is refused from the next request on."""
    page.keep(f"key:{KEY.id}", None)
    without = ends(page)
    page.keep(f"key:{KEY.id}", KEY.secret)

    assert (without, ends(page)) == (302, 200)


def test_unlisted_pages(page: Front) -> None:
    """The operator's word opens crew pages to everyone, never the board."""
    page.keep("crew_pages", "unlisted")
    crew, board = page.ask(CREW).status, page.ask("/ops/", host="ops.localhost").status
    page.keep("crew_pages", None)

    assert (crew, board, page.ask(CREW).status) == (200, 302, 302)


def test_login_page_is_the_apis(page: Front) -> None:
    """Whoever is sent away arrives at ShipCaptainCrew, on the same host."""
    response = page.ask(CREW)

    login = page.ask(response.header("location") or "")

    assert (response.status, response.body, response.header("cache-control")) == (302, b"", "no-store")
    assert response.header("x-cache") == "FunctionGeneratedResponse from cloudfront"
    assert login.status == 201


def nobody(front: Front, _closed: str) -> DeployedStore:
    """Return the store as read by someone who may not."""
    return store_of(front, credentials=Credentials(key="AKIAINVENTED", secret="invented"))


def nowhere(front: Front, closed: str) -> DeployedStore:
    """Return the store at an address where nobody answers."""
    return store_of(front, credentials=front.facts.credentials["edge"], endpoint=closed)


@pytest.mark.parametrize("opened", [nobody, nowhere])
def test_failing_store_is_closed(
    opened: Callable[[Front, str], DeployedStore], front: Front, free_port: Callable[[], int]
) -> None:
    """A store that cannot be read is said to fail, and the function in front of it lets nobody in."""
    store = opened(front, f"http://127.0.0.1:{free_port()}")
    function = EdgeFunction(name="castoff-edge", code=FUNCTION.read_text(), store=store)
    edge = local_edge(function=function, pages=Everything())
    cookie = front.cookie("xhqgmdh")

    with pytest.raises(StoreError, match="key-value store `arn:"):
        store.get(f"key:{KEY.id}")
    assert edge.respond(asked_for("/g/xhqgmdh-crew", cookie=cookie)).status == 302
    assert edge.respond(asked_for("/g/xhqgmdh", cookie=cookie)).status == 200


def test_store_that_is_not_there_knows_no_key(front: Front) -> None:
    """Of a store that was deleted nothing is known, so no cookie is good."""
    arn = front.facts.outputs["KeyValueStore"].replace("castoff-gate", "another")
    account = account_of(front.facts.credentials["edge"], region=front.facts.region, endpoint=front.facts.endpoint)

    assert DeployedStore(open_store(account), arn=arn).get(f"key:{KEY.id}") is None


class Everything:
    """An origin that has whatever is asked for."""

    def fetch(self, _request: Request) -> Response:
        """Return a page."""
        return Response(status=200, body=b"page")
