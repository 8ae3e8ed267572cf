"""The JSON Schemas that editors check files with while they are written: made from the models that read them."""

from __future__ import annotations

import ast
import inspect
import json
from typing import TYPE_CHECKING, Any, Final

from castoff.fleet.model import Booking, Cancellation, Finance, Guests
from castoff.fleet.settings import Brand, DashboardContents, Retention, Settings, Uploads
from castoff.fleet.targets import DashboardSettings, SccSettings, SiteSettings, TargetSettings

if TYPE_CHECKING:
    from pydantic import BaseModel

FOLDER: Final = "schema"
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""What every editor's YAML support understands."""
_PARTS: Final = {
    Booking: (Guests, Cancellation, Finance),
    Settings: (
        *(Brand, Uploads, Retention, DashboardContents),
        *(TargetSettings, SiteSettings, SccSettings, DashboardSettings),
    ),
}


def schemas() -> dict[str, str]:
    """Return the text of each schema by its path in the project."""
    return {f"{FOLDER}/booking.json": schema(Booking), f"{FOLDER}/settings.json": schema(Settings)}


def schema(kind: type[BaseModel]) -> str:
    """Return the text of a model's schema: defaults are left out, since they are in castoff's own units."""
    found = kind.model_json_schema()
    _describe(found, kind)
    for part in _PARTS[kind]:
        _describe(found["$defs"][part.__name__], part)
    return json.dumps({"$schema": _DIALECT, **_plain(found)}, indent=2, ensure_ascii=False) + "\n"


def _describe(schema: dict[str, Any], kind: type[BaseModel]) -> None:
    """Put the docstrings of a model's fields beside its properties: the words that editors show."""
    for name, words in _docstrings(kind).items():
        schema["properties"][name]["description"] = words


def _docstrings(kind: type[BaseModel]) -> dict[str, str]:
    body = ast.parse(inspect.getsource(kind)).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{kind.__name__} has no source")
    return {
        field.target.id: str(words.value.value)
        for field, words in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant)
    }


def _plain(value: Any) -> Any:
    """Return a schema without titles, defaults and the null that a field may not be: who has no value leaves it out."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    titled = isinstance(value.get("title"), str)  # otherwise it is a field of that name
    kept = {key: part for key, part in value.items() if key != "default" and not (titled and key == "title")}
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del kept["anyOf"]
        kept = {**options[0], **kept}
    return {key: _plain(part) for key, part in kept.items()}
