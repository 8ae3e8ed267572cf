"""The reference is what the program says of itself: no page is stale, no link leads nowhere, nothing goes untold."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from jinja2 import Environment
from reference.index import pages
from reference.markdown import anchor
from reference.problems import said
from reference.templates import blocks_told, filters_told, globals_told
from support.example import ROOT, example, renderer

from castoff.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "docs" / "reference"


def test_no_page_is_stale() -> None:
    """CASTOFF_UPDATE=1 makes them anew; whoever changes a field, rule, view or command runs it and reads the diff."""
    made = pages()
    if os.environ.get("CASTOFF_UPDATE"):
        for name, text in made.items():
            (FOLDER / name).parent.mkdir(exist_ok=True)
            (FOLDER / name).write_text(text, encoding="utf-8")

    assert sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*")) == sorted(made)
    for name, text in made.items():
        assert (FOLDER / name).read_text("utf-8") == text, (
            f"docs/reference/{name} is stale: run CASTOFF_UPDATE=1 pytest tests/reference, and read the diff"
        )


def test_every_link_leads_somewhere() -> None:
    """To a file that there is, and within the reference to a heading."""
    made = pages()
    anchors = {name: set(_anchors(text)) for name, text in made.items()}
    links = [
        (name, target.partition("#"))
        for name, text in made.items()
        if name.endswith(".md")
        for target in re.findall(r"(?<!!)\]\((?!https:)([^)]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    ]

    lost = [
        (name, page, at)
        for name, (page, _, at) in links
        if not (FOLDER / (page or name)).exists() or (at and at not in anchors[page or name])
    ]

    assert lost == []


def test_a_page_has_each_heading_once() -> None:
    """An anchor is one place."""
    for name, text in pages().items():
        found = list(_anchors(text))

        assert sorted(found) == sorted(set(found)), name


def test_a_rule_s_name_is_its_anchor() -> None:
    """From a problem in a terminal, its name leads to what it means."""
    assert set(RULES) <= set(_anchors(pages()["problems.md"]))


def test_the_examples_of_rules_are_what_the_program_says() -> None:
    """Each rule of tests/invalid is one that the reference explains."""
    assert set(said()) <= set(RULES)


def test_what_layouts_may_use_is_told() -> None:
    """Names, filters and blocks: those that there are, and no others."""
    environment = renderer(example())._environment
    plain = Environment(autoescape=True)
    blocks = re.findall(r"{% block (\w+) %}", (ROOT / "layouts/base.html").read_text("utf-8"))
    changed = {name for name, value in environment.globals.items() if plain.globals.get(name) is not value}

    assert globals_told() == changed
    assert filters_told() == set(environment.filters) - set(plain.filters)
    assert blocks_told() == set(blocks)


def _anchors(text: str) -> Iterator[str]:
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    yield from (anchor(heading) for heading in re.findall(r"^#+ (.+)$", plain, re.MULTILINE))
