"""The edge over HTTP, in front of the embedded cloud's bucket and API."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from castoff.edge.server import BODY_LIMIT

if TYPE_CHECKING:
    from edge.conftest import Front


def test_health(front: Front) -> None:
    """The edge says that it is well, under whatever host."""
    response = front.ask("/__edge/health", host="anything.localhost")

    assert response.status == 200
    assert json.loads(response.body) == {
        "edge": "castoff",
        "hosts": ["desk.localhost", "guest.localhost", "ops.localhost"],
    }


def test_page_is_a_miss_and_then_a_hit(front: Front) -> None:
    """A page comes from the bucket once, with its headers and the policy's."""
    front.put("g/jada-hit.html", "<p>aboard</p>")

    first, second = front.ask("/g/jada-hit"), front.ask("/g/jada-hit")

    assert (first.status, first.body, first.header("x-cache")) == (200, b"<p>aboard</p>", "Miss from cloudfront")
    assert (second.body, second.header("x-cache"), second.header("age")) == (first.body, "Hit from cloudfront", "0")
    told = [second.header(name) for name in ("content-type", "cache-control", "x-robots-tag", "x-content-type-options")]
    assert told == ["text/html", "max-age=0, s-maxage=600", "noindex", "nosniff"]


def test_page_stays_old_until_it_is_invalidated(front: Front) -> None:
    """A page that changed in the bucket is the old one still, and the new one right after its invalidation."""
    front.put("g/jada-stale.html", "9 AM")
    front.ask("/g/jada-stale")
    front.put("g/jada-stale.html", "3 PM")

    before = front.ask("/g/jada-stale")
    front.invalidate("/g/jada-stale.html")
    half = front.ask("/g/jada-stale")
    front.invalidate("/g/jada-stale")
    after = front.ask("/g/jada-stale")

    assert [answer.body for answer in (before, half, after)] == [b"9 AM", b"9 AM", b"3 PM"]
    assert after.header("x-cache") == "Miss from cloudfront"


def test_invalidation_is_obeyed_once(front: Front) -> None:
    """What came after an invalidation is kept."""
    front.put("g/jada-once.html", "page")
    front.ask("/g/jada-once")
    front.invalidate("/g/jada-once*")

    sources = [front.ask("/g/jada-once").header("x-cache") for _ in range(3)]

    assert sources == ["Miss from cloudfront", "Hit from cloudfront", "Hit from cloudfront"]


def test_no_store_is_never_kept(front: Front) -> None:
    """A crew page is new every time."""
    crew = (("cookie", front.cookie("xhqgmdh")),)
    front.put("g/xhqgmdh-crew.html", "9 AM", cache="no-store")
    first = front.ask("/g/xhqgmdh-crew", headers=crew)
    front.put("g/xhqgmdh-crew.html", "3 PM", cache="no-store")
    second = front.ask("/g/xhqgmdh-crew", headers=crew)

    assert (first.body, second.body) == (b"9 AM", b"3 PM")


def test_other_spellings_are_redirected(front: Front) -> None:
    """A spelling of a page is sent to its address before bucket or cache are asked."""
    response = front.ask("/crew/%2e%2e/g//Jada%2Dhit.html?print=1")

    assert (response.status, response.header("location")) == (301, "/g/jada-hit?print=1")
    assert response.header("x-cache") == "FunctionGeneratedResponse from cloudfront"


def test_hosts_are_two_sites(front: Front) -> None:
    """Each host has its own bucket and its own cache."""
    front.put("g/on-guest.html", "a guest page", site="Guest")
    front.put("g/on-ops.html", "a board's page", site="Ops")
    front.put("castoff/404.html", "not here")

    assert front.ask("/g/on-ops", host="ops.localhost").body == b"a board's page"
    assert front.ask("/g/on-ops", host="guest.localhost").status == 404
    assert front.ask("/g/on-ops", host="OPS.localhost").body == b"a board's page"


def test_missing_page_is_the_sites_own_404(front: Front) -> None:
    """What the bucket has not is the site's own 404 page, and a page put there later is seen at once."""
    front.put("castoff/404.html", "not here")

    missing = front.ask("/g/jada-missing")
    front.put("g/jada-missing.html", "here")
    found = front.ask("/g/jada-missing")

    assert (missing.status, missing.body, missing.header("x-cache")) == (404, b"not here", "Error from cloudfront")
    assert found.body == b"here"


def test_missing_404_page(front: Front) -> None:
    """Without a page of its own the site shows the bucket's refusal."""
    front.remove("castoff/404.html", site="Ops")
    front.invalidate("/castoff/404.html", site="Ops")

    response = front.ask("/g/jada-missing", host="ops.localhost")

    assert (response.status, response.header("content-type")) == (404, "application/xml")


def test_unchanged_page_is_304(front: Front) -> None:
    """A browser that has the page is told so."""
    front.put("g/jada-304.html", "page")
    etag = front.ask("/g/jada-304").header("etag") or ""

    response = front.ask("/g/jada-304", headers=(("if-none-match", etag),))

    assert (response.status, response.body) == (304, b"")


def test_head(front: Front) -> None:
    """HEAD says the length and sends nothing, from the bucket and out of the cache."""
    front.put("g/jada-head.html", "page")

    fresh = front.ask("/g/jada-head", method="HEAD")
    front.ask("/g/jada-head")
    kept = front.ask("/g/jada-head", method="HEAD")

    assert [(answer.status, answer.header("content-length"), answer.body) for answer in (fresh, kept)] == [
        (200, "4", b""),
        (200, "4", b""),
    ]


def test_unknown_host_is_told_which_there_are(front: Front) -> None:
    """Another host is no site, and the page names the two that are."""
    response = front.ask("/g/jada", host="elsewhere.localhost")

    assert response.status == 404
    for host in ("guest", "ops"):
        assert f"http://{host}.localhost:{front.edge_port}".encode() in response.body


@pytest.mark.parametrize("host", ["guest.localhost", "ops.localhost"])
def test_api_is_told_what_the_template_says(front: Front, host: str) -> None:
    """The API hears method, query, body, cookies, the chosen headers and CloudFront's own; nothing else."""
    response = front.ask(
        "/crew/xhqgmdh?token=a%2Bb&token=c",
        host=host,
        method="POST",
        headers=(
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", "__Host-crew-xhqgmdh=c; other=o"),
            ("x-castoff-origin", "guessed"),
            ("x-service-key", "invented"),
            ("cloudfront-viewer-address", "198.51.100.1:1"),
        ),
        body=b"spend=1",
    )

    told = json.loads(response.body)
    assert response.status == 201
    assert (told["method"], told["path"], told["body"]) == ("POST", "/crew/xhqgmdh", "spend=1")
    assert told["query"] == {"token": ["a+b", "c"]}
    headers = told["headers"]
    assert headers["x-castoff-origin"] == "ours"
    assert headers["cloudfront-viewer-address"].startswith("127.0.0.1:")
    assert headers["accept"] == "text/html"
    assert headers["cookie"] == "__Host-crew-xhqgmdh=c; other=o"
    assert "x-service-key" not in headers


def test_api_answers_pass_whole(front: Front) -> None:
    """Status and every cookie of the API's answer reach the viewer, and nothing of it is kept."""
    answers = [front.ask("/crew/xhqgmdh") for _ in range(2)]

    for answer in answers:
        cookies = [value for name, value in answer.headers if name == "set-cookie"]
        assert (answer.status, sorted(cookies)) == (201, ["__Host-crew-a=1; Path=/; Secure", "b=2"])
        assert answer.header("x-cache") == "Miss from cloudfront"


def test_upload_forms_reach_the_api(front: Front) -> None:
    """The one address in capitals goes on as it is."""
    told = json.loads(front.ask("/g/PRESIGN", method="POST", body=b"{}").body)

    assert told["path"] == "/g/PRESIGN"


def test_pages_cannot_be_written(front: Front) -> None:
    """A page takes no POST."""
    assert front.ask("/g/jada", method="POST", body=b"x").status == 403


def test_too_much_is_refused(front: Front) -> None:
    """A body over the limit is refused."""
    response = front.ask("/crew/xhqgmdh", method="POST", body=b"x" * (BODY_LIMIT + 1))

    assert response.status == 413


def test_republished_function_is_live_within_a_second_or_two(front: Front) -> None:
    """A function that is published anew runs without a restart, and the development stage never does."""
    own = (Path(__file__).parents[2] / "cloudfront_function.js").read_bytes()
    try:
        etag = develop(front, b"function handler(event) { return {statusCode: 418}; }")
        time.sleep(1.1)
        unpublished = front.ask("/g/jada").status
        front.service("cloudfront").publish_function(Name="castoff-edge", IfMatch=etag)
        time.sleep(1.1)
        published = front.ask("/g/jada").status
    finally:
        front.service("cloudfront").publish_function(Name="castoff-edge", IfMatch=develop(front, own))
        time.sleep(1.1)

    assert (unpublished, published) == (404, 418)


def develop(front: Front, code: bytes) -> str:
    """Put code into the function's development stage and return its ETag."""
    cloudfront = front.service("cloudfront")
    described = cloudfront.describe_function(Name="castoff-edge", Stage="DEVELOPMENT")
    config = described["FunctionSummary"]["FunctionConfig"]
    cloudfront.update_function(Name="castoff-edge", IfMatch=described["ETag"], FunctionConfig=config, FunctionCode=code)
    return str(cloudfront.describe_function(Name="castoff-edge", Stage="DEVELOPMENT")["ETag"])


def test_log_holds_no_query(front: Front) -> None:
    """The access log says method, host, path and status, and never a token."""
    front.ask("/crew/xhqgmdh?token=very-secret")

    words = front.log.read_text()
    assert "GET guest.localhost" in words
    assert "very-secret" not in words


def test_malformed_paths_get_an_answer(front: Front) -> None:
    """However broken a path is, the answer is a page and never a failure of ours."""
    targets = ("/g/%", "/%00", "/%ff%fe", "/" + "a" * 4000, "/..", "/g/%2e%2e/%2e%2e", "/a/../b", "//", "/?", "/g/\xe9")

    for target in targets:
        assert raw(front.edge_port, target) in (200, 301, 400, 403, 404), target


def raw(port: int, target: str) -> int:
    """Return the status for a target that is sent byte by byte."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.connect()
    assert connection.sock is not None
    connection.sock.sendall(
        f"GET {target} HTTP/1.1\r\nHost: guest.localhost\r\nConnection: close\r\n\r\n".encode("latin-1")
    )
    with connection.sock.makefile("rb") as answer:
        status = int(answer.readline().split()[1])
    connection.close()
    return status


def test_no_cloud_is_said(tmp_path: Path) -> None:
    """Without facts there is nothing to serve, and the program says what to do."""
    command = [sys.executable, "-m", "castoff.edge", "--facts", "cloud.json", "--port", "0"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "cloud.json: no cloud is running\n  hint: start it with `castoff cloud`\n"
