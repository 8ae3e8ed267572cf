"""The JSON Schemas that editors check files with while they are written: made from the models that read them.

They have no `$id`: a file names the schema that it wants by its path in the project, and no host serves them.
"""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any, Final, assert_never

from castoff.fields import Shape, choices_of, fields_of, kind_schema
from castoff.fleet.content import (
    ChecklistFields,
    CrewMemberFields,
    DockFields,
    Location,
    SnippetFields,
    VesselFields,
)
from castoff.fleet.model import Booking
from castoff.fleet.settings import Settings
from castoff.fleet.targets import DashboardSettings, SccSettings, SiteSettings, TargetSettings
from castoff.reading.limits import MOST_CREW
from castoff.reading.meant_zones import takes_timezone
from castoff.reading.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from castoff.fields import FieldWords

FOLDER: Final = "schema"
FILES: Final[Mapping[str, type[BaseModel]]] = {
    "booking": Booking,
    "settings": Settings,
    "vessel": VesselFields,
    "dock": DockFields,
    "crew-member": CrewMemberFields,
    "checklist": ChecklistFields,
    "snippet": SnippetFields,
}
"""The files that an operator writes; of Markdown it is the front matter."""
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"
"""What every editor's YAML support understands; later drafts judge these schemas in the same way."""
_YES: Final = {"enum": [True, "yes", "true"]}
_PARTS: Final = tuple(name for name in TargetSettings.model_fields if name != "embedded")
_BETWEEN: Final[Mapping[type[BaseModel], dict[str, Any]]] = {
    Booking: {
        "properties": {
            "aliases": {"uniqueItems": True},
            "crew": {"uniqueItems": True, "maxItems": MOST_CREW},
        },
        "if": {"properties": {"status": {"const": "cancelled"}}, "required": ["status"]},
        "then": {"required": ["cancelled"]},
        "else": {"properties": {"cancelled": False}},
    },
    VesselFields: {"properties": {"checklists": {"uniqueItems": True}}},
    Location: {
        "not": {"properties": {"lat": {"const": 0}, "lon": {"const": 0}}, "required": ["lat", "lon"]},
    },
    TargetSettings: {
        "if": {"properties": {"embedded": _YES}, "required": ["embedded"]},
        "then": {"properties": dict.fromkeys(_PARTS, False)},
        "else": {"required": ["guest", "ops"]},
    },
    SiteSettings: {"required": ["domain"]},
    SccSettings: {"required": []},
    DashboardSettings: {"required": []},
}
"""What holds between the fields of one record, which the models check by themselves."""


def schemas() -> dict[str, str]:
    """Return the text of each schema by its path in the project."""
    return {f"{FOLDER}/{name}.json": schema(model) for name, model in FILES.items()}


def schema(model: type[BaseModel]) -> str:
    """Return the text of a model's schema."""
    parts: dict[str, Any] = {}
    whole = _record(model, parts)
    title = {"$schema": _DIALECT, "title": model.__name__.removesuffix("Fields")}
    found = {**title, **whole, "$defs": dict(sorted(parts.items()))}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _record(model: type[BaseModel], parts: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a record; the parts that it is made of go into `parts`, each once."""
    fields = fields_of(model)
    found = {
        "description": inspect.cleandoc(str(model.__doc__)),
        "type": "object",
        "properties": {field.name: _property(field, parts) for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }
    _add(found, _BETWEEN.get(model, {}))
    return found


def _property(field: FieldWords, parts: dict[str, Any]) -> dict[str, Any]:
    told = {"description": field.words} | ({} if field.default is None else {"default": field.default})
    value = _part(field, parts)
    match field.shape:
        case Shape.ONE:
            return told | value
        case Shape.LIST:
            return told | {"type": "array", "items": value}
        case Shape.MAPPING:
            parts["Name"] = kind_schema("Name")
            names = {"$ref": "#/$defs/Name"}
            return told | {"type": "object", "propertyNames": names, "additionalProperties": value}
        case _:
            assert_never(field.shape)


def _part(field: FieldWords, parts: dict[str, Any]) -> dict[str, Any]:
    """Return a reference to what each of a field's values is."""
    if field.record is not None:
        name = field.record.__name__
        parts[name] = _record(field.record, parts)
    elif field.choices is not None:
        name, words = field.choices.__name__, choices_of(field.choices)
        parts[name] = {"enum": list(words), "enumDescriptions": list(words.values())}
    else:
        name = str(field.kind)
        parts[name] = kind_schema(name)
        if name == "TimeZone":
            parts[name]["enum"] = sorted(filter(takes_timezone, zone_names()))
    return {"$ref": f"#/$defs/{name}"}


def _add(schema: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add keywords to a schema; where both have one, what is in it is added."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(schema.get(key), dict):
            _add(schema[key], value)
        else:
            schema[key] = value
