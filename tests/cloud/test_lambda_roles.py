"""What the Lambdas' roles may do: asked from within Lambdas that run with them, in the embedded cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from castoff.cloud import ministack
from castoff.cloud.account import account_in
from castoff.cloud.lambda_packages import Target, zip_packages, zipped
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from castoff.cloud.facts import Facts
    from castoff.cloud.sources import Sources

    Asks = Callable[..., dict[str, Any]]

# Makes one call as the role, with the packages that the real Lambdas have, and says how it went.
PROBE = """
import os
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    client = boto3.client(event["service"])
    store = "/key-value-stores/"
    def ask(request, **_):
        request.url = os.environ["AWS_ENDPOINT_URL"] + store + request.url.partition(store)[2]
    client.meta.events.register("before-sign.cloudfront-keyvaluestore", ask)
    try:
        answer = getattr(client, event["operation"])(**event["arguments"])
    except ClientError as error:
        return {"refused": error.response["Error"]["Code"]}
    return {"refused": None, "etag": answer.get("ETag")}
"""


@pytest.fixture(scope="module")
def ask_as(cloud: Facts, sources: Sources, checkout: Path, cloud_environment: dict[str, str]) -> Asks:
    """Return a function that makes a call as one of the stack's roles."""
    admin = account_in(cloud, "admin")
    lambdas = admin.session.client("lambda", **admin.options)
    iam = admin.session.client("iam", **admin.options)
    cloudformation = admin.session.client("cloudformation", **admin.options)
    place = Place(checkout)
    runtime = ministack.find(place, cloud_environment).runtime()
    packages = zip_packages(sources.lock, Target(runtime), cache=place.packages, progress=Silent())
    code = zipped([("probe.py", PROBE.encode())], onto=packages.read_bytes())
    made: set[str] = set()

    def ask(role: str, service: str, operation: str, **arguments: object) -> dict[str, Any]:
        if role not in made:
            found = cloudformation.describe_stack_resource(StackName=cloud.stack, LogicalResourceId=role)
            name = found["StackResourceDetail"]["PhysicalResourceId"]
            lambdas.create_function(
                FunctionName=f"probe-{role}",
                Runtime=runtime,  # type: ignore[arg-type]  # one of those that the template offers
                Role=iam.get_role(RoleName=name)["Role"]["Arn"],
                Handler="probe.handler",
                Code={"ZipFile": code},
                Timeout=30,
            )
            made.add(role)
        asked = {"service": service, "operation": operation, "arguments": arguments}
        answer = lambdas.invoke(FunctionName=f"probe-{role}", Payload=json.dumps(asked))
        said: dict[str, Any] = json.loads(answer["Payload"].read())
        assert "refused" in said, said
        return said

    return ask


@pytest.mark.parametrize(
    ("role", "secret", "expected"),
    [
        ("SccRole", "gate", None),
        ("SccRole", "upload-signer", None),
        ("SccRole", "scc-verify", None),
        ("SccRole", "origin", None),
        ("SccRole", "scc", "AccessDeniedException"),
        ("SccRole", "dashboard", "AccessDeniedException"),
        ("DashboardRole", "dashboard-verify", None),
        ("DashboardRole", "gate", "AccessDeniedException"),
        ("DashboardRole", "upload-signer", "AccessDeniedException"),
    ],
)
def test_each_lambda_reads_its_own_secrets(ask_as: Asks, role: str, secret: str, expected: str | None) -> None:
    """ShipCaptainCrew reads the gate's keys and the upload signer's, the dashboard neither."""
    said = ask_as(role, "secretsmanager", "get_secret_value", SecretId=f"castoff/{secret}")

    assert said["refused"] == expected


def test_scc_changes_no_secret(ask_as: Asks) -> None:
    """Keys are the deploy step's to make."""
    said = ask_as("SccRole", "secretsmanager", "put_secret_value", SecretId="castoff/gate", SecretString="{}")

    assert said["refused"] == "AccessDeniedException"


def test_scc_writes_down_who_left(cloud: Facts, ask_as: Asks) -> None:
    """With the packages in its zip it signs as the store asks, and puts one entry under the store's ETag."""
    store = {"KvsARN": cloud.outputs["KeyValueStore"]}

    etag = ask_as("SccRole", "cloudfront-keyvaluestore", "describe_key_value_store", **store)["etag"]
    said = ask_as(
        "SccRole", "cloudfront-keyvaluestore", "put_key", **store, Key="gone:crew-nobody", Value="1", IfMatch=etag
    )

    assert said["refused"] is None


@pytest.mark.parametrize(
    ("role", "operation", "arguments"),
    [
        ("SccRole", "list_keys", {}),
        ("SccRole", "get_key", {"Key": "gone:crew-nobody"}),
        ("SccRole", "delete_key", {"Key": "gone:crew-nobody", "IfMatch": "any"}),
        ("SccRole", "update_keys", {"IfMatch": "any", "Puts": []}),
        ("DashboardRole", "describe_key_value_store", {}),
        ("DashboardRole", "put_key", {"Key": "gone:crew-nobody", "Value": "1", "IfMatch": "any"}),
    ],
)
def test_no_lambda_does_more_with_the_store(
    cloud: Facts, ask_as: Asks, role: str, operation: str, arguments: dict[str, Any]
) -> None:
    """ShipCaptainCrew takes no entry back and reads none; the dashboard has no business there."""
    said = ask_as(role, "cloudfront-keyvaluestore", operation, KvsARN=cloud.outputs["KeyValueStore"], **arguments)

    assert said["refused"] == "AccessDeniedException"


def test_scc_puts_no_upload_itself(cloud: Facts, ask_as: Asks) -> None:
    """Its own role cannot write photos: only a form that the upload signer signed can."""
    said = ask_as("SccRole", "s3", "put_object", Bucket=cloud.outputs["UploadsBucket"], Key="uploads/a.jpg")

    assert said["refused"] == "AccessDenied"
