"""Names that lead nowhere: vessels, docks, crew, checklists and pictures that a file names and that have none.

They are looked up by the plain values, so that they are seen in the same run as whatever else is wrong with a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from castoff.fleet.sources import CONTENT
from castoff.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from castoff.reading.reader import Document

    Steps = tuple[str | int, ...]

_THINGS = {"vessels": "vessel", "docks": "dock", "crew": "crew member", "checklists": "checklist"}


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named: the files of each content folder, whether or not they are in order, and the pictures."""

    folders: Mapping[str, Collection[str]]
    pictures: Collection[str]

    @classmethod
    def of(cls, content: Iterable[str], pictures: Collection[str]) -> Names:
        """Return the names that the paths of content files stand for."""
        folders: dict[str, set[str]] = {folder: set() for folder in CONTENT}
        for path in content:
            _, folder, name = path.split("/")
            folders[folder].add(name.removesuffix(".md"))
        return cls(folders, pictures)


def booking_references(document: Document, names: Names) -> list[Problem]:
    """Return a problem for each vessel, dock and crew member of a booking that has no file."""
    folders, values = names.folders, document.fields.values
    wanted = [("vessel", "vessels"), ("dock", "docks"), ("captain", "crew")]
    problems = [
        _unknown(document, (field,), values[field], folder, folders[folder])
        for field, folder in wanted
        if _leads_nowhere(values.get(field), folders[folder])
    ]
    return problems + _unknown_in_list(document, "crew", "crew", names)


def content_references(document: Document, names: Names) -> list[Problem]:
    """Return a problem for each checklist and picture that content or castoff.yaml names and that is not there."""
    values = document.fields.values
    brand = values.get("brand")
    pictures: list[tuple[Steps, Any]] = [(("photo",), values.get("photo"))]
    if isinstance(brand, dict):
        pictures.append((("brand", "logo"), brand.get("logo")))
    missing = [
        _missing_picture(document, steps, picture, names.pictures)
        for steps, picture in pictures
        if _leads_nowhere(picture, names.pictures)
    ]
    return missing + _unknown_in_list(document, "checklists", "checklists", names)


def _unknown_in_list(document: Document, field: str, folder: str, names: Names) -> list[Problem]:
    values, known = document.fields.values.get(field), names.folders[folder]
    return [
        _unknown(document, (field, index), name, folder, known)
        for index, name in enumerate(values if isinstance(values, list) else ())
        if _leads_nowhere(name, known)
    ]


def _leads_nowhere(name: Any, known: Collection[str]) -> bool:
    """Tell whether a value could be a name and is none; what cannot be one is refused for its form."""
    return isinstance(name, str) and name not in known and bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9./-]*", name))


def _missing_picture(document: Document, steps: Steps, name: str, known: Collection[str]) -> Problem:
    meant = nearest(name, known)
    hint = f"did you mean `{meant}`?" if meant else "put it into content/pictures"
    return document.problem(*steps, words=f"there is no picture `{name}`", rule="missing-picture", hint=hint)


def _unknown(document: Document, steps: Steps, name: str, folder: str, known: Collection[str]) -> Problem:
    thing = _THINGS[folder]
    meant = nearest(name, sorted(known))
    hint = f"did you mean `{meant}`?" if meant else f"write content/{folder}/{name}.md"
    rule = f"unknown-{thing.replace(' ', '-')}"
    return document.problem(*steps, words=f"unknown {thing} `{name}`", rule=rule, hint=hint)
