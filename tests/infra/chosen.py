"""The template as an operator's choices leave it: conditions decided, what they rule out gone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Template: TypeAlias = dict[str, Any]

# A parameter, and the value that a condition compares it with.
Atom: TypeAlias = tuple[str, str]
# A condition, and whether it must hold.
Step: TypeAlias = tuple[str, bool]

_NO_VALUE = {"Ref": "AWS::NoValue"}
_NAMED = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")


@dataclass(frozen=True)
class Reference:
    """One mention of a resource: by what, of what, and which way through the conditions leads to it."""

    by: str
    of: str
    way: tuple[Step, ...]


def defaults(template: Template) -> dict[str, str]:
    """Return every parameter's default as CloudFormation compares it: as text; empty where there is none."""
    return {name: str(one.get("Default", "")) for name, one in template["Parameters"].items()}


def holds(template: Template, condition: str, parameters: Mapping[str, str]) -> bool:
    """Decide a condition."""
    return _decide(template, template["Conditions"][condition], parameters)


def atoms(template: Template, condition: str) -> frozenset[Atom]:
    """Return everything that a condition asks of parameters."""
    return frozenset(_asked(template, template["Conditions"][condition]))


def chosen(template: Template, **parameters: str) -> Template:
    """Return the template with these parameters beside the defaults: no condition is left in it."""
    given = {**defaults(template), **parameters}

    def kept(section: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: _resolved(template, {key: value for key, value in one.items() if key != "Condition"}, given)
            for name, one in section.items()
            if "Condition" not in one or holds(template, one["Condition"], given)
        }

    return {"Resources": kept(template["Resources"]), "Outputs": kept(template["Outputs"])}


def references(template: Template) -> Iterator[Reference]:
    """Yield each mention of a resource by another, or by an output."""
    for section in ("Resources", "Outputs"):
        for name, one in template[section].items():
            way: tuple[Step, ...] = ((one["Condition"], True),) if "Condition" in one else ()
            for target, steps in _mentions({key: one[key] for key in one if key != "Condition"}, way):
                if target in template["Resources"]:
                    yield Reference(f"{section}.{name}", target, steps)


def _decide(template: Template, asked: Any, parameters: Mapping[str, str]) -> bool:
    [(function, inner)] = asked.items()
    match function:
        case "Condition":
            return holds(template, inner, parameters)
        case "Fn::Not":
            return not _decide(template, inner[0], parameters)
        case "Fn::And":
            return all(_decide(template, one, parameters) for one in inner)
        case "Fn::Or":
            return any(_decide(template, one, parameters) for one in inner)
        case "Fn::Equals":
            return parameters[_compared(inner[0])] == str(inner[1])
    raise AssertionError(f"no condition is made with {function}")


def _asked(template: Template, asked: Any) -> Iterator[Atom]:
    [(function, inner)] = asked.items()
    match function:
        case "Condition":
            yield from _asked(template, template["Conditions"][inner])
        case "Fn::Equals":
            yield _compared(inner[0]), str(inner[1])
        case _:
            for one in inner:
                yield from _asked(template, one)


def _compared(value: Any) -> str:
    """Return the parameter that a comparison is about; of a list joined to nothing, the list's."""
    found: str = value["Ref"] if "Ref" in value else value["Fn::Join"][1]["Ref"]
    return found


def _resolved(template: Template, value: Any, parameters: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if "Fn::If" in value:
            condition, yes, no = value["Fn::If"]
            return _resolved(template, yes if holds(template, condition, parameters) else no, parameters)
        inner = {key: _resolved(template, one, parameters) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one != _NO_VALUE}
    if isinstance(value, list):
        return [one for item in value if (one := _resolved(template, item, parameters)) != _NO_VALUE]
    return value


def _mentions(value: Any, way: tuple[Step, ...]) -> Iterator[tuple[str, tuple[Step, ...]]]:
    if isinstance(value, list):
        for one in value:
            yield from _mentions(one, way)
    elif isinstance(value, dict):
        for key, inner in value.items():
            match key:
                case "Fn::If":
                    yield from _mentions(inner[1], (*way, (inner[0], True)))
                    yield from _mentions(inner[2], (*way, (inner[0], False)))
                case "Ref":
                    yield inner, way
                case "Fn::GetAtt":
                    yield inner[0], way
                case "Fn::Sub":
                    text, named = (inner, {}) if isinstance(inner, str) else inner
                    yield from ((found, way) for found in _NAMED.findall(text) if found not in named)
                    yield from _mentions(named, way)
                case "DependsOn":
                    yield from ((one, way) for one in ([inner] if isinstance(inner, str) else inner))
                case _:
                    yield from _mentions(inner, way)
