"""Secrets as JSON objects, read when first needed and kept for a minute."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.service.refusals import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT = 60.0  # seconds: a key that was taken back opens nothing after this
KEPT_AFTER_MISS = 5.0  # seconds: wrong keys make us ask Secrets Manager at most this often

Ticks = Callable[[], float]


class Vault:
    """Secrets Manager, asked seldom: the usual answer is a minute old, one after a miss five seconds."""

    def __init__(self, client: Callable[[], "SecretsManagerClient"], *, ticks: Ticks = time.monotonic) -> None:
        self._client = client
        self._ticks = ticks
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def text(self, secret: str, member: str) -> str:
        """Return one text of a secret; UnavailableError when the secret lacks it."""
        return self.texts_of(secret, member)[0]

    def texts_of(self, secret: str, *members: str) -> Sequence[str]:
        """Return texts of one version of a secret, which belong together; UnavailableError when it lacks one."""
        document = self._read(secret, KEPT)
        return [_text(secret, document, member) for member in members]

    def texts(
        self, secret: str, member: str, *, after_miss: bool = False, default: Sequence[str] | None = None
    ) -> Sequence[str]:
        """Return a list of texts of a secret, read again after a miss; UnavailableError when it lacks it.

        With a `default`, a secret may lack it.
        """
        document = self._read(secret, KEPT_AFTER_MISS if after_miss else KEPT)
        value = document.get(member) if default is None else document.get(member, [*default])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise UnavailableError(f"secret {secret} holds no list of texts `{member}`")
        return tuple(value)

    def objects(self, secret: str, member: str, *, after_miss: bool = False) -> Sequence[Mapping[str, str]]:
        """Return a list of objects of texts, read again after a miss; UnavailableError when the secret lacks it."""
        value = self._read(secret, KEPT_AFTER_MISS if after_miss else KEPT).get(member)
        if not isinstance(value, list) or not all(map(_is_object_of_texts, value)):
            raise UnavailableError(f"secret {secret} holds no list of objects `{member}`")
        return tuple(value)

    def _read(self, secret: str, oldest: float) -> dict[str, Any]:
        now = self._ticks()
        kept = self._kept.get(secret)
        if kept is not None and now - kept[0] < oldest:
            return kept[1]
        try:
            answer = self._client().get_secret_value(SecretId=secret)
        except (ClientError, BotoCoreError) as fault:
            raise UnavailableError(f"secret {secret} could not be read ({type(fault).__name__})") from fault
        document = _parse_secret(secret, answer.get("SecretString", ""))
        self._kept[secret] = (now, document)
        return document


def _text(secret: str, document: Mapping[str, Any], member: str) -> str:
    value = document.get(member)
    if not isinstance(value, str):
        raise UnavailableError(f"secret {secret} holds no text `{member}`")
    return value


def _is_object_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _parse_secret(secret: str, text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        # The fault is not chained: a JSON error quotes the text that it could not read.
        raise UnavailableError(f"secret {secret} is not a JSON object")
    return document
