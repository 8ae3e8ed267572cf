"""A page in the preview: the one that would be published, but for a script and what that needs to run."""

from __future__ import annotations

import re

import pytest
from support.example import example_pages

from castoff.preview.page import dressed, widened

STRICT = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'"

POLICIES = [
    ("calls are added to what forbids all else", STRICT, f"{STRICT}; connect-src 'self'"),
    (
        "the rest stays as it is spelt",
        "default-src 'none';script-src 'self' ;  style-src 'self'; connect-src https://a.example;",
        "default-src 'none';script-src 'self' ;  style-src 'self'; connect-src https://a.example 'self';",
    ),
    ("nothing is lost for a source", "connect-src 'none'", "connect-src 'self'"),
    (
        "where a policy names none, it falls back",
        "default-src https://a.example",
        "default-src https://a.example"
        + "".join(f"; {name}-src https://a.example 'self'" for name in ("script", "style", "connect")),
    ),
    ("what lets itself in is left alone", "default-src 'self'", "default-src 'self'"),
    ("what lets all in is left alone", "default-src *", "default-src *"),
    ("what forbids nothing is left alone", "img-src 'none'; form-action 'none'", "img-src 'none'; form-action 'none'"),
    (
        "a directive for elements comes before the general one",
        "script-src 'none'; script-src-elem 'sha256-abc='; style-src 'self'; connect-src 'self'",
        "script-src 'none'; script-src-elem 'sha256-abc=' 'self'; style-src 'self'; connect-src 'self'",
    ),
    (
        "of two of a name the first counts",
        "connect-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self'",
        "connect-src 'self'; connect-src 'self'; script-src 'self'; style-src 'self'",
    ),
    ("names are read in any case", "Connect-Src 'none'", "connect-src 'self'"),
    ("an empty policy stays empty", "", ""),
]


@pytest.mark.parametrize(("policy", "expected"), [row[1:] for row in POLICIES], ids=[row[0] for row in POLICIES])
def test_a_policy_lets_our_script_through_and_nothing_else(policy: str, expected: str) -> None:
    """Scripts, styles and calls of this very site are added where they are missing; everything else stays."""
    assert widened(policy) == expected
    assert widened(expected) == expected


@pytest.mark.parametrize("path", sorted(path for path in example_pages() if path.endswith(".html")))
def test_every_page_stays_as_it_would_be_published(path: str) -> None:
    """Without the script and with the policy that it had, a page is byte for byte the one of the build."""
    published = example_pages()[path]
    page = dressed(published, edition="a.1")

    script = b'<script src="/__castoff/page.js" data-edition="a.1" data-known="" async></script>'
    assert page.count(script) == 1
    assert page.index(script) + len(script) == page.rindex(b"</body>")
    bare = page.replace(script, b"")
    (policy,) = re.findall(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', published)
    assert bare == published.replace(policy, widened(policy.decode()).encode())


@pytest.mark.parametrize(
    "meta",
    [
        b'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">',
        b"<META HTTP-EQUIV='content-security-policy' content=\"default-src 'none'\">",
        b"<meta content=\"default-src 'none'\" http-equiv=Content-Security-Policy>",
        b'<meta\n http-equiv="Content-Security-Policy"\n content="default-src &#39;none&#39;"/>',
    ],
)
def test_a_policy_is_found_however_it_is_written(meta: bytes) -> None:
    """An operator's own layout may spell its policy otherwise than ours."""
    page = dressed(b"<!doctype html>" + meta + b"<p>Hello</p>", edition="a.1")

    assert page.count(b"'self'") == 3
    assert page.endswith(b"async></script>")


def test_other_meta_elements_are_left_alone() -> None:
    """Only policies are widened, however much another element resembles one."""
    head = b'<meta name="description" content="default-src">' + b'<meta http-equiv="refresh" content="0; url=/g/x">'

    assert dressed(head, edition="a.1").startswith(head)
