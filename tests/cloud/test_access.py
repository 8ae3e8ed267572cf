"""Who may call which routes: by address in one stack, by AWS principal in another; the key is asked for in both."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from support.gateway import caller

from castoff.cloud import identities, ministack
from castoff.cloud.account import account_in
from castoff.cloud.facts import Credentials
from castoff.cloud.keys.vault import open_vault
from castoff.cloud.lambda_packages import Target
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.stack import deploy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from support.gateway import Caller

    from castoff.cloud.facts import Facts
    from castoff.cloud.sources import Sources
    from castoff.cloud.stack import Deployed

    Who = Mapping[str, Credentials | None]
    Held = Callable[[str, str, str], str]

PARAMETERS = {
    "Name": "signed",
    "GuestUrl": "https://guest.example.com",
    "OpsUrl": "https://ops.example.com",
    "MailFrom": "crew@example.com",
}
ANYTHING = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
"""What lets a user of the account call every API that doesn't say no."""

SERVICES = {
    "SccUrl": ("/events?booking_id=xhqgmdh", "scc", "service_key", "X-Service-Key"),
    "DashboardUrl": ("/calendar?booking_id=xhqgmdh", "dashboard", "token", "X-Dashboard-Token"),
}


@pytest.fixture(scope="module")
def people(cloud: Facts) -> Who:
    """Return two users of the account who may both invoke any API, as far as they themselves go."""
    admin = account_in(cloud, "admin")
    iam = admin.session.client("iam", **admin.options)
    made: dict[str, Credentials] = {}
    for who in ("listed", "unlisted", "powerless"):
        iam.create_user(UserName=f"access-{who}")
        if who != "powerless":
            document = json.dumps({"Version": "2012-10-17", "Statement": [ANYTHING]})
            iam.put_user_policy(UserName=f"access-{who}", PolicyName="invoke", PolicyDocument=document)
        key = iam.create_access_key(UserName=f"access-{who}")["AccessKey"]
        made[who] = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    return made


@pytest.fixture(scope="module")
def signed(cloud: Facts, sources: Sources, checkout: Path, cloud_environment: dict[str, str]) -> Deployed:
    """Return a stack that went by address first, and then by principal: the switch is one parameter."""
    admin, place = account_in(cloud, "admin"), Place(checkout)
    runtime = ministack.find(place, cloud_environment).runtime()
    account = admin.session.client("sts", **admin.options).get_caller_identity()["Account"]

    def deploy_it(**parameters: str) -> Deployed:
        return deploy(
            admin,
            sources,
            name="signed",
            parameters={
                **PARAMETERS,
                "Runtime": runtime,
                "PublisherPrincipal": identities.admin_arn(admin),
                **parameters,
            },
            target=Target(runtime),
            cache=place.packages,
            progress=Silent(),
        )

    deploy_it(OperatorAddresses="127.0.0.1/32")
    listed = [f"arn:aws:iam::{account}:user/access-{who}" for who in ("listed", "powerless")]
    return deploy_it(OperatorAuth="sigv4", OperatorPrincipals=",".join(listed))


@pytest.fixture(scope="module")
def held(cloud: Facts) -> Held:
    """Return a function that reads a value of a stack's secret, each once: making a client is slow."""
    admin = account_in(cloud, "admin")

    @cache
    def read(stack: str, secret: str, field: str) -> str:
        value = open_vault(admin, prefix=stack).read(secret)[field]
        assert isinstance(value, str)
        return value

    return read


@pytest.fixture(scope="module")
def who(cloud: Facts, signed: Deployed, people: Who) -> Who:
    """Return everybody who calls the signed stack."""
    admin = account_in(cloud, "admin")
    right = people["listed"]
    assert right is not None
    return {
        **people,
        "nobody": None,
        "admin": cloud.credentials["admin"],
        "publisher": identities.lend_publisher(admin, signed.outputs),
        "another stack's publisher": cloud.credentials["publisher"],
        "unknown": Credentials("AKIAEXAMPLEEXAMPLE01", right.secret),
        "forger": Credentials(right.key, right.secret[::-1]),
    }


@pytest.fixture
def calls(cloud: Facts, signed: Deployed, held: Held) -> Callable[..., Caller]:
    """Return a function that makes a caller of the signed stack, with the service's key or without."""

    def make(url: str, *, key: bool = True) -> Caller:
        _, secret, field, header = SERVICES[url]
        made = caller(cloud, signed.outputs[url])
        return made.bringing(**{header: held("signed", secret, field)}) if key else made

    return make


@pytest.mark.parametrize("url", SERVICES)
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("publisher", 200),
        ("listed", 200),
        ("powerless", 403),
        ("unlisted", 403),
        ("admin", 403),
        ("another stack's publisher", 403),
        ("nobody", 403),
        ("unknown", 403),
        ("forger", 403),
    ],
)
def test_signed_calls_are_for_who_is_listed(
    calls: Callable[..., Caller], who: Who, url: str, name: str, status: int
) -> None:
    """Of one account and all with the right key: only who is listed, may invoke, and signs with a key of their own."""
    answer = calls(url).signing(who[name]).ask("GET", SERVICES[url][0])

    assert (name, answer.status, answer.by_gateway) == (name, status, status != 200), answer.text


@pytest.mark.parametrize("url", SERVICES)
@pytest.mark.parametrize(
    ("description", "changes"),
    [
        ("a signature with one character changed", {"tampered": True}),
        ("a signature that is an hour old", {"minutes_ago": 60}),
    ],
)
def test_a_listed_name_with_a_wrong_signature_is_nobody(
    calls: Callable[..., Caller], who: Who, url: str, description: str, changes: dict[str, Any]
) -> None:
    """It is the signature that counts, not the access key that it names."""
    answer = calls(url).signing(who["listed"], **changes).ask("GET", SERVICES[url][0])

    assert (description, answer.status, answer.by_gateway) == (description, 403, True), answer.text


def test_a_signed_call_cannot_be_sent_again_with_another_body(calls: Callable[..., Caller], who: Who) -> None:
    """Who overhears a call cannot change what it asks for."""
    answer = calls("SccUrl").signing(who["listed"]).ask("POST", "/event", {"a": 1}, sent={"a": 2})

    assert (answer.status, answer.by_gateway) == (403, True), answer.text


@pytest.mark.parametrize("url", SERVICES)
@pytest.mark.parametrize("key", [None, "", "wrong"])
def test_a_signature_is_no_key(calls: Callable[..., Caller], who: Who, url: str, key: str | None) -> None:
    """Rightly signed and without the key it is the service that refuses."""
    path, _, _, header = SERVICES[url]
    listed = calls(url, key=False).signing(who["listed"])

    answer = (listed if key is None else listed.bringing(**{header: key})).ask("GET", path)

    assert (answer.status, answer.by_gateway) == (401, False), answer.text


@pytest.fixture(params=["by address", "signed"])
def closed(request: pytest.FixtureRequest) -> Deployed:
    """Return each of two stacks that are closed to this machine as an operator: another network's, and the signed."""
    deployed: Deployed = request.getfixturevalue("elsewhere" if request.param == "by address" else "signed")
    return deployed


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/crew/xhqgmdh"), ("POST", "/crew/ops/link"), ("POST", "/g/PRESIGN")]
)
def test_viewers_come_through_the_distribution_only(
    cloud: Facts, closed: Deployed, held: Held, method: str, path: str
) -> None:
    """The gateway lets everybody through to a viewer's route, and ShipCaptainCrew asks for the origin header."""
    anyone = caller(cloud, closed.outputs["SccUrl"])

    straight = anyone.ask(method, path, {})
    through = anyone.bringing(X_Castoff_Origin=held(closed.name, "origin", "header")).ask(method, path, {})

    assert (straight.status, json.loads(straight.text)["error"]) == (403, "not_through_the_site")
    assert (through.status in (200, 202, 303, 400, 401, 410, 422), through.by_gateway) == (True, False), through.text
    assert "not_through_the_site" not in through.text


def test_a_mail_scanner_may_look(cloud: Facts, closed: Deployed, held: Held) -> None:
    """Who only asks whether a link leads anywhere is let through as well."""
    through = caller(cloud, closed.outputs["SccUrl"]).bringing(X_Castoff_Origin=held(closed.name, "origin", "header"))

    assert through.ask("HEAD", "/crew/xhqgmdh").status == 200


def test_the_publisher_asks_for_forms_with_its_key(cloud: Facts, closed: Deployed, held: Held) -> None:
    """One route is for both: with the service key it is open to whoever holds that, however other calls are known."""
    key = held(closed.name, "scc", "service_key")
    anyone = caller(cloud, closed.outputs["SccUrl"])

    right = anyone.bringing(X_Service_Key=key).ask("POST", "/g/PRESIGN", {})
    wrong = anyone.bringing(X_Service_Key=key[::-1]).ask("POST", "/g/PRESIGN", {})

    assert (right.status, wrong.status) == (422, 401), f"{right.text} {wrong.text}"
    assert not wrong.by_gateway


def test_the_feed_is_open_to_every_calendar_program(cloud: Facts, closed: Deployed) -> None:
    """A phone can neither sign nor name its address: the dashboard itself asks for the feed's key."""
    answer = caller(cloud, closed.outputs["DashboardUrl"]).ask("GET", "/calendar.ics")

    assert (answer.status, answer.by_gateway) == (401, False), answer.text


@pytest.mark.parametrize(
    ("url", "method", "path"),
    [
        ("SccUrl", "GET", "/events?booking_id=xhqgmdh"),
        ("SccUrl", "POST", "/event"),
        ("SccUrl", "PATCH", "/events/e-1"),
        ("SccUrl", "DELETE", "/crew-members/captain-001"),
        ("SccUrl", "POST", "/crew-members/captain-001/link"),
        ("SccUrl", "GET", "/mail?state=claimed"),
        ("SccUrl", "GET", "/"),
        ("SccUrl", "GET", "/crew"),
        ("SccUrl", "GET", "/events/crew/xhqgmdh"),
        ("SccUrl", "DELETE", "/crew-members/crew/xhqgmdh"),
        ("SccUrl", "POST", "/events/g/PRESIGN"),
        ("SccUrl", "PUT", "/g/PRESIGN"),
        ("SccUrl", "DELETE", "/crew/xhqgmdh"),
        ("SccUrl", "GET", "/CREW/xhqgmdh"),
        ("DashboardUrl", "GET", "/calendar"),
        ("DashboardUrl", "PUT", "/calendar/xhqgmdh"),
        ("DashboardUrl", "POST", "/calendar/feeds"),
        ("DashboardUrl", "POST", "/calendar.ics"),
        ("DashboardUrl", "GET", "/calendar/calendar.ics"),
    ],
)
def test_whatever_is_no_viewers_is_the_operators(
    cloud: Facts, closed: Deployed, held: Held, *, url: str, method: str, path: str
) -> None:
    """From elsewhere and unsigned, with the right key, no Lambda is asked; nor where a path only looks like one."""
    _, secret, field, header = SERVICES[url]
    key = held(closed.name, secret, field)

    answer = (
        caller(cloud, closed.outputs[url]).bringing(**{header: key}).ask(method, path, None if method == "GET" else {})
    )

    assert (answer.status, answer.by_gateway) == (403, True), answer.text


@pytest.mark.parametrize(
    "path", ["/crew/../events", "/crew/%2e%2e/events", "/crew//events", "/crew/..%2fevents", "/crew/x/../../events"]
)
def test_a_viewers_route_leads_nowhere_else(cloud: Facts, closed: Deployed, held: Held, path: str) -> None:
    """No spelling of a viewer's path reaches an operator's route, not even with the key."""
    key = held(closed.name, "scc", "service_key")

    answer = (
        caller(cloud, closed.outputs["SccUrl"]).bringing(X_Service_Key=key).ask("GET", f"{path}?booking_id=xhqgmdh")
    )

    assert answer.status >= 400, answer.text
    assert "events" not in answer.text or answer.by_gateway


@pytest.mark.parametrize("url", SERVICES)
@pytest.mark.parametrize(("stack", "status"), [("castoff", 200), ("elsewhere", 403)])
def test_by_address_it_is_the_network_that_counts(
    cloud: Facts, elsewhere: Deployed, held: Held, *, url: str, stack: str, status: int
) -> None:
    """Where no principal is asked for, a caller in the network needs no signature, and outside it none helps."""
    path, secret, field, header = SERVICES[url]
    outputs = cloud.outputs if stack == "castoff" else elsewhere.outputs
    key = held(stack, secret, field)
    anyone = caller(cloud, outputs[url]).bringing(**{header: key})

    unsigned = anyone.ask("GET", path)
    signed_too = anyone.signing(cloud.credentials["publisher"]).ask("GET", path)

    assert (unsigned.status, signed_too.status) == (status, status), unsigned.text
