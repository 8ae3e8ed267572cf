"""Names that lead nowhere: vessels, docks, crew, checklists and pictures that a file names and that have none.

They are looked up by the plain values, so that they are seen in the same run as whatever else is wrong with a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from castoff.fleet.sources import CONTENT, PICTURES
from castoff.problems import Problem, Severity, nearest
from castoff.reading.front_matter import read_front_matter
from castoff.reading.limits import SHOWN
from castoff.reading.patterns import HYPHENATED
from castoff.reading.reader import decode
from castoff.reading.texts import plain_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from castoff.reading.reader import Document

    Steps = tuple[str | int, ...]

_NAME: Final = re.compile(HYPHENATED)
_BETWEEN: Final = re.compile(r"\s*(?:[,;&+/]|\band\b)\s*")
"""What people write between names where a list has commas."""
_PICTURE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]*")
_WANTED: Final = (("vessel", "vessels"), ("dock", "docks"), ("captain", "crew"))
_FOLDERS: Final = {**dict(_WANTED), "crew": "crew", "checklists": "checklists"}
_LISTS: Final = ("crew", "checklists")
_OF_NAMES: Final = ("wrong-name", "wrong-kind")
"""Rules for what was to be a name, or a list of names, and has not their form."""
_THINGS: Final = {"vessels": "vessel", "docks": "dock", "crew": "crew member", "checklists": "checklist"}


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named: the files of each content folder, whether or not they are in order, and the pictures."""

    folders: Mapping[str, Collection[str]]
    pictures: Collection[str]
    content: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, content: Mapping[str, bytes], pictures: Collection[str]) -> Names:
        """Return the names that the paths of content files stand for."""
        folders: dict[str, set[str]] = {folder: set() for folder in CONTENT}
        for path in content:
            _, folder, name = path.split("/")
            folders[folder].add(name.removesuffix(".md"))
        return cls(folders, pictures, content)

    def meant(self, text: str, folder: str) -> str | None:
        """Return the name of the file that a text speaks of: by the file's name or by what stands at its head."""
        plain, files = plain_name(text[: SHOWN + 1]), self.folders[folder]
        if not plain or len(text) > SHOWN:
            return None
        called = self._called(folder)
        exact = plain if plain in files else called.get(plain)
        near = exact or nearest(plain, sorted(files)) or nearest(plain, sorted(called))
        return near if near is None or near in files else called[near]

    def _called(self, folder: str) -> dict[str, str]:
        """Return the files of a folder by `name` or `title`; files are read for it, so only a hint may ask."""
        found: dict[str, str] = {}
        for path, body in self.content.items():
            _, inside, file = path.split("/")
            text = decode(body, path) if inside == folder else None
            front = read_front_matter(text, path)[0] if isinstance(text, str) else None
            values = {} if front is None else front.document.fields.values
            title = values.get("name", values.get("title"))
            if isinstance(title, str):
                found.setdefault(plain_name(title), file.removesuffix(".md"))
        return found


def booking_references(document: Document, names: Names) -> list[Problem]:
    """Return a problem for each vessel, dock and crew member of a booking that has no file."""
    folders, values = names.folders, document.fields.values
    problems = [
        _unknown(document, (one,), values[one], folder, names)
        for one, folder in _WANTED
        if _leads_nowhere(values.get(one), folders[folder])
    ]
    return problems + _unknown_in_list(document, "crew", "crew", names)


def without_who_left(problem: Problem) -> Problem:
    """Return a warning for a crew member without a file, of a charter that is over; any other problem as it is."""
    if problem.rule != "unknown-crew-member":
        return problem
    words = problem.words.replace("unknown", "no file is there of", 1) + ", and the charter is over"
    hint = "leave it: the charter is shown without them"
    return replace(problem, words=words, rule="crew-member-gone", hint=hint, severity=Severity.WARNING)


def with_names(problems: list[Problem], document: Document, names: Names) -> list[Problem]:
    """Return problems with the files in their hints that were meant by what is no name, or no list of names."""
    if not any(problem.rule in _OF_NAMES for problem in problems):
        return problems
    hints = dict(_hints(document, names))
    return [
        replace(problem, hint=hints.get((problem.line, problem.column), problem.hint))
        if problem.rule in _OF_NAMES and not str(problem.hint).startswith("remove")
        else problem
        for problem in problems
    ]


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
        if isinstance(picture, str) and picture not in names.pictures and _PICTURE.fullmatch(picture)
    ]
    return missing + _unknown_in_list(document, "checklists", "checklists", names)


def _hints(document: Document, names: Names) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the place of each value that could be meant for names of files, with what to write there."""
    for name, folder in _FOLDERS.items():
        value = document.fields.values.get(name)
        items = value if isinstance(value, list) else []
        for steps, text in [((name,), value), *(((name, at), item) for at, item in enumerate(items))]:
            hint = _hint(text, names, folder, steps) if isinstance(text, str) else None
            if hint:
                yield document.place_of(*steps), hint


def _hint(text: str, names: Names, folder: str, steps: Steps) -> str | None:
    in_list, is_list = len(steps) > 1, steps[0] in _LISTS
    files, parts = names.folders[folder], text.split()
    is_several = len(parts) > 1 and all(part in files for part in parts)  # `leo maya`, before who is nearly called so
    meant = names.meant(text, folder) if not is_several and (in_list or not is_list) else None
    several = [] if not is_list or meant else _several(text, names, folder)
    if several:
        listed = ", ".join(several)
        return f"write `{listed}`" if in_list else f"write `[{listed}]`"
    return f"did you mean `{meant}`?" if meant else None


def _several(text: str, names: Names, folder: str) -> list[str]:
    """Return the files that a text names one after the other, none where one of them is not to be found."""
    words = text.split()
    known = [words] if all(word in names.folders[folder] for word in words) else []
    for parts in (*known, [*filter(None, _BETWEEN.split(text.strip()))], words):
        found = [names.meant(part, folder) for part in parts]
        if found and None not in found:
            return [one for one in found if one]
    return []


def _unknown_in_list(document: Document, within: str, folder: str, names: Names) -> list[Problem]:
    values, known = document.fields.values.get(within), names.folders[folder]
    return [
        _unknown(document, (within, index), name, folder, names)
        for index, name in enumerate(values if isinstance(values, list) else ())
        if _leads_nowhere(name, known)
    ]


def _leads_nowhere(name: Any, known: Collection[str]) -> bool:
    """Tell whether a value could be a name and is none; what cannot be one is refused for its form."""
    return isinstance(name, str) and name not in known and name != "null" and bool(_NAME.fullmatch(name))


def _missing_picture(document: Document, steps: Steps, name: str, known: Collection[str]) -> Problem:
    inner = name.removeprefix(f"{PICTURES}/")
    meant = inner if inner in known else nearest(name, known)
    hint = f"did you mean `{meant}`?" if meant else f"put it into {PICTURES}"
    return document.problem(*steps, words=f"there is no picture `{name}`", rule="missing-picture", hint=hint)


def _unknown(document: Document, steps: Steps, name: str, folder: str, names: Names) -> Problem:
    thing = _THINGS[folder]
    meant = names.meant(name, folder)
    hint = f"did you mean `{meant}`?" if meant else f"write content/{folder}/{name}.md"
    rule = f"unknown-{thing.replace(' ', '-')}"
    return document.problem(*steps, words=f"unknown {thing} `{name}`", rule=rule, hint=hint)
