"""Grants of a deployed stack: what each role and user may do, read from IAM, and one of them taken for a while."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.facts import Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.cloud.account import Account

_EMBEDDED: Final = "embedded"
"""A policy that only the embedded cloud needs: it repeats a grant in the form that is asked for here."""

_SECRET: Final = re.compile(r"^(secret:\w+)-\w{6}$")
"""A secret's ARN ends in six characters that nobody chose."""

_KINDS: Final = {"AWS::IAM::Role": "role", "AWS::IAM::User": "user"}


@dataclass(frozen=True, order=True)
class Grant:
    """One action on one resource, allowed by one statement; names are the template's."""

    principal: str
    sid: str
    action: str
    resource: str


class Grants:
    """The grants of one stack."""

    def __init__(self, account: Account, stack: str) -> None:
        self._iam: Any = account.session.client("iam", **account.options)
        self._sts = account.session.client("sts", **account.options)
        self._principals: dict[str, tuple[str, str]] = {}
        self._names: dict[str, str] = {}
        cloudformation = account.session.client("cloudformation", **account.options)
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
            for resource in page["StackResourceSummaries"]:
                logical, physical = resource["LogicalResourceId"], resource["PhysicalResourceId"]
                if resource["ResourceType"] != "AWS::ApiGateway::Stage":  # its name is a word that others hold
                    self._names[physical] = logical
                if resource["ResourceType"] in _KINDS:
                    self._principals[logical] = (_KINDS[resource["ResourceType"]], physical.rpartition("/")[2])

    def all(self) -> set[Grant]:
        """Return every grant of every role and user of the stack."""
        return {
            Grant(principal, statement.get("Sid", ""), action, self._named(resource))
            for principal in self._principals
            for name, document in self._policies(principal).items()
            if name != _EMBEDDED
            for statement in document["Statement"]
            for action in _list(statement["Action"])
            for resource in _list(statement["Resource"])
        }

    @contextmanager
    def without(self, grant: Grant) -> Iterator[None]:
        """Take one grant from its principal, and give it back."""
        before = self._policies(grant.principal)
        try:
            for name, document in before.items():
                self._write(grant.principal, name, self._lacking(document, grant, everywhere=name == _EMBEDDED))
            yield
        finally:
            for name, document in before.items():
                self._write(grant.principal, name, document)

    def credentials(self, principal: str) -> Credentials:
        """Return a session of a role, which lets whoever asks here assume it from now on."""
        _, name = self._principals[principal]
        me = self._sts.get_caller_identity()["Arn"]
        role = self._iam.get_role(RoleName=name)["Role"]
        trust = role["AssumeRolePolicyDocument"]
        statement = {"Effect": "Allow", "Principal": {"AWS": me}, "Action": "sts:AssumeRole"}
        document = {**trust, "Statement": [*trust["Statement"], statement]}
        self._iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))
        lent = self._sts.assume_role(RoleArn=role["Arn"], RoleSessionName="tried")["Credentials"]
        return Credentials(lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"])

    def _policies(self, principal: str) -> dict[str, dict[str, Any]]:
        kind, name = self._principals[principal]
        whose = {f"{kind.title()}Name": name}
        names = getattr(self._iam, f"list_{kind}_policies")(**whose)["PolicyNames"]
        read = getattr(self._iam, f"get_{kind}_policy")
        return {policy: read(**whose, PolicyName=policy)["PolicyDocument"] for policy in names}

    def _write(self, principal: str, policy: str, document: Mapping[str, Any]) -> None:
        kind, name = self._principals[principal]
        put = getattr(self._iam, f"put_{kind}_policy")
        put(**{f"{kind.title()}Name": name}, PolicyName=policy, PolicyDocument=json.dumps(document))

    def _lacking(self, document: Mapping[str, Any], grant: Grant, *, everywhere: bool) -> dict[str, Any]:
        """Return a policy without a grant; a statement of several actions and resources keeps all its others."""
        kept: list[dict[str, Any]] = []
        for statement in document["Statement"]:
            actions, resources = _list(statement["Action"]), _list(statement["Resource"])
            others = [one for one in resources if not everywhere and self._named(one) != grant.resource]
            is_it = (everywhere or statement.get("Sid", "") == grant.sid) and grant.action in actions
            if not is_it or len(others) == len(resources):
                kept.append(statement)
                continue
            unnamed = {name: value for name, value in statement.items() if name != "Sid"}
            if rest := [action for action in actions if action != grant.action]:
                kept.append({**unnamed, "Action": rest})
            if others:
                kept.append({**unnamed, "Action": grant.action, "Resource": others})
        return {**document, "Statement": kept or [_NOTHING]}

    def _named(self, resource: str) -> str:
        """Return a resource by the template's names, such as `GuestBucket/g/*`."""
        if resource in self._names:
            return self._names[resource]
        short = resource.split(":", 5)[-1]
        for physical in sorted(self._names, key=len, reverse=True):
            short = short.replace(physical, self._names[physical])
        return _SECRET.sub(r"\1", short)


_NOTHING: Final = {"Effect": "Deny", "Action": "none:Nothing", "Resource": "*"}
"""A policy has at least one statement."""


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
