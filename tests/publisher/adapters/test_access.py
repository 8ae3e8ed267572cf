"""By whom AWS is asked: a profile, a role that is assumed and lent anew, and what is said where neither is had."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from support.turnstile import Turnstile
from support.worlds import Clock

from castoff.cli.releasing import embedded_target
from castoff.cloud.account import account_in
from publisher.adapters.aws import Aws
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import S3Objects, S3States
from publisher.errors import PublishError
from publisher.ports import Write
from publisher.target import Access, Credentials, Target, session_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts


@dataclass(frozen=True)
class Roles:
    """The publisher's role, and users who may or may not assume it; calls pass a turnstile."""

    role: str
    trusted: Credentials
    stranger: Credentials
    target: Target
    turnstile: Turnstile

    def aws(self, credentials: Credentials | None, *, role: str | None = None, **access: Any) -> Aws:
        """Return clients that act as the role, on the way as somebody."""
        how = Access(role=role or self.role, **access)
        target = replace(self.target, credentials=credentials, access=how)
        return Aws(target, clock=Clock(), patience=Patience(tries=1))

    def state(self, aws: Aws) -> Any:
        """Read the state as `aws` would."""
        bucket, _, prefix = self.target.state.removeprefix("s3://").partition("/")
        return S3States(aws, bucket, prefix).load()


@pytest.fixture(scope="module")
def roles(cloud: Facts) -> Iterator[Roles]:
    """Make a user whom the publisher's role trusts, and one whom it does not."""
    admin = account_in(cloud, "admin")
    iam: Any = admin.session.client("iam", **admin.options)
    arn = cloud.outputs["PublisherRole"]
    name = arn.rpartition("/")[2]
    trusted, stranger = _user(iam, "trusted", may=arn), _user(iam, "stranger", may="arn:aws:iam::000000000000:role/no")
    before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    trust = {"Effect": "Allow", "Principal": {"AWS": _arn(admin, "trusted")}, "Action": "sts:AssumeRole"}
    iam.update_assume_role_policy(
        RoleName=name, PolicyDocument=json.dumps({**before, "Statement": [*before["Statement"], trust]})
    )
    turnstile = Turnstile(cloud.endpoint)
    target = replace(embedded_target("production", cloud), endpoint=turnstile.endpoint, credentials=None)
    try:
        yield Roles(arn, trusted, stranger, target, turnstile)
    finally:
        turnstile.close()
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))


def _arn(admin: Account, user: str) -> str:
    iam: Any = admin.session.client("iam", **admin.options)
    arn: str = iam.get_user(UserName=user)["User"]["Arn"]
    return arn


def _user(iam: Any, name: str, *, may: str) -> Credentials:
    iam.create_user(UserName=name)
    allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": may}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName=name, PolicyName="assume", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def test_everything_is_done_as_the_role(roles: Roles) -> None:
    """A user who may do nothing but assume the role reads the state as the role, under a session of castoff's name."""
    roles.turnstile.forget()
    aws = roles.aws(roles.trusted, session="castoff-4711")
    assert roles.turnstile.passed == ()

    assert roles.state(aws) is not None

    assert aws.client("sts").get_caller_identity()["Arn"].endswith("/castoff-4711")
    with pytest.raises(PublishError, match="403"):
        roles.state(Aws(replace(aws.target, access=Access()), clock=Clock(), patience=Patience(tries=1)))


def test_a_role_is_assumed_once_for_many_calls(roles: Roles) -> None:
    """What was lent is used for as long as it lasts."""
    aws = roles.aws(roles.trusted)
    roles.turnstile.forget()

    for _ in range(3):
        roles.state(aws)

    assert [call for call in roles.turnstile.passed if call.startswith("POST")] == [roles.turnstile.passed[0]]


def test_what_is_lent_is_lent_anew_before_it_ends(roles: Roles) -> None:
    """A publish longer than its role's session goes on: what ends within a quarter of an hour is replaced."""
    aws = roles.aws(roles.trusted, lent=900)

    keys = set()
    for _ in range(3):
        assert roles.state(aws) is not None
        keys.add(aws.credentials().access_key)

    assert len(keys) == 3


@pytest.mark.parametrize("who", ["stranger", "trusted"])
def test_a_role_that_is_not_lent_is_named_as_the_reason(roles: Roles, who: str) -> None:
    """Neither whom the role does not trust, nor a role that is not there: the hint says where to look."""
    role = None if who == "stranger" else f"{roles.role}-of-nobody"
    aws = roles.aws(getattr(roles, who), role=role)

    with pytest.raises(PublishError) as refused:
        roles.state(aws)

    assert "AssumeRole, needed for GetObject on s3://" in refused.value.words
    assert (refused.value.hint or "").startswith("check `role` in castoff.yaml")
    assert getattr(roles, who).secret not in f"{refused.value!r}{refused.value.__cause__!r}"


def test_a_profile_is_the_way_to_the_role(roles: Roles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The profile's credentials assume the role; the environment's, which may be anybody's, do not."""
    (tmp_path / "config").write_text("")
    (tmp_path / "credentials").write_text(
        f"[harbor]\naws_access_key_id = {roles.trusted.key}\naws_secret_access_key = {roles.trusted.secret}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", roles.stranger.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", roles.stranger.secret)

    assert roles.state(roles.aws(None, profile="harbor")) is not None


def test_a_machine_without_the_profile_may_say_otherwise_who_it_is(
    roles: Roles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """CI has no profiles and credentials of its own; who has neither is told which profile is missing."""
    for variable in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(variable, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", roles.trusted.key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", roles.trusted.secret)
    assert roles.state(roles.aws(None, profile="harbor")) is not None

    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable)
    with pytest.raises(PublishError) as refused:
        roles.state(roles.aws(None, profile="harbor"))

    assert "AWS's tools know no profile `harbor` here" in refused.value.words
    assert refused.value.hint == "run `aws configure --profile harbor`, or correct `profile` in castoff.yaml"


def test_a_session_is_called_by_the_run_that_it_is_of() -> None:
    """CloudTrail shows which run of GitHub Actions did something; a strange number is not handed on."""
    table = {"castoff": {}, "castoff-4711": {"GITHUB_RUN_ID": "4711"}}

    assert {name: session_name(environment) for name, environment in table.items()} == {name: name for name in table}
    assert session_name({"GITHUB_RUN_ID": "4711 --x"}) == "castoff"


def test_objects_are_put_as_the_role(roles: Roles) -> None:
    """Pages go up with what the role lends, by whichever client puts them."""
    aws = roles.aws(roles.trusted)
    site = next(iter(roles.target.sites))

    write = Write(site, "g/tried.html", b"x", "text/html", "no-store", etag=None)
    stored = S3Objects(aws, roles.target.sites).put(write)

    assert stored.etag
