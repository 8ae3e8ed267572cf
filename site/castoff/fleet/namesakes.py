"""Two files for what may be one: crew members with one mail address, vessels or docks with one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.fleet.content import Role
from castoff.problems import Problem, Severity
from castoff.reading.front_matter import read_front_matter
from castoff.reading.reader import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from castoff.fleet.content import CrewMember, Dock, Vessel


def namesakes(
    content: Mapping[str, bytes],
    *,
    vessels: Mapping[str, Vessel],
    docks: Mapping[str, Dock],
    crew: Mapping[str, CrewMember],
) -> list[Problem]:
    """Return a warning for each file that has what another has already; `content` are the files by path.

    A captain may work ashore, too, under an id of its own: only two who can be called aboard would be one at two docks.
    """
    problems: list[Problem] = []
    aboard = {key: member.email for key, member in crew.items() if member.role is not Role.OPS}
    for member, first in _doubles(aboard):
        words = f"`{member}` has the mail address of content/crew/{first}.md, as if both were one person"
        hint = "keep one file a person, or give each an address"
        path = f"content/crew/{member}.md"
        problems.append(_warning(content, path, "email", words=words, rule="same-address", hint=hint))
    for folder, names in (("vessels", vessels), ("docks", docks)):
        for one, first in _doubles({key: named.name for key, named in names.items()}):
            words = f"`{names[one].name}` is the name of content/{folder}/{first}.md, too, and no page tells them apart"
            path = f"content/{folder}/{one}.md"
            problems.append(
                _warning(content, path, "name", words=words, rule="same-name", hint="add to one of the names")
            )
    return problems


def _doubles(texts: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield each id whose text an id before it has, with that id; capitals and spaces make no difference."""
    first: dict[str, str] = {}
    for key in sorted(texts):
        text = "".join(texts[key].casefold().split())
        if first.setdefault(text, key) != key:
            yield key, first[text]


def _warning(content: Mapping[str, bytes], path: str, field: str, *, words: str, rule: str, hint: str) -> Problem:
    text = decode(content[path], path)
    front = read_front_matter(text, path)[0] if isinstance(text, str) else None
    place = (1, 1) if front is None else front.document.place_of(field)
    return Problem(path, *place, words, rule, hint, Severity.WARNING)
