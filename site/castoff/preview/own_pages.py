"""The preview's own files below `/__castoff/`, and the pages that it has where the project has none to show."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from castoff.edge.messages import Response
from castoff.pages.prose import MARK
from castoff.pages.theme import ASSETS, shipped_layouts

if TYPE_CHECKING:
    from jinja2 import Template

PLACE: Final = "/__castoff/"
"""Below this nothing is ever published."""

_TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FILES: Final = frozenset({"home.css", "home.js", MARK, "page.js", "plain.css", "problems.css"})
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def own_file(name: str, *, before: str = "") -> Response | None:
    """Return one of the files that our pages are made of, None where it is none; `before` is put before its text."""
    if name not in _FILES:
        return None
    content_type = _TYPES[name.rpartition(".")[2]]
    return Response(status=200, headers=(("content-type", content_type),), body=(before + _text(name)).encode())


def own_page(name: str, *, status: int = 200, cookies: tuple[str, ...] = (), **values: Any) -> Response:
    """Return a page made of one of our templates."""
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", _POLICY),
        ("referrer-policy", "no-referrer"),
        *(("set-cookie", line) for line in cookies),
    )
    return Response(status=status, headers=headers, body=own_part(name, **values).encode())


def own_part(name: str, **values: Any) -> Markup:
    """Return what one of our templates makes."""
    return Markup(_template(name).render(values))  # noqa: S704 - every value in it was escaped


def elsewhere(address: str, *, cookies: tuple[str, ...] = ()) -> Response:
    """Return what sends a browser to another address."""
    return Response(status=303, headers=(("location", address), *(("set-cookie", line) for line in cookies)))


@cache
def _text(name: str) -> str:
    if name == MARK:
        return (shipped_layouts() / ASSETS / MARK).read_text("utf-8")
    return files("castoff.preview").joinpath("client", name).read_text("utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text(name))
