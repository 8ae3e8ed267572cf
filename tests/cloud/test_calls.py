"""What AWS refuses or never answers: said with the call, its object and the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from castoff.cloud import key_value_store
from castoff.cloud.account import own_account
from castoff.cloud.calls import call
from castoff.cloud.keys import upload_signer
from castoff.cloud.keys.vault import Vault, open_vault
from castoff.cloud.problems import CallError, CloudError, SecretError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.edge_store import EdgeStore

    from castoff.cloud.account import Account


class Empty(Vault):
    """A vault whose secrets hold nothing, of a stack that is not there."""

    def read(self, secret: str) -> dict[str, Any]:
        """Hold nothing."""
        assert secret == "upload-signer"
        return {}


def read_secret(account: Account, _: str) -> None:
    """Read a secret that is not there."""
    open_vault(account, prefix="nowhere").read("gate")


def write_secret(account: Account, _: str) -> None:
    """Write a secret that is not there."""
    open_vault(account, prefix="nowhere").write("gate", {})


def list_store(account: Account, arn: str) -> None:
    """Look into a store that is not there."""
    key_value_store.entries(account, f"{arn}-not")


def write_store(account: Account, arn: str) -> None:
    """Write to a store that is not there."""
    key_value_store.bring_about(account, f"{arn}-not", wanted={"word:a": "1"}, ours=bool)


def make_access_key(account: Account, _: str) -> None:
    """Make an access key for a user who is not there."""
    upload_signer.ensure_access_key(account, Empty(open_vault(account, prefix="nowhere").client, "nowhere"))


@pytest.mark.parametrize(
    ("act", "refused", "unanswered"),
    [
        (read_secret, "secret `nowhere/gate`: GetSecretValue", "secret `nowhere/gate`: GetSecretValue"),
        (write_secret, "secret `nowhere/gate`: PutSecretValue", "secret `nowhere/gate`: PutSecretValue"),
        (list_store, "elsewhere-gate-not`: ListKeys", "elsewhere-gate-not`: ListKeys"),
        (write_store, "elsewhere-gate-not`: DescribeKeyValueStore", "elsewhere-gate-not`: DescribeKeyValueStore"),
        # The embedded cloud lists the keys of a user who is not there: none.
        (make_access_key, "user `nowhere-upload-signer`: CreateAccessKey", "user `nowhere-upload-signer`: ListAccess"),
    ],
)
def test_a_call_that_fails_is_named(
    act: Callable[[Account, str], None], refused: str, unanswered: str, admin: Account, edge_store: EdgeStore
) -> None:
    """The operator reads which call of what failed, and why, whether the cloud refuses it or nobody answers."""
    with pytest.raises(CallError) as refusal:
        act(admin, edge_store.arn)
    with pytest.raises(CallError) as silence:
        act(replace(admin, endpoint="http://127.0.0.1:9"), edge_store.arn)

    assert refused in str(refusal.value)
    assert str(refusal.value).endswith(")")
    assert unanswered in str(silence.value)
    assert "http://127.0.0.1:9" in str(silence.value)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        ({"SecretBinary": b"hush"}, "it is binary, not text"),
        ({"SecretString": "hush"}, "it is not JSON"),
        ({"SecretString": '["hush"]'}, "it is no JSON object"),
    ],
)
def test_a_secret_that_is_no_object_is_named(held: dict[str, Any], why: str, admin: Account) -> None:
    """What it holds is not said, nor in what the fault came from."""
    vault = open_vault(admin, prefix="odd")
    vault.client.create_secret(Name="odd/gate", **held)

    with pytest.raises(SecretError) as fault:
        vault.read("gate")

    assert str(fault.value).startswith(f"secret `odd/gate`: {why}\n")
    assert "hush" not in str(fault.value)
    assert fault.value.__cause__ is None
    vault.client.delete_secret(SecretId="odd/gate", ForceDeleteWithoutRecovery=True)


def refused(code: str, message: str = "no") -> ClientError:
    """Return AWS's refusal."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "PutObject")


@pytest.mark.parametrize(
    ("fault", "hint"),
    [
        (refused("ExpiredToken"), "sign in to AWS again, such as with `aws sso login`, then run it again"),
        (refused("InvalidClientTokenId"), "sign in to AWS again, such as with `aws sso login`, then run it again"),
        (refused("AccessDenied", "Access Denied"), "whoever runs this has to be allowed `PutObject`"),
        (
            refused("AccessDenied", "User: x is not authorized to perform: iam:CreateUser on resource: y"),
            "whoever runs this has to be allowed `iam:CreateUser`",
        ),
        (refused("Throttling"), "wait a minute, then run it again"),
        (refused("NoSuchBucket"), ""),
        (NoCredentialsError(), "sign in to AWS, or set `AWS_PROFILE`, then run it again"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:9"), "check the network, and the region's name"),
    ],
    ids=str,
)
def test_a_fault_says_what_to_do(fault: Exception, hint: str) -> None:
    """Signing in, permissions and the network are the operator's to mend; for the rest AWS's words are enough."""
    with pytest.raises(CallError) as told, call("PutObject", "bucket `sails`"):
        raise fault

    assert told.value.hint == hint
    assert told.value.__cause__ is fault


def test_a_region_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without one, AWS's own error would come from the first client that is made, and name none of this."""
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(CloudError) as asked:
        own_account({})

    assert asked.value.message == "no AWS region is named"
    assert own_account({"AWS_REGION": "eu-central-1"}).region == "eu-central-1"


def test_a_target_names_region_profile_and_endpoint_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two targets in one shell go to two accounts; a profile that only the laptop has is none in CI."""
    (tmp_path / "config").write_text("[profile harbor]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    environment = {"AWS_REGION": "eu-central-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}

    named = own_account(environment, region="us-west-2", profile="harbor", endpoint="http://127.0.0.1:2")
    assert (named.region, named.session.profile_name, named.endpoint) == ("us-west-2", "harbor", "http://127.0.0.1:2")
    assert own_account({}, profile="harbor").region == "eu-west-1"
    assert own_account({**environment, "AWS_ACCESS_KEY_ID": "AKIA"}, profile="laptop").region == "eu-central-1"
    with pytest.raises(CloudError, match="laptop"):
        own_account(environment, profile="laptop")
