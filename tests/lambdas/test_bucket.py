"""Forms at the bucket itself: it takes what a form was signed for, and refuses everything else."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import httpx
import pytest
from fastapi.testclient import TestClient

from lambdas.service import aws
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.presigner import S3Presigner

LARGEST = 1000
PHOTO = bytes(range(256)) * 3


@dataclass(frozen=True)
class Harbour:
    """The bucket, someone who may look into it, and the service that signs for it, as publisher and viewer call it."""

    s3: Any
    bucket: str
    scc: TestClient
    viewer: TestClient

    def form(self, *, audience: str = "guest", lasts: float = 3600) -> dict[str, Any]:
        """Ask for a page's form as the publisher does."""
        now = datetime.now(UTC)
        window = {"opens": now - timedelta(hours=1), "closes": now + timedelta(days=10)}
        wish = window | {"until": now + timedelta(seconds=lasts + 1)}
        body = {name: instant.isoformat() for name, instant in wish.items()}
        body |= {"booking": "xhqgmdh", "audience": audience, "max_size": LARGEST}
        answer: dict[str, Any] = self.scc.post("/g/PRESIGN", json=body).json()
        return answer

    def file_form(self, content_type: str = "image/jpeg") -> dict[str, Any]:
        """Ask for a file's form as a page's script does."""
        body = {"ticket": self.form()["ticket"], "content_type": content_type}
        answer: dict[str, Any] = self.viewer.post("/g/PRESIGN", json=body).json()
        return answer

    def bodies(self) -> dict[str, bytes]:
        """Return what is in the bucket."""
        keys = [item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        return {key: self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}


@pytest.fixture(scope="module")
def signer(strict_cloud: str) -> dict[str, str]:
    """Make the upload signer and the bucket as the template does, and return the signer's key."""
    iam, s3 = (root_client(service, strict_cloud) for service in ("iam", "s3"))
    for bucket in ("castoff-uploads", "castoff-other"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    allowed = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::castoff-uploads/uploads/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.create_user(UserName="upload-signer")
    iam.put_user_policy(UserName="upload-signer", PolicyName="uploads", PolicyDocument=document)
    key = iam.create_access_key(UserName="upload-signer")["AccessKey"]
    return {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}


def root_client(service: str, endpoint: str) -> Any:
    """Return a client of the strict cloud's root."""
    make: Any = boto3.client
    return make(
        service,
        endpoint_url=endpoint,
        region_name="us-west-2",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def harbour(
    *,
    strict_cloud: str,
    signer: dict[str, str],
    secret: Callable[..., str],
    secretsmanager: Any,
    make_scc: Callable[..., TestClient],
    hours: dict[str, datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> Harbour:
    """Return an empty bucket and the service whose signer may fill it, by the clock of this machine."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", strict_cloud)
    hours["now"] = datetime.now(UTC)
    presigner = S3Presigner(
        aws.form_signer, Vault(lambda: secretsmanager), secret=secret(**signer), bucket="castoff-uploads"
    )
    s3 = root_client("s3", strict_cloud)
    for item in s3.list_objects_v2(Bucket="castoff-uploads").get("Contents", []):
        s3.delete_object(Bucket="castoff-uploads", Key=item["Key"])
    viewer = make_scc(presigner=presigner)
    del viewer.headers["X-Service-Key"]
    return Harbour(s3, "castoff-uploads", make_scc(presigner=presigner), viewer)


def send(
    form: Mapping[str, Any],
    *,
    body: bytes = PHOTO,
    name: str = "photo.jpg",
    url: str | None = None,
    **changes: str | None,
) -> httpx.Response:
    """Send a form as a browser does, the file last; a field changed to None is left out."""
    fields = {key: value for key, value in {**form["fields"], **changes}.items() if value is not None}
    return httpx.post(url or form["url"], data=fields, files={"file": (name, body, "image/jpeg")}, timeout=20)


def with_policy(form: dict[str, Any], alter: Callable[[Any], None]) -> dict[str, str]:
    """Return the policy field of a form after someone meddled with it, its signature left as it is."""
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    alter(policy)
    return {"policy": base64.b64encode(json.dumps(policy).encode()).decode()}


def test_a_page_form_brings_the_bytes(harbour: Harbour) -> None:
    """What is sent by a page's form is in the bucket, byte for byte, and the browser goes on to the thank-you page."""
    form = harbour.form()

    first = send(form)
    second = send(form, name="the deck, at dusk.mov", body=b"x" * LARGEST)

    assert [answer.status_code for answer in (first, second)] == [303, 303]
    assert urlsplit(first.headers["location"])._replace(query="").geturl() == (
        "http://guest.localhost:8080/castoff/thanks.html"
    )
    assert harbour.bodies() == {
        "uploads/xhqgmdh/guest/photo.jpg": PHOTO,
        "uploads/xhqgmdh/guest/the deck, at dusk.mov": b"x" * LARGEST,
    }


def test_a_file_form_brings_the_bytes(harbour: Harbour) -> None:
    """What is sent by a file's form is in the bucket at the key of the form, with the type of the form."""
    form = harbour.file_form("video/quicktime")

    answer = send(form)

    key = form["fields"]["key"]
    assert answer.status_code == 201
    assert harbour.bodies() == {key: PHOTO}
    assert harbour.s3.head_object(Bucket=harbour.bucket, Key=key)["ContentType"] == "video/quicktime"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"body": b"x" * (LARGEST + 1)}, "EntityTooLarge", id="a byte too large"),
        pytest.param({"body": b""}, "EntityTooSmall", id="nothing"),
        pytest.param({"key": "uploads/xhqgmdh/crew/${filename}"}, "AccessDenied", id="the crew's prefix"),
        pytest.param({"key": "uploads/abcdefg/guest/${filename}"}, "AccessDenied", id="another booking's prefix"),
        pytest.param({"key": "uploads/xhqgmdh/${filename}"}, "AccessDenied", id="a shorter prefix"),
        pytest.param({"key": "state.json.gz"}, "AccessDenied", id="another key"),
        pytest.param({"key": None}, "InvalidArgument", id="no key"),
        pytest.param({"Content-Type": "text/html"}, "AccessDenied", id="another type"),
        pytest.param({"Content-Type": "image/svg+xml"}, "AccessDenied", id="a type that runs"),
        pytest.param({"Content-Type": None}, "AccessDenied", id="no type"),
        pytest.param({"success_action_redirect": "https://example.com/"}, "AccessDenied", id="another way on"),
        pytest.param({"success_action_redirect": None}, "AccessDenied", id="no way on"),
        pytest.param({"acl": "public-read"}, "AccessDenied", id="a field more"),
        pytest.param({"x-amz-meta-note": "x"}, "AccessDenied", id="a note more"),
        pytest.param({"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch", id="a forged signature"),
        pytest.param({"x-amz-signature": None}, "InvalidArgument", id="no signature"),
        pytest.param({"policy": None}, "InvalidArgument", id="no policy"),
        pytest.param({"x-amz-credential": "AKIA/20240528/us-west-2/s3/aws4_request"}, "Invalid", id="another signer"),
    ],
)
def test_the_bucket_refuses_what_a_page_form_is_not_for(harbour: Harbour, changes: dict[str, Any], error: str) -> None:
    """Size, prefix, type, way on and every other field are what was signed, or nothing is stored."""
    answer = send(harbour.form(), **changes)

    assert answer.status_code in {400, 403}
    assert f"<Code>{error}" in answer.text
    assert harbour.bodies() == {}


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda policy: policy.update(expiration="2099-01-01T00:00:00Z"), id="a later end"),
        pytest.param(lambda policy: policy["conditions"].clear(), id="no conditions"),
        pytest.param(lambda policy: policy["conditions"].append(["starts-with", "$acl", ""]), id="a condition more"),
        pytest.param(
            lambda policy: policy.update(
                conditions=[
                    ["content-length-range", 0, 10**9] if one[0:1] == ["content-length-range"] else one
                    for one in policy["conditions"]
                    if isinstance(one, list)
                ]
            ),
            id="a larger size",
        ),
    ],
)
def test_an_altered_policy_is_refused(harbour: Harbour, alter: Callable[[Any], None]) -> None:
    """A policy that someone meddled with fits the signature no longer."""
    form = harbour.form()

    answer = send(form, **with_policy(form, alter))

    assert (answer.status_code, "<Code>SignatureDoesNotMatch" in answer.text) == (403, True)
    assert harbour.bodies() == {}


def test_a_form_is_for_its_bucket(harbour: Harbour) -> None:
    """The same form is refused by another bucket."""
    form = harbour.form()

    answer = send(form, url=form["url"].replace("castoff-uploads", "castoff-other"))

    assert answer.status_code == 403
    assert "Contents" not in harbour.s3.list_objects_v2(Bucket="castoff-other")


def test_a_form_dies_in_time(harbour: Harbour) -> None:
    """A form that was signed for two seconds is good at once and refused after them."""
    form = harbour.form(lasts=1)
    at_once = send(form)
    time.sleep(3.2)

    late = send(form, name="late.jpg")

    assert (at_once.status_code, late.status_code) == (303, 403)
    assert "Policy expired" in late.text
    assert list(harbour.bodies()) == ["uploads/xhqgmdh/guest/photo.jpg"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"key": "uploads/xhqgmdh/guest/other.jpg"}, "AccessDenied", id="another key"),
        pytest.param({"key": "uploads/xhqgmdh/guest/${filename}"}, "AccessDenied", id="a key of the file's name"),
        pytest.param({"Content-Type": "image/png"}, "AccessDenied", id="another image"),
        pytest.param({"Content-Type": "text/html"}, "AccessDenied", id="another type"),
        pytest.param({"body": b"x" * (LARGEST + 1)}, "EntityTooLarge", id="a byte too large"),
        pytest.param({"success_action_status": "200"}, "AccessDenied", id="another answer"),
        pytest.param({"success_action_redirect": "https://example.com/"}, "AccessDenied", id="a way on"),
    ],
)
def test_the_bucket_refuses_what_a_file_form_is_not_for(harbour: Harbour, changes: dict[str, Any], error: str) -> None:
    """A file's form is for one key of one type."""
    answer = send(harbour.file_form(), **changes)

    assert answer.status_code in {400, 403}
    assert f"<Code>{error}" in answer.text
    assert harbour.bodies() == {}


def test_the_signer_may_nothing_else(harbour: Harbour, signer: dict[str, str]) -> None:
    """A form that the signer's key signs for a place outside the uploads is refused by its rights."""
    client = aws.form_signer(signer["access_key_id"], signer["secret_access_key"])

    outside = client.generate_presigned_post(harbour.bucket, "state.json.gz", ExpiresIn=60)
    elsewhere = client.generate_presigned_post("castoff-other", "uploads/xhqgmdh/guest/a.jpg", ExpiresIn=60)

    assert [send(form).status_code for form in (outside, elsewhere)] == [403, 403]
    assert harbour.bodies() == {}


NAMES = [
    "../crew/photo.jpg",
    "../../../state.json.gz",
    "..\\..\\state.json.gz",
    "/etc/passwd",
    "a/b/photo.jpg",
    "%2e%2e%2fcrew%2fphoto.jpg",
    "photo.svg",
    "index.html",
    "${key}",
    "photo.jpg%00.html",
    "x" * 200 + ".jpg",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_leads_nowhere(harbour: Harbour, name: str) -> None:
    """Whatever a file is called, it is stored under its page's own prefix, as bytes that no browser runs."""
    answer = send(harbour.form(), name=name)

    assert answer.status_code == 303
    ((key, body),) = harbour.bodies().items()
    assert (key.startswith("uploads/xhqgmdh/guest/"), body) == (True, PHOTO)
    assert harbour.s3.head_object(Bucket=harbour.bucket, Key=key)["ContentType"] == "application/octet-stream"
