"""A page's own Content-Security-Policy: nothing is forbidden that it needs, nothing let in that it does not."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.contract.slots import ORIGIN_MARK
from castoff.output.references import Use
from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from castoff.output.page import Element, Page
    from castoff.output.references import Reference

_NAME: Final = "content-security-policy"
_DIRECTIVES: Final = {
    Use.IMAGE: "img-src",
    Use.STYLE: "style-src",
    Use.SCRIPT: "script-src",
    Use.FRAME: "frame-src",
    Use.FORM: "form-action",
}
_NO_DEFAULT: Final = frozenset({"form-action", "base-uri"})
"""Directives that `default-src` does not stand in for (CSP Level 3, section 6)."""
_HASHES: Final = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_PROGRAMS: Final = frozenset({"", "module", "importmap", "speculationrules", "text/javascript"})
"""Types of scripts that run; any other is data."""
_NEEDED_HINT: Final = "write the policy as castoff's own `base.html` does"


@dataclass(frozen=True, slots=True)
class _Policy:
    element: Element
    directives: dict[str, tuple[str, ...]]

    def sources(self, directive: str) -> tuple[str, ...] | None:
        """Return what a directive lets in, None where nothing limits it."""
        found = self.directives.get(directive)
        return found if found is not None or directive in _NO_DEFAULT else self.directives.get("default-src")


def policy_problems(page: Page, references: Sequence[Reference], *, form: bool) -> Iterator[Problem]:
    """Yield what is wrong with the policy of a page; `form` tells whether a publish puts a form into it."""
    yield from _handlers(page)
    elements = [element for element in page.elements if element.tag == "meta" and _says_policy(element)]
    if len(elements) != 1:
        words = "the page has two policies" if elements else "the page has no Content-Security-Policy"
        place = elements[1].place if elements else (1, 1)
        yield Problem(page.path, *place, words, "missing-policy", _NEEDED_HINT)
        return
    policy = _Policy(elements[0], _directives(elements[0].attributes.get("content", "")))
    yield from _late(page, policy)
    yield from _loose(page, policy, form=form, images=_shows_data(references))
    yield from _inline(page, policy)
    yield from _forbidden(page, policy, references, form=form)


def _handlers(page: Page) -> Iterator[Problem]:
    """Yield what no policy can let in by itself: scripts, styles and pages in attributes, and addresses that move."""
    for element in page.elements:
        if element.tag == "base":
            words, hint = "`<base>` moves every address of the page", "remove it"
            yield Problem(page.path, *element.place, words, "loose-policy", hint)
        for name in element.attributes:
            if name.startswith("on"):
                words = f"`{name}` holds a script, which the page's policy forbids"
                yield Problem(page.path, *element.place, words, "inline-handler", "move it into a file of its own")
            elif name == "style":
                words = "`style` holds a style, which the page's policy forbids"
                yield Problem(page.path, *element.place, words, "inline-style", "give it a class, and a style sheet")
            elif name == "srcdoc":
                words = "`srcdoc` holds a page of its own, which nothing here checks"
                yield Problem(page.path, *element.place, words, "inline-handler", "remove it")


def _late(page: Page, policy: _Policy) -> Iterator[Problem]:
    for element in page.elements:
        if element is policy.element:
            return
        if element.tag in {"script", "style", "link"}:
            words = f"this `<{element.tag}>` stands before the policy, which does not hold for it"
            hint = "write the policy first, right after `<meta charset>`"
            yield Problem(page.path, *element.place, words, "loose-policy", hint)


def _loose(page: Page, policy: _Policy, *, form: bool, images: bool) -> Iterator[Problem]:
    place = policy.element.place
    for directive in ("default-src", "base-uri", "form-action"):
        if directive not in policy.directives:
            words = f"the policy has no `{directive}`, so everything is let in"
            yield Problem(page.path, *place, words, "loose-policy", _NEEDED_HINT)
    for directive, sources in policy.directives.items():
        for source in sources:
            fine = (
                source in {"'none'", "'self'"}
                or _hash_of(source) is not None
                or (source == ORIGIN_MARK and form and directive in {"form-action", "connect-src"})
                or (source == "data:" and directive == "img-src" and images)
            )
            if not fine:
                shown = "where uploads go" if source == ORIGIN_MARK else f"`{source}`"
                words = f"`{directive}` lets in {shown}, which nothing on the page needs"
                yield Problem(page.path, *place, words, "loose-policy", "take it out of the policy")


def _inline(page: Page, policy: _Policy) -> Iterator[Problem]:
    """Yield scripts and styles within the page whose hash the policy lacks, and hashes that nothing on it has."""
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        sources = policy.sources(directive) or ()
        left = {source for source in sources if _hash_of(source) is not None}
        for element in page.elements:
            if element.tag != tag or "src" in element.attributes or not _runs(element):
                continue
            fitting = {source for source in sources if _fits(source, element.text)}
            left -= fitting
            if not fitting:
                words = f"the policy does not let this `<{tag}>` in: no hash of it stands in `{directive}`"
                own = _written(element.text)
                yield Problem(page.path, *element.place, words, "unhashed-inline", f"write `'{own}'` into the policy")
        for source in sorted(left):
            words = f"`{directive}` has a hash that no `<{tag}>` of the page has"
            yield Problem(page.path, *policy.element.place, words, "idle-hash", f"remove `{source[:20]}…`")


def _forbidden(page: Page, policy: _Policy, references: Iterable[Reference], *, form: bool) -> Iterator[Problem]:
    if form and ORIGIN_MARK not in (policy.sources("form-action") or ()):
        words = "the policy of the page forbids its form, and nothing could be sent"
        hint = "write `form-action 'self' {{ origin_mark }}` into it"
        yield Problem(page.path, *policy.element.place, words, "layout-policy", hint)
    for reference in references:
        if reference.use in {Use.LINK, Use.SELF}:
            continue
        directive = _DIRECTIVES.get(reference.use, "default-src")
        sources = policy.sources(directive)
        wanted = "data:" if reference.address.startswith("data:") else "'self'"
        if sources is not None and wanted not in sources:
            words = f"`{directive}` of the page's policy forbids this `{reference.what}`"
            yield Problem(page.path, *reference.place, words, "layout-policy", f"write `{wanted}` into it")


def _says_policy(element: Element) -> bool:
    return element.attributes.get("http-equiv", "").lower() == _NAME


def _directives(content: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in content.split(";"):
        name, *sources = part.split() or [""]
        if name:
            found.setdefault(name.lower(), tuple(sources))  # as browsers do, the first of two counts
    return found


def _shows_data(references: Iterable[Reference]) -> bool:
    return any(one.use is Use.IMAGE and one.address.startswith("data:") for one in references)


def _runs(element: Element) -> bool:
    return element.tag == "style" or element.attributes.get("type", "").strip().lower() in _PROGRAMS


def _hash_of(source: str) -> tuple[str, str] | None:
    kind, dash, value = source.strip("'").partition("-")
    return (kind, value) if dash and kind in _HASHES and source.startswith("'") else None


def _fits(source: str, text: str) -> bool:
    found = _hash_of(source)
    return found is not None and b64encode(_HASHES[found[0]](text.encode()).digest()).decode() == found[1]


def _written(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
