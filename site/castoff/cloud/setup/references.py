"""What the template's references stand for in a stack that is there: parameters, names, and the conditions on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.setup.wanted import Wanted
    from castoff.cloud.standing import Standing
    from castoff.cloud.template import Template

_NAMED: Final = re.compile(r"\$\{([^!}][^}]*)\}")
_SECRET: Final = re.compile(r"\{\{resolve:secretsmanager:(.+):SecretString:([^:}]+)\}\}")
_NOTHING: Final = object()

_SUFFIX: Final = "amazonaws.com"

Vault: TypeAlias = "Callable[[str, str], str]"
"""Return a field of a secret, by the secret's address."""


@dataclass(frozen=True)
class References:
    """A template's text turned into values, by the stack that was made of it."""

    template: Template
    standing: Standing
    account: str
    region: str
    secret: Vault
    partition: str = "aws"

    def resolved(self, value: Any) -> Any:
        """Return a part of the template with every reference in it replaced; CloudError for one that is not known."""
        if isinstance(value, list):
            return [one for one in map(self.resolved, value) if one is not _NOTHING]
        if not isinstance(value, dict):
            return _SECRET.sub(self._secret, value) if isinstance(value, str) else value
        if len(value) == 1:
            (name, argument), *_ = value.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return self._function(name, argument)
        found = {key: self.resolved(one) for key, one in value.items()}
        return {key: one for key, one in found.items() if one is not _NOTHING}

    def _function(self, name: str, argument: Any) -> Any:
        readers: dict[str, Callable[[Any], Any]] = {
            "Ref": self._reference,
            "Fn::GetAtt": lambda one: self._attribute(one[0], one[1]),
            "Fn::Sub": self._substituted,
            "Fn::If": lambda one: self.resolved(one[1] if self._holds({"Condition": one[0]}) else one[2]),
            "Fn::Join": lambda one: one[0].join(self.resolved(one[1])),
            "Fn::Split": lambda one: self.resolved(one[1]).split(one[0]),
            "Fn::Select": lambda one: self.resolved(one[1])[int(one[0])],
        }
        return readers[name](argument) if name in readers else self._holds({name: argument})

    def _holds(self, condition: Any) -> bool:
        (name, argument), *_ = condition.items()
        match name:
            case "Condition":
                return self._holds(self.template["Conditions"][argument])
            case "Fn::Not":
                return not self._holds(argument[0])
            case "Fn::And":
                return all(map(self._holds, argument))
            case "Fn::Or":
                return any(map(self._holds, argument))
            case "Fn::Equals":
                one, other = map(self.resolved, argument)
                return bool(one == other)
        raise CloudError(f"the template has `{name}`, which castoff cannot read for a distribution of yours")

    def _reference(self, name: str) -> Any:
        own = {
            "AWS::NoValue": _NOTHING,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": _SUFFIX,
        }
        if name in own:
            return own[name]
        if name in self.template["Parameters"]:
            default = self.template["Parameters"][name].get("Default", "")
            return self.standing.parameters.get(name, str(default))
        return self._physical(name)

    def _attribute(self, name: str, attribute: str) -> str:
        physical = self._physical(name)
        match self.template["Resources"][name]["Type"], attribute:
            case "AWS::S3::Bucket", "Arn":
                return f"arn:{self.partition}:s3:::{physical}"
            case "AWS::S3::Bucket", "RegionalDomainName":
                return f"{physical}.s3.{self.region}.{_SUFFIX}"
            case "AWS::CloudFront::Function", "FunctionARN":
                # At AWS the address is the physical id, in the embedded cloud the name is.
                own = f"arn:{self.partition}:cloudfront::{self.account}:function/"
                return own + physical.rpartition("/")[2]
            case _, ("Id" | "Arn"):
                return physical
        raise CloudError(f"the template asks for `{name}.{attribute}`, which castoff cannot read")

    def _physical(self, name: str) -> str:
        try:
            return self.standing.resources[name]
        except KeyError:
            raise CloudError(f"the stack `{self.standing.name}` has no `{name}`", hint="run it again") from None

    def _substituted(self, argument: Any) -> str:
        text, own = argument if isinstance(argument, list) else (argument, {})

        def value_of(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return str(self.resolved(own[name]))
            resource, _, attribute = name.partition(".")
            return str(self._attribute(resource, attribute) if attribute else self._reference(name))

        return _SECRET.sub(self._secret, _NAMED.sub(value_of, text))

    def _secret(self, found: re.Match[str]) -> str:
        return self.secret(found[1], found[2])


def is_own_site(wanted: Wanted, standing: Standing, site: str) -> bool:
    """Say whether a site's distribution is the operator's, and not one that the stack made."""
    return wanted.site(site).distribution is not None and f"{site.capitalize()}Distribution" not in standing.resources
