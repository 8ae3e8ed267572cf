"""Secrets by reference: `secretsmanager:NAME#FIELD`, `ssm:NAME`, `env:NAME`; resolved when used, never shown."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from publisher.adapters.aws import whole
from publisher.errors import PublishError

if TYPE_CHECKING:
    from publisher.adapters.aws import Aws


def resolve(reference: str, aws: Aws) -> str:
    """Return the secret behind a reference; raise PublishError, which names the reference and never the secret."""
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            value = os.environ.get(name)
            if not value:
                raise PublishError(
                    f"the environment has no `{name}`", hint=f"set it, since castoff.yaml names `{reference}`"
                )
            return value
        case "ssm":
            with aws.in_words("GetParameter", name):
                ssm = aws.client("ssm")
                answer = aws.tried(
                    lambda: whole(ssm.get_parameter(Name=name, WithDecryption=True), "Parameter", "Value")
                )
            return str(answer["Parameter"]["Value"])
        case "secretsmanager":
            return _field(reference, *_split(name), aws)
        case _:
            raise PublishError(
                f"`{kind}:` is no kind of secret",
                hint="write `secretsmanager:NAME#FIELD`, `ssm:NAME` or `env:NAME` in castoff.yaml",
            )


def _split(name: str) -> tuple[str, str]:
    secret, _, field = name.partition("#")
    return secret, field


def _field(reference: str, secret: str, field: str, aws: Aws) -> str:
    with aws.in_words("GetSecretValue", secret):
        text = aws.tried(lambda: whole(aws.secrets.get_secret_value(SecretId=secret), "Name")).get("SecretString")
    if text is None:
        raise PublishError(f"`{reference}`: the secret is not text", hint="deploy the stack again")
    if not field:
        return str(text)
    try:
        value = json.loads(text)[field]
    except (ValueError, KeyError, TypeError):
        raise PublishError(f"`{reference}`: the secret has no field `{field}`", hint="deploy the stack again") from None
    return str(value)
