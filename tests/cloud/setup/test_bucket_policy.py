"""A bucket of the operator's own: castoff's statement is added to its policy, and no other is touched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from castoff.cloud.problems import CloudError
from castoff.cloud.setup.bucket_policy import merged_policy

OURS: dict[str, Any] = {
    "Sid": "Castoff",
    "Effect": "Allow",
    "Principal": {"Service": "cloudfront.amazonaws.com"},
    "Action": "s3:GetObject",
    "Resource": ["arn:aws:s3:::sails/g/*", "arn:aws:s3:::sails/castoff/*"],
    "Condition": {"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1EXAMPLE"}},
}
THEIRS: dict[str, Any] = {"Sid": "Mine", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}


def policy(*statements: dict[str, Any], **more: Any) -> str:
    """Return a policy as S3 gives it."""
    return json.dumps({"Version": "2012-10-17", **more, "Statement": list(statements)})


def deny(**more: Any) -> dict[str, Any]:
    """Return a statement that denies reading."""
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::sails/*", **more}


@pytest.mark.parametrize(
    ("present", "lines", "statements"),
    [
        (None, ("add statement `Castoff`: CloudFront may read g/*, castoff/*",), [OURS]),
        (policy(THEIRS), ("add statement `Castoff`: CloudFront may read g/*, castoff/*",), [THEIRS, OURS]),
        (
            policy({**OURS, "Resource": "arn:aws:s3:::sails/*"}, THEIRS),
            ("change statement `Castoff`: CloudFront may read g/*, castoff/*",),
            [THEIRS, OURS],
        ),
        (policy(THEIRS, OURS), (), [THEIRS, OURS]),
        (policy({**OURS, "Action": ["s3:GetObject"], "Resource": OURS["Resource"][::-1]}), (), None),
        (
            policy(deny(Condition={"Bool": {"aws:SecureTransport": "false"}})),
            ("add statement `Castoff`: CloudFront may read g/*, castoff/*",),
            [deny(Condition={"Bool": {"aws:SecureTransport": "false"}}), OURS],
        ),
    ],
    ids=["no policy", "another's", "an older one of castoff's", "there already", "there in other words", "only TLS"],
)
def test_a_statement_is_added_once(
    present: str | None, lines: tuple[str, ...], statements: list[dict[str, Any]] | None
) -> None:
    """The line says what, and the others stand as they stood."""
    merged, told = merged_policy(present, OURS, bucket="sails")

    assert told == lines
    assert statements is None or merged["Statement"] == statements


ANOTHER = {"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E2OTHER"}
OURS_TOO = {"AWS:SourceArn": [ANOTHER["aws:SourceArn"], OURS["Condition"]["StringEquals"]["AWS:SourceArn"]]}
ME = "arn:aws:iam::111122223333:role/me"


@pytest.mark.parametrize(
    "denial",
    [
        deny(Condition={"ArnNotLike": {"aws:PrincipalArn": ME}}),
        deny(),
        deny(Action="s3:GetObject*", Principal={"AWS": ["*"]}),
        deny(Action=["s3:PutObject", "S3:Get*"]),
        deny(Resource="*"),
        deny(Resource=["arn:aws:s3:::sails/g/private/*"]),
        deny(Condition={"StringNotEquals": ANOTHER}),
        deny(Principal={"Service": "cloudfront.amazonaws.com"}),
        {"Effect": "Deny", "NotPrincipal": {"AWS": ME}, "NotAction": "s3:List*", "Resource": "*"},
    ],
)
def test_a_policy_that_shuts_cloudfront_out_is_for_a_person(denial: dict[str, Any]) -> None:
    """An Allow beside a Deny would change nothing, and the site would stay empty."""
    with pytest.raises(CloudError, match="denies whatever it does not name"):
        merged_policy(policy(denial), OURS, bucket="sails")


@pytest.mark.parametrize(
    "denial",
    [
        deny(Action="s3:PutObject*"),
        deny(Resource="arn:aws:s3:::sails/private/*"),
        deny(Principal={"AWS": ME}),
        deny(Condition={"StringNotEquals": OURS_TOO}),
        deny(Condition={"StringEquals": ANOTHER}),
        deny(Condition={"StringLike": {"aws:PrincipalArn": ME}}),
        deny(Condition={"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}, "StringNotEquals": {"aws:x": "y"}}),
        {"Effect": "Deny", "NotPrincipal": {"Service": ["cloudfront.amazonaws.com"]}, "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "NotAction": ["s3:Get*", "s3:Put*"], "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "Action": "*", "NotResource": OURS["Resource"]},
    ],
)
def test_a_denial_of_something_else_is_let_be(denial: dict[str, Any]) -> None:
    """Other actions, other paths, other people."""
    merged, lines = merged_policy(policy(denial), OURS, bucket="sails")

    assert merged["Statement"] == [denial, OURS]
    assert len(lines) == 1


def test_a_denial_that_only_aws_can_judge_is_shown() -> None:
    """Where a request comes from castoff does not know."""
    office = deny(Sid="Office", Condition={"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}})

    _, lines = merged_policy(policy(office), OURS, bucket="sails")

    assert lines[1:] == ("see that statement `Office` lets CloudFront pass",)


def test_what_a_policy_says_of_itself_stays() -> None:
    """Its id, and the language that it is written in."""
    merged, _ = merged_policy(policy(THEIRS, Id="by hand"), OURS, bucket="sails")

    assert (merged["Id"], merged["Version"]) == ("by hand", "2012-10-17")
