"""The stack's secrets, as JSON objects, by the name that follows the stack's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import SecretError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef

    from castoff.cloud.account import Account

# Secrets Manager's own labels: of the version that counts, of the one that did, and of one that is to.
_CURRENT: Final = "AWSCURRENT"
_PREVIOUS: Final = "AWSPREVIOUS"
_PENDING: Final = "AWSPENDING"


@dataclass(frozen=True)
class Vault:
    """Secrets Manager, seen from the stack whose names start with `prefix`."""

    client: SecretsManagerClient
    prefix: str

    def read(self, secret: str) -> dict[str, Any]:
        """Return what a secret holds; CallError where it cannot be read, SecretError where it is no JSON object."""
        return self._values(secret, self._version(secret, _CURRENT))

    def proposed(self, secret: str) -> dict[str, Any] | None:
        """Return the values that were proposed and did not count yet, None where there are none."""
        version = self._proposed(secret)
        # A run that was killed may have left the label with a version that counts, or did.
        if version is None or not {_CURRENT, _PREVIOUS}.isdisjoint(version["VersionStages"]):
            return None
        return self._values(secret, version)

    def propose(self, secret: str, values: Mapping[str, object]) -> None:
        """Put values beside those that count, in place of any proposed before."""
        if earlier := self._proposed(secret):
            self._unlabel(secret, earlier["VersionId"])
        with call("PutSecretValue", f"secret `{self.name(secret)}`"):
            self.client.put_secret_value(
                SecretId=self.name(secret), SecretString=json.dumps(values), VersionStages=[_PENDING]
            )

    def accept(self, secret: str) -> None:
        """Let the proposed values count; CallError where they do already, or where others came in between."""
        counting, coming = (self._version(secret, stage)["VersionId"] for stage in (_CURRENT, _PENDING))
        with call("UpdateSecretVersionStage", f"secret `{self.name(secret)}`"):
            self.client.update_secret_version_stage(
                SecretId=self.name(secret),
                VersionStage=_CURRENT,
                MoveToVersionId=coming,
                RemoveFromVersionId=counting,
            )
        self._unlabel(secret, coming)

    def write(self, secret: str, values: Mapping[str, object]) -> None:
        """Put a new version of a secret; CallError where that fails."""
        with call("PutSecretValue", f"secret `{self.name(secret)}`"):
            self.client.put_secret_value(SecretId=self.name(secret), SecretString=json.dumps(values))

    def name(self, secret: str) -> str:
        """Return a secret's whole name."""
        return f"{self.prefix}/{secret}"

    def _proposed(self, secret: str) -> GetSecretValueResponseTypeDef | None:
        gone = self.client.exceptions.ResourceNotFoundException
        try:
            return self._version(secret, _PENDING, passing=(gone,))
        except gone:
            return None

    def _unlabel(self, secret: str, version: str) -> None:
        with call("UpdateSecretVersionStage", f"secret `{self.name(secret)}`"):
            self.client.update_secret_version_stage(
                SecretId=self.name(secret), VersionStage=_PENDING, RemoveFromVersionId=version
            )

    def _version(
        self, secret: str, stage: str, *, passing: tuple[type[Exception], ...] = ()
    ) -> GetSecretValueResponseTypeDef:
        with call("GetSecretValue", f"secret `{self.name(secret)}`", passing=passing):
            return self.client.get_secret_value(SecretId=self.name(secret), VersionStage=stage)

    def _values(self, secret: str, answer: GetSecretValueResponseTypeDef) -> dict[str, Any]:
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


def open_vault(account: Account, *, prefix: str) -> Vault:
    """Open a stack's secrets."""
    return Vault(account.session.client("secretsmanager", **account.options), prefix)
