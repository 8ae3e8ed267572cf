"""docs/reference/templates.md: what a layout may use, from the views that pages are made of and from the layouts."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, is_dataclass
from enum import EnumType
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, get_args, get_origin, get_type_hints

from markupsafe import Markup
from reference.markdown import code, page, table
from support.example import example, instant, projected

from castoff.fields import words_of
from castoff.fleet.settings import addresses
from castoff.pages import phase, views
from castoff.pages.board import board
from castoff.pages.keys import charter_pages, site_pages
from castoff.pages.theme import load_theme, shipped_layouts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_BEGINNING: Final = """\
castoff's own layouts are Jinja templates, with styles and scripts in `assets/`. A file of the same name in your
project's folder `layouts/` takes the place of castoff's; all others stay. Everything is escaped, unless it is *HTML*
below. A name that is not there stops the build, with its line. What a page shows comes from `view`; what is the same
everywhere, from `site`. Money has no name here: no layout can show it."""
_Given: TypeAlias = "tuple[type, str]"
"""A view that a part is given, and `list of ` where it is a list of them."""
_GLOBALS: Final = {
    "view": "what this page shows: see the table of pages",
    "site": "what is the same on every page: [site](#site)",
    "asset(NAME)": 'the address of a style, script or picture, by its name: `asset("castoff.css")`',
    "names": 'the names of all assets: `"mine.css" in names`',
    "fragment(TEMPLATE, VIEW)": "a part that depends on nothing but the view handed to it, and is rendered once for it:"
    " what is the same on a thousand pages costs nothing; within it, `view` is that view",
    "serial_mark": "where the serial of the publish will stand, which makes each written page's bytes its own",
    "origin_mark": "where the address that forms are sent to will stand, for the page's own policy",
    "range(…)": "as in Jinja, for short loops",
}
_FILTERS: Final = {"raster": "whether programs that preview a link can show the picture of that name; none shows SVG"}
_BLOCKS: Final = {
    "title": "what stands in the browser's tab",
    "head": "more within `<head>`",
    "kind": "the class of `<body>`, by which `castoff.css` tells pages apart",
    "body": "the page",
}
_VALID: Final = """\
- **Every name is one of those below**, and every template that is included or extended is there.
- **Each upload form stands once.** While `view.photos.form` is there, the page has `{{ view.photos.form.slot }}`
  once, before the file input: the signed fields of the form will stand in its place, as in `parts/photos.html`.
- **The policy lets the form go.** A page with its own `Content-Security-Policy` has `{{ origin_mark }}` in
  `form-action` and `connect-src`, as `base.html` does.
- **Nothing stands in a page but what the policy allows**: no inline style, script or event handler; nothing from other
  hosts. Styles and scripts go into `layouts/assets/` and are named by `asset()`."""


def templates() -> str:
    """Return the page."""
    shown = _pages()
    return page(
        "Templates",
        _BEGINNING,
        "## Pages",
        table(("layout", "what `view` is"), [(f"`{name}`", _link(view)) for name, view in shown.items()]),
        "Their parts get what is handed to `fragment`, or all that the page has where they are included:",
        table(("part", "what `view` is"), [(f"`{name}`", " or ".join(got)) for name, got in _parts(shown)]),
        "## Beside `view`",
        table(("name", "what it is"), [(f"`{name}`", words) for name, words in _GLOBALS.items()]),
        table(("filter", "what it says"), [(f"`{name}`", words) for name, words in _FILTERS.items()]),
        table(("block of `base.html`", "what goes into it"), [(f"`{name}`", words) for name, words in _BLOCKS.items()]),
        "## What makes a theme valid",
        _VALID,
        "## Views",
        *(_view(view) for view in _all({*shown.values(), views.SiteView}, shown)),
    )


def globals_told() -> set[str]:
    """Return the names that the page tells of, for the test that holds them to those there are."""
    return {re.split(r"\W", name)[0] for name in _GLOBALS} - {"view"}


def blocks_told() -> set[str]:
    """Return the blocks that the page tells of."""
    return set(_BLOCKS)


def filters_told() -> set[str]:
    """Return the filters that the page tells of."""
    return set(_FILTERS)


def _pages() -> Mapping[str, type]:
    """Return the view of each layout that makes pages: of the example's pages, which are of every kind."""
    fleet = example()
    projections = projected(fleet)
    rows = {booking: projection.carry.board for booking, projection in projections.items()}
    sites = addresses(fleet.settings.targets["production"])
    made = [page for projection in projections.values() for page in charter_pages(projection)]
    made += site_pages({sheet.key: sheet.view(sites) for sheet in board(rows, as_of=instant(fleet)).sheets})
    return dict(sorted({page.template: type(page.view) for page in made if page.template}.items()))


def _parts(shown: Mapping[str, type]) -> Iterable[tuple[str, list[str]]]:
    """Yield each part of a page with what it is given, in words, in the order of their names."""
    given: dict[str, set[_Given]] = {name: {(view, "")} for name, view in shown.items()}
    texts = _layouts()
    waiting = list(shown)
    while waiting:
        name = waiting.pop()
        for part, got in _uses(texts[name], given[name]):
            if not got <= given.setdefault(part, set()):
                given[part] |= got
                waiting.append(part)
    for name in sorted(given.keys() - shown.keys() - {"base.html"}):
        yield name, sorted(f"{many}{_link(view)}" for view, many in given[name])


def _uses(text: str, given: set[_Given]) -> Iterable[tuple[str, set[_Given]]]:
    for part in re.findall(r'{%-? *(?:include|extends) "([^"]+)"', text):
        yield part, given
    for part, steps in re.findall(r'fragment\("([^"]+)", ([\w.]+)\)', text):
        first, *rest = steps.split(".")
        got: set[_Given] = {(views.SiteView, "")} if first == "site" else set(given)
        for step in rest:
            got = {_inner(_hints(view)[step]) for view, _ in got}
        yield part, got


def _layouts() -> Mapping[str, str]:
    theme = load_theme(_nowhere())
    return {name: file.body.decode() for name, file in theme.files.items() if theme.template(name) is not None}


def _nowhere() -> Path:
    """Return a folder without layouts of its own."""
    return shipped_layouts() / "assets"


def _all(first: set[type], shown: Mapping[str, type]) -> list[type]:
    """Return the views and every view within them, those of pages first."""
    order = [views.SiteView, *shown.values()]
    found: dict[type, None] = dict.fromkeys(view for view in order if view in first)
    for view in list(found):
        _within(view, found)
    return list(found)


def _within(view: type, found: dict[type, None]) -> None:
    for hint in _hints(view).values():
        inner, _ = _inner(hint)
        if is_dataclass(inner) and inner not in found:
            found[inner] = None
            _within(inner, found)


def _hints(view: type) -> dict[str, Any]:
    return get_type_hints(view, vars(phase) | {"Markup": Markup} | vars(views))


def _inner(hint: Any) -> tuple[Any, str]:
    """Return what a field holds, and in words how many of it."""
    inner = get_args(hint)
    if get_origin(hint) is tuple:
        return inner[0], "list of "
    if NoneType in inner:
        return next(part for part in inner if part is not NoneType), "perhaps "
    return hint, ""


def _view(view: type) -> str:
    words, hints = words_of(view), _hints(view)
    silent = [field.name for field in fields(view) if field.name not in words]
    if silent:
        raise ValueError(f"{view.__name__}: no docstring stands under {', '.join(silent)}")
    rows = [(f"`{field.name}`", words[field.name], _type(hints[field.name])) for field in fields(view)]
    about = re.sub(r"\s+", " ", inspect.cleandoc(str(view.__doc__)))
    return f"### {_name(view)}\n\n{about}\n\n{table(('name', 'what it is', 'type'), rows)}"


def _type(hint: Any) -> str:
    inner, many = _inner(hint)
    plain = {str: "text", Markup: "*HTML*", bool: "yes or no", int: "number"}
    if isinstance(inner, EnumType):
        return many + "one of " + ", ".join(code(member.value) for member in inner)  # type: ignore[var-annotated]
    return many + (_link(inner) if is_dataclass(inner) else plain[inner])


def _name(view: type) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", view.__name__.removesuffix("View")).lower()


def _link(view: type) -> str:
    return f"[{_name(view)}](#{_name(view).replace(' ', '-')})"
