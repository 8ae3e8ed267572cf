"""Pages become bytes: Jinja with everything escaped, nothing undefined, and each error at its line of the layout."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from castoff.contract.slots import SERIAL_MARK
from castoff.pages import views
from castoff.pages.ics import calendar_file
from castoff.pages.views import CalendarView
from castoff.problems import Problem, ProblemsError, nearest
from castoff.reading.forms import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from castoff.pages.assets import Asset
    from castoff.pages.keys import Page
    from castoff.pages.theme import Theme
    from castoff.pages.views import SiteView


_SLOT: Final = "<!--castoff:slot "
"""How the mark of a slot begins (castoff.contract.slots); whoever publishes refuses a page that has one too many."""
_NO_ATTRIBUTE: Final = re.compile(r"'castoff\.pages\.views\.(?P<view>\w+) object' has no attribute '(?P<name>\w+)'")


class Renderer:
    """Render the pages of one build; templates are compiled once, and what is the same on many pages rendered once."""

    def __init__(self, theme: Theme, *, assets: Mapping[str, Asset], site: SiteView) -> None:
        self._theme = theme
        self._assets = assets
        self._fragments: dict[tuple[str, int], tuple[object, Markup]] = {}
        # Newlines of blocks go, so that layouts can be indented for people and pages stay small.
        self._environment = Environment(
            loader=FunctionLoader(self._load),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            site=site, asset=self._asset, fragment=self._fragment, serial_mark=SERIAL_MARK, names=frozenset(assets)
        )
        self._environment.filters["raster"] = _is_raster

    def render(self, page: Page) -> bytes:
        """Return the page's bytes; raise ProblemsError with file and line where a layout is at fault."""
        if isinstance(page.view, CalendarView):
            return calendar_file(page.view).encode()
        template = str(page.template)
        html = self._html(template, page.view)
        if _SLOT in html:
            raise ProblemsError(self._undeclared_slot(template, html))
        return html.encode()

    def _html(self, template: str, view: Any) -> str:
        try:
            return self._environment.get_template(template).render(view=view)
        except TemplateNotFound as error:
            name = str(error.name)
            words = f"there is no layout `{name}`"
            raise ProblemsError(self._problem(template, error.__traceback__, words, "missing-layout")) from error
        except TemplateSyntaxError as error:
            path = error.filename or f"layouts/{error.name}"
            raise ProblemsError(Problem(path, error.lineno, 1, _words(error), "layout-syntax")) from error
        except ProblemsError:
            raise
        except Exception as error:  # a layout is a program of the operator's: whatever it raises is theirs to mend
            words, hint = _undefined(error) or (_words(error), None)
            problem = self._problem(template, error.__traceback__, words, "layout-error", hint)
            raise ProblemsError(problem) from error

    def _undeclared_slot(self, template: str, html: str) -> Problem:
        """Return the problem with a slot that the release does not declare: it would stay a comment, with no form."""
        mark = html[html.index(_SLOT) :].partition("-->")[0]
        place = (self._path(template), 1)
        for name, file in self._theme.files.items():
            above, found, _ = file.body.partition(mark.encode())
            if found and self._theme.template(name):
                place = (file.path, above.count(b"\n") + 1)
        words = f"`{shortened(mark.removeprefix(_SLOT))}` is no slot that this page has"
        return Problem(*place, 1, words, "layout-slot", "remove the comment: no form would stand in its place")

    def _fragment(self, template: str, view: object) -> Markup:
        """Return a part that depends on nothing but its view, rendered once for each view there is."""
        # By identity, since hashing a long view costs more than a page may; the view is kept, so its id stays its own.
        found = self._fragments.get((template, id(view)))
        if found is None:
            text = self._environment.get_template(template).render(view=view)
            found = self._fragments[template, id(view)] = (view, Markup(text))  # noqa: S704 - our own layout's output
        return found[1]

    def _asset(self, name: str) -> str:
        found = self._assets.get(name)
        if found is None:
            meant = nearest(name, self._assets)
            raise TemplateError(f"there is no asset `{name}`" + (f"; did you mean `{meant}`?" if meant else ""))
        return found.address

    def _load(self, name: str) -> tuple[str, str, None] | None:
        file = self._theme.template(name)
        if file is None:
            return None
        try:
            return file.body.decode(), file.path, None
        except UnicodeDecodeError as error:
            words = "the layout is not text in UTF-8"
            raise ProblemsError(Problem(file.path, 1, 1, words, "layout-syntax")) from error

    def _problem(
        self, template: str, traceback: TracebackType | None, words: str, rule: str, hint: str | None = None
    ) -> Problem:
        paths = {file.path for file in self._theme.files.values()}
        place = (self._path(template), 1)
        while traceback is not None:
            path = traceback.tb_frame.f_code.co_filename
            if path in paths:
                place = (path, traceback.tb_lineno)
            traceback = traceback.tb_next
        return Problem(*place, 1, words, rule, hint)

    def _path(self, template: str) -> str:
        file = self._theme.files.get(template)
        return f"layouts/{template}" if file is None else file.path


def _undefined(error: Exception) -> tuple[str, str] | None:
    """Return words and hint where a layout asks one of our views for what it does not have."""
    found = _NO_ATTRIBUTE.search(str(error))
    if found is None:
        return None
    view, name = getattr(views, found["view"]), found["name"]
    known = [field.name for field in fields(view)]
    meant = nearest(name, known)
    hint = f"did you mean `{meant}`?" if meant else f"it has {', '.join(f'`{field}`' for field in known)}"
    return f"{view.__name__.removesuffix('View').lower()} has no `{name}`", hint


def _words(error: Exception) -> str:
    words = (str(error.args[0]) if error.args else type(error).__name__).replace("'", "`").rstrip(".")
    return words[:1].lower() + words[1:]


def _is_raster(name: str | None) -> bool:
    """Tell whether the programs that preview a link can show the picture; none of them shows SVG."""
    return name is not None and not name.lower().endswith(".svg")
