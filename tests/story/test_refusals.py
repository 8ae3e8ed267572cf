"""What the world refuses a publish: one message, nobody called who should not be, and well again at the next run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from support.outcomes import assert_nobody_was_called, assert_well_again
from support.projects import Ran
from support.turnstile import Answer, Arrives, HangUp, Held, Treatment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.harbour import Harbour

pytestmark = pytest.mark.usefixtures("calm")

_EVENT: Final = r"^POST .*/prod/event$"
_ENTRY: Final = r"^PUT .*/prod/calendar/"
_NOWHERE: Final = "https://0123456789.execute-api.us-west-2.amazonaws.com/prod"

MISSING: Final = {
    "the state's bucket": (
        {"StateBucket": "no-such-bucket"},
        (
            "error: GetObject on s3://no-such-bucket/state.json.gz was answered 404 NoSuchBucket:"
            " The specified bucket does not exist\n"
            "  hint: check its name in castoff.yaml, or deploy the stack, then publish again\n"
        ),
    ),
    "a site's bucket": (
        {"OpsBucket": "no-such-bucket"},
        (
            "error: PutObject on s3://no-such-bucket/ops/index.html was answered 404 NoSuchBucket:"
            " The specified bucket does not exist\n"
            "  hint: check its name in castoff.yaml, or deploy the stack, then publish again\n"
        ),
    ),
    "a distribution": (
        {"GuestDistribution": "E0NOWHERE"},
        (
            "error: http://guest.localhost:<edge>/g/{charter}-crew is answered 502 and does not lead to the login:"
            " no crew page was written\n"
            "  hint: `castoff setup --target local` puts castoff's function there, `castoff doctor --target local`"
            " says more; then publish again\n"
        ),
    ),
    "the service key": (
        {"SccSecret": "castoff/nothing"},
        (
            "error: GetSecretValue on castoff/nothing was answered 403 AccessDeniedException:"
            " User: arn:aws:sts::000000000000:assumed-role/castoff-publisher/castoff is not authorized to perform:"
            " secretsmanager:GetSecretValue because no identity-based policy allows"
            " the secretsmanager:GetSecretValue action\n"
            "  hint: check its name in castoff.yaml, then the publisher's role (infra/stack.yaml has what it needs),"
            " then publish again\n"
        ),
    ),
    "ShipCaptainCrew": (
        {"SccUrl": _NOWHERE},
        (
            "error: ShipCaptainCrew, asked `POST /event` for booking {charter}, answered 403:"
            " Missing Authentication Token\n"
            "  hint: check ShipCaptainCrew's address in castoff.yaml,"
            " or write `auth: sigv4` there, if its stack has OperatorAuth=sigv4, then publish again\n"
        ),
    ),
}


@pytest.mark.parametrize(("outputs", "words"), MISSING.values(), ids=MISSING.keys())
def test_missing(harbour: Harbour, charter: str, outputs: Mapping[str, str], words: str) -> None:
    """What the stack does not have is named with the call that missed it, and nobody is called until it is there."""
    with harbour.project.telling(outputs=harbour.project.facts["outputs"] | outputs):
        refused = harbour.publish()

    edge = f":{harbour.project.facts['edge'].rpartition(':')[2]}"
    assert refused.refusal == words.replace("{charter}", charter).replace(":<edge>", edge)
    assert_nobody_was_called(harbour, charter)
    assert_well_again(harbour, charter)


def test_missing_distribution_of_a_guest_page(harbour: Harbour, charter: str) -> None:
    """Where no crew page is written the gate is not asked: the call that its caches miss is named."""
    assert harbour.publish().code == 0
    waiver = f"https://waiver.example.com/{charter}"
    harbour.project.replace(f"bookings/{charter}.yaml", "vessel: jada\n", f"vessel: jada\nwaiver: {waiver}\n")
    harbour.project.commit()

    with harbour.project.telling(outputs=harbour.project.facts["outputs"] | {"GuestDistribution": "E0NOWHERE"}):
        refused = harbour.publish()

    assert refused.refusal == (
        "error: CreateInvalidation on distribution E0NOWHERE was answered 403 AccessDenied:"
        " User: arn:aws:sts::000000000000:assumed-role/castoff-publisher/castoff is not authorized to perform:"
        " cloudfront:CreateInvalidation because no identity-based policy allows"
        " the cloudfront:CreateInvalidation action\n"
        "  hint: check its name in castoff.yaml, then the publisher's role (infra/stack.yaml has what it needs),"
        " then publish again\n"
    )
    assert_well_again(harbour, charter)
    assert waiver in harbour.witness.visit(f"/g/jada-guest-{charter}").text


def test_missing_dashboard(harbour: Harbour, charter: str) -> None:
    """The calendar comes last, so by then the crew has been told; the next publish does not tell them again."""
    with harbour.project.telling(outputs=harbour.project.facts["outputs"] | {"DashboardUrl": _NOWHERE}):
        refused = harbour.publish()

    assert refused.refusal == (
        f"error: the dashboard, asked `PUT /calendar/{charter}`, answered 403: Missing Authentication Token\n"
        "  hint: check the dashboard's address in castoff.yaml,"
        " or write `auth: sigv4` there, if its stack has OperatorAuth=sigv4, then publish again\n"
    )
    so_far = re.fullmatch(rf"(\d+) of (\d+) actions done; left: {charter} \(put calendar\)", refused.so_far or "")
    assert so_far, refused.so_far
    assert int(so_far[2]) == int(so_far[1]) + 1
    assert len(harbour.witness.mails(charter)) == 2
    assert_well_again(harbour, charter)


def test_wrong_service_key(harbour: Harbour, charter: str) -> None:
    """A key that ShipCaptainCrew does not know is refused by ShipCaptainCrew itself, and is never shown."""
    facts = harbour.project.facts
    admin = facts["credentials"]["admin"]
    session: Any = boto3.Session(admin["key"], admin["secret"], region_name=facts["region"])
    secrets = session.client("secretsmanager", endpoint_url=facts["endpoint"])
    true = secrets.get_secret_value(SecretId=facts["outputs"]["SccSecret"])["SecretString"]
    secrets.put_secret_value(SecretId=facts["outputs"]["SccSecret"], SecretString='{"service_key": "not-this-one"}')

    refused = harbour.publish()
    secrets.put_secret_value(SecretId=facts["outputs"]["SccSecret"], SecretString=true)
    secrets.close()

    assert refused.refusal == (
        f"error: ShipCaptainCrew, asked `POST /event` for booking {charter}, answered 401:"
        " a right X-Service-Key is needed\n"
        "  hint: compare ShipCaptainCrew's key with the secret that castoff.yaml names, then publish again\n"
    )
    assert "not-this-one" not in refused.err
    assert_nobody_was_called(harbour, charter)
    assert_well_again(harbour, charter)


REFUSING: Final[list[tuple[Treatment, str]]] = [
    (
        Answer(403, b'{"message": "Forbidden"}'),
        (
            "answered 403: Forbidden\n"
            "  hint: check {name}'s address in castoff.yaml, and that its resource policy lets this machine in,"
            " then publish again\n"
        ),
    ),
    (
        Answer(500, b'{"message": "Internal server error"}'),
        (
            "answered 500: Internal server error\n"
            "  hint: run `castoff publish --target local` again; what was done is known and is not done twice\n"
        ),
    ),
    (
        Answer(200, b"<html>Welcome</html>"),
        (
            "answered 200 with something that is not a JSON object\n"
            "  hint: check in castoff.yaml that {url} is {name}'s address, then publish again\n"
        ),
    ),
]


def test_shipcaptaincrew_fails_in_every_way(harbour: Harbour, charter: str) -> None:
    """Turned away, failing, rubbish, hung up on: each names the call, and nobody is told; then all are, once."""
    hung_up = "did not answer: the connection broke\n  hint: check {url}, then publish again\n"
    for treatment, words in [*REFUSING, (HangUp(), hung_up)]:
        harbour.turnstile.forget()
        harbour.turnstile.treat(_EVENT, treatment)

        refused = harbour.project.plain(harbour.publish().refusal)

        told = words.format(name="ShipCaptainCrew", url="<SccUrl>")
        assert refused == f"error: ShipCaptainCrew, asked `POST /event` for booking {charter}, {told}"
        assert_nobody_was_called(harbour, charter)
    assert_well_again(harbour, charter)


def test_dashboard_fails_in_every_way(harbour: Harbour, charter: str) -> None:
    """Turned away, failing, rubbish: each names the call; the crew has been told by then, and is not told again."""
    for treatment, words in REFUSING:
        harbour.turnstile.forget()
        harbour.turnstile.treat(_ENTRY, treatment)

        refused = harbour.project.plain(harbour.publish().refusal)

        told = words.format(name="the dashboard", url="<DashboardUrl>")
        assert refused == f"error: the dashboard, asked `PUT /calendar/{charter}`, {told}"
        assert harbour.witness.entries(charter) == []
        assert len(harbour.witness.mails(charter)) == 2
    assert_well_again(harbour, charter)


def test_silence_ends_and_whoever_waits_goes_on(harbour: Harbour, charter: str) -> None:
    """A dashboard that says nothing is given up within half a minute; until then the lease holds another off."""
    silence = [Held(Arrives.NEVER), Held(Arrives.NEVER)]
    for held in silence:
        harbour.turnstile.treat(_ENTRY, held)

    with harbour.project.running("publish", "--target", "local", "--yes", "--lease", "4") as first:
        silence[0].wait()
        other = harbour.publish()
        _, words = first.communicate()
    for held in silence:
        held.release()

    refused = Ran(first.returncode, "", words)
    assert harbour.project.plain(refused.refusal) == (
        f"error: the dashboard, asked `PUT /calendar/{charter}`, did not answer: nothing came within 12 s\n"
        "  hint: check <DashboardUrl>, then publish again\n"
    )
    assert other.code == 0, other.err
    assert_well_again(harbour, charter)
