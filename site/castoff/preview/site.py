"""The two sites of one state of the preview, each behind the very function of the edge."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from castoff.contract.release import Site
from castoff.contract.slots import ORIGIN_MARK, fill
from castoff.edge.distribution import EdgeFunction
from castoff.edge.local import local_edge
from castoff.edge.messages import Response
from castoff.edge.origins import object_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.slots import Form
    from castoff.edge.edge import Edge
    from castoff.edge.messages import Request
    from castoff.edge.origins import Origin
    from castoff.preview.forms import Forms
    from castoff.preview.shown import Pages

SERIAL: Final = 0
"""No publish wrote these pages."""

_PLAIN: Final = (("content-type", "text/plain; charset=utf-8"),)


class PagesOrigin:
    """One site's bucket as a publish would have written it: every slot filled."""

    def __init__(self, site: Site, pages: Pages, forms: Forms) -> None:
        self._site = site
        self._pages = pages
        self._forms = forms

    def fetch(self, request: Request) -> Response:
        """Return an object."""
        key = object_key(request.path)
        path = f"{self._site.value}/{key}"
        found = self._pages.find(path)
        if found is None:
            return Response(status=HTTPStatus.NOT_FOUND, headers=_PLAIN, body=b"not found")
        file, body = found
        if file.slots:
            forms = self._forms.of(file.slots)
            body = fill(_with_landings(body, forms), forms=forms, serial=SERIAL)
        return Response(status=HTTPStatus.OK, headers=(("content-type", file.content_type),), body=body)


def sites(pages: Pages, *, code: str, values: Mapping[str, str], forms: Forms, login: Origin) -> Mapping[Site, Edge]:
    """Return both sites over one build's pages; `code` is the edge function's, `login` answers for `/crew/*`."""
    function = EdgeFunction(name="preview", code=code, store=values)
    return {site: local_edge(function=function, pages=PagesOrigin(site, pages, forms), api=login) for site in Site}


def is_asset(pages: Pages | None, path: str) -> bool:
    """Tell whether a path is an asset that is at hand, whatever becomes of the files: its name is made of its bytes."""
    found = pages.find(f"{Site.GUEST.value}{path}") if pages is not None else None
    return found is not None and found[0].immutable


def _with_landings(body: bytes, forms: Mapping[str, Form | None]) -> bytes:
    """Let the page's policy allow for where its forms lead in the end: the real site's thank-you page.

    Published, that is the page's own site; browsers hold a redirect against `form-action` as they do the form itself.
    """
    landings = sorted({form.fields.get("success_action_redirect", "") for form in forms.values() if form} - {""})
    origins = " ".join(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, landings))
    return body.replace(ORIGIN_MARK.encode(), f"{ORIGIN_MARK} {origins}".encode()) if origins else body
