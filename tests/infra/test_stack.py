"""The template: clean, whole, and the same after packaging but for the code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from castoff.cloud.problems import PackagingError
from castoff.cloud.sources import FUNCTION_REFERENCE, LAMBDA_REFERENCE
from castoff.cloud.template import Code, InlineCode, StoredCode, packaged, parse_template

if TYPE_CHECKING:
    from castoff.cloud.sources import Sources

CODE: dict[str, Code] = {
    LAMBDA_REFERENCE: StoredCode("code", "lambdas/1.zip"),
    FUNCTION_REFERENCE: InlineCode("function handler() {}"),
}

PARAMETERS = {
    "Name", "GuestUrl", "OpsUrl", "MailFrom", "OperatorAddresses", "TimeZone", "Runtime",
    "PublisherPrincipal", "GithubOidcProvider", "GithubRepository",
}  # fmt: skip
OUTPUTS = {
    "GuestBucket", "OpsBucket", "UploadsBucket", "StateBucket", "GuestDistribution", "OpsDistribution",
    "GuestDistributionDomain", "OpsDistributionDomain", "FunctionName", "SccUrl", "DashboardUrl",
    "SccSecret", "DashboardSecret", "PublisherRole", "SccTable", "DashboardTable",
}  # fmt: skip


@pytest.fixture(scope="module")
def template(sources: Sources) -> dict[str, Any]:
    """Read the template of this checkout."""
    return parse_template(sources.template.read_text(encoding="utf-8"))


def of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the properties of every resource of a type, by logical id."""
    return {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == kind}


def test_cfn_lint_has_nothing_to_say(sources: Sources) -> None:
    """What CloudFormation would refuse is refused here first."""
    linter = [str(Path(sys.executable).with_name("cfn-lint")), str(sources.template)]

    done = subprocess.run(linter, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")


def test_every_code_reference_is_packed(template: dict[str, Any]) -> None:
    """No local reference is left in what CloudFormation gets."""
    result = json.loads(packaged(template, CODE))

    lambdas = {name: one["Code"] for name, one in of_type(result, "AWS::Lambda::Function").items()}
    functions = {name: one["FunctionCode"] for name, one in of_type(result, "AWS::CloudFront::Function").items()}
    stored = {"S3Bucket": "code", "S3Key": "lambdas/1.zip"}
    assert lambdas == {"SccFunction": stored, "DashboardFunction": stored}
    assert functions == {"EdgeFunction": "function handler() {}"}


def test_packaging_changes_nothing_but_code(template: dict[str, Any]) -> None:
    """With each code put back, the packaged template is the one in the repository."""
    result = json.loads(packaged(template, CODE))

    assert result["Resources"]["SccFunction"]["Properties"].pop("Code") == {
        "S3Bucket": "code",
        "S3Key": "lambdas/1.zip",
    }
    result["Resources"]["SccFunction"]["Properties"]["Code"] = LAMBDA_REFERENCE
    result["Resources"]["DashboardFunction"]["Properties"]["Code"] = LAMBDA_REFERENCE
    result["Resources"]["EdgeFunction"]["Properties"]["FunctionCode"] = FUNCTION_REFERENCE
    assert result == template


def test_a_reference_that_nothing_packs_is_named(template: dict[str, Any]) -> None:
    """A template never goes out with a local path in it."""
    with pytest.raises(PackagingError) as refused:
        packaged(template, {LAMBDA_REFERENCE: CODE[LAMBDA_REFERENCE]})

    assert str(refused.value) == ("resource `EdgeFunction` refers to `../cloudfront_function.js`, which nothing packs")


def test_a_body_beyond_cloudformations_limit_is_refused(template: dict[str, Any]) -> None:
    """The limit is told before AWS tells it."""
    with pytest.raises(PackagingError, match="CloudFormation takes 51200"):
        packaged(template, {**CODE, FUNCTION_REFERENCE: InlineCode("x" * 40_000)})


def test_parameters_and_outputs_keep_their_names(template: dict[str, Any]) -> None:
    """What other parts ask for by name is there."""
    assert set(template["Parameters"]) >= PARAMETERS
    assert set(template["Outputs"]) >= OUTPUTS


def test_every_bucket_is_private(template: dict[str, Any]) -> None:
    """No bucket can be opened to the public by an ACL or a policy."""
    for properties in of_type(template, "AWS::S3::Bucket").values():
        assert all(properties["PublicAccessBlockConfiguration"].values())
        assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert properties["BucketEncryption"]


def test_every_behaviour_has_the_edge_function_and_headers(template: dict[str, Any]) -> None:
    """No path of either domain goes around the edge's function or without the headers."""
    for properties in of_type(template, "AWS::CloudFront::Distribution").values():
        configuration = properties["DistributionConfig"]
        for behaviour in (configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]):
            assert behaviour["FunctionAssociations"] == [
                {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["EdgeFunction", "FunctionARN"]}}
            ]
            assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "PageHeadersPolicy"}


def test_no_role_may_do_everything_with_anything(template: dict[str, Any]) -> None:
    """No action is a wildcard, and the one statement about every resource is bound by a condition."""
    for properties in of_type(template, "AWS::IAM::Role").values():
        for statement in properties["Policies"][0]["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not any("*" in action for action in actions)
            assert statement["Resource"] != "*" or statement["Condition"]
