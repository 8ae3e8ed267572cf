"""Jinja, spared some work: what it makes is what Jinja makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, TemplateError, UndefinedError
from markupsafe import Markup, escape

from castoff.pages.engine import Engine, shown

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


class Forgetful(BytecodeCache):
    """A cache in which nothing is."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Find nothing."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep nothing."""


class Boat:
    """Something with fields, and a method that a layout may call."""

    name = 'Sea <Lark> & "co"'
    body = Markup("<p>She sails</p>")
    none = None
    seats = 6

    def call(self, *words: str, loud: bool = False) -> str:
        """Return words with a sign that must be escaped."""
        return " & ".join(words) + ("!" if loud else "")


LAYOUTS = {
    "base": "<{{ site }}>{% block title %}none{% endblock %}|{% block body %}{% endblock %}{{ view.name }}\n",
    "part": "({{ view.name }}{{ word|default('no word') }})",
    "macros": "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}",
    "fields": "{{ view.name }}{{ view.body }}{{ view.none }}{{ view.seats }}",
    "joined": "{{ 'a<' ~ view.name }}{{ view.body ~ '<' }}",
    "blocks": "{% extends 'base' %}{% set a = view.name %}{% block title %}{{ a }}{{ super() }}{% endblock %}",
    "calls": "{{ view.call('a', 'b<') }}{{ view.call('a', loud=true) }}{{ ask('<x>') }}{{ [1, 2]|join('<') }}",
    "calls in a block": "{% extends 'base' %}{% block body %}{% for i in [1]%}{{ ask('<') }}{% endfor %}{% endblock %}",
    "loops": "{% for sign in ['<', '&', 'x'] if sign != 'x' %}{{ loop.index }}{{ sign }}{% else %}none{% endfor %}",
    "includes": "{% set word = '<w>' %}{% include 'part' %}{% include ['missing', 'part'] %}",
    "macros of another": "{% from 'macros' import twice %}{{ twice('<') }}"
    "{% import 'macros' as m %}{{ m.twice(view.body) }}",
    "a block set": "{% set x %}<b>{{ view.name }}</b>{% endset %}{{ x }}{{ x|upper }}",
    "filters": "{{ view.name|e }}{{ view.name|safe }}{{ view.name|upper }}{{ view.body|striptags }}",
    "no escaping": "{% autoescape false %}{{ view.name }}{% endautoescape %}{{ view.name }}",
    "call blocks": "{% macro box() %}[{{ caller() }}]{% endmacro %}{% call box() %}{{ view.name }}{% endcall %}",
}


def load(name: str) -> tuple[str, str, None] | None:
    """Return a layout as a theme does."""
    return (LAYOUTS[name], name, None) if name in LAYOUTS else None


def engine() -> Engine:
    """Return an engine with a function of its own."""
    made = Engine(load, compiled=Forgetful())
    made.globals.update(site="s<i>te", ask=Boat().call)
    return made


def plain() -> Environment:
    """Return what castoff's would be without its savings."""
    made = Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(site="s<i>te", ask=Boat().call)
    return made


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_comes_out_as_jinja_has_it(name: str) -> None:
    """The first time, and when it is loaded already."""
    ours, theirs = engine(), plain()

    pages = [ours.get_template(name).render(view=Boat()) for _ in range(2)]

    assert pages == [theirs.get_template(name).render(view=Boat())] * 2


@given(st.one_of(st.text(), st.text("<>&'\" a\x00é"), st.integers(), st.none(), st.booleans(), st.lists(st.text())))
def test_a_value_is_shown_as_it_would_be_escaped(value: Any) -> None:
    """Whatever it is; a string that needs no escaping is that string, and what is marked as safe stays as it is."""
    assert shown(value) == escape(value)
    assert shown(escape(value)) == escape(value)


def test_what_is_not_there_is_still_a_fault() -> None:
    """In every place where a layout can ask for it."""
    for text in ("{{ view.nothing }}", "{{ nothing }}", "{{ nothing() }}", "{{ 'a' ~ nothing }}"):
        with pytest.raises(UndefinedError):
            engine().from_string(text).render(view=Boat())


@pytest.mark.parametrize(
    "layout",
    [
        "{{ view.__class__ }}",
        "{{ view.call.__globals__ }}",
        "{{ view['__class__'] }}",
        "{% set word = '__class__' %}{{ view[word] }}",
        "{{ [view]|map(attribute='__class__')|join }}",
        "{{ [view]|map(attribute='call.__globals__')|join }}",
        "{{ view|attr('__class__') }}",
        "{{ [view]|map('attr', '__class__')|list }}",
    ],
)
def test_no_layout_reaches_behind_its_names(layout: str) -> None:
    """Python's own attributes lead to all that the program knows: none is there, by whatever way it is asked for."""
    engine = Engine({"page": (layout, "page", None)}.get, compiled=Forgetful())

    with pytest.raises(TemplateError):
        engine.get_template("page").render(view=Boat())
