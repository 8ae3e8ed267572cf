"""Secrets by reference: `secretsmanager:NAME#FIELD`, `ssm:NAME`, `env:NAME`; resolved when used, never shown."""

from __future__ import annotations

import json
import os
import re
from copy import copy
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

from publisher.adapters.answers import whole
from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.adapters.aws import Aws

    Found = TypeVar("Found")

_REGION: Final = re.compile(r"^arn:aws[a-z-]*:(?:secretsmanager|ssm):([a-z0-9-]+):")
_PARAMETER: Final = re.compile(r"^arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter")
_SENDABLE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
"""What a header carries and arrives as it was sent; every key that castoff makes is of these signs."""


def secret_header(header: str, reference: str, aws: Aws) -> Callable[[], tuple[str, str]]:
    """Return what gives a service's header, asking for the secret once, at its first use, whichever thread is first."""
    return once(lambda: (header, resolve(reference, aws)))


def once(ask: Callable[[], Found]) -> Callable[[], Found]:
    """Return what asks at its first use alone, however many threads are first; a PublishError is for all of them."""
    lock = Lock()
    found: list[Found | PublishError] = []

    def known() -> Found:
        with lock:
            if not found:
                try:
                    found.append(ask())
                except PublishError as error:
                    found.append(error)
        (answer,) = found
        if isinstance(answer, PublishError):
            raise copy(answer) from answer
        return answer

    return known


def resolve(reference: str, aws: Aws) -> str:
    """Return the secret behind a reference; raise PublishError, which names the reference and never the secret.

    A line's end behind it is none of it: shells and editors put one there.
    """
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            found = _variable(reference, name)
        case "ssm":
            found = _parameter(reference, name, aws)
        case "secretsmanager":
            secret, _, field = name.partition("#")
            found = _secret(reference, secret, field, aws)
        case _:
            raise PublishError(
                f"`{kind}:` is no kind of secret",
                hint="write `secretsmanager:NAME#FIELD`, `ssm:NAME` or `env:NAME` in castoff.yaml",
            )
    return _sendable(reference, found.removesuffix("\n").removesuffix("\r"))


def _variable(reference: str, name: str) -> str:
    found = os.environ.get(name)
    if found is None:
        raise PublishError(f"the environment has no `{name}`", hint=f"set it, since castoff.yaml names `{reference}`")
    return found


def _parameter(reference: str, name: str, aws: Aws) -> str:
    with aws.in_words("GetParameter", name):
        ssm = aws.client("ssm", region=_region(name))
        answer = aws.tried(lambda: whole(ssm.get_parameter(Name=name, WithDecryption=True), "Parameter", "Value"))
    if answer["Parameter"].get("Type") != "SecureString":
        raise PublishError(
            f"`{reference}`: the parameter is stored in the clear",
            hint="store it as a `SecureString`, under another name, and a new secret: this one may have been read",
        )
    return str(answer["Parameter"]["Value"])


def _secret(reference: str, secret: str, field: str, aws: Aws) -> str:
    with aws.in_words("GetSecretValue", secret):
        region = _region(secret)
        vault = aws.client("secretsmanager", region=region) if region else aws.secrets
        text = aws.tried(lambda: whole(vault.get_secret_value(SecretId=secret), "Name")).get("SecretString")
    if text is None:
        raise PublishError(f"`{reference}`: the secret is binary", hint="store it as text")
    return _field(reference, text, field) if field else text


def _field(reference: str, text: str, field: str) -> str:
    try:
        fields: Any = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise PublishError(
            f"`{reference}`: the secret has no fields, since it is not a JSON object",
            hint=f"store it as JSON, or name it without `#{field}`",
        ) from None
    value = fields.get(field)
    if not isinstance(value, str):
        words = f"no field `{field}`" if value is None else f"a field `{field}` that is not text"
        raise PublishError(f"`{reference}`: the secret has {words}", hint="correct the name, or deploy the stack again")
    return value


def _sendable(reference: str, secret: str) -> str:
    """Return a secret that can be sent in a header."""
    if not secret:
        raise PublishError(f"`{reference}`: the secret is empty", hint="store it, then publish again")
    if not _SENDABLE.fullmatch(secret):
        raise PublishError(
            f"`{reference}`: the secret has signs that no header carries, such as a line's end within or an umlaut",
            hint="store it anew, as one line of plain letters, digits and signs",
        )
    return secret


def _region(name: str) -> str | None:
    """Return the region that an ARN names, None of a name, which is in the target's."""
    found = _REGION.match(name)
    return found[1] if found else None
