"""Content: front matter and Markdown, checklists whose ticks last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from castoff.fleet.content import (
    Phase,
    Role,
    parse_checklist,
    parse_crew_member,
    parse_dock,
    parse_snippet,
    parse_vessel,
)
from castoff.reading.bodies import Item, items, to_html

VESSEL = """---
name: Jada
capacity: 12
boarding: 20m
checklists: [departure]
---
*Jada* is a sloop.
"""


def test_a_vessel_has_its_fields_its_id_and_its_body() -> None:
    """The id is the file's name; what is not said has its default."""
    vessel = parse_vessel(VESSEL, "content/vessels/jada.md").value

    assert vessel is not None
    assert (vessel.id, vessel.name, vessel.capacity, vessel.checklists) == ("jada", "Jada", 12, ("departure",))
    assert (vessel.boarding, vessel.crew_call, vessel.turnaround) == (timedelta(minutes=20), timedelta(hours=1), None)
    assert vessel.body_html == "<p><em>Jada</em> is a sloop.</p>"


def test_a_dock_a_crew_member_and_a_snippet_are_read_alike() -> None:
    """Windows line ends and an empty body do no harm."""
    dock = parse_dock(
        "---\nname: Pier\naddress: 1 Drive\nlocation: {lat: 32.7, lon: -117.2}\n---", "content/docks/pier.md"
    )
    member = parse_crew_member("---\nname: Leo\nrole: ops\nemail: leo@example.com\n---\n", "content/crew/leo.md")
    snippet = parse_snippet("---\ntitle: Safe\n---\n- one\n", "content/guest/safety.md")

    assert dock.value is not None
    assert dock.value.location is not None
    assert (dock.value.location.lat, dock.value.location.lon) == (32.7, -117.2)
    assert dock.value.body_html == ""
    assert member.value is not None
    assert member.value.role is Role.OPS
    assert snippet.value is not None
    assert snippet.value.body_html == "<ul>\n<li>one</li>\n</ul>"


def test_a_checklist_has_items_with_ids_that_stay() -> None:
    """Words may be written anew; the id is what a tick is kept by."""
    text = "---\ntitle: Before\nphase: prepare\n---\n\n- [ ] Fuel above *half* {#fuel}\n* [ ] Bilge dry {#bilge}\n"

    checklist = parse_checklist(text, "content/checklists/departure.md").value

    assert checklist is not None
    assert (checklist.id, checklist.title, checklist.phase) == ("departure", "Before", Phase.PREPARE)
    assert checklist.items == (
        Item("fuel", "Fuel above <em>half</em>", "Fuel above *half*"),
        Item("bilge", "Bilge dry", "Bilge dry"),
    )


def test_a_wrong_line_of_a_checklist_has_its_line_in_the_file() -> None:
    """Front matter counts."""
    text = "---\ntitle: Before\nphase: prepare\n---\n- [ ] Fuel {#fuel}\n- [ ] Bilge\n"

    problems = parse_checklist(text, "content/checklists/departure.md").problems

    assert [(problem.line, problem.rule) for problem in problems] == [(6, "missing-item-id")]


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ("- [ ] a {#a}\n- [ ] b {#a}", ["repeated-item-id"]),
        ("- [ ] a {#A b}", ["wrong-item-id"]),
        ("- [ ] a {#}", ["wrong-item-id"]),
        ("- [x] a {#a}", ["not-an-item"]),
        ("- a {#a}", ["not-an-item"]),
        ("- [ ] {#a}", ["missing-item-id"]),
        ("", ["empty-checklist"]),
        ("- [ ] a {#a}\n\n", []),
    ],
)
def test_every_line_of_a_checklist_is_an_item_or_a_problem(body: str, rules: list[str]) -> None:
    """Nothing is passed over in silence."""
    assert [line.rule for line in items(body)[1]] == rules


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>"),
        ("<script>x()</script>", "<p>&lt;script&gt;x()&lt;/script&gt;</p>"),
        ("<div onclick='x'>\n\na", "<p>&lt;div onclick='x'&gt;</p>\n<p>a</p>"),
        ("[a](javascript:x)", "<p><a>a</a></p>"),
        ("[a](JavaScript:x)", "<p><a>a</a></p>"),
        ("[a](data:text/html,x)", "<p><a>a</a></p>"),
        ("[a](https://a.example)", '<p><a href="https://a.example">a</a></p>'),
        ("[a](HTTPS://a.example)", '<p><a href="HTTPS://a.example">a</a></p>'),
        ("[a](tel:+16195550142)", '<p><a href="tel:+16195550142">a</a></p>'),
        ("", ""),
    ],
)
def test_a_body_is_markdown_and_never_markup(text: str, html: str) -> None:
    """Raw HTML is the text that it is, and a link leads to a page, a mail or a telephone."""
    assert to_html(text) == html


def test_one_body_does_not_show_in_the_next() -> None:
    """A link that one file defines is unknown to another."""
    to_html("[a]: https://a.example\n\n[a]")

    assert to_html("[a]") == "<p>[a]</p>"
