"""A built site broken in one way each, and that the inspection sees exactly this."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.built import Built, built

from castoff.contract.slots import ORIGIN_MARK, SERIAL_MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from castoff.problems import Problem

GUEST = "guest/g/lark-guest-a7kq4wt.html"
CREW = "guest/g/a7kq4wt-crew.html"
FORWARD = "guest/g/a7kq4wt.html"
CALENDAR = "guest/g/lark-guest-a7kq4wt.ics"
BOARD = "ops/ops/index.html"
LOST = "guest/castoff/404.html"
STYLE = next(path for path in built().bodies if path.startswith("guest/") and path.endswith(".css"))
MARK = next(path for path in built().bodies if path.startswith("guest/") and path.endswith(".svg"))
SCRIPT = next(path for path in built().bodies if path.startswith("guest/castoff/upload."))


def test_a_site_as_castoff_builds_it_is_in_order() -> None:
    """What a row of the tables finds wrong is the row's own doing."""
    assert built().inspected() == ()


HASH = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

PICTURE = f"castoff/picture.{hashlib.sha256(b'<html>').hexdigest()[:10]}.svg"
MANIFEST = "castoff/app.{}.webmanifest"

ADDED: list[tuple[str, str, tuple[str, ...]]] = [
    # what is put at the end of the guest page's main part, and what is said of it
    (
        "a link to nothing",
        '<a href="/g/nobody">x</a>',
        ("`/g/nobody` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a relative link to nothing",
        '<a href="nobody">x</a>',
        ("`nobody` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a whole address of ours to nothing",
        '<a href="https://guest.castoff.invalid/g/nobody">x</a>',
        ("`https://guest.castoff.invalid/g/nobody` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a guest page on the ops site",
        '<a href="https://ops.castoff.invalid/g/a7kq4wt">x</a>',
        ("`https://ops.castoff.invalid/g/a7kq4wt` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "another spelling of a page",
        '<a href="/g/A7KQ4WT">x</a>',
        ("`/g/A7KQ4WT` takes a way round to its page [roundabout-link]",),
    ),
    (
        "a slash too many",
        '<a href="/g/a7kq4wt/">x</a>',
        ("`/g/a7kq4wt/` takes a way round to its page [roundabout-link]",),
    ),
    ("a link without an address", '<a href="">x</a>', ("the address is empty [broken-link]",)),
    ("a space in an address", '<a href="/g/a7 kq4wt">x</a>', ("`/g/a7 kq4wt` is no address [broken-link]",)),
    (
        "an anchor that is not there",
        '<a href="#nowhere">x</a>',
        ("`#nowhere` points at `nowhere`, and nothing there has that id [broken-anchor]",),
    ),
    (
        "an anchor on another page that is not there",
        '<a href="/g/a7kq4wt-crew#nowhere">x</a>',
        ("`/g/a7kq4wt-crew#nowhere` points at `nowhere`, and nothing there has that id [broken-anchor]",),
    ),
    (
        "a path of the operator's own",
        '<a href="/about">x</a>',
        ("warning: `/about` lies outside of what castoff publishes, and cannot be checked [unchecked-link]",),
    ),
    (
        "half a mail address",
        '<a href="mailto:sail">x</a>',
        ("`mailto:sail` is not a whole `mailto:` address [broken-link]",),
    ),
    (
        "a phone number with letters",
        '<a href="tel:+1-CALL-US">x</a>',
        ("`tel:+1-CALL-US` is not a whole `tel:` address [broken-link]",),
    ),
    ("a text message to nobody", '<a href="sms:">x</a>', ("`sms:` is not a whole `sms:` address [broken-link]",)),
    (
        "a place without its second half",
        '<a href="geo:32.7">x</a>',
        ("`geo:32.7` is not a whole `geo:` address [broken-link]",),
    ),
    (
        "a host that nobody chose",
        '<a href="https://else.example.org/">x</a>',
        (
            (
                "`https://else.example.org/` leads to `else.example.org`, which no settings, booking or content names "
                "[foreign-address]"
            ),
        ),
    ),
    (
        "an address without encryption",
        '<a href="http://waiver.example.com/">x</a>',
        ("warning: `http://waiver.example.com/` is not encrypted [unsafe-address]",),
    ),
    (
        "an address without a scheme",
        '<a href="//waiver.example.com/">x</a>',
        ("`//waiver.example.com/` does not say `https:` [unsafe-address]",),
    ),
    (
        "a script for an address",
        '<a href="javascript:alert(1)">x</a>',
        ("`javascript:alert(1)` is not safe to follow [unsafe-address]",),
    ),
    (
        "a script spelt in capitals",
        '<a href=" JavaScript:alert(1)">x</a>',
        ("`JavaScript:alert(1)` is not safe to follow [unsafe-address]",),
    ),
    (
        "a file of one's own",
        '<a href="file:///home/me/waiver.pdf">x</a>',
        ("`file:///home/me/waiver.pdf` is not safe to follow [unsafe-address]",),
    ),
    (
        "a page in an address",
        '<a href="data:text/html,hello">x</a>',
        ("`data:text/html,hello` is not safe to follow [unsafe-address]",),
    ),
    (
        "one's own computer",
        '<a href="https://localhost:8080/g/a7kq4wt">x</a>',
        ("`https://localhost:8080/g/a7kq4wt` is an address of your own computer [unsafe-address]",),
    ),
    (
        "the embedded edge",
        '<a href="http://guest.localhost:8080/g/a7kq4wt">x</a>',
        ("`http://guest.localhost:8080/g/a7kq4wt` is an address of your own computer [unsafe-address]",),
    ),
    (
        "a script of somebody else's",
        '<script src="https://cdn.example.org/x.js"></script>',
        ("`<script>` takes something from `cdn.example.org`, which would see every guest [foreign-address]",),
    ),
    (
        "a picture of somebody else's",
        '<img src="https://waiver.example.com/x.png" alt="">',
        ("`<img>` takes something from `waiver.example.com`, which would see every guest [foreign-address]",),
    ),
    (
        "a picture that is not there",
        '<img src="/castoff/gone.png" alt="">',
        ("`/castoff/gone.png` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a picture elsewhere on the domain",
        '<img src="/images/x.png" alt="">',
        ("`/images/x.png` lies outside of what castoff publishes [broken-link]",),
    ),
    (
        "a larger picture that is not there",
        '<img src="{mark}" srcset="{mark} 1x, /castoff/two.png 2x" alt="">',
        ("`/castoff/two.png` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a form to nowhere",
        '<form action="/g/SEND"><button>x</button></form>',
        ("`/g/SEND` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a form to somebody else",
        '<form action="https://waiver.example.com/"><button>x</button></form>',
        ("`<form>` takes something from `waiver.example.com`, which would see every guest [foreign-address]",),
    ),
    (
        "a frame",
        '<iframe src="/g/a7kq4wt" title="x"></iframe>',
        ("`frame-src` of the page's policy forbids this `<iframe>` [layout-policy]",),
    ),
    (
        "a sound",
        '<audio src="{mark}"></audio>',
        ("`default-src` of the page's policy forbids this `<audio>` [layout-policy]",),
    ),
    (
        "a picture in an address, which the policy forbids",
        '<img src="data:image/png;base64,AA" alt="">',
        ("`img-src` of the page's policy forbids this `<img>` [layout-policy]",),
    ),
    (
        "an element that is never closed",
        "<div>",
        ("`</main>` stands before `</div>` of the `<div>` in line N [broken-html]",),
    ),
    ("an end without a beginning", "</div>", ("`</div>` closes nothing [broken-html]",)),
    (
        "tags that cross",
        "<p><b>x</p></b>",
        ("`</p>` stands before `</b>` of the `<b>` in line N [broken-html]", "`</b>` closes nothing [broken-html]"),
    ),
    ("a block in a paragraph", "<p>x<ul></ul></p>", ("`</p>` closes nothing [broken-html]",)),
    (
        "a link in a link",
        '<a href="#main">x<a href="#main">y</a></a>',
        ("a browser takes this `<a>` out of the `<a>` of line N [broken-html]",),
    ),
    (
        "a form in a form",
        "<form><form></form></form>",
        ("a browser drops this `<form>`: it cannot stand here [broken-html]", "`</form>` closes nothing [broken-html]"),
    ),
    (
        "text in a table",
        "<table><div>x</div></table>",
        ("a browser takes this `<div>` out of the `<table>` of line N [broken-html]",),
    ),
    (
        "an element that closes itself",
        "<div/></div>",
        ("`<div/>` closes nothing: a browser leaves it open [broken-html]",),
    ),
    (
        "an attribute twice",
        '<p class="a" class="b">x</p>',
        ("`class` stands twice in this `<p>`, and a browser drops the second [broken-html]",),
    ),
    ("a NUL", "<p>\x00</p>", ("a browser says: unexpected NULL character (U+0000) [broken-html]",)),
    ("an id twice", '<p id="main">x</p>', ("id `main` stands twice; the first is in line N [repeated-id]",)),
    ("the upload form's id", '<p id="photos">x</p>', ("id `photos` stands twice, the upload form's [repeated-id]",)),
    ("an id with a space", '<p id="a b">x</p>', ("`a b` is no id [repeated-id]",)),
    (
        "words for a field that is not there",
        '<label for="nobody">x</label>',
        ("`for` names `nobody`, and nothing on the page has that id [broken-reference]",),
    ),
    (
        "a section named by nothing",
        '<section aria-labelledby="nobody"></section>',
        ("`aria-labelledby` names `nobody`, and nothing on the page has that id [broken-reference]",),
    ),
    ("a field without words", '<input name="x">', ("nothing says what goes into this field [missing-label]",)),
    ("a picture without words", '<img src="{mark}">', ("the picture has no `alt` [missing-alt]",)),
    (
        "a link without words",
        '<a href="#main"><img src="{mark}" alt=""></a>',
        ("this link says nothing [missing-words]",),
    ),
    ("a button without words", "<button></button>", ("this button says nothing [missing-words]",)),
    ("a second heading of the first order", "<h1>x</h1>", ("the page has 2 headings of the first order [headings]",)),
    ("a heading that skips one", "<h2>x</h2><h4>y</h4>", ("warning: `<h4>` follows `<h2>` [headings]",)),
    (
        "a script in an attribute",
        '<p onclick="x()">x</p>',
        ("`onclick` holds a script, which the page's policy forbids [inline-handler]",),
    ),
    (
        "a style in an attribute",
        '<p style="color: red">x</p>',
        ("`style` holds a style, which the page's policy forbids [inline-style]",),
    ),
    (
        "a script in the page",
        "<script>x()</script>",
        ("the policy does not let this `<script>` in: no hash of it stands in `script-src` [unhashed-inline]",),
    ),
    (
        "a style in the page",
        "<style>p { color: red }</style>",
        ("the policy does not let this `<style>` in: no hash of it stands in `style-src` [unhashed-inline]",),
    ),
    (
        "a policy again",
        '<meta http-equiv="Content-Security-Policy" content="">',
        ("the page has two policies [missing-policy]",),
    ),
    (
        "a page in an attribute",
        '<iframe src="/castoff/thanks.html" srcdoc="x" title="x"></iframe>',
        (
            "`srcdoc` holds a page of its own, which nothing here checks [inline-handler]",
            "`frame-src` of the page's policy forbids this `<iframe>` [layout-policy]",
        ),
    ),
    (
        "a form that the release does not name",
        "<!--castoff:slot other-->",
        ("the mark of a form stands here that the release does not name [wrong-slot]",),
    ),
]

EDITED: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    # the file, what stands there, what shall stand there, and what is said of it
    (
        "a page without a title",
        FORWARD,
        "<title>Your page has a new address</title>",
        "",
        ("the page has no title [missing-title]",),
    ),
    ("an empty title", GUEST, "<title>", "<title></title><title>", ("the page has two titles [missing-title]",)),
    ("a page without a language", GUEST, ' lang="en"', "", ("the page does not say its language [missing-language]",)),
    ("a page without a heading", LOST, "<h1>There is no page here</h1>", "", ("the page has no `<h1>` [headings]",)),
    (
        "a page without a doctype",
        GUEST,
        "<!doctype html>",
        "",
        (
            "the bytes are no `text/html; charset=utf-8` [wrong-type]",
            "a browser says: expected DOCTYPE but got `<html>` tag [broken-html]",
        ),
    ),
    (
        "a comment that never ends",
        GUEST,
        "</body>",
        "<!-- </body>",
        ("a browser says: unexpected end of file in comment [broken-html]",),
    ),
    (
        "a page without a policy",
        GUEST,
        "Content-Security-Policy",
        "Content-Policy",
        ("the page has no Content-Security-Policy [missing-policy]",),
    ),
    (
        "a policy without a default",
        GUEST,
        "default-src 'none'; ",
        "img-src 'self'; ",
        ("the policy has no `default-src`, so everything is let in [loose-policy]",),
    ),
    (
        "a policy that lets in what stands within",
        GUEST,
        "script-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        ("`script-src` lets in `'unsafe-inline'`, which nothing on the page needs [loose-policy]",),
    ),
    (
        "a policy that lets everything in",
        GUEST,
        "img-src 'self'",
        "img-src 'self' *",
        ("`img-src` lets in `*`, which nothing on the page needs [loose-policy]",),
    ),
    (
        "a policy that lets in a host",
        GUEST,
        "script-src 'self'",
        "script-src 'self' https://cdn.example.org",
        ("`script-src` lets in `https://cdn.example.org`, which nothing on the page needs [loose-policy]",),
    ),
    (
        "a policy with a hash of nothing",
        GUEST,
        "script-src 'self'",
        f"script-src 'self' {HASH}",
        ("`script-src` has a hash that no `<script>` of the page has [idle-hash]",),
    ),
    (
        "a policy that forbids the styles",
        GUEST,
        "style-src 'self'",
        "style-src 'none'",
        ("`style-src` of the page's policy forbids this `<link>` [layout-policy]",),
    ),
    (
        "a policy that forbids the pictures",
        GUEST,
        "img-src 'self'; ",
        "",
        (
            "`img-src` of the page's policy forbids this `<link>` [layout-policy]",
            "`img-src` of the page's policy forbids this `<img>` [layout-policy]",
        ),
    ),
    (
        "a policy that forbids the form",
        GUEST,
        f"form-action 'self' {ORIGIN_MARK}",
        "form-action 'self'",
        ("the policy of the page forbids its form, and nothing could be sent [layout-policy]",),
    ),
    (
        "a policy for a form that is not there",
        FORWARD,
        "form-action 'none'",
        f"form-action {ORIGIN_MARK}",
        ("`form-action` lets in where uploads go, which nothing on the page needs [loose-policy]",),
    ),
    (
        "a policy after what it is for",
        GUEST,
        "<head>",
        '<head><link rel="stylesheet" href="{style}">',
        ("this `<link>` stands before the policy, which does not hold for it [loose-policy]",),
    ),
    (
        "a base that moves every address",
        GUEST,
        "<head>",
        '<head><base href="/castoff/">',
        ("`<base>` moves every address of the page [loose-policy]",),
    ),
    (
        "a style sheet that is not there",
        GUEST,
        '<link rel="stylesheet" href="/castoff/',
        '<link rel="stylesheet" href="/castoff/x',
        ("`/castoff/xcastoff.HASH.css` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "an icon that is not there",
        GUEST,
        '<link rel="icon" href="/castoff/',
        '<link rel="icon" href="/castoff/x',
        ("`/castoff/xmark.HASH.svg` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a page that goes on to nothing",
        FORWARD,
        "url=/g/lark",
        "url=/g/bark",
        ("`/g/bark-guest-a7kq4wt.html` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a canonical address of nothing",
        FORWARD,
        'rel="canonical" href="https://guest.castoff.invalid/g/lark-guest-a7kq4wt"',
        'rel="canonical" href="https://guest.castoff.invalid/g/xlark"',
        ("`https://guest.castoff.invalid/g/xlark` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a page that goes on to somebody else's",
        FORWARD,
        "url=/g/lark-guest-a7kq4wt",
        "url=https://waiver.example.com/",
        ("`<meta>` gives the page to `waiver.example.com`, which is not yours [foreign-address]",),
    ),
    (
        "a canonical address of somebody else's",
        FORWARD,
        'rel="canonical" href="https://guest.castoff.invalid/g/lark-guest-a7kq4wt"',
        'rel="canonical" href="https://waiver.example.com/g/xlark"',
        ("`<link>` gives the page to `waiver.example.com`, which is not yours [foreign-address]",),
    ),
    (
        "an address by folder on a page for all",
        LOST,
        '<main id="main">',
        '<main id="main"><a href="thanks.html">x</a>',
        ("`thanks.html` is found from one folder alone, and this page is shown in all [broken-link]",),
    ),
    (
        "a form's place twice",
        GUEST,
        "<!--castoff:slot photos-->",
        "<!--castoff:slot photos--><!--castoff:slot photos-->",
        ("the form `photos` has 2 places in the page, where one is right [wrong-slot]",),
    ),
    (
        "a form without a place",
        GUEST,
        "<!--castoff:slot photos-->",
        "",
        ("the form `photos` has 0 places in the page, where one is right [wrong-slot]",),
    ),
    (
        "a page without the publish's mark",
        GUEST,
        SERIAL_MARK,
        "castoff",
        ("no mark of the publish stands here, so two of them would look alike [wrong-mark]",),
    ),
    (
        "a picture of a style that is not there",
        STYLE,
        "}",
        "} p { background: url(gone.png) }",
        ("`gone.png` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a style sheet within another that is not there",
        STYLE,
        ":root",
        '@import "gone.css"; :root',
        ("`gone.css` leads to nothing: the release has no such file [broken-link]",),
    ),
    (
        "a style sheet of somebody else's",
        STYLE,
        ":root",
        "@import url(https://fonts.example.org/x.css); :root",
        ("`url()` takes something from `fonts.example.org`, which would see every guest [foreign-address]",),
    ),
    (
        "a script in a picture",
        MARK,
        "</svg>",
        "<script>x()</script></svg>",
        ("the picture holds a `<script>` [active-asset]",),
    ),
    ("a handler in a picture", MARK, "<svg", '<svg onload="x()"', ("the picture holds a script [active-asset]",)),
    (
        "a link in a picture",
        MARK,
        "</svg>",
        '<a href="https://waiver.example.com/"><text>x</text></a></svg>',
        ("the picture's `<a>` leads elsewhere [active-asset]",),
    ),
    (
        "a line that is too long",
        CALENDAR,
        "STATUS:",
        f"X-LONG:{'x' * 80}\r\nSTATUS:",
        ("the line has N bytes, and calendars take 75 [broken-calendar]",),
    ),
    (
        "a line that ends as on other systems",
        CALENDAR,
        "\r\nSTATUS",
        "\nSTATUS",
        (
            "this is no line of a calendar [broken-calendar]",
            "a sign stands here that no calendar takes [broken-calendar]",
        ),
    ),
    (
        "a line that is no property",
        CALENDAR,
        "STATUS:",
        "hello\r\nSTATUS:",
        ("this is no line of a calendar [broken-calendar]",),
    ),
    (
        "a sign that ends a value",
        CALENDAR,
        "SUMMARY:",
        "SUMMARY:fish; chips",
        ("`SUMMARY` has a sign that wants a backslash before it [broken-calendar]",),
    ),
    ("an entry without an id", CALENDAR, "UID:", "X-ID:", ("this `VEVENT` has no `UID` [broken-calendar]",)),
    (
        "an entry that never ends",
        CALENDAR,
        "END:VEVENT\r\n",
        "",
        ("`END:VCALENDAR` closes nothing that is open [broken-calendar]",),
    ),
    (
        "a calendar that breaks off",
        CALENDAR,
        "END:VCALENDAR\r\n",
        "END:VCALENDAR",
        ("the last line has no end [broken-calendar]",),
    ),
]


RELEASES: list[tuple[str, Callable[[Built], Built], tuple[str, ...]]] = [
    # what happens to the release itself, and what is said of it
    (
        "another body",
        lambda site: site.with_file(GUEST, site.bodies[GUEST].replace(b"</main>", b"<hr></main>")),
        (
            "the release says N bytes, and there are N [wrong-digest]",
            "the body is another than the release's digest says [wrong-digest]",
        ),
    ),
    (
        "another digest",
        lambda site: site.with_file(CALENDAR, sha256="0" * 64),
        ("the body is another than the release's digest says [wrong-digest]",),
    ),
    (
        "another size",
        lambda site: site.with_file(CALENDAR, size=1),
        ("the release says N bytes, and there are N [wrong-digest]",),
    ),
    (
        "another header under the same digest",
        lambda site: site.with_file(GUEST, cache_control=f"{site.release.files[GUEST].cache_control}, public"),
        ("the body is another than the release's digest says [wrong-digest]",),
    ),
    (
        "a page as text",
        lambda site: site.with_body(GUEST, site.bodies[GUEST], content_type="text/plain"),
        ("browsers are told `text/plain`, and the name asks for `text/html; charset=utf-8` [wrong-type]",),
    ),
    (
        "a header in a header",
        lambda site: site.with_body(CALENDAR, site.bodies[CALENDAR], content_type="text/calendar\r\nX: x"),
        ("browsers are told `text/calendar��X: x`, and the name asks for `text/calendar; charset=utf-8` [wrong-type]",),
    ),
    (
        "a header in the other header",
        lambda site: site.with_body(
            CALENDAR, site.bodies[CALENDAR], cache_control="max-age=0, must-revalidate\r\nSet-Cookie: x"
        ),
        ("a page that changes is kept by browsers: `max-age=0, must-revalidate��Set-Cookie: x` [wrong-cache]",),
    ),
    (
        "a picture that is none",
        lambda site: site.with_key(MARK, PICTURE, b"<html>"),
        ("the bytes are no `image/svg+xml` [wrong-type]",),
    ),
    (
        "a crew page that is kept",
        lambda site: site.with_body(CREW, site.bodies[CREW], cache_control="max-age=0, must-revalidate"),
        ("a page that not everyone may see is kept by browsers: `max-age=0, must-revalidate` [wrong-cache]",),
    ),
    (
        "a board that is kept",
        lambda site: site.with_body(BOARD, site.bodies[BOARD], cache_control="max-age=60"),
        ("a page that not everyone may see is kept by browsers: `max-age=60` [wrong-cache]",),
    ),
    (
        "a guest page that is kept",
        lambda site: site.with_body(GUEST, site.bodies[GUEST], cache_control="max-age=3600"),
        ("a page that changes is kept by browsers: `max-age=3600` [wrong-cache]",),
    ),
    (
        "an asset that is not kept",
        lambda site: site.with_body(STYLE, site.bodies[STYLE], cache_control="no-store"),
        ("a file with its hash in its name is not kept: `no-store` [wrong-cache]",),
    ),
    (
        "an asset under an old name",
        lambda site: site.with_body(STYLE, site.bodies[STYLE] + b" "),
        ("the bytes are not those of its name, and browsers would keep the old ones for a year [wrong-key]",),
    ),
    (
        "a key outside",
        lambda site: site.with_key(MARK, "index.svg"),
        (
            "`index.svg` is no key of the guest site [wrong-key]",
            "a page that changes is kept by browsers: `public, max-age=31536000, immutable` [wrong-cache]",
        ),
    ),
    (
        "a key with a space",
        lambda site: site.with_key(LOST, "castoff/not found.html"),
        ("`castoff/not found.html` is no key of the guest site [wrong-key]",),
    ),
    (
        "a key that climbs",
        lambda site: site.with_key(LOST, "castoff/../g.html"),
        ("`castoff/../g.html` is no key of the guest site [wrong-key]",),
    ),
    (
        "two keys that differ by case",
        lambda site: site.with_key(LOST, "castoff/4O4.html").with_key(LOST, "castoff/4o4.html"),
        ("this differs from `guest/castoff/4O4.html` by upper and lower case alone [wrong-key]",),
    ),
    (
        "a booking that nobody knows",
        lambda site: site.with_body(CALENDAR, site.bodies[CALENDAR], booking="b4nq9rv"),
        ("it belongs to booking `b4nq9rv`, which the release does not name [wrong-owner]",),
    ),
    (
        "a page of no booking",
        lambda site: site.with_body(CALENDAR, site.bodies[CALENDAR], booking=None),
        ("no booking explains this page [wrong-owner]",),
    ),
    (
        "a crew page of another booking",
        lambda site: site.with_key(CREW, "g/b4nq9rv-crew.html"),
        ("the crew's page of one booking belongs to another [wrong-owner]",),
    ),
    (
        "an asset of one booking",
        lambda site: site.with_body(STYLE, site.bodies[STYLE], booking="a7kq4wt"),
        ("a file of every page belongs to one booking [wrong-owner]",),
    ),
    (
        "a form of another booking",
        lambda site: site.with_body(
            GUEST,
            site.bodies[GUEST],
            slots=tuple(replace(slot, booking="b4nq9rv") for slot in site.release.files[GUEST].slots),
        ),
        ("the form `photos` belongs to booking `b4nq9rv`, and the page does not [wrong-slot]",),
    ),
    (
        "a form that closes before it opens",
        lambda site: site.with_body(
            GUEST,
            site.bodies[GUEST],
            slots=tuple(replace(slot, closes=slot.opens) for slot in site.release.files[GUEST].slots),
        ),
        ("the form `photos` closes before it opens [wrong-slot]",),
    ),
    (
        "a file without a body",
        lambda site: Built(site.release, {path: body for path, body in site.bodies.items() if path != CALENDAR}),
        ("the release names this file, and no body is there [missing-body]",),
    ),
    (
        "a body without a file",
        lambda site: Built(site.release, {**site.bodies, "guest/g/left.html": b""}),
        ("no file names this [missing-body]",),
    ),
    (
        "a manifest that is none",
        lambda site: site.with_key(MARK, MANIFEST.format("e3b0c44298"), b"", content_type="application/manifest+json"),
        ("this is no manifest of a web app [wrong-type]",),
    ),
]


@pytest.mark.parametrize(("added", "expected"), [row[1:] for row in ADDED], ids=[row[0] for row in ADDED])
def test_what_is_added_to_a_page_is_seen(added: str, expected: tuple[str, ...]) -> None:
    """One fault on one page is told as that fault, in its line, and nothing else with it."""
    added = added.replace("{mark}", "/" + MARK.removeprefix("guest/"))
    broken = built().edited(GUEST, "</main>", f"{added}</main>")
    line = broken.bodies[GUEST].decode().partition(f"{added}</main>")[0].count("\n") + 1

    found = broken.inspected()

    assert said(found) == expected
    assert {(problem.path, problem.line) for problem in found} == {(GUEST, line)}


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"), [row[1:] for row in EDITED], ids=[row[0] for row in EDITED]
)
def test_what_is_changed_in_a_file_is_seen(path: str, old: str, new: str, expected: tuple[str, ...]) -> None:
    """One fault in one file of any kind is told as that fault; an asset's name gives its change away besides."""
    broken = built().edited(path, old, new.replace("{style}", "/" + STYLE.removeprefix("guest/")))

    found = broken.inspected()

    assert said(problem for problem in found if problem.rule != "wrong-key") == expected
    assert {problem.path for problem in found} == {path}


@pytest.mark.parametrize(("happens", "expected"), [row[1:] for row in RELEASES], ids=[row[0] for row in RELEASES])
def test_what_is_wrong_with_the_release_is_seen(happens: Callable[[Built], Built], expected: tuple[str, ...]) -> None:
    """One fault of digests, keys, headers, owners or slots is told as that fault."""
    assert said(happens(built()).inspected()) == expected


def test_a_problem_has_its_place() -> None:
    """Line and column are those of the tag in the page as it was built."""
    broken = built().edited(GUEST, "</main>", '<p>x <a href="/g/nobody">y</a></p></main>')

    (found,) = broken.inspected()

    line = broken.bodies[GUEST].decode().split("\n")[found.line - 1]
    assert line[found.column - 1 :].startswith('<a href="/g/nobody">')


def test_what_is_wrong_on_every_page_is_told_once() -> None:
    """A fault of a layout is told of the first page that has it, with how many more do."""
    broken = built()
    for path in (GUEST, CREW, FORWARD):
        broken = broken.edited(path, "</main>", '<img src="/castoff/gone.png" alt=""></main>')

    (found,) = broken.inspected()

    assert found.path == CREW
    assert found.words == "`/castoff/gone.png` leads to nothing: the release has no such file; so in 2 more files"


FINE = [
    # what an operator may write, and what a layout may have
    ("a page by its address", '<a href="/g/a7kq4wt">x</a>'),
    ("a page by its object", '<a href="/g/a7kq4wt.html">x</a>'),
    ("a page by its folder", '<a href="a7kq4wt">x</a>'),
    ("a page by the whole address", '<a href="https://guest.castoff.invalid/g/a7kq4wt?from=mail#main">x</a>'),
    ("the board", '<a href="https://ops.castoff.invalid/ops/">x</a>'),
    ("the login of the crew", '<a href="/crew/a7kq4wt">x</a>'),
    ("where forms are asked for", '<form action="/g/PRESIGN" method="post"><button>x</button></form>'),
    ("the page's top", '<a href="#top">x</a>'),
    ("a place on another page", '<a href="/g/a7kq4wt-crew#main">x</a>'),
    ("a host that the operator's files name", '<a href="https://waiver.example.com/a7kq4wt">x</a>'),
    ("the map", '<a href="https://www.google.com/maps/dir/?api=1&amp;destination=32.7%2C-117.2">x</a>'),
    ("a mail to a name with an apostrophe", '<a href="mailto:pat.o\'brien@example.com">x</a>'),
    ("a mail with a subject", '<a href="mailto:sail@example.com?subject=Hello">x</a>'),
    ("a text message", '<a href="sms:+16195550142?&amp;body=Hello">x</a>'),
    ("a place on earth", '<a href="geo:32.7254,-117.1959">x</a>'),
    ("ends that need not be written", "<ul><li>x<li>y</ul><table><tr><td>x<td>y</table><dl><dt>x<dd>y</dl><p>x<p>y"),
    ("a drawing", '<svg viewBox="0 0 1 1"><g><path d="M0 0"/></g></svg>'),
    ("data in the page", '<script type="application/ld+json">{}</script>'),
    ("a picture in two sizes", '<img src="{mark}" srcset="{mark} 1x, {mark} 2x" alt="">'),
    ("a field within its words", "<label>x <input name=x></label>"),
    ("a button that is told", '<button aria-label="x"></button>'),
    ("the mark of a form as words", "<p>&lt;!--castoff:slot photos--&gt;</p>"),
]


@pytest.mark.parametrize("added", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_what_is_right_is_not_told(added: str) -> None:
    """Whatever works for guests passes without a word."""
    added = added.replace("{mark}", "/" + MARK.removeprefix("guest/"))

    assert built().edited(GUEST, "</main>", f"{added}</main>").inspected() == ()


@pytest.mark.parametrize("kind", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize(("tag", "text"), [("script", "x()"), ("style", "p { margin: 0 }")])
def test_a_hash_lets_in_what_it_is_of(kind: str, tag: str, text: str) -> None:
    """What stands in a page passes under its own hash, of any kind that browsers know, and under no other's."""
    digest = b64encode(hashlib.new(kind, text.encode()).digest()).decode()
    site = built().edited(GUEST, f"{tag}-src 'self'", f"{tag}-src 'self' '{kind}-{digest}'")

    fitting = site.edited(GUEST, "</main>", f"<{tag}>{text}</{tag}></main>").inspected()
    another = site.edited(GUEST, "</main>", f"<{tag}>{text} </{tag}></main>").inspected()

    assert fitting == ()
    assert [problem.rule for problem in another] == ["idle-hash", "unhashed-inline"]


def test_what_stands_published_already_is_found() -> None:
    """A release repeats no file of a booking that is reused: a link to one is held against what stands there."""
    site = built().edited(GUEST, "</main>", '<a href="/g/b4nq9rv">x</a></main>')

    assert site.inspected(standing={"guest/g/b4nq9rv.html"}) == ()
    assert [problem.rule for problem in site.inspected()] == ["broken-link"]


def said(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return what is said of problems, without their places and what changes with any layout: lines, sizes, hashes."""
    lines = (str(replace(problem, hint=None)).partition(": ")[2] for problem in problems)
    lines = (re.sub(r"(?<=line )\d+|\d+(?= bytes,)|(?<=there are )\d+", "N", line) for line in lines)
    return tuple(re.sub(r"(?<=\.)[0-9a-f]{10}(?=\.)", "HASH", line) for line in lines)


def test_the_domains_of_targets_are_the_sites_own() -> None:
    """A page may be given to one, and a link may lead there, whichever target it is built for."""
    address = "https://sails.example.net/"
    page = built().edited(FORWARD, "url=/g/lark-guest-a7kq4wt", f"url={address}")
    page = page.edited(GUEST, "</main>", f'<a href="{address}">x</a></main>')

    found = page.inspected(domains=frozenset({"sails.example.net"}))

    assert [problem.rule for problem in found] == []
    assert {problem.rule for problem in page.inspected()} == {"foreign-address"}
