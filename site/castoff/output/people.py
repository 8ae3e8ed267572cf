"""What keeps people from using a page: no title, no words for a field or a picture, two things of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from castoff.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.output.page import Element, Page

_FIELDS: Final = frozenset({"input", "select", "textarea"})
_WITHOUT_LABEL: Final = frozenset({"hidden", "submit", "button", "reset", "image"})
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_REFERENCES: Final = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")
_NAMES: Final = ("aria-label", "aria-labelledby", "title")


def people_problems(page: Page, *, forms: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Yield what breaks a page for people; `forms` are the ids of forms that a publish puts in."""
    yield from _head_problems(page)
    yield from _id_problems(page, forms)
    yield from _heading_problems(page)
    labelled = {element.attributes.get("for") for element in page.elements if element.tag == "label"}
    for element in page.elements:
        attributes = element.attributes
        if element.tag == "img" and "alt" not in attributes:
            words, hint = "the picture has no `alt`", 'say what it shows, or write `alt=""` where it only decorates'
            yield Problem(page.path, *element.place, words, "missing-alt", hint)
        elif element.tag in _FIELDS and not _is_labelled(element, labelled):
            words, hint = "nothing says what goes into this field", "write a `<label>` for it"
            yield Problem(page.path, *element.place, words, "missing-label", hint)
        elif _is_silent(element):
            what = "button" if element.tag == "button" else "link"
            words, hint = f"this {what} says nothing", "write words into it, or an `aria-label`"
            yield Problem(page.path, *element.place, words, "missing-words", hint)


def _head_problems(page: Page) -> Iterator[Problem]:
    root = next((element for element in page.elements if element.tag == "html"), None)
    if root is None or not root.attributes.get("lang", "").strip():
        words, hint = "the page does not say its language", 'write `<html lang="en">`'
        yield Problem(page.path, 1, 1, words, "missing-language", hint)
    titles = [element for element in page.elements if element.tag == "title" and element.within("head")]
    if len(titles) != 1 or not titles[0].text.strip():
        place = titles[-1].place if titles else (1, 1)
        words = "the page has two titles" if len(titles) > 1 else "the page has no title"
        yield Problem(page.path, *place, words, "missing-title", "write one `<title>` into its head")


def _id_problems(page: Page, forms: frozenset[str]) -> Iterator[Problem]:
    first: dict[str, Element] = {}
    for element in page.elements:
        name = element.attributes.get("id")
        if name is None:
            continue
        if not name or any(sign.isspace() for sign in name):
            words = f"`{name}` is no id" if name else "an id is empty"
            yield Problem(page.path, *element.place, words, "repeated-id", "write letters, digits and hyphens")
        elif name in first or name in forms:
            line = f"; the first is in line {first[name].place[0]}" if name in first else ", the upload form's"
            words = f"id `{name}` stands twice{line}"
            yield Problem(page.path, *element.place, words, "repeated-id", "give each its own: only the first is found")
        first.setdefault(name, element)
    for element in page.elements:
        for attribute in _REFERENCES:
            for name in element.attributes.get(attribute, "").split():
                if name not in first and name not in forms:
                    words = f"`{attribute}` names `{name}`, and nothing on the page has that id"
                    yield Problem(page.path, *element.place, words, "broken-reference", "correct the id, or remove it")


def _heading_problems(page: Page) -> Iterator[Problem]:
    headings = [element for element in page.elements if element.tag in _HEADINGS]
    tops = [element for element in headings if element.tag == "h1"]
    if len(tops) != 1:
        place = tops[1].place if tops else (1, 1)
        words = f"the page has {len(tops)} headings of the first order" if tops else "the page has no `<h1>`"
        yield Problem(page.path, *place, words, "headings", "write one `<h1>`, which says what the page is")
    level = 0
    for heading in headings:
        now = _HEADINGS.index(heading.tag) + 1
        if level and now > level + 1:
            words = f"`<{heading.tag}>` follows `<h{level}>`"
            hint = f"write `<h{level + 1}>`: whoever listens to the page looks for what is between"
            yield Problem(page.path, *heading.place, words, "headings", hint, Severity.WARNING)
        level = now


def _is_labelled(element: Element, labelled: set[str | None]) -> bool:
    attributes = element.attributes
    return (
        attributes.get("type", "").lower() in _WITHOUT_LABEL
        or attributes.get("id", "") in labelled
        or any(attributes.get(name) for name in _NAMES)
        or element.within("label")
    )


def _is_silent(element: Element) -> bool:
    """Tell whether a link or a button has nothing that could be read aloud."""
    pressed = element.tag == "button" or (element.tag == "a" and "href" in element.attributes)
    return pressed and not element.named and not any(element.attributes.get(name) for name in _NAMES)
