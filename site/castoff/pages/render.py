"""Pages become bytes: Jinja with everything escaped, nothing undefined, and each error at its line of the layout."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from castoff.contract.slots import ORIGIN_MARK, SERIAL_MARK
from castoff.pages import views
from castoff.pages.compiled import Compiled
from castoff.pages.ics import calendar_file
from castoff.pages.views import CalendarView
from castoff.problems import Problem, ProblemsError, nearest
from castoff.reading.forms import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from castoff.contract.slots import Slot
    from castoff.pages.assets import Asset
    from castoff.pages.keys import Page
    from castoff.pages.theme import Theme
    from castoff.pages.views import SiteView


_SLOT: Final = "<!--castoff:slot "
"""How the mark of a slot begins (castoff.contract.slots); whoever publishes refuses a page that has one too many."""
_POLICY: Final = "Content-Security-Policy"
_COMPILED: Final = Compiled()
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
            bytecode_cache=_COMPILED,
        )
        self._environment.globals.update(
            site=site,
            asset=self._asset,
            fragment=self._fragment,
            serial_mark=SERIAL_MARK,
            origin_mark=ORIGIN_MARK,
            names=frozenset(assets),
        )
        self._environment.filters["raster"] = _is_raster

    def render(self, page: Page) -> bytes:
        """Return the page's bytes; raise ProblemsError with file and line where a layout is at fault."""
        if isinstance(page.view, CalendarView):
            return calendar_file(page.view).encode()
        template = str(page.template)
        html = self._html(template, page.view)
        if page.slots or _SLOT in html:
            self._check_slots(template, html, page.slots)
        return html.encode()

    def _check_slots(self, template: str, html: str, slots: tuple[Slot, ...]) -> None:
        """Raise ProblemsError unless the page has each of its slots once, no other, and a policy that lets forms go."""
        left = html
        for slot in slots:
            if slot.mark not in html:
                words = f"the layout has no place for the form `{slot.name}`, and nothing could be sent"
                hint = (
                    f"write `{{{{ view.{slot.name}.form.slot }}}}` before the file input, as castoff's own layout does"
                )
                raise ProblemsError(Problem(self._blamed(template, slot.name), 1, 1, words, "missing-slot", hint))
            left = left.replace(slot.mark, "", 1)
        if _SLOT in left:
            twice = any(slot.mark in left for slot in slots)
            raise ProblemsError(self._needless_slot(template, left, why="twice" if twice else "undeclared"))
        if _POLICY in html and ORIGIN_MARK not in html:
            words = "the policy of the page forbids its form, and nothing could be sent"
            hint = "write `form-action 'self' {{ origin_mark }}; connect-src 'self' {{ origin_mark }}` into it"
            raise ProblemsError(Problem(self._blamed("base.html", _POLICY), 1, 1, words, "layout-policy", hint))

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

    def _needless_slot(self, template: str, html: str, *, why: Literal["twice", "undeclared"]) -> Problem:
        """Return the problem with a slot that the release does not declare: it would stay a comment, with no form."""
        mark = html[html.index(_SLOT) :].partition("-->")[0]
        name = shortened(mark.removeprefix(_SLOT))
        place = (self._blamed(template, name), 1)
        for layout, file in self._theme.files.items():
            above, found, _ = file.body.partition(mark.encode())
            if found and self._theme.template(layout):
                place = (file.path, above.count(b"\n") + 1)
        if why == "twice":
            words, hint = f"the form `{name}` stands in this page twice", "leave it in one place: a form has one id"
        else:
            words = f"`{name}` is no slot that this page has"
            hint = "remove the comment: no form would stand in its place"
        return Problem(*place, 1, words, "layout-slot", hint)

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

    def _blamed(self, template: str, word: str) -> str:
        """Return the path of the operator's own layout that a page's fault with something is most likely in."""
        own = self._theme.own
        speaking = sorted(name for name in own if word in name or word.encode() in self._theme.files[name].body)
        return self._path(template if template in own or not speaking else speaking[0])

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
