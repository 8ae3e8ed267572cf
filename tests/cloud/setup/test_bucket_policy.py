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


def test_a_policy_that_shuts_cloudfront_out_is_for_a_person() -> None:
    """An Allow beside a Deny would change nothing, and the site would stay empty."""
    with pytest.raises(CloudError, match="denies whatever it does not name"):
        merged_policy(
            policy(deny(Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/me"}})),
            OURS,
            bucket="sails",
        )


def test_what_a_policy_says_of_itself_stays() -> None:
    """Its id, and the language that it is written in."""
    merged, _ = merged_policy(policy(THEIRS, Id="by hand"), OURS, bucket="sails")

    assert (merged["Id"], merged["Version"]) == ("by hand", "2012-10-17")
