"""What the doctor makes of a service's answers: each with its reason and what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from support.patients import API, Answers, form, patient, service, told

from castoff.cloud.doctor import services
from castoff.cloud.doctor.finding import Finding, Verdict

if TYPE_CHECKING:
    from castoff.cloud.doctor.patient import Told

OWN = "https://crew.example.com/prod"

LOST = (
    "`X-Service-Key` is lost: crew.example.com goes through CloudFront, which by default forwards no viewer header to"
    " an origin"
)

ANSWERS: list[tuple[str, Told | str, Verdict, str]] = [
    ("refuses whoever has no key", told(401, {"error": "unauthorized"}), Verdict.OK, "tells nothing without the key"),
    ("refuses in its own way", told(403, {"error": "no"}), Verdict.OK, "tells nothing without the key"),
    ("is open to all", told(200, {"events": []}), Verdict.WRONG, "ShipCaptainCrew tells anybody"),
    ("is a web page", told(200, None), Verdict.WRONG, "answers 200, not in JSON"),
    ("has another path", told(404, {"error": "not_found"}), Verdict.WRONG, "answers 404"),
    ("is not there", "the connection was refused", Verdict.WRONG, "does not answer: the connection was refused"),
    (
        "lets this machine not in",
        told(403, {"Message": "no"}, x_amzn_errortype="AccessDeniedException"),
        Verdict.WRONG,
        "the API's resource policy does not let this machine in",
    ),
    (
        "lacks its stage",
        told(403, {"message": "no"}, x_amzn_errortype="MissingAuthenticationTokenException"),
        Verdict.WRONG,
        "the API has no such path, or asks for a SigV4 signature",
    ),
]


@pytest.mark.parametrize(("what", "answer", "verdict", "words"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_whether_it_answers(what: str, answer: Told | str, verdict: Verdict, words: str) -> None:
    """A service answers, in JSON, and keeps out whoever shows no key."""
    asked = service(answers=Answers(bare=answer))

    found = services.answers(asked)(patient(scc=asked), {})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"
    assert found.hint or found.verdict is Verdict.OK


ARRIVES: list[tuple[str, str, Told | str, Verdict, str]] = [
    ("taken", OWN, told(200, {"events": []}), Verdict.OK, "`X-Service-Key` arrives"),
    ("refused behind CloudFront", OWN, told(401, {}, x_amz_cf_id="abc"), Verdict.WRONG, LOST),
    (
        "refused, and Via says CloudFront",
        OWN,
        told(403, {}, via="1.1 x.cloudfront.net (CloudFront)"),
        Verdict.WRONG,
        LOST,
    ),
    ("refused by the service", OWN, told(401, {}), Verdict.SKIPPED, "only a service that takes the key shows"),
    ("a service that is ill", OWN, told(500, {}), Verdict.SKIPPED, "only a service that takes the key shows"),
    ("refused behind another proxy", OWN, told(401, {}, via="1.1 varnish"), Verdict.SKIPPED, "only a service"),
    ("an API that AWS keeps at its own edge", API, told(401, {}, x_amz_cf_id="abc"), Verdict.SKIPPED, "only a service"),
    ("silent", OWN, "nothing came within 3 s", Verdict.WRONG, "does not answer with the key"),
]


@pytest.mark.parametrize(("what", "url", "answer", "verdict", "words"), ARRIVES, ids=[row[0] for row in ARRIVES])
def test_whether_the_key_arrives(what: str, url: str, answer: Told | str, verdict: Verdict, words: str) -> None:
    """Headers of CloudFront in a refusal tell why: a distribution stands before it, and takes the key off."""
    asked = service(url=url, answers=Answers(keyed=answer))

    found = services.arrives(asked)(patient(scc=asked), {})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"


ACCEPTED: list[tuple[str, Told, Verdict, str]] = [
    ("taken", told(200, {"events": []}), Verdict.OK, "accepted"),
    ("refused", told(401, {"error": "unauthorized"}), Verdict.WRONG, "does not take the key: 401"),
    ("another list", told(200, {"items": []}), Verdict.WRONG, "answers 200 without a list `events`"),
    (
        "an old signature",
        told(403, {}, x_amzn_errortype="InvalidSignatureException:http://internal"),
        Verdict.WRONG,
        "the API does not take the SigV4 signature",
    ),
]


@pytest.mark.parametrize(("what", "answer", "verdict", "words"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_whether_the_key_is_taken(what: str, answer: Told, verdict: Verdict, words: str) -> None:
    """Taken, or what to compare."""
    found = services.accepted(service(), "scc-arrives")(patient(), {"scc-arrives": answer})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"


SIGNERS: list[tuple[str, Told | str, Verdict, str]] = [
    ("a user's key", told(200, form()), Verdict.OK, "a key of its own; a form lives 7 days 0 h"),
    (
        "a role's session",
        told(200, form(**{"x-amz-security-token": "t"})),
        Verdict.WRONG,
        "signed with lent credentials, and say they live 168 h",
    ),
    ("an hour", told(200, form(lives=timedelta(hours=1))), Verdict.WARN, "upload forms live 1 h only"),
    ("no key yet", told(503, {"error": "unavailable"}), Verdict.WRONG, "signs no upload form: 503 unavailable"),
    ("no form", told(200, {"url": "https://b.example.com/"}), Verdict.WRONG, "signs no upload form: 200"),
    ("nothing", "nothing came within 3 s", Verdict.WRONG, "no upload form was signed"),
]


@pytest.mark.parametrize(("what", "answer", "verdict", "words"), SIGNERS, ids=[row[0] for row in SIGNERS])
def test_how_long_a_signature_lives(what: str, answer: Told | str, verdict: Verdict, words: str) -> None:
    """A form signed with a session dies with it, whatever it says; a user's key outlives it."""
    found = services.signer(patient(scc=service(answers=Answers(form=answer))), {})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"


class Sent:
    """A store of uploads that answers one thing, and keeps what it was sent."""

    def __init__(self, answer: Told | str) -> None:
        self.answer = answer
        self.bodies: list[bytes] = []

    def __call__(self, _url: str, _kind: str, body: bytes) -> Told | str:
        """Answer, and keep the body."""
        self.bodies.append(body)
        return self.answer


FORMS: list[tuple[str, Told | str, Verdict, str]] = [
    (
        "refused by its policy",
        told(403, text="<Code>AccessDenied</Code><Message>Invalid according to Policy: Policy Condition failed"),
        Verdict.OK,
        "S3 takes the signature",
    ),
    (
        "refused to the signer",
        told(403, text="<Code>AccessDenied</Code><Message>Access Denied</Message>"),
        Verdict.WARN,
        "S3 answers 403 AccessDenied where the form's policy should refuse",
    ),
    ("an unknown key", told(403, text="<Code>InvalidAccessKeyId</Code>"), Verdict.WRONG, "S3 does not know the key"),
    ("a wrong key", told(403, text="<Code>SignatureDoesNotMatch</Code>"), Verdict.WRONG, "S3 does not know the key"),
    ("no bucket", told(404, text="<Code>NoSuchBucket</Code>"), Verdict.WRONG, "is not there"),
    ("taken", told(204), Verdict.WARN, "S3 answers 204 where the form's policy should refuse"),
    ("nobody", "its name is not known", Verdict.WRONG, "does not answer: its name is not known"),
]


@pytest.mark.parametrize(("what", "answer", "verdict", "words"), FORMS, ids=[row[0] for row in FORMS])
def test_whether_the_signature_is_good(what: str, answer: Told | str, verdict: Verdict, words: str) -> None:
    """It is tried with a file that the form's own policy refuses."""
    sent = Sent(answer)

    found = services.form(patient(send=sent), {"upload-signer": form()})

    assert (found.verdict, words in found.words) == (verdict, True), f"{what}: {found}"
    assert b'name="key"\r\n\r\ncastoff-doctor-asks' in sent.bodies[0]


@pytest.mark.parametrize("prefix", [None, "", "castoff-doctor"])
def test_nothing_is_sent_that_could_be_stored(prefix: str | None) -> None:
    """A form that would take the file is told of, and not tried."""
    sent = Sent(told(204))

    found = services.form(patient(send=sent), {"upload-signer": form(prefix=prefix)})

    assert (found.verdict, found.words) == (Verdict.WRONG, "upload forms take files under any name")
    assert sent.bodies == []


def test_no_line_has_a_key() -> None:
    """Nothing of an answer's body is told but the name of its error."""
    secret: dict[str, Any] = {
        "error": "unauthorized",
        "detail": "you sent the-right-key",
        "service_key": "the-right-key",
    }
    asked = service(answers=Answers(bare=told(418, secret), keyed=told(401, secret), form=told(500, secret)))
    sick = patient(scc=asked)
    found: list[Finding] = [
        services.answers(asked)(sick, {}),
        services.arrives(asked)(sick, {}),
        services.accepted(asked, "scc-arrives")(sick, {"scc-arrives": asked.ask("GET", "/", keyed=True)}),
        services.signer(sick, {}),
    ]

    assert "the-right-key" not in str([(one.words, one.hint) for one in found])
