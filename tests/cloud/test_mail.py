"""Crew mail in the deployed stack: the schedule really calls the Lambda, and what SES tells comes back to it."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from support.gateway import Caller

from castoff.cloud.account import account_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.facts import Facts

SENDER = "crew@example.com"
_POOL = urllib3.PoolManager(timeout=urllib3.Timeout(30), retries=False)


@pytest.fixture(scope="module")
def client(cloud: Facts) -> Callable[[str], Any]:
    """Return a function that makes clients for the deployer."""
    admin = account_in(cloud, "admin")
    return lambda service: admin.session.client(service, **admin.options)


@pytest.fixture(scope="module")
def operator(cloud: Facts, client: Callable[[str], Any]) -> Caller:
    """Return someone who holds the service key, and calls through API Gateway."""
    secret = client("secretsmanager").get_secret_value(SecretId=cloud.outputs["SccSecret"])["SecretString"]
    key = json.loads(secret)["service_key"]
    return Caller(cloud.endpoint, cloud.outputs["SccUrl"]).bringing(X_Service_Key=key)


@pytest.fixture
def topic(client: Callable[[str], Any]) -> str:
    """Return the topic that the stack's Lambda listens to."""
    found = client("cloudformation").describe_stack_resource(StackName="castoff", LogicalResourceId="MailTopic")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def put_member(operator: Caller, member_id: str, email: str) -> dict[str, Any]:
    """Send a crew member as the publisher does, and return the answer."""
    answer = operator.ask("PUT", f"/crew-members/{member_id}", {"name": "Ben Ito", "role": "captain", "email": email})
    assert answer.status == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def until(condition: Callable[[], bool], *, seconds: int) -> bool:
    """Wait until something holds, and tell whether it did."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.5)
    return condition()


@pytest.mark.parametrize(
    ("recipient", "kind", "permanent"), [("bounce", "bounce", True), ("complaint", "complaint", False)]
)
def test_what_comes_back_is_noted(
    client: Callable[[str], Any], operator: Caller, topic: str, recipient: str, kind: str, *, permanent: bool
) -> None:
    """SES's simulator refuses or complains, SNS tells the Lambda, and the member's answer says so."""
    tag = secrets.token_hex(3)
    address = f"{recipient}+{tag}@simulator.amazonses.com"
    assert "mail" not in put_member(operator, f"captain-{tag}", address)
    ses = client("ses")
    # The embedded SES tells an identity's own topic, and stores a configuration set's without ever telling it.
    ses.set_identity_notification_topic(Identity=SENDER, NotificationType=kind.capitalize(), SnsTopic=topic)

    words = {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}
    ses.send_email(Source=SENDER, Destination={"ToAddresses": [address]}, Message=words)

    def fault() -> Any:
        return put_member(operator, f"captain-{tag}", address).get("mail")

    assert until(lambda: fault() is not None, seconds=30)
    assert (fault()["kind"], fault()["permanent"]) == (kind, permanent)


def test_the_schedule_calls_the_lambda(cloud: Facts, client: Callable[[str], Any], operator: Caller) -> None:
    """What SES refused is sent by the scheduler's own call, with the input that the template gives it."""
    booking, email = secrets.token_hex(4)[:7], f"{secrets.token_hex(4)}@example.com"
    put_member(operator, f"captain-{booking}", email)
    mail, older, scheduler = client("sesv2"), client("ses"), client("scheduler")
    starts = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    charter = {
        "event_name": "Jada",
        "booking_id": booking,
        "captain_id": f"captain-{booking}",
        "date": starts.isoformat(),
        "duration_hours": 3,
        "call_time": (starts - timedelta(hours=1)).isoformat(),
        "dock": "Sheraton Marina",
        "guest_count": 6,
        "crew_page": f"http://guest.localhost:8080/g/{booking}-crew",
    }
    tick = client("cloudformation").describe_stack_resource(StackName="castoff", LogicalResourceId="Tick")
    stands = scheduler.get_schedule(Name=tick["StackResourceDetail"]["PhysicalResourceId"])
    target = {part: stands["Target"][part] for part in ("Arn", "RoleArn", "Input")}
    asked = operator.bringing(Idempotency_Key=f"event:{booking}")

    def listed(state: str) -> int:
        answer = operator.ask("GET", f"/mail?state={state}&booking_id={booking}")
        return len(json.loads(answer.text)["mails"])

    mail.delete_email_identity(EmailIdentity=SENDER)
    older.delete_identity(Identity=SENDER)
    try:
        refused = asked.ask("POST", "/event", charter)
    finally:
        mail.create_email_identity(EmailIdentity=SENDER)
        older.verify_email_identity(EmailAddress=SENDER)
    waiting = listed("pending")
    scheduler.create_schedule(
        Name=f"now-{booking}",
        ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
        ActionAfterCompletion="DELETE",
    )

    assert (refused.status, waiting) == (201, 1)
    assert stands["ScheduleExpression"] == "rate(15 minutes)"
    assert json.loads(target["Input"]) == {"castoff": "tick"}
    assert until(lambda: listed("sent") == 1, seconds=60)
    sent = _POOL.request("GET", f"{cloud.endpoint}/_ministack/ses/messages").json()["messages"]
    found = [one for mails in sent.values() for one in mails if email in one["To"]]
    assert [one["Subject"].partition(":")[0] for one in found] == ["Crew call"]
    assert f"/crew/{booking}?token=" in found[0]["BodyText"]
