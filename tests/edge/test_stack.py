"""The edge in front of the real stack: it obeys the template that is deployed, and no second description."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from edge.viewing import ask

from castoff.cloud.account import account_in
from castoff.contract.tickets import Cookie, Key, cookie_name, sign_cookie

if TYPE_CHECKING:
    from castoff.cloud.facts import Facts
    from castoff.edge.messages import Headers, Response


def service(cloud: Facts, name: str) -> Any:
    """Return the deployer's client of a service."""
    account = account_in(cloud, "admin")
    session: Any = account.session
    return session.client(name, **account.options)


def put(cloud: Facts, key: str, body: bytes) -> None:
    """Put a page into the guest bucket."""
    service(cloud, "s3").put_object(
        Bucket=cloud.outputs["GuestBucket"], Key=key, Body=body, CacheControl="max-age=0, s-maxage=86400"
    )


def get(
    cloud: Facts, target: str, *, host: str = "guest.localhost", method: str = "GET", headers: Headers = ()
) -> Response:
    """Ask the edge of the cloud."""
    return ask(urlsplit(cloud.edge).port or 80, target, host=host, method=method, headers=headers)


def test_page(cloud: Facts) -> None:
    """A guest page is served from the stack's bucket, kept, and carries the stack's headers."""
    put(cloud, "g/edge-page.html", b"aboard")

    first, second = get(cloud, "/g/edge-page"), get(cloud, "/g/edge-page")

    assert [answer.header("x-cache") for answer in (first, second)] == ["Miss from cloudfront", "Hit from cloudfront"]
    assert second.body == b"aboard"
    assert second.header("content-security-policy") == "frame-ancestors 'none'"


def test_a_site_of_ones_own_keeps_its_own_headers(cloud: Facts) -> None:
    """What lies beside castoff's prefixes is neither kept out of search nor forbidden a frame; castoff's pages are."""
    put(cloud, "about.html", b"who we are")
    put(cloud, "g/edge-beside.html", b"aboard")

    own, page = get(cloud, "/about.html"), get(cloud, "/g/edge-beside")

    assert (own.status, own.body, page.body) == (200, b"who we are", b"aboard")
    for header in ("x-robots-tag", "content-security-policy", "strict-transport-security", "x-frame-options"):
        assert (header, own.header(header)) == (header, None)
        assert page.header(header)


@pytest.mark.parametrize(
    ("path", "host"), [("/ops", "ops.localhost"), ("/ops/", "ops.localhost"), ("/castoff/404.html", "guest.localhost")]
)
def test_every_path_of_castoffs_has_its_headers(cloud: Facts, path: str, host: str) -> None:
    """The board with and without its slash, and what pages are made with."""
    assert get(cloud, path, host=host).header("x-robots-tag") == "noindex"


def test_a_slash_in_other_letters_opens_no_crew_page(cloud: Facts) -> None:
    """S3 undoes %2F and CloudFront does not: such a path goes by the default behaviour, which has the gate as well."""
    put(cloud, "g/edge002-crew.html", b"gate code")

    told = get(cloud, "/g%2Fedge002-crew.html")

    assert (told.status, told.header("location"), told.body) == (301, "/g/edge002-crew", b"")


def test_missing_page(cloud: Facts) -> None:
    """What is missing is the site's own page under 404, and is not remembered."""
    put(cloud, "castoff/404.html", b"not here")

    missing = get(cloud, "/g/edge-later")
    put(cloud, "g/edge-later.html", b"here")
    found = get(cloud, "/g/edge-later")

    assert (missing.status, missing.body) == (404, b"not here")
    assert (found.status, found.body) == (200, b"here")


def test_spelling(cloud: Facts) -> None:
    """The deployed function sends another spelling to the page's address."""
    response = get(cloud, "/G/EDGE-PAGE/")

    assert (response.status, response.header("location")) == (301, "/g/edge-page")


def test_crew_page(cloud: Facts) -> None:
    """The key that the deploy step made opens a crew page at the edge, and nothing else does."""
    put(cloud, "g/edge001-crew.html", b"gate code")
    held = json.loads(service(cloud, "secretsmanager").get_secret_value(SecretId="castoff/gate")["SecretString"])
    cookie = Cookie("edge001", "captain-001", epoch=1, expires=int(time.time()) + 60)
    signed = [sign_cookie(cookie, Key(key["id"], key["secret"])) for key in held["cookie_keys"]]
    forged = sign_cookie(cookie, Key(held["cookie_keys"][0]["id"], "00" * 32))

    told = [
        get(cloud, "/g/edge001-crew", headers=(("cookie", f"{cookie_name('edge001')}={value}"),))
        for value in (*signed, forged)
    ]

    assert [(answer.status, answer.body) for answer in told] == [(200, b"gate code")] * len(signed) + [(302, b"")]
    assert get(cloud, "/ops/", host="ops.localhost").header("location") == "/crew/ops"


@pytest.mark.parametrize("host", ["guest.localhost", "ops.localhost"])
def test_login_page(cloud: Facts, host: str) -> None:
    """On either site ShipCaptainCrew answers for the login pages, and believes the edge by its secret header."""
    response = get(cloud, "/crew/ops", host=host)

    assert (response.status, response.header("x-cache")) == (200, "Miss from cloudfront")


def test_upload_forms_belong_to_the_guest_site(cloud: Facts) -> None:
    """The ops site has no upload forms, so CloudFront refuses the method there."""
    assert get(cloud, "/g/PRESIGN", host="ops.localhost", method="POST").status == 403
