"""Pages become bytes: Jinja with everything escaped, nothing undefined, and each error at its line of the layout."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from castoff.contract.calendar import Event
from castoff.contract.slots import ORIGIN_MARK, SERIAL_MARK
from castoff.pages.compiled import compiled_in
from castoff.pages.engine import Engine
from castoff.pages.ics import calendar_file
from castoff.pages.layout_faults import column_of, plain_words, short_range, syntax_problem, undefined
from castoff.pages.theme import FOLDER
from castoff.problems import Problem, ProblemsError, nearest
from castoff.reading.forms import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from castoff.contract.slots import Slot
    from castoff.pages.assets import Asset
    from castoff.pages.keys import Page
    from castoff.pages.theme import Theme
    from castoff.pages.views import SiteView


_SLOT: Final = "<!--castoff:slot "
"""How the mark of a slot begins (castoff.contract.slots); whoever publishes refuses a page that has one too many."""
_POLICY: Final = "Content-Security-Policy"


def compile_layouts(theme: Theme, cache: Path | None) -> None:
    """Compile every layout, so that no process that is forked from now on has to; faults are for whoever renders."""
    engine = _engine(theme, cache)
    for name in theme.files:
        if theme.template(name) is not None:
            with suppress(TemplateError, ProblemsError):
                engine.get_template(name)


class Renderer:
    """Render the pages of one build; templates are compiled once, and what is the same on many pages rendered once."""

    def __init__(self, theme: Theme, *, assets: Mapping[str, Asset], site: SiteView, cache: Path | None = None) -> None:
        """Take the layouts, what they show of the site, and where they are kept as they were compiled, if anywhere."""
        self._theme = theme
        self._assets = assets
        self._fragments: dict[tuple[str, int], tuple[object, Markup]] = {}
        self._environment = _engine(theme, cache)
        self._environment.globals.update(
            site=site,
            asset=self._asset,
            fragment=self._fragment,
            serial_mark=SERIAL_MARK,
            origin_mark=ORIGIN_MARK,
            names=frozenset(assets),
            range=short_range,
        )

    def render(self, page: Page) -> bytes:
        """Return the page's bytes; raise ProblemsError with file and line where a layout is at fault."""
        if isinstance(page.view, Event):
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
            words, hint = f"there is no layout `{name}`", f"write {FOLDER}/{name}, or correct the name"
            problem = self._problem(template, error.__traceback__, words, "missing-layout", hint, name=name)
            raise ProblemsError(problem) from error
        except TemplateSyntaxError as error:
            path = error.filename or f"layouts/{error.name}"
            raise ProblemsError(syntax_problem(error, path, self._text(path))) from error
        except ProblemsError:
            raise
        except Exception as error:  # a layout is a program of the operator's: whatever it raises is theirs to mend
            words, hint, name = undefined(error) or (plain_words(error), "look at what this line asks for", "")
            problem = self._problem(template, error.__traceback__, words, "layout-error", hint, name=name)
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

    def _problem(
        self, template: str, traceback: TracebackType | None, words: str, rule: str, hint: str, *, name: str
    ) -> Problem:
        """Return a problem at the line of a layout that was run last, where `name` stands in it."""
        paths = {file.path for file in self._theme.files.values()}
        place = (self._path(template), 1)
        while traceback is not None:
            path = traceback.tb_frame.f_code.co_filename
            if path in paths:
                place = (path, traceback.tb_lineno)
            traceback = traceback.tb_next
        path, line = place
        return Problem(path, line, column_of(self._text(path), line, name), words, rule, hint)

    def _text(self, path: str) -> str:
        """Return the text of a layout by its path in problems."""
        found = next((file.body for file in self._theme.files.values() if file.path == path), b"")
        return found.decode(errors="replace")

    def _blamed(self, template: str, word: str) -> str:
        """Return the path of the operator's own layout that a page's fault with something is most likely in."""
        own = self._theme.own
        speaking = sorted(name for name in own if word in name or word.encode() in self._theme.files[name].body)
        return self._path(template if template in own or not speaking else speaking[0])

    def _path(self, template: str) -> str:
        file = self._theme.files.get(template)
        return f"layouts/{template}" if file is None else file.path


def _engine(theme: Theme, cache: Path | None) -> Engine:
    engine = Engine(partial(_source, theme), compiled=compiled_in(cache))
    engine.filters["raster"] = _is_raster
    return engine


def _source(theme: Theme, name: str) -> tuple[str, str, None] | None:
    """Return a layout's text and its path; None where there is no such layout."""
    file = theme.template(name)
    if file is None:
        return None
    try:
        return file.body.decode(), file.path, None
    except UnicodeDecodeError as error:
        words, hint = "the layout is not UTF-8 text", "save the file as UTF-8"
        raise ProblemsError(Problem(file.path, 1, 1, words, "not-utf-8", hint)) from error


def _is_raster(name: str | None) -> bool:
    """Tell whether the programs that preview a link can show the picture; none of them shows SVG."""
    return name is not None and not name.lower().endswith(".svg")
