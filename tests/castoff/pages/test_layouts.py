"""An operator's own layouts before any page is made of them: castoff's own pass, and so does what they may do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest

from castoff.pages.layout_policy import forbidden
from castoff.pages.layouts import layout_problems
from castoff.pages.theme import Theme, ThemeFile, load_theme

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[3]
DOCK = "guest/dock.html"


def theme_with(texts: Mapping[str, str]) -> Theme:
    """Return castoff's own theme with files of an operator's over it."""
    theme = load_theme(ROOT / "site")
    own = {name: ThemeFile(f"layouts/{name}", text.encode()) for name, text in texts.items()}
    return replace(theme, files={**theme.files, **own})


def told(theme: Theme, *pictures: str) -> list[tuple[int, int, str]]:
    """Return line, column and rule of each problem."""
    return [(problem.line, problem.column, problem.rule) for problem in layout_problems(theme, pictures)]


def test_castoff_s_own_layouts_would_pass_as_an_operator_s() -> None:
    """Whoever copies one to change a word begins without a problem."""
    theme = load_theme(ROOT / "site")
    copied = {name: ThemeFile(f"layouts/{name}", file.body) for name, file in theme.files.items()}

    assert told(replace(theme, files={**theme.files, **copied}), "logo.svg") == []


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.com/" target=_blank>{{ view.name }}</a>',
        '{# <script>alert(1)</script> #}<!-- <p style="x"> -->',
        "<script src=\"{{ asset('clock.js') }}\" defer></script>",
        '<script type="application/ld+json">{"name": 1}</script>',
        '<link rel="canonical" href="https://example.com/">',
        "<p>Prices: on request, style = ours</p>",
        '{% include "guest/park.html" ignore missing %}',
        '{% include ["guest/park.html", "guest/dock.html"] %}',
        "{{ view.photo|raster }}",
        "{% if view.photo is defined %}{{ view.name|upper|default('x') }}{% endif %}",
        '<img src="{{ asset(\'lark.jpg\') }}" alt="">',
        '<div{% if view.name %} class="one"{% endif %}>',
        "<p title=\"a > b onclick = 'x', style='y'\">{{ view.name }}</p>",
        "<p>it's 1 < 2 <b>and \"so</b> on</p>",
        '{% extends "base.html" %}{% block body %}{% block mine %}{% endblock %}{% endblock %}',
        "{% extends view.name %}{% block mine %}{% endblock %}",
        '{% extends "crew.html" %}{% block body %}{% endblock %}',
        "{% block mine %}{% endblock %}",
    ],
)
def test_what_works_is_left_alone(text: str) -> None:
    """Links may lead anywhere, comments say anything, and what may be missing is nobody's mistake."""
    assert told(theme_with({DOCK: text}), "lark.jpg") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>\n <b onclick = 'x'>", (2, 5, "inline-handler")),
        ('<p title="a > b"\n onclick=x>', (2, 2, "inline-handler")),
        ('<p title="onclick=" onload=x>', (1, 21, "inline-handler")),
        ("<p title='>' style=x>", (1, 14, "inline-style")),
        ("<p onclick=x", (1, 4, "inline-handler")),
        ("{% extends 'base.html' %}\n {% block bdoy %}{% endblock %}", (2, 11, "unknown-block")),
        ("{% extends 'crew.html' %}{% if 1 %}{% block mine %}{% endblock %}{% endif %}", (1, 45, "unknown-block")),
        ('<p\n   style="x">', (2, 4, "inline-style")),
        ("<SCRIPT>x</SCRIPT>", (1, 1, "unhashed-inline")),
        ("<style media=print>x</style>", (1, 1, "unhashed-inline")),
        ("<img alt='' src=//cdn.example.com/x.png>", (1, 17, "foreign-address")),
        ("<link rel=stylesheet href='https://fonts.example.com/x'>", (1, 28, "foreign-address")),
        ("{{ asset('lark.png') }}", (1, 11, "missing-asset")),
        ("{{ fragment('guest/dok.html', view) }}", (1, 14, "missing-layout")),
        ("{% extends 'bas.html' %}", (1, 13, "missing-layout")),
        ("{{ view.name|capitalise }}", (1, 14, "layout-syntax")),
        ("{% if view.name is empty %}{% endif %}", (1, 20, "layout-syntax")),
        ("{% for one in view %}\n{% if one %}\n{% endif %}", (1, 4, "layout-syntax")),
        ("\n\n{{ fragment('guest/dock.html', view) }}", (3, 14, "layout-circle")),
    ],
)
def test_what_would_not_work_is_told_at_its_place(text: str, found: tuple[int, int, str]) -> None:
    """Line and column are those of the very word."""
    assert told(theme_with({DOCK: text}), "lark.jpg") == [found]


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("p {}\n @import 'https://fonts.example.com/x';", [(2, 2, "foreign-address")]),
        ('p { background: url("//cdn.example.com/x.png") }', [(1, 17, "foreign-address")]),
        ("@font-face { src: url( HTTP://example.com/x.woff2 ) }", [(1, 19, "foreign-address")]),
        ("/* url(https://example.com/) */ p::after { content: 'url(https://example.com/)' }", []),
        ("p { background: url(lark.png) }", []),
        ("p { background: url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\") }", []),
    ],
)
def test_a_style_sheet_loads_nothing_from_elsewhere(style: str, found: list[tuple[int, int, str]]) -> None:
    """The policy holds for what a style sheet asks for, too."""
    assert told(theme_with({"assets/castoff.css": style})) == found


def test_many_open_tags_take_no_longer_than_they_are_long() -> None:
    """A layout of two megabytes is looked through in a second, however broken."""
    for text in ('<a b="' * 300_000, "<a " * 600_000, "<a b= " * 300_000, "{{" * 900_000):
        began = process_time()
        assert [*forbidden("layouts/guest.html", text)] == []
        assert process_time() - began < 2


def test_a_policy_of_the_operator_s_own_is_judged_on_the_pages() -> None:
    """It may allow what castoff's does not; `castoff check --output` holds each page against its own."""
    base = '<meta http-equiv="Content-Security-Policy" content="script-src \'sha256-x\'"><script>x</script>'

    assert told(theme_with({"base.html": base})) == []


def test_a_copy_of_castoff_s_policy_is_castoff_s() -> None:
    """Whoever copies the layout that has it goes on being told what it forbids."""
    base = load_theme(ROOT / "site").files["base.html"].body.decode()

    found = told(theme_with({"base.html": base, "guest/dock.html": '<p onclick="x()">x</p>'}))

    assert found == [(1, 4, "inline-handler")]


def test_a_file_that_a_layout_or_a_script_names_is_no_stray_one() -> None:
    """By include, by `asset`, or in the text of another layout."""
    theme = theme_with(
        {
            DOCK: "{{ fragment('guest/park.html', view) }}{{ asset('pier.css') }}",
            "guest/park.html": "x",
            "assets/pier.css": "x",
            "assets/alone.css": "x",
            "guest/alone.html": "x",
        }
    )

    assert [(problem.path, problem.rule) for problem in layout_problems(theme, ())] == [
        ("layouts/assets/alone.css", "stray-file"),
        ("layouts/guest/alone.html", "stray-file"),
    ]
