"""Markdown bodies: what a page would not show as it was meant is told, and at its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castoff.reading.bodies import to_html
from castoff.reading.prose import wrong_in_prose

PIECES = (
    *(
        "[a](",
        "[a]: ",
        "[b][a]",
        "<",
        ">",
        ")",
        "faq.md",
        "javascript:alert`1`",
        "https://example.com",
        "//example.com",
    ),
    *(
        "mailto:a@example.com",
        "`",
        "``",
        "<b>",
        "</b>",
        "<br/>",
        "<!-- x -->",
        " ",
        "\n",
        "\n\n",
        "word",
        "a < b",
        "1. ",
    ),
    *("![x](", "**", "&lt;", "tel:+16195550142", "#there", "/g/x"),
)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("A *small* sloop, 5 < 6.", []),
        ("Write to <sail@example.com>, see <https://example.com>.", []),
        ("[call](tel:+16195550142), [here](#there), [page](/g/lark)", []),
        ("`<b>` and ``a ` <b>``", []),
        ("one\n<br> two <b>", [(1, 0, "raw-html")]),
        ("two</p>", [(0, 3, "raw-html")]),
        ("<!-- later -->", [(0, 0, "raw-html")]),
        ("[faq](faq.md)", [(0, 6, "wrong-link")]),
        ("[faq]( <faq.md> )", [(0, 8, "wrong-link")]),
        ("[faq]()", [(0, 6, "wrong-link")]),
        ("[faq]( <> )", [(0, 8, "wrong-link")]),
        ("see\n[x]: faq.md", [(1, 5, "wrong-link")]),
        ("to [the pier][pier]", [(0, 14, "wrong-link")]),
        ("to [the pier][]", [(0, 4, "wrong-link")]),
        ("[the pier][Pier One]\n\n [pier one]: https://example.com", []),
        ("[pier][]\n\n[PIER]: https://example.com", []),
        ("`[the pier][pier]`, [ ][x], and \\[the pier][pier]", []),
        ("<javascript:alert(1)>", [(0, 1, "wrong-link")]),
        ("[x](JavaScript:alert)", [(0, 4, "wrong-link")]),
        ("[x](//example.com)", [(0, 4, "wrong-link")]),
        ("[x](http://example.com)", [(0, 4, "insecure-link")]),
        ("![x](https://example.com/x.png)", [(0, 0, "picture-in-text")]),
    ],
)
def test_what_is_wrong_with_a_body_has_its_line_and_column(body: str, found: list[tuple[int, int, str]]) -> None:
    """Text between backticks is text, and less than is no tag."""
    assert [(wrong.line, wrong.column, wrong.rule) for wrong in wrong_in_prose(body)] == found


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_link_is_dropped_in_silence(body: str) -> None:
    """Where the page has words without their link, the operator is told; and nothing but Markdown makes an element."""
    html = to_html(body)

    if re.search(r"<a(?! href=)[^>]*>", html):
        assert {"wrong-link", "picture-in-text"} & {wrong.rule for wrong in wrong_in_prose(body)}
    if "<img" in html:
        assert "picture-in-text" in {wrong.rule for wrong in wrong_in_prose(body)}
    assert "<b>" not in html
    assert "<!--" not in html
