"""An editor's idea of a file: YAML as its schema sees it, judged by JSON Schema with regular expressions of JavaScript.

The YAML support of VS Code, Neovim and others (yaml-language-server) reads YAML 1.2 with the core schema: `yes` and
`2024-05-28` are text, `true`, `12` and `1e5` are not. It can be set to YAML 1.1, which PyYAML reads: there `yes` and
`on` are answers, `14:30` is 870, and `010` is eight. Names of fields are text in both.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import quickjs
import yaml
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError
from jsonschema.validators import extend

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SCHEMAS: Final = Path(__file__).resolve().parents[2] / "schema"


class Yaml(Enum):
    """Which YAML an editor reads."""

    CORE = "1.2"
    OLD = "1.1"


class _Core(yaml.CSafeLoader):
    """YAML 1.2, core schema (https://yaml.org/spec/1.2.2/#103-core-schema)."""

    yaml_implicit_resolvers: Mapping[str, Any] = {}


class _Old(yaml.CSafeLoader):
    """YAML 1.1; a date stays the text that it is in JSON."""


_INT: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_CORE_SCHEMA: Final = {
    "null": re.compile(r"(?:~|null|Null|NULL|)\Z"),
    "bool": re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"),
    "int": re.compile(rf"(?:{_INT.pattern})\Z"),
    "float": re.compile(rf"(?:{_FLOAT.pattern})\Z"),
}
for _kind, _pattern in _CORE_SCHEMA.items():
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _pattern, None)  # type: ignore[no-untyped-call]


def _integer(loader: Any, node: Any) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _number(loader: Any, node: Any) -> float:
    return float(str(loader.construct_scalar(node)).lower().replace(".inf", "inf").replace(".nan", "nan"))


def _text(loader: Any, node: Any) -> str:
    return str(loader.construct_scalar(node))


def _fields(loader: Any, node: Any) -> dict[str, Any]:
    return {str(key.value): loader.construct_object(value, deep=True) for key, value in node.value}  # type: ignore[no-untyped-call]


_Core.add_constructor("tag:yaml.org,2002:int", _integer)
_Core.add_constructor("tag:yaml.org,2002:float", _number)
_Old.add_constructor("tag:yaml.org,2002:timestamp", _text)
for _loader in (_Core, _Old):
    _loader.add_constructor("tag:yaml.org,2002:map", _fields)


def as_read(text: str, version: Yaml = Yaml.CORE) -> Any:
    """Return what an editor reads in a YAML text."""
    return yaml.load(text, _Core if version is Yaml.CORE else _Old)  # noqa: S506 - both are safe loaders


def complaints(schema: Mapping[str, Any], value: Any) -> list[str]:
    """Return what is wrong with a value by a schema, the same by draft 7 and by draft 2020-12."""
    by_draft = [_told(judge(schema), value) for judge in (_SEVEN, _TWENTY)]
    assert by_draft[0] == by_draft[1], by_draft
    return by_draft[0]


@lru_cache(maxsize=16)
def committed(name: str) -> Mapping[str, Any]:
    """Return a schema of this repository."""
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return found


def compiles(pattern: str) -> bool:
    """Tell whether JavaScript takes a regular expression, in its Unicode mode."""
    try:
        _engine().eval(f"new RegExp({json.dumps(pattern)}, 'u')")
    except quickjs.JSException:
        return False
    return True


@lru_cache(maxsize=4096)
def matches(pattern: str, text: str) -> bool:
    """Tell whether JavaScript finds a regular expression in a text."""
    return bool(_engine().eval(f"new RegExp({json.dumps(pattern)}, 'u').test({json.dumps(text)})"))


@lru_cache(maxsize=1)
def _engine() -> quickjs.Context:
    return quickjs.Context()


def _pattern_by_javascript(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, str) and not matches(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_SEVEN: Final = extend(Draft7Validator, {"pattern": _pattern_by_javascript})
_TWENTY: Final = extend(Draft202012Validator, {"pattern": _pattern_by_javascript})


def _told(validator: Any, value: Any) -> list[str]:
    found = validator.iter_errors(value)
    return sorted(f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found)
