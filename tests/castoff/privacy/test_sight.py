"""Money is touched in one place: the source of castoff is read for every other."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import castoff
from castoff.fleet.model import Finance
from castoff.pages import projection

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE: Final = Path(castoff.__file__).parent
MONEY: Final = {"finance", "Finance", *Finance.model_fields}
SEEING: Final = {
    "fleet/model.py": "what a booking may say",
    "fleet/settings.py": "`dashboard.finance`: whether the calendar gets any",
    "pages/projection.py": "`private_finance`, which hands it to the calendar where settings let it through",
    "contract/vocabulary.py": "words that lines are held back for",
    "reading/meant_fields.py": "what a misspelt field was meant to be",
    "privacy/leaks.py": "plants other figures",
}
"""The modules that name money, and what for."""


def touched(source: str) -> set[str]:
    """Return what a module names of money: attributes, names, imports, and texts that could be asked for by name."""
    return {name for node in ast.walk(ast.parse(source)) for name in _names(node)} & MONEY


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str(name)) | ast.arg(arg=name):
            yield name
        case ast.ImportFrom(names=names):
            yield from (alias.name for alias in names)
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Constant(value=str(text)):
            yield text


@pytest.mark.parametrize(
    "source",
    [
        "booking.finance",
        "from castoff.fleet.model import Finance",
        "getattr(booking, 'finance')",
        "x.revenue",
        "dict(finance=1)",
        "{'net_to_captain': 1}",
        "def f(captain_fee): ...",
    ],
)
def test_a_touch_is_seen(source: str) -> None:
    """In whichever way a module asks for money."""
    assert touched(source)


def test_few_modules_see_money() -> None:
    """Each with its reason; preview, pages, releases, plans and problems are not among them."""
    seeing = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if touched(path.read_text(encoding="utf-8"))
    }

    assert seeing == set(SEEING)


def test_in_the_projection_one_function_sees_money() -> None:
    """What makes views and payloads does not."""
    tree = ast.parse(Path(projection.__file__).read_text(encoding="utf-8"))

    seeing = {getattr(part, "name", "") for part in tree.body if touched(ast.unparse(part))}

    assert seeing == {"private_finance"}


def test_every_view_is_filled_by_name() -> None:
    """No booking, charter or mapping is poured into a view: a new field reaches nobody until someone lets it."""
    for path in (SOURCE / "pages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name.endswith("View") or name in {"crew_call", "calendar_entry", "Projection"}:
                    assert not [word for word in node.keywords if word.arg is None], f"{path.name}: {name}"
                    assert not [part for part in node.args if isinstance(part, ast.Starred)], f"{path.name}: {name}"
