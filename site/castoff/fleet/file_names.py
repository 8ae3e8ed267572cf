"""What files are called: which belong where, and what to say of one that nobody would read by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from castoff.problems import Problem, Severity, nearest
from castoff.reading.meant_fields import all_of
from castoff.reading.patterns import HYPHENATED

_BOOKING: Final = re.compile(r"[a-z0-9]{7}\.yaml")
_CONTENT: Final = re.compile(rf"{HYPHENATED}\.md")
_MARK: Final = r"(?:[ _-]*(?:\(\d+\)|copy|kopie|copia)(?: ?\(?\d+\)?)?)"
_COPY: Final = re.compile(rf"(?:copy of )?(?P<name>.+?){_MARK}(?P<ending>\.[a-z]+)", re.IGNORECASE)
_COPY_OF: Final = re.compile(r"copy of (?P<name>.+)(?P<ending>\.[a-z]+)", re.IGNORECASE)
_NOBODY_S: Final = re.compile(
    r"[.#~].*|.*~|.*\.(?:bak|orig|rej|sw[a-z]|tmp)|readme(?:\..*)?|thumbs\.db|desktop\.ini|icon\r", re.IGNORECASE
)
"""Hidden files, what editors and systems leave beside a file, and words about the folder: nobody misses them."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How the files of a folder are called."""

    form: re.Pattern[str]
    endings: tuple[str, ...]
    """Endings of what was most likely meant to be one; the first is the right one."""
    hint: str
    again: str
    """How to get another with a name of its own."""


BOOKING_NAMING: Final = Naming(
    _BOOKING,
    (".yaml", ".yml", ".yaml.txt", ".yml.txt"),
    "name it `<id>.yaml`, the id being 7 lower-case letters or digits",
    "delete it, or let `castoff new` write another booking",
)
CONTENT_NAMING: Final = Naming(
    _CONTENT,
    (".md", ".markdown", ".md.txt"),
    "name it like `sheraton-marina.md`: lower-case letters, digits and single hyphens",
    "delete it, or give it a name of its own",
)


def is_left_over(name: str) -> bool:
    """Tell whether a file is nobody's, such as a hidden one."""
    return _NOBODY_S.fullmatch(name) is not None


def misnamed(folder: str, name: str, naming: Naming) -> Problem | None:
    """Return the problem with a file by its name: nothing for one that belongs there, or that is nobody's."""
    if naming.form.fullmatch(name) or is_left_over(name):
        return None
    path = f"{folder}/{name}"
    ending = next((one for one in sorted(naming.endings, key=len, reverse=True) if name.lower().endswith(one)), None)
    if ending is None:
        return stray(path, f"nobody reads `{name}` here", f"move it out of `{folder}`")
    words, hint = f"`{name}` does not belong here by its name", naming.hint
    copied = _COPY.fullmatch(name) or _COPY_OF.fullmatch(name)
    original = f"{copied['name'].strip()}{naming.endings[0]}" if copied else ""
    if naming.form.fullmatch(original):
        words, hint = f"`{name}` looks like a copy of `{original}`", naming.again
    else:
        stem = re.sub(r"[\s_]+", "-", name[: -len(ending)].strip().lower())
        if naming.form.fullmatch(stem + naming.endings[0]):
            hint = f"name it `{stem}{naming.endings[0]}`"
    return Problem(path, 1, 1, words, "wrong-file-name", hint)


def stray(path: str, words: str, hint: str) -> Problem:
    """Return the warning about what nobody reads."""
    return Problem(path, 1, 1, words, "stray-file", hint, Severity.WARNING)


def stray_content(name: str, folders: tuple[str, ...]) -> Problem | None:
    """Return the warning about what stands in `content` and is none of its folders."""
    if name in folders or is_left_over(name):
        return None
    meant = nearest(name, folders)
    hint = f"did you mean `content/{meant}`?" if meant else f"its folders are {all_of(folders)}"
    return stray(f"content/{name}", f"nobody reads `content/{name}`", hint)
