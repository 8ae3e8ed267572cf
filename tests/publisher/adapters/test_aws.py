"""AWS that does not answer as it should: what is asked again, and what is said. It is a server on loopback."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import pytest
from support.worlds import Clock

from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.adapters.aws import Aws
from publisher.adapters.cloudfront import CloudFrontDistributions
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import S3Objects, S3States
from publisher.adapters.secrets import resolve
from publisher.errors import BusyError, ConflictError, PublishError
from publisher.ports import Stored, Write
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from publisher.adapters.s3 import S3Objects as Objects

OK: Final = "HTTP/1.1 200 OK\r\nConnection: close\r\n"
ID: Final = "x-amz-request-id: 4442587FB7D0A2F9\r\n"
END: Final = "Content-Length: 0\r\n\r\n"
WRITTEN: Final = f'{OK}{ID}ETag: "abc"\r\n{END}'
WEB_PAGE: Final = f"{OK}Content-Length: 14\r\n\r\n<html>hello</p"
TRIES: Final = Patience().tries
NO_FIELDS: Final = "`secretsmanager:castoff/scc#key`: the secret has no fields, since it is not a JSON object"


def refusal(status: int, code: str, *, message: str = "No") -> str:
    """Return AWS's refusal."""
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    head = f"HTTP/1.1 {status} No\r\nConnection: close\r\n{ID}Content-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}"


@dataclass
class Cloud:
    """A server that sends its answers as they stand, one after the other, the last one for ever."""

    answers: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def aws(self, *, endpoint: bool = True, credentials: bool = True) -> Aws:
        """Return clients of it, with waits that take no time."""
        target = Target(
            name="local",
            sites={Site.GUEST: SiteTarget("http://guest.localhost", "guests", "E1")},
            state="s3://state/",
            scc=ServiceTarget("", ""),
            dashboard=ServiceTarget("", ""),
            region="us-west-2",
            endpoint=self.url if endpoint else None,
            credentials=Credentials("key", "sesame") if credentials else None,
        )
        return Aws(target, clock=Clock(), patience=Patience(read=1.0))

    def objects(self) -> Objects:
        """Return its buckets."""
        aws = self.aws()
        return S3Objects(aws, aws.target.sites)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """Run the server."""
    found = Cloud()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found.asked.append(f"{self.command} {self.path}")
            answer = found.answers.pop(0) if len(found.answers) > 1 else found.answers[0]
            self.wfile.write(answer.encode())
            self.close_connection = True

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - the names that http.server asks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


def put(cloud: Cloud) -> Stored:
    """Write a page."""
    return cloud.objects().put(Write(Site.GUEST, "g/x.html", b"x", "text/html", "no-store", etag=None))


@pytest.mark.parametrize(
    ("description", "first"),
    [
        ("too many requests", refusal(429, "TooManyRequestsException")),
        ("too fast", refusal(503, "SlowDown")),
        ("a fault of S3", refusal(500, "InternalError")),
        ("a wait that S3 calls a mistake", refusal(400, "RequestTimeout")),
        ("two writes at the same moment", refusal(409, "ConditionalRequestConflict")),
        ("hung up on", ""),
        ("cut before the ETag", f"{OK}{ID}"),
        ("cut within the ETag", f'{OK}{ID}ETag: "ab'),
        ("cut before S3's id", OK),
        ("a web page in its place", WEB_PAGE),
    ],
)
def test_what_may_pass_is_asked_again(cloud: Cloud, description: str, first: str) -> None:
    """One bad answer more or less is not worth an operator's attention."""
    cloud.answers = [first, WRITTEN]

    assert put(cloud) == Stored('"abc"', None), description
    assert len(cloud.asked) == 2


@pytest.mark.parametrize(
    ("answer", "tries", "words"),
    [
        (refusal(403, "AccessDenied"), 1 + 1, "was answered 403 AccessDenied: No"),
        (refusal(404, "NoSuchBucket"), 1 + 1, "was answered 404 NoSuchBucket: No"),
        (refusal(503, "SlowDown"), 1 + TRIES, "was answered 503 SlowDown: No"),
        ("", 1 + TRIES, "was not answered: the connection broke"),
        (WEB_PAGE, 1 + TRIES, "was answered by something that is not AWS"),
    ],
)
def test_refusals_name_call_and_object(cloud: Cloud, answer: str, tries: int, words: str) -> None:
    """Whoever reads it knows what was asked of what, what came back, and what to do; never the key.

    libcurl asks once, and then botocore as often as its patience says.
    """
    cloud.answers = [answer]

    with pytest.raises(PublishError) as refused:
        put(cloud)

    assert refused.value.words == f"PutObject on s3://guests/g/x.html {words}"
    assert refused.value.hint
    assert "publish" in refused.value.hint
    assert "sesame" not in f"{refused.value.words} {refused.value.hint}"
    assert len(cloud.asked) == tries


def test_nobody_there_is_said() -> None:
    """A port where nobody listens, and a name that nobody knows, are told apart from a refusal."""
    nobody = Cloud(url="http://127.0.0.1:9")

    with pytest.raises(PublishError, match="was not answered: the connection was refused"):
        put(nobody)


def test_write_that_loses_to_another_at_the_same_moment_says_so(cloud: Cloud) -> None:
    """What S3 calls a conflict passes, or somebody else is at it all the time."""
    together, absent = [refusal(409, "ConditionalRequestConflict")] * TRIES, refusal(404, "NoSuchKey")
    cloud.answers = [together[0], *together, absent, *together, absent]

    with pytest.raises(ConflictError, match="is being written by something else at this very moment"):
        put(cloud)


def test_write_that_met_its_own_first_attempt_is_tried_once_more(cloud: Cloud) -> None:
    """S3 was slow with the first, and refused the second over it: what then still stands may be written over."""
    together = [refusal(409, "ConditionalRequestConflict")] * (1 + TRIES)
    cloud.answers = [*together, refusal(404, "NoSuchKey"), WRITTEN]

    assert put(cloud).etag == '"abc"'


@pytest.mark.parametrize(
    ("description", "answer", "words"),
    [
        (
            "a 404 that is not S3's says nothing of the state",
            f"HTTP/1.1 404 No\r\nConnection: close\r\n{END}",
            "was answered 404",
        ),
        ("a web page is no state", WEB_PAGE, "was answered by something that is not AWS"),
        (
            "a body that breaks off each time is no state",
            f'{OK}{ID}ETag: "a"\r\nLast-Modified: Tue, 28 May 2024 12:00:00 GMT\r\nContent-Length: 99\r\n\r\nhalf',
            "was not answered: the connection broke",
        ),
    ],
)
def test_state_that_does_not_come_is_none(cloud: Cloud, description: str, answer: str, words: str) -> None:
    """A state that was not read must never be taken for one that is not there: everything would be done again."""
    cloud.answers = [answer]

    with pytest.raises(PublishError) as refused:
        S3States(cloud.aws(), "state", "").load()

    assert refused.value.words.startswith(f"GetObject on s3://state/state.json.gz {words}"), description


def test_state_that_s3_does_not_have_is_the_first(cloud: Cloud) -> None:
    """Only S3 itself says that nothing was published yet."""
    body = "<Error><Code>NoSuchKey</Code></Error>"
    head = f"HTTP/1.1 404 No\r\nConnection: close\r\n{ID}Date: Tue, 28 May 2024 12:00:00 GMT\r\n"
    cloud.answers = [f"{head}Content-Length: {len(body)}\r\n\r\n{body}"]

    assert S3States(cloud.aws(), "state", "").load().state == State()


def test_invalidation_that_is_no_invalidation(cloud: Cloud) -> None:
    """What is not XML is said to be no answer of AWS, and is no traceback."""
    cloud.answers = [WEB_PAGE]
    aws = cloud.aws()

    with pytest.raises(PublishError, match="CreateInvalidation on distribution E1 was answered by something"):
        CloudFrontDistributions(aws, aws.target.sites).invalidate(Site.GUEST, ("/g/x",), reference="1")


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ('"SecretBinary": "c2VzYW1l"', "`secretsmanager:castoff/scc#key`: the secret is binary"),
        ('"SecretString": "sesame"', NO_FIELDS),
        ('"SecretString": "[1]"', NO_FIELDS),
    ],
)
def test_secret_of_another_form_is_named_and_not_shown(cloud: Cloud, held: str, words: str) -> None:
    """The reference is said, and nothing of what stands behind it."""
    body = f'{{"Name": "castoff/scc", {held}}}'
    cloud.answers = [f"{OK}{ID}Content-Length: {len(body)}\r\n\r\n{body}"]

    with pytest.raises(PublishError) as refused:
        resolve("secretsmanager:castoff/scc#key", cloud.aws())

    assert refused.value.words == words


def test_secret_that_was_cut_in_the_middle_is_asked_for_again(cloud: Cloud) -> None:
    """Half an answer is none, although botocore reads it as an empty one."""
    body = '{"Name": "castoff/scc", "SecretString": "sesame"}'
    head = f"{OK}{ID}Content-Length: {len(body)}\r\n\r\n"
    cloud.answers = [head + body[:20], head + body]

    assert resolve("secretsmanager:castoff/scc", cloud.aws()) == "sesame"
    assert len(cloud.asked) == 2


PARAMETER: Final = '{"Parameter": {"Name": "castoff-scc", "Type": "SecureString", "Value": "sesame"}}'


def answered(body: str) -> str:
    """Return an answer of AWS with that body."""
    return f"{OK}{ID}Content-Length: {len(body)}\r\n\r\n{body}"


@pytest.mark.parametrize("first", [PARAMETER[:30], "", "{}", '{"Parameter": {}}', '{"Parameter": null}'])
def test_parameter_that_was_cut_in_the_middle_is_asked_for_again(cloud: Cloud, first: str) -> None:
    """A parameter without its value is none; one that never comes whole is named, and its value is not."""
    cloud.answers = [answered(first), answered(PARAMETER)]
    assert resolve("ssm:castoff-scc", cloud.aws()) == "sesame"
    assert len(cloud.asked) == 2

    cloud.answers = [answered(first)]
    with pytest.raises(PublishError) as refused:
        resolve("ssm:castoff-scc", cloud.aws())

    assert refused.value.words == "GetParameter on castoff-scc was answered by something that is not AWS"


INVALIDATION: Final = "<Invalidation><Id>I1</Id><Status>Completed</Status></Invalidation>"


@pytest.mark.parametrize("first", ["", "<Invalidation></Invalidation>"])
def test_invalidation_without_a_body_is_asked_for_again(cloud: Cloud, first: str) -> None:
    """An empty answer says neither which invalidation it is nor how far; its reference makes no second one."""
    aws = cloud.aws()
    distributions = CloudFrontDistributions(aws, aws.target.sites)
    cloud.answers = [answered(first), answered(INVALIDATION), answered(first), answered(INVALIDATION)]
    assert distributions.invalidate(Site.GUEST, ("/g/x",), reference="1") == "I1"
    assert distributions.completed(Site.GUEST, "I1")
    assert len(cloud.asked) == 4

    cloud.answers = [answered(first)]
    with pytest.raises(PublishError, match="CreateInvalidation on distribution E1 was answered by something"):
        distributions.invalidate(Site.GUEST, ("/g/x",), reference="1")
    with pytest.raises(PublishError, match="GetInvalidation on I1 of distribution E1 was answered by something"):
        distributions.completed(Site.GUEST, "I1")


def test_too_many_invalidations_are_a_matter_of_time(cloud: Cloud) -> None:
    """CloudFront has room for so many at once: that is no refusal, and whoever applies the plan waits for it."""
    aws = cloud.aws()
    cloud.answers = [refusal(400, "TooManyInvalidationsInProgress")]

    with pytest.raises(BusyError, match="distribution E1 has as many invalidations in progress as it may"):
        CloudFrontDistributions(aws, aws.target.sites).invalidate(Site.GUEST, ("/g/x",), reference="1")


def test_role_that_cannot_be_assumed_is_named(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI the first call needs another, to STS: where that is refused, it is the one that is named."""
    (tmp_path / "token").write_text("a token")
    settings = {
        "AWS_ROLE_ARN": "arn:aws:iam::000000000000:role/publisher",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"),
        "AWS_ENDPOINT_URL_STS": cloud.url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    cloud.answers = [refusal(403, "AccessDenied", message="Not you")]

    with pytest.raises(PublishError) as refused:
        S3States(cloud.aws(endpoint=False, credentials=False), "state", "").load()

    assert refused.value.words == (
        "AssumeRoleWithWebIdentity, needed for GetObject on s3://state/state.json.gz,"
        " was answered 403 AccessDenied: Not you"
    )


def test_no_credentials_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is not signed in is told so, and not that there is no network."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ROLE_ARN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", str(tmp_path / "none")),
        ("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none")),
    ):
        monkeypatch.setenv(name, value)

    with pytest.raises(PublishError) as refused:
        S3States(Cloud().aws(endpoint=False, credentials=False), "state", "").load()

    assert refused.value.words == (
        "GetObject on s3://state/state.json.gz could not be signed: Unable to locate credentials"
    )
    assert refused.value.hint == ("sign in to AWS, or add `--target local` for the embedded cloud; then run it again")
