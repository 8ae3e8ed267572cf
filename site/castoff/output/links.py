"""Whether each address leads to where it should: to what stands in the release, or knowingly outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

from castoff.output.grounds import host_of
from castoff.output.paths import SERVICES, meaning_of, seen_at
from castoff.output.references import Use
from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from castoff.output.grounds import Grounds
    from castoff.output.references import Reference

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SPOKEN: Final = {
    "mailto": re.compile(r"mailto:[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\?[^\s<>\"]*)?"),
    "tel": re.compile(r"tel:\+?[0-9]{3,20}"),
    "sms": re.compile(r"sms:\+?[0-9]{3,20}([?&;][^\s<>\"]*)?"),
    "geo": re.compile(r"geo:-?\d{1,2}(\.\d+)?,-?\d{1,3}(\.\d+)?([;?][^\s<>\"]*)?"),
}
_DATA_IMAGE: Final = re.compile(r"data:image/(avif|gif|jpeg|png|svg\+xml|webp)[;,]")
_THIS_MACHINE: Final = re.compile(r"(.*\.)?localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1")
_ANYWHERE: Final = "/castoff/404.html"
"""The page that an edge shows in place of any other."""
_LIMIT: Final = 80


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place on another page that an address points at: to be looked for once that page is read."""

    path: str
    name: str
    problem: Problem


def link_problems(
    references: Iterable[Reference], path: str, grounds: Grounds, *, anchors: frozenset[str] = frozenset()
) -> Iterator[Problem | Anchor]:
    """Yield a problem for each address of the file at `path` that leads astray, and the anchors on other pages."""
    judge = _Judge(path, grounds, anchors)
    for reference in references:
        yield from judge.judge(reference)


class _Judge:
    """The addresses of one file, judged one by one."""

    def __init__(self, path: str, grounds: Grounds, anchors: frozenset[str]) -> None:
        self._path = path
        self._site, _, key = path.partition("/")
        self._seen_at = seen_at(key)
        self._grounds = grounds
        self._anchors = anchors

    def judge(self, reference: Reference) -> Iterator[Problem | Anchor]:
        address = reference.address.strip()
        own = self._grounds.split(address)
        scheme = _SCHEME.match(address)
        if not address or re.search(r"[\x00-\x20\x7f\\]", address):
            words = f"{_shown(address)} is no address" if address else "the address is empty"
            yield Problem(self._path, *reference.place, words, "broken-link", "write where it leads, or remove it")
        elif own is not None:
            yield from self._own(reference, *own)
        elif scheme is not None:
            yield from self._with_scheme(reference, address, scheme[1].lower())
        elif address.startswith("//"):
            words = f"{_shown(address)} does not say `https:`"
            yield Problem(self._path, *reference.place, words, "unsafe-address", "write `https://` before the host")
        elif self._path.endswith(_ANYWHERE) and not address.startswith(("/", "#")):
            words = f"{_shown(address)} is found from one folder alone, and this page is shown in all"
            yield Problem(self._path, *reference.place, words, "broken-link", "begin it with `/`")
        else:
            parts = urlsplit(urljoin(f"http://x{self._seen_at}", address))
            rest = f"{parts.path or '/'}{'#' + parts.fragment if parts.fragment else ''}"
            yield from self._own(reference, self._site, rest)

    def _own(self, reference: Reference, site: str, rest: str) -> Iterator[Problem | Anchor]:
        path, _, fragment = rest.partition("#")
        path = path.partition("?")[0] or "/"
        shown, place = _shown(reference.address.strip()), reference.place
        if path == self._seen_at and site == self._site:
            found = self._path
        elif path.startswith(SERVICES):
            return
        else:
            meaning = meaning_of(path)
            if meaning is None:
                yield from self._beside(reference)
                return
            found = f"{site}/{meaning.key}"
            if not self._grounds.holds(found):
                words = f"{shown} leads to nothing: the release has no such file"
                yield Problem(self._path, *place, words, "broken-link", "correct the address, or remove it")
                return
            if not meaning.direct:
                words, hint = f"{shown} takes a way round to its page", f"write `{meaning.address}`"
                yield Problem(self._path, *place, words, "roundabout-link", hint)
        if fragment and fragment != "top" and found.endswith(".html"):
            name = unquote(fragment)
            words = f"{shown} points at `{name}`, and nothing there has that id"
            problem = Problem(self._path, *place, words, "broken-anchor", "correct what follows `#`, or remove it")
            if found != self._path:
                yield Anchor(found, name, problem)
            elif name not in self._anchors:
                yield problem

    def _beside(self, reference: Reference) -> Iterator[Problem]:
        """Judge a path on one of our domains that is not castoff's: the domain may have a site of its own."""
        shown = _shown(reference.address.strip())
        if reference.use in {Use.LINK, Use.SELF}:
            words = f"{shown} lies outside of what castoff publishes, and cannot be checked"
            hint = "see that it is there, or write the whole address, from `https://` on"
            yield Problem(self._path, *reference.place, words, "unchecked-link", hint, Severity.WARNING)
        else:
            words = f"{shown} lies outside of what castoff publishes"
            hint = "put the file into `layouts/assets`, and write `{{ asset('…') }}`"
            yield Problem(self._path, *reference.place, words, "broken-link", hint)

    def _with_scheme(self, reference: Reference, address: str, scheme: str) -> Iterator[Problem]:
        shown, place, follows = _shown(address), reference.place, reference.use in {Use.LINK, Use.SELF}
        host = host_of(address)
        if scheme in _SPOKEN and follows:
            if not _SPOKEN[scheme].fullmatch(address):
                words, hint = f"{shown} is not a whole `{scheme}:` address", "correct it, or remove it"
                yield Problem(self._path, *place, words, "broken-link", hint)
        elif scheme in {"http", "https"} and _THIS_MACHINE.fullmatch(host):
            words, hint = f"{shown} is an address of your own computer", "write an address that guests can open"
            yield Problem(self._path, *place, words, "unsafe-address", hint)
        elif scheme == "http" and follows and host:
            words, hint = f"{shown} is not encrypted", f"write `https:{_cut(address[5:])}`"
            yield Problem(self._path, *place, words, "unsafe-address", hint, Severity.WARNING)
        elif scheme == "https" and not follows:
            words = f"`{reference.what}` takes something from `{host}`, which would see every guest"
            hint = "put the file into `layouts/assets`, and write `{{ asset('…') }}`"
            yield Problem(self._path, *place, words, "foreign-address", hint)
        elif scheme == "https":
            yield from self._elsewhere(reference, host)
        elif scheme == "data" and reference.use is Use.IMAGE and _DATA_IMAGE.match(address):
            return
        else:
            words, hint = f"{shown} is not safe to follow", "write an address that begins with `https://`"
            yield Problem(self._path, *place, words, "unsafe-address", hint)

    def _elsewhere(self, reference: Reference, host: str) -> Iterator[Problem]:
        """Judge where one is led on another site."""
        if host in self._grounds.domains:
            return
        if reference.use is Use.SELF:
            words, hint = f"`{reference.what}` gives the page to `{host}`, which is not yours", "name a page of yours"
            yield Problem(self._path, *reference.place, words, "foreign-address", hint)
        elif host not in self._grounds.hosts:
            shown = _shown(reference.address.strip())
            words = f"{shown} leads to `{host}`, which no settings, booking or content names"
            hint = "correct it, or write `https://` and the host in castoff.yaml, if only in a comment"
            yield Problem(self._path, *reference.place, words, "foreign-address", hint)


def _shown(address: str) -> str:
    return f"`{_cut(address)}`"


def _cut(address: str) -> str:
    return address if len(address) <= _LIMIT else f"{address[:_LIMIT]}…"
