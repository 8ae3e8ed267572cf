"""The stack's secrets, as JSON objects, by the name that follows the stack's own."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.calls import call
from castoff.cloud.problems import RivalError, SecretError

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
class Version:
    """One version of a secret: Secrets Manager's id of it, and what it holds."""

    id: str
    values: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Vault:
    """Secrets Manager, seen from the stack whose names start with `prefix`."""

    client: SecretsManagerClient
    prefix: str

    def read(self, secret: str) -> dict[str, Any]:
        """Return what a secret holds; CallError where it cannot be read, SecretError where it is no JSON object."""
        return self.counting(secret).values

    def counting(self, secret: str) -> Version:
        """Return the version that counts."""
        return self._version(secret, self._answer(secret, _CURRENT))

    def proposed(self, secret: str) -> Version | None:
        """Return the version that was proposed and did not count yet, None where there is none."""
        answer = self._labelled(secret)
        # A run that was killed may have left the label with a version that counts, or did.
        if answer is None or not {_CURRENT, _PREVIOUS}.isdisjoint(answer["VersionStages"]):
            return None
        return self._version(secret, answer)

    def propose(self, secret: str, values: Mapping[str, Any]) -> Version:
        """Put values beside those that count, in place of any proposed before."""
        if earlier := self._labelled(secret):
            self._unlabel(secret, earlier["VersionId"])
        with call("PutSecretValue", f"secret `{self.name(secret)}`"):
            put = self.client.put_secret_value(
                SecretId=self.name(secret), SecretString=json.dumps(values), VersionStages=[_PENDING]
            )
        return Version(put["VersionId"], dict(values))

    def accept(self, secret: str, coming: Version, *, after: Version) -> None:
        """Let a proposed version count in place of another; RivalError where that one no longer counts."""
        rival = self.client.exceptions.InvalidParameterException
        try:
            with call("UpdateSecretVersionStage", f"secret `{self.name(secret)}`", passing=(rival,)):
                self.client.update_secret_version_stage(
                    SecretId=self.name(secret),
                    VersionStage=_CURRENT,
                    MoveToVersionId=coming.id,
                    RemoveFromVersionId=after.id,
                )
        except rival as error:
            raise RivalError(self.name(secret)) from error
        self._unlabel(secret, coming.id)

    def write(self, secret: str, values: Mapping[str, object]) -> None:
        """Put a new version of a secret; CallError where that fails."""
        with call("PutSecretValue", f"secret `{self.name(secret)}`"):
            self.client.put_secret_value(SecretId=self.name(secret), SecretString=json.dumps(values))

    def name(self, secret: str) -> str:
        """Return a secret's whole name."""
        return f"{self.prefix}/{secret}"

    def _labelled(self, secret: str) -> GetSecretValueResponseTypeDef | None:
        gone = self.client.exceptions.ResourceNotFoundException
        try:
            return self._answer(secret, _PENDING, passing=(gone,))
        except gone:
            return None

    def _unlabel(self, secret: str, version: str) -> None:
        """Take the label away; where another run has, or has given it to a version of its own, it is well so."""
        elsewhere = self.client.exceptions.InvalidParameterException
        with (
            contextlib.suppress(elsewhere),
            call("UpdateSecretVersionStage", f"secret `{self.name(secret)}`", passing=(elsewhere,)),
        ):
            self.client.update_secret_version_stage(
                SecretId=self.name(secret), VersionStage=_PENDING, RemoveFromVersionId=version
            )

    def _answer(
        self, secret: str, stage: str, *, passing: tuple[type[Exception], ...] = ()
    ) -> GetSecretValueResponseTypeDef:
        with call("GetSecretValue", f"secret `{self.name(secret)}`", passing=passing):
            return self.client.get_secret_value(SecretId=self.name(secret), VersionStage=stage)

    def _version(self, secret: str, answer: GetSecretValueResponseTypeDef) -> Version:
        if "SecretString" not in answer:
            raise SecretError(self.name(secret), "it is binary, not text")
        try:
            held = json.loads(answer["SecretString"])
        except ValueError:
            # Not chained: a JSON error quotes the text that it could not read.
            raise SecretError(self.name(secret), "it is not JSON") from None
        if not isinstance(held, dict):
            raise SecretError(self.name(secret), "it is no JSON object")
        return Version(answer["VersionId"], held)


def open_vault(account: Account, *, prefix: str) -> Vault:
    """Open a stack's secrets."""
    return Vault(account.session.client("secretsmanager", **account.options), prefix)
