"""What Jinja says of a layout, in an operator's words and at its place: line and, where it can be told, column."""

from __future__ import annotations

import re
from dataclasses import fields
from traceback import walk_tb
from typing import TYPE_CHECKING, Final

from jinja2 import TemplateError

from castoff.pages import views
from castoff.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import TemplateSyntaxError

GLOBALS: Final = ("asset", "fragment", "names", "origin_mark", "serial_mark", "site", "view")
"""What every layout may use."""
_LONGEST_RANGE: Final = 10_000
_NO_ATTRIBUTE: Final = re.compile(r"'castoff\.pages\.views\.(?P<view>\w+) object' has no attribute '(?P<name>\w+)'")
_UNDEFINED: Final = re.compile(r"'(?P<name>\w+)' is undefined")
_UNKNOWN_TAG: Final = re.compile(r"Encountered unknown tag '(?P<name>\w+)'")
_UNCLOSED: Final = re.compile(
    r"Unexpected end of template.*The innermost block that needs to be closed is '(?P<name>\w+)'", re.DOTALL
)
_TAGS: Final = (
    "block",
    "extends",
    "include",
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "endblock",
    "macro",
)


def syntax_problem(error: TemplateSyntaxError, path: str, text: str) -> Problem:
    """Return the problem with a layout that Jinja cannot read."""
    message, line = str(error.message), error.lineno
    tag, unclosed = _UNKNOWN_TAG.search(message), _UNCLOSED.search(message)
    if tag is not None:
        meant = nearest(tag["name"], _TAGS)
        hint = f"did you mean `{meant}`?" if meant else "Jinja's own tags are known, and no others"
        words, name = f"there is no tag `{tag['name']}`", tag["name"]
    elif unclosed is not None:
        name = unclosed["name"]
        line = _last_opening(text, name) or line
        words, hint = f"the `{name}` that opens here is never closed", f"write `{{% end{name} %}}` where it ends"
    else:
        words, hint, name = plain_words(error), "look at its brackets, quotes and ends of blocks", ""
    return Problem(path, line, column_of(text, line, name), words, "layout-syntax", hint)


def undefined(error: Exception) -> tuple[str, str, str] | None:
    """Return words, hint and the name that a layout asks for and that is not there; None for any other error."""
    attribute, variable = _NO_ATTRIBUTE.search(str(error)), _UNDEFINED.search(str(error))
    if attribute is not None:
        view, name = getattr(views, attribute["view"]), attribute["name"]
        what = view.__name__.removesuffix("View").lower()
        return f"{what} has no `{name}`", meant(name, [field.name for field in fields(view)], "it has"), name
    if variable is not None:
        name = variable["name"]
        return f"there is no `{name}`", meant(name, GLOBALS, "a layout has"), name
    return None


def meant(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the hint for a name that is unknown: the nearest one, or all of them."""
    names = [*known]
    near = nearest(name, names)
    return f"did you mean `{near}`?" if near else f"{otherwise} {', '.join(f'`{one}`' for one in names)}"


def short_range(*bounds: int) -> range:
    """Return a range for a layout to go through; raise TemplateError for one that no page is long enough for."""
    found = range(*bounds)
    if len(found) > _LONGEST_RANGE:
        raise TemplateError(f"a range of {len(found):,} is longer than any page")
    return found


def plain_words(error: Exception) -> str:
    """Return what an error says, as this program speaks."""
    if isinstance(error, RecursionError):
        return _too_deep(error)
    words = (str(error.args[0]) if error.args else type(error).__name__).replace("'", "`").rstrip(".")
    return words[:1].lower() + words[1:]


def column_of(text: str, line: int, name: str) -> int:
    """Return the column, from 1, where a name stands in a line; that of the first sign where it does not."""
    source = "".join(text.split("\n")[line - 1 : line])
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source) if name else None
    return (found.start() if found else len(source) - len(source.lstrip())) + 1


def _too_deep(error: RecursionError) -> str:
    """Return what goes on without end, or is only more than can be read."""
    made = [(frame.f_code.co_filename, frame.f_code.co_name) for frame, _ in walk_tb(error.__traceback__)]
    roots = [path for path, name in made if name == "top-level template code"]  # as Jinja rewrites them
    if len({*roots}) < len(roots):
        return "this layout includes itself, by way of others or at once"
    if any(name == "template" for _, name in made):
        return "a macro calls itself, by way of others or at once"
    return "brackets or blocks stand in each other too deep to be read"


def _last_opening(text: str, tag: str) -> int | None:
    """Return the line in which the block begins that is open at the end of a text, from 1."""
    opened: list[int] = []
    for found in re.finditer(rf"{{%[-+]?\s*(?P<end>end)?{tag}\b", text):
        if not found["end"]:
            opened.append(text.count("\n", 0, found.start()) + 1)
        elif opened:
            opened.pop()
    return opened[-1] if opened else None
