"""Who may do what in the deployed stack: asked of the embedded cloud, which enforces it."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from castoff.cloud import key_value_store
from castoff.cloud.account import account_in, account_of
from castoff.cloud.facts import Credentials
from castoff.cloud.keys.vault import open_vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.facts import Facts
    from castoff.cloud.stack import Deployed


def refusal(call: Callable[..., Any], **arguments: Any) -> str | None:
    """Return the error code of a call, None when it went through."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def client(cloud: Facts, who: str, service: str) -> Any:
    """Return a client of any service, as one of the cloud's principals."""
    account = account_in(cloud, who)
    return account.session.client(service, **account.options)  # type: ignore[call-overload]


def upload_signer(cloud: Facts, service: str) -> Any:
    """Return a client with the access key that ShipCaptainCrew signs upload forms with."""
    held = open_vault(account_in(cloud, "admin"), prefix="castoff").read("upload-signer")
    lent = Credentials(held["access_key_id"], held["secret_access_key"])
    account = account_of(lent, region=cloud.region, endpoint=cloud.endpoint)
    return account.session.client(service, **account.options)  # type: ignore[call-overload]


def ask(cloud: Facts, url: str, path: str, **headers: str) -> tuple[int, str]:
    """GET a path of an API and return status and body."""
    port = urlsplit(cloud.endpoint).port
    api = urlsplit(url).netloc.split(".")[0]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", f"/prod{path}", headers={"Host": f"{api}.execute-api.localhost:{port}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("what", "bucket", "key", "expected"),
    [
        ("a guest page", "GuestBucket", "g/jada-guest-xhqgmdh.html", None),
        ("the board", "OpsBucket", "ops/index.html", None),
        ("an asset", "OpsBucket", "castoff/page.1a2b.css", None),
        ("the state", "StateBucket", "state.json.gz", None),
        ("the domain's own start page", "GuestBucket", "index.html", "AccessDenied"),
        ("a guest's photo", "UploadsBucket", "uploads/xhqgmdh/guest/1.jpg", "AccessDenied"),
    ],
)
def test_the_publisher_writes_where_pages_and_state_are(
    cloud: Facts, what: str, bucket: str, key: str, expected: str | None
) -> None:
    """The publisher's role reaches castoff's own prefixes and the state, and nothing beside them."""
    s3 = client(cloud, "publisher", "s3")

    said = refusal(s3.put_object, Bucket=cloud.outputs[bucket], Key=key, Body=b"")

    client(cloud, "admin", "s3").delete_object(Bucket=cloud.outputs[bucket], Key=key)
    assert (what, said) == (what, expected)


def test_the_publisher_cannot_delete_the_state(cloud: Facts) -> None:
    """The state is only ever replaced."""
    s3 = client(cloud, "publisher", "s3")

    assert refusal(s3.delete_object, Bucket=cloud.outputs["StateBucket"], Key="other.gz") == "AccessDenied"


def test_what_is_missing_is_not_called_forbidden(cloud: Facts) -> None:
    """A first publish sees that there is no state yet."""
    s3 = client(cloud, "publisher", "s3")

    assert refusal(s3.get_object, Bucket=cloud.outputs["StateBucket"], Key="never.gz") == "NoSuchKey"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("castoff/scc", None),
        ("castoff/dashboard", None),
        ("castoff/scc-verify", "AccessDeniedException"),
        ("castoff/dashboard-verify", "AccessDeniedException"),
        ("castoff/origin", "AccessDeniedException"),
        ("castoff/gate", "AccessDeniedException"),
        ("castoff/upload-signer", "AccessDeniedException"),
    ],
)
def test_the_publisher_reads_its_own_keys_alone(cloud: Facts, name: str, expected: str | None) -> None:
    """The role reads the two keys it calls with, never what they are verified by."""
    secrets = client(cloud, "publisher", "secretsmanager")

    assert refusal(secrets.get_secret_value, SecretId=name) == expected


def test_the_publisher_invalidates_and_changes_nothing_else_at_the_edge(cloud: Facts) -> None:
    """It may clear what it published, on its two distributions."""
    cloudfront = client(cloud, "publisher", "cloudfront")
    paths = {"Paths": {"Quantity": 1, "Items": ["/g/nobody"]}, "CallerReference": "permissions"}
    guest = cloud.outputs["GuestDistribution"]

    assert refusal(cloudfront.create_invalidation, DistributionId=guest, InvalidationBatch=paths) is None
    assert refusal(cloudfront.get_distribution_config, Id=guest) == "AccessDenied"


def test_the_edge_reads_and_never_writes(cloud: Facts) -> None:
    """The edge's key opens both sites for reading only, and neither uploads nor state."""
    s3 = client(cloud, "edge", "s3")
    cloudfront = client(cloud, "edge", "cloudfront")

    assert refusal(s3.get_object, Bucket=cloud.outputs["GuestBucket"], Key="g/nobody.html") == "NoSuchKey"
    assert refusal(s3.put_object, Bucket=cloud.outputs["GuestBucket"], Key="g/a.html") == "AccessDenied"
    assert refusal(s3.get_object, Bucket=cloud.outputs["StateBucket"], Key="state.json.gz") == "AccessDenied"
    assert refusal(s3.list_objects_v2, Bucket=cloud.outputs["UploadsBucket"]) == "AccessDenied"
    assert refusal(cloudfront.list_invalidations, DistributionId=cloud.outputs["GuestDistribution"]) is None


def test_the_edge_reads_the_cookie_keys_and_writes_none(cloud: Facts) -> None:
    """Its key opens the store for reading; the publisher's opens it not at all."""
    arn = cloud.outputs["KeyValueStore"]
    edge, publisher = (key_value_store.open_store(account_in(cloud, who)) for who in ("edge", "publisher"))
    etag = edge.describe_key_value_store(KvsARN=arn)["ETag"]

    assert refusal(edge.list_keys, KvsARN=arn) is None
    assert refusal(edge.put_key, KvsARN=arn, Key="key:a", Value="a", IfMatch=etag) == "AccessDeniedException"
    assert refusal(publisher.list_keys, KvsARN=arn) == "AccessDeniedException"


def test_a_call_to_the_store_is_signed(cloud: Facts) -> None:
    """With another secret half the edge's key opens nothing: the signature counts, here as at AWS."""
    lent = cloud.credentials["edge"]
    forged = account_of(Credentials(lent.key, lent.secret[::-1]), region=cloud.region, endpoint=cloud.endpoint)
    store = key_value_store.open_store(forged)

    assert "Signature" in (refusal(store.list_keys, KvsARN=cloud.outputs["KeyValueStore"]) or "")


@pytest.mark.parametrize(
    ("what", "operation", "bucket", "arguments", "expected"),
    [
        ("a guest's photo", "put_object", "UploadsBucket", {"Key": "uploads/xhqgmdh/guest/1.jpg"}, None),
        ("a crew member's", "put_object", "UploadsBucket", {"Key": "uploads/xhqgmdh/crew/1.jpg"}, None),
        ("beside the prefix", "put_object", "UploadsBucket", {"Key": "taken/xhqgmdh/1.jpg"}, "AccessDenied"),
        ("a prefix that begins alike", "put_object", "UploadsBucket", {"Key": "uploads-2/1.jpg"}, "AccessDenied"),
        ("a page", "put_object", "GuestBucket", {"Key": "g/a.html"}, "AccessDenied"),
        ("uploads of another bucket", "put_object", "GuestBucket", {"Key": "uploads/a.jpg"}, "AccessDenied"),
        ("the state", "put_object", "StateBucket", {"Key": "state.json.gz"}, "AccessDenied"),
        ("reading a photo", "get_object", "UploadsBucket", {"Key": "uploads/xhqgmdh/guest/1.jpg"}, "AccessDenied"),
        ("what a photo is", "head_object", "UploadsBucket", {"Key": "uploads/xhqgmdh/guest/1.jpg"}, "403"),
        ("deleting a photo", "delete_object", "UploadsBucket", {"Key": "uploads/xhqgmdh/guest/1.jpg"}, "AccessDenied"),
        ("listing photos", "list_objects_v2", "UploadsBucket", {"Prefix": "uploads/"}, "AccessDenied"),
        ("listing versions", "list_object_versions", "UploadsBucket", {"Prefix": "uploads/"}, "AccessDenied"),
        ("opening a photo to all", "put_object_acl", "UploadsBucket", {"Key": "uploads/1.jpg"}, "AccessDenied"),
    ],
)
def test_the_upload_signer_puts_uploads_and_nothing_else(
    cloud: Facts, *, what: str, operation: str, bucket: str, arguments: dict[str, str], expected: str | None
) -> None:
    """Whoever had its key could add a photo: not see one, not take one away, not touch a page or the state."""
    if operation == "put_object_acl":
        arguments = {**arguments, "ACL": "public-read"}
    s3 = upload_signer(cloud, "s3")

    assert (what, refusal(getattr(s3, operation), Bucket=cloud.outputs[bucket], **arguments)) == (what, expected)


def test_the_upload_signer_has_no_other_service(cloud: Facts) -> None:
    """Neither secrets, nor another key for itself, nor the list of buckets."""
    secrets, iam, s3 = (upload_signer(cloud, service) for service in ("secretsmanager", "iam", "s3"))

    assert refusal(secrets.get_secret_value, SecretId="castoff/gate") == "AccessDeniedException"
    assert refusal(iam.create_access_key, UserName="castoff-upload-signer") in ("AccessDenied", "AccessDeniedException")
    assert refusal(s3.list_buckets) == "AccessDenied"


@pytest.mark.parametrize("site", ["guest", "ops", "elsewhere"])
def test_a_pages_script_may_post_an_upload(cloud: Facts, site: str) -> None:
    """A browser that asks first is told yes for both sites' own origins, and no for any other."""
    port, edge_port = urlsplit(cloud.endpoint).port, urlsplit(cloud.edge).port
    origin = f"http://{site}.localhost:{edge_port}"
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-any"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("OPTIONS", f"/{cloud.outputs['UploadsBucket']}", headers=asked)
    answer = connection.getresponse()
    connection.close()

    allowed = answer.getheader("Access-Control-Allow-Origin")
    assert (answer.status, allowed) == ((403, None) if site == "elsewhere" else (200, origin))


def test_verify_secrets_hold_hashes_of_the_generated_keys(cloud: Facts) -> None:
    """The deploy step leaves each key's SHA-256 where its Lambda looks, and the plain key nowhere else."""
    secrets = client(cloud, "admin", "secretsmanager")

    verify = secrets.get_secret_value(SecretId="castoff/scc-verify")["SecretString"]
    plain = json.loads(secrets.get_secret_value(SecretId="castoff/scc")["SecretString"])["service_key"]

    assert len(plain) == 48
    assert plain.isalnum()
    assert plain not in verify
    assert [accepted[:7] for accepted in json.loads(verify)["service_key_hashes"]] == ["sha256:"]


def test_the_distributions_tell_scc_the_origin_secret(cloud: Facts) -> None:
    """The header's value is resolved from the secret when the stack is deployed."""
    secret = client(cloud, "admin", "secretsmanager").get_secret_value(SecretId="castoff/origin")["SecretString"]
    cloudfront = client(cloud, "edge", "cloudfront")

    for name in ("GuestDistribution", "OpsDistribution"):
        config = cloudfront.get_distribution_config(Id=cloud.outputs[name])["DistributionConfig"]
        [scc] = [origin for origin in config["Origins"]["Items"] if origin["Id"] == "scc"]
        assert scc["CustomHeaders"]["Items"] == [
            {"HeaderName": "X-Castoff-Origin", "HeaderValue": json.loads(secret)["header"]}
        ]


@pytest.mark.parametrize("url", ["SccUrl", "DashboardUrl"])
def test_an_operators_route_is_closed_to_other_addresses(cloud: Facts, elsewhere: Deployed, url: str) -> None:
    """An address that is not listed never reaches the Lambda."""
    status, body = ask(cloud, elsewhere.outputs[url], "/events")

    assert status == 403
    assert "execute-api:Invoke" in body


@pytest.mark.parametrize("path", ["/crew/xhqgmdh", "/crew/ops/link"])
def test_a_viewers_route_is_open_to_every_address(cloud: Facts, elsewhere: Deployed, path: str) -> None:
    """Viewers come from anywhere; who they are is SCC's to ask."""
    _, body = ask(cloud, elsewhere.outputs["SccUrl"], path)

    assert "execute-api:Invoke" not in body


@pytest.mark.parametrize(
    ("url", "path", "secret", "field", "header", "empty"),
    [
        ("SccUrl", "/events?booking_id=xhqgmdh", "SccSecret", "service_key", "X-Service-Key", {"events": []}),
        (
            "DashboardUrl",
            "/calendar?booking_id=xhqgmdh",
            "DashboardSecret",
            "token",
            "X-Dashboard-Token",
            {"entries": []},
        ),
    ],
)
def test_the_publishers_key_opens_the_deployed_service(
    cloud: Facts, *, url: str, path: str, secret: str, field: str, header: str, empty: dict[str, list[str]]
) -> None:
    """From a listed address the key read with the publisher's role is accepted, another is not."""
    secrets = client(cloud, "publisher", "secretsmanager")
    key = json.loads(secrets.get_secret_value(SecretId=cloud.outputs[secret])["SecretString"])[field]

    right = ask(cloud, cloud.outputs[url], path, **{header: key})
    wrong = ask(cloud, cloud.outputs[url], path, **{header: key[::-1]})

    assert (right[0], json.loads(right[1])) == (200, empty)
    assert wrong[0] in (401, 403)
