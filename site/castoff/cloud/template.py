"""The CloudFormation template as a value, and packaging: code put in, nothing else changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

import yaml

from castoff.cloud.problems import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Template: TypeAlias = dict[str, Any]

# Largest template that lies in a bucket, in bytes (CloudFormation quotas).
BODY_LIMIT = 1_000_000

_CODE = {"AWS::Lambda::Function": "Code", "AWS::CloudFront::Function": "FunctionCode"}


@dataclass(frozen=True)
class StoredCode:
    """Code that lies in a bucket: a Lambda's."""

    bucket: str
    key: str


@dataclass(frozen=True)
class InlineCode:
    """Code that stands in the template: a CloudFront function's, which has no other form."""

    text: str


Code: TypeAlias = StoredCode | InlineCode


def parse_template(text: str) -> Template:
    """Read YAML with CloudFormation's short forms written out (`!Ref` becomes `{"Ref": …}`)."""
    template: Template = yaml.load(text, Loader=_Loader)  # noqa: S506, a SafeLoader that knows more tags
    return template


def packaged(template: Template, code: Mapping[str, Code]) -> str:
    """Put code in the place of each local reference and write the template as JSON.

    `code` maps references to what they stand for; one that it lacks raises PackagingError, and so does a
    result that CloudFormation would not take.
    """
    result: Template = json.loads(json.dumps(template))  # aliases in YAML are one object: no shared changes
    for name, properties, field, reference in _references(result):
        if reference not in code:
            raise PackagingError(f"resource `{name}` refers to `{reference}`, which nothing packs")
        properties[field] = _code_property(code[reference])
    body = json.dumps(result, separators=(",", ":"), ensure_ascii=False)
    if (size := len(body.encode())) > BODY_LIMIT:
        raise PackagingError(f"the packaged template has {size} bytes, CloudFormation takes {BODY_LIMIT}")
    return body


def _references(template: Template) -> Iterator[tuple[str, dict[str, Any], str, str]]:
    for name, resource in template["Resources"].items():
        field = _CODE.get(resource["Type"])
        if field and isinstance(reference := resource["Properties"].get(field), str):
            yield name, resource["Properties"], field, reference


def _code_property(code: Code) -> object:
    match code:
        case StoredCode(bucket, key):
            return {"S3Bucket": bucket, "S3Key": key}
        case InlineCode(text):
            return text
        case _:
            assert_never(code)


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, and CloudFormation's tags."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    text = loader.construct_scalar(node)  # type: ignore[arg-type]  # what is left is a scalar
    return {name: text.split(".", 1) if suffix == "GetAtt" else text}


_Loader.add_multi_constructor("!", _short_form)
