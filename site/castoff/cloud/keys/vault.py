"""The stack's secrets, as JSON objects, by the name that follows the stack's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from castoff.cloud.calls import call
from castoff.cloud.problems import SecretError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_secretsmanager import SecretsManagerClient

    from castoff.cloud.account import Account


@dataclass(frozen=True)
class Vault:
    """Secrets Manager, seen from the stack whose names start with `prefix`."""

    client: SecretsManagerClient
    prefix: str

    def read(self, secret: str) -> dict[str, Any]:
        """Return what a secret holds; CallError where it cannot be read, SecretError where it is no JSON object."""
        with call("GetSecretValue", f"secret `{self.name(secret)}`"):
            answer = self.client.get_secret_value(SecretId=self.name(secret))
        if "SecretString" not in answer:
            raise SecretError(self.name(secret), "it is binary, not text")
        try:
            held = json.loads(answer["SecretString"])
        except ValueError:
            # Not chained: a JSON error quotes the text that it could not read.
            raise SecretError(self.name(secret), "it is not JSON") from None
        if not isinstance(held, dict):
            raise SecretError(self.name(secret), "it is no JSON object")
        return held

    def write(self, secret: str, values: Mapping[str, object]) -> None:
        """Put a new version of a secret; CallError where that fails."""
        with call("PutSecretValue", f"secret `{self.name(secret)}`"):
            self.client.put_secret_value(SecretId=self.name(secret), SecretString=json.dumps(values))

    def name(self, secret: str) -> str:
        """Return a secret's whole name."""
        return f"{self.prefix}/{secret}"


def open_vault(account: Account, *, prefix: str) -> Vault:
    """Open a stack's secrets."""
    return Vault(account.session.client("secretsmanager", **account.options), prefix)
