"""Secrets by reference, kept where operators keep them: what is had, and what is said of the rest, never the value."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.worlds import Clock

from castoff.cli.releasing import embedded_target
from castoff.cloud.account import account_in
from publisher.adapters.aws import Aws
from publisher.adapters.patience import Patience
from publisher.adapters.secrets import resolve
from publisher.errors import PublishError
from publisher.target import Credentials

if TYPE_CHECKING:
    from castoff.cloud.facts import Facts

VALUE: Final = "k3y-that-nobody-may-read"
FAR: Final = "eu-central-1"

# description, what is stored, what is asked of it
HAD: Final = [
    ("the whole secret", VALUE, ""),
    ("one field of it", json.dumps({"key": VALUE, "other": "o"}), "#key"),
    ("without the line's end of a shell", f"{VALUE}\n", ""),
    ("without the line's end of an editor on Windows", f"{VALUE}\r\n", ""),
    ("a field without its line's end", json.dumps({"key": f"{VALUE}\n"}), "#key"),
]

EMPTY: Final = ("is empty", "store it, then publish again")
NO_FIELDS: Final = (
    "has no fields, since it is not a JSON object",
    "store it as JSON, or name it without `#key`",
)
NOT_SENDABLE: Final = (
    "has signs that no header carries, such as a line's end within or an umlaut",
    "store it anew, as one line of plain letters, digits and signs",
)
OTHERWISE: Final = "correct the name, or deploy the stack again"

# description, what is stored, what is asked of it, what is said of the secret and what to do
REFUSED: Final = [
    ("binary", VALUE.encode(), "", ("is binary", "store it as text")),
    ("empty in its field", '{"key": ""}', "#key", EMPTY),
    ("a line's end and no more", "\n", "", EMPTY),
    ("no JSON", VALUE, "#key", NO_FIELDS),
    ("a list", json.dumps([VALUE]), "#key", NO_FIELDS),
    ("without the field", json.dumps({"other": VALUE}), "#key", ("has no field `key`", OTHERWISE)),
    ("fields in it", json.dumps({"key": {"in": VALUE}}), "#key", ("has a field `key` that is not text", OTHERWISE)),
    ("of two lines", f"{VALUE}\nX-Other: 1", "", NOT_SENDABLE),
    ("with an umlaut", f"{VALUE}ä", "", NOT_SENDABLE),
]


@dataclass(frozen=True)
class Vault:
    """Where secrets are kept, near and far; `aws` reads them as the operator, who may read all."""

    facts: Facts
    aws: Aws

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client that stores."""
        account = account_in(self.facts, "admin")
        return account.session.client(service, region_name=region or account.region, **account.options)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def vault(cloud: Facts) -> Vault:
    """Return the vault of the embedded cloud."""
    held = cloud.credentials["admin"]
    target = embedded_target("local", cloud)
    target = replace(target, credentials=Credentials(held.key, held.secret, held.token))
    return Vault(cloud, Aws(target, clock=Clock(), patience=Patience(tries=2, read=20.0)))


@pytest.fixture(scope="module")
def stored(vault: Vault) -> Any:
    """Return a function that keeps a secret under a name of its own, and returns that name."""
    client, made = vault.client("secretsmanager"), []

    def store(value: str | bytes) -> str:
        made.append(f"tried/secret-{len(made)}")
        client.create_secret(Name=made[-1], **{"SecretString" if isinstance(value, str) else "SecretBinary": value})
        return made[-1]

    return store


@pytest.mark.parametrize(("description", "value", "field"), HAD, ids=[row[0] for row in HAD])
def test_a_secret_is_had_as_it_was_meant(vault: Vault, stored: Any, description: str, value: str, field: str) -> None:
    """Whole or by a field, and without the line's end that came with it."""
    name = stored(value)

    assert resolve(f"secretsmanager:{name}{field}", vault.aws) == VALUE, description


@pytest.mark.parametrize(("description", "value", "field", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_secret_that_is_none_is_told_so_in_words(  # noqa: PLR0917 - a row of the table
    vault: Vault, stored: Any, description: str, value: str | bytes, field: str, said: tuple[str, str]
) -> None:
    """What is wrong is said by the reference, and what stands there is never repeated."""
    reference, (words, hint) = f"secretsmanager:{stored(value)}{field}", said

    with pytest.raises(PublishError) as refused:
        resolve(reference, vault.aws)

    assert (refused.value.words, refused.value.hint) == (f"`{reference}`: the secret {words}", hint), description
    assert VALUE not in f"{refused.value!r}{refused.value.__cause__!r}{refused.value.__context__!r}"


def test_a_secret_that_is_not_there_is_named(vault: Vault) -> None:
    """The name is said, and where it is written."""
    with pytest.raises(PublishError) as refused:
        resolve("secretsmanager:tried/nowhere#key", vault.aws)

    assert refused.value.words.startswith("GetSecretValue on tried/nowhere was answered 400 ResourceNotFoundException")
    assert refused.value.hint == "check its name in castoff.yaml, or deploy the stack, then publish again"


def test_an_arn_is_asked_for_in_its_own_region(vault: Vault) -> None:
    """A secret of another region than the target's is found by its ARN, and by no name."""
    arn = vault.client("secretsmanager", FAR).create_secret(Name="tried/far", SecretString=VALUE)["ARN"]
    assert f":{FAR}:" in arn

    assert resolve(f"secretsmanager:{arn}", vault.aws) == VALUE
    with pytest.raises(PublishError, match="GetSecretValue on tried/far was answered 400 ResourceNotFound"):
        resolve("secretsmanager:tried/far", vault.aws)


def test_a_parameter_is_had_in_the_clear_where_it_is_not_stored_so(vault: Vault) -> None:
    """A SecureString is read, by name and by the ARN of another region; its line's end is not."""
    near, far = vault.client("ssm"), vault.client("ssm", FAR)
    near.put_parameter(Name="/tried/key", Value=f"{VALUE}\n", Type="SecureString")
    far.put_parameter(Name="/tried/far", Value=VALUE, Type="SecureString")
    account = vault.client("sts").get_caller_identity()["Account"]

    assert resolve("ssm:/tried/key", vault.aws) == VALUE
    assert resolve(f"ssm:arn:aws:ssm:{FAR}:{account}:parameter/tried/far", vault.aws) == VALUE


def test_a_parameter_that_everybody_may_read_is_no_secret(vault: Vault) -> None:
    """A plain String shows in every listing, so it is refused, and what it says is not repeated."""
    vault.client("ssm").put_parameter(Name="/tried/clear", Value=VALUE, Type="String")

    with pytest.raises(PublishError) as refused:
        resolve("ssm:/tried/clear", vault.aws)

    assert refused.value.words == "`ssm:/tried/clear`: the parameter is stored in the clear"
    assert VALUE not in str(refused.value.hint)


def test_a_variable_is_had_from_the_environment(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read when it is used; CI sets one that it does not have to nothing, which is told as empty."""
    monkeypatch.setenv("TRIED_KEY", f"{VALUE}\n")
    assert resolve("env:TRIED_KEY", vault.aws) == VALUE

    monkeypatch.setenv("TRIED_KEY", "")
    with pytest.raises(PublishError, match=r"^`env:TRIED_KEY`: the secret is empty$"):
        resolve("env:TRIED_KEY", vault.aws)
    monkeypatch.delenv("TRIED_KEY")
    with pytest.raises(PublishError, match=r"^the environment has no `TRIED_KEY`$"):
        resolve("env:TRIED_KEY", vault.aws)
