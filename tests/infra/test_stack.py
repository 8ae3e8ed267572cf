"""The template: clean, whole, and the same after packaging but for the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from infra.chosen import chosen

from castoff.cloud.problems import PackagingError
from castoff.cloud.sources import FUNCTION_REFERENCE, LAMBDA_REFERENCE
from castoff.cloud.template import BODY_LIMIT, Code, InlineCode, StoredCode, packaged, parse_template
from castoff.edge.syntax import LIMIT

if TYPE_CHECKING:
    from castoff.cloud.sources import Sources

CODE: dict[str, Code] = {
    LAMBDA_REFERENCE: StoredCode("code", "lambdas/1.zip"),
    FUNCTION_REFERENCE: InlineCode("function handler() {}"),
}

PARAMETERS = {
    "Name", "GuestUrl", "OpsUrl", "MailFrom", "BrandName", "BrandContact", "OperatorAddresses",
    "TimeZone", "LinkHours", "Runtime",
    "PublisherPrincipal", "GithubOidcProvider", "GithubRepository", "OperatorAuth", "OperatorPrincipals",
    "GuestBucketName", "OpsBucketName", "UploadsBucketName", "StateBucketName", "GuestDistributionId",
    "OpsDistributionId", "Certificate", "HostedZoneId", "OpsHostedZoneId", "AlarmMail", "Administrators", "UploadDays",
    "MailIdentityName",
}  # fmt: skip
OUTPUTS = {
    "GuestBucket", "OpsBucket", "UploadsBucket", "StateBucket", "GuestDistribution", "OpsDistribution",
    "GuestDistributionDomain", "OpsDistributionDomain", "FunctionName", "SccUrl", "DashboardUrl",
    "SccSecret", "DashboardSecret", "PublisherRole", "SccTable", "DashboardTable", "KeyValueStore", "AlarmTopic",
    "GuestBucketStatement", "OpsBucketStatement",
}  # fmt: skip

STORE = {"Fn::GetAtt": ["KeyValueStore", "Arn"]}
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CloudFront's managed policies


@pytest.fixture(scope="module")
def template(sources: Sources) -> dict[str, Any]:
    """Read the template of this checkout."""
    return parse_template(sources.template.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def left(template: dict[str, Any]) -> dict[str, Any]:
    """Return what the defaults leave of the template."""
    return chosen(template)


def of_type(template: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the properties of every resource of a type, by logical id."""
    return {name: one["Properties"] for name, one in template["Resources"].items() if one["Type"] == kind}


def statements(template: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every statement of every role, by the role's logical id."""
    return [
        (role, statement)
        for role, properties in of_type(template, "AWS::IAM::Role").items()
        for policy in properties["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def listed(one_or_more: Any) -> list[Any]:
    """Return as a list what a policy may write alone."""
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]


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
    with pytest.raises(PackagingError, match="CloudFormation takes 1000000"):
        packaged(template, {**CODE, FUNCTION_REFERENCE: InlineCode("x" * 1_000_000)})


def test_a_function_as_long_as_may_be_still_fits(template: dict[str, Any]) -> None:
    """The template leaves CloudFront's whole limit to the edge's function, and room to grow."""
    body = packaged(template, {**CODE, FUNCTION_REFERENCE: InlineCode("x" * LIMIT)})

    assert len(body.encode()) < 0.8 * BODY_LIMIT


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


def test_every_behaviour_has_the_edge_function(template: dict[str, Any]) -> None:
    """No path of either domain goes around the edge's function."""
    for properties in of_type(template, "AWS::CloudFront::Distribution").values():
        configuration = properties["DistributionConfig"]
        for behaviour in (configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]):
            assert behaviour["FunctionAssociations"] == [
                {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["EdgeFunction", "FunctionARN"]}}
            ]


def test_headers_are_on_what_is_castoffs_alone(template: dict[str, Any]) -> None:
    """Each of castoff's own prefixes has the headers; what else a domain may hold is not touched by them."""
    for properties in of_type(template, "AWS::CloudFront::Distribution").values():
        configuration = properties["DistributionConfig"]
        assert "ResponseHeadersPolicyId" not in configuration["DefaultCacheBehavior"]
        for behaviour in configuration["CacheBehaviors"]:
            assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "PageHeadersPolicy"}


def test_each_path_goes_where_it_is_answered(template: dict[str, Any]) -> None:
    """The crew's calls pass both domains, forms the guests' alone and before its pages; neither is ever cached."""
    paths = {}
    for name, properties in of_type(template, "AWS::CloudFront::Distribution").items():
        behaviours = properties["DistributionConfig"]["CacheBehaviors"]
        paths[name] = {behaviour["PathPattern"]: behaviour["TargetOriginId"] for behaviour in behaviours}
        for behaviour in behaviours:
            called = behaviour["TargetOriginId"] == "scc"
            assert (behaviour["CachePolicyId"] == CACHING_DISABLED) == called
            assert ("POST" in behaviour["AllowedMethods"]) == called

    assert list(paths["GuestDistribution"]) == ["/crew/*", "/g/PRESIGN", "/g/*", "/castoff/*"]
    assert paths == {
        "GuestDistribution": {"/crew/*": "scc", "/g/PRESIGN": "scc", "/g/*": "pages", "/castoff/*": "pages"},
        "OpsDistribution": {"/crew/*": "scc", "/ops": "pages", "/ops/*": "pages", "/castoff/*": "pages"},
    }


@pytest.mark.parametrize(("site", "prefixes"), [("Guest", ["g", "castoff"]), ("Ops", ["ops", "castoff"])])
def test_cloudfront_reads_the_served_prefixes_alone(left: dict[str, Any], site: str, prefixes: list[str]) -> None:
    """For the one distribution, of the one bucket, what castoff writes there."""
    policy = of_type(left, "AWS::S3::BucketPolicy")[f"{site}BucketPolicy"]["PolicyDocument"]
    [allowed] = [one for one in policy["Statement"] if one["Effect"] == "Allow"]

    assert allowed["Resource"] == [{"Fn::Sub": f"${{{site}Bucket.Arn}}/{prefix}/*"} for prefix in prefixes]
    assert allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"][1] == {"Id": {"Ref": f"{site}Distribution"}}


@pytest.mark.parametrize("site", ["Guest", "Ops"])
def test_a_bucket_of_ones_own_is_told_the_same_statement(template: dict[str, Any], site: str) -> None:
    """What the stack does not write into a policy that is not its own, it says: the same objects, and nobody else."""
    named = chosen(template, **{f"{site}BucketName": "any"})
    written = of_type(chosen(template), "AWS::S3::BucketPolicy")[f"{site}BucketPolicy"]["PolicyDocument"]["Statement"][
        0
    ]

    text, values = named["Outputs"][f"{site}BucketStatement"]["Value"]["Fn::Sub"]
    told = json.loads(text)

    assert f"{site}BucketPolicy" not in named["Resources"]
    assert values == {"Distribution": written["Condition"]["StringEquals"]["AWS:SourceArn"]}
    assert {key: told[key] for key in ("Effect", "Principal", "Action")} == {
        key: written[key] for key in ("Effect", "Principal", "Action")
    }
    assert [resource.rpartition(":::")[2] for resource in told["Resource"]] == [
        resource["Fn::Sub"].replace(f"{site}Bucket.Arn", f"{site}BucketName") for resource in written["Resource"]
    ]
    assert told["Condition"] == {"StringEquals": {"AWS:SourceArn": "${Distribution}"}}


def test_photos_expire_when_they_are_told_to(template: dict[str, Any]) -> None:
    """By default nothing that a guest sent is thrown away; what was overwritten goes after half a year."""
    kept, expiring = (
        of_type(chosen(template, UploadDays=days), "AWS::S3::Bucket")["UploadsBucket"]["LifecycleConfiguration"][
            "Rules"
        ]
        for days in ("0", "30")
    )

    assert not any("ExpirationInDays" in rule for rule in kept)
    assert [rule.get("ExpirationInDays") for rule in expiring] == [None, {"Ref": "UploadDays"}]


def test_the_edge_function_reads_the_one_store(template: dict[str, Any]) -> None:
    """The keys that it checks cookies with are at its side."""
    [function] = of_type(template, "AWS::CloudFront::Function").values()

    assert function["FunctionConfig"]["KeyValueStoreAssociations"] == [{"KeyValueStoreARN": STORE}]
    assert list(of_type(template, "AWS::CloudFront::KeyValueStore")) == ["KeyValueStore"]


def test_scripts_of_both_sites_may_post_uploads(template: dict[str, Any]) -> None:
    """A page's script posts to the bucket, from the sites' own origins and no other, and does nothing else there."""
    [rule] = of_type(template, "AWS::S3::Bucket")["UploadsBucket"]["CorsConfiguration"]["CorsRules"]

    assert rule["AllowedMethods"] == ["POST"]
    assert rule["AllowedOrigins"] == [{"Ref": "GuestUrl"}, {"Ref": "OpsUrl"}]


def test_an_alarm_comes_before_a_lambda_is_cut_off(template: dict[str, Any]) -> None:
    """At four fifths of the time that each has, whatever that is."""
    alarms = of_type(template, "AWS::CloudWatch::Alarm")

    for name, function in of_type(template, "AWS::Lambda::Function").items():
        [alarm] = [one for one in alarms.values() if one["MetricName"] == "Duration" and _is_about(one, name)]
        assert alarm["Threshold"] == function["Timeout"] * 800
        assert f"{function['Timeout']} seconds" in alarm["AlarmDescription"]


def _is_about(alarm: dict[str, Any], function: str) -> bool:
    return {"Name": "FunctionName", "Value": {"Ref": function}} in alarm["Dimensions"]


def test_every_parameter_says_what_it_is_for(template: dict[str, Any]) -> None:
    """Each is described, is checked before anything is made, and stands in the form in its group."""
    parameters = template["Parameters"]
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert [name for name, one in parameters.items() if len(one.get("Description", "")) < 20] == []
    checked = {"AllowedPattern", "AllowedValues", "MinValue"}
    assert [name for name, one in parameters.items() if not checked & one.keys()] == []
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(parameters)


@pytest.mark.parametrize(
    ("parameter", "value", "fits"),
    [
        ("GithubRepository", "", True),
        ("GithubRepository", "queen/castoff.site", True),
        ("GithubRepository", "queen@12345/site@67890", True),
        ("GithubRepository", "queen/*", False),
        ("GithubRepository", "queen@*/site@67890", False),
        ("GithubRepository", "queen/site:pull_request", False),
        ("GithubOidcProvider", "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", True),
        ("GithubOidcProvider", "arn:aws:iam::123456789012:oidc-provider/tokenxactions.example.com", False),
        ("PublisherPrincipal", "*", False),
        ("Administrators", "*", False),
        ("Administrators", "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*", True),
        ("Administrators", "arn:aws:iam::*:role/*Admin*", True),
        ("OperatorPrincipals", "arn:aws:iam::123456789012:role/*/office", True),
        ("OperatorPrincipals", "arn:aws:iam::*:role/office", False),
        ("MailIdentityName", "", True),
        ("MailIdentityName", "crew@example.com", True),
        ("MailIdentityName", "sails.example.com", True),
        ("MailIdentityName", "yes", False),
        ("Certificate", "arn:aws:acm:us-west-2:123456789012:certificate/1", False),
        ("GuestBucketName", "queenofsandiego.com", True),
        ("GuestBucketName", "arn:aws:s3:::queenofsandiego.com", False),
        ("GuestDistributionId", "E1ABCDEFGHIJKL", True),
        ("GuestDistributionId", "d111111abcdef8.cloudfront.net", False),
        ("TimeZone", "America/Argentina/Buenos_Aires", True),
        ("TimeZone", "Pacific Time", False),
    ],
)
def test_parameters_take_what_they_are_for(template: dict[str, Any], parameter: str, value: str, *, fits: bool) -> None:
    """What could open more than was meant, or is something else's name, is refused before anything is made."""
    assert bool(re.fullmatch(template["Parameters"][parameter]["AllowedPattern"], value)) == fits


def test_the_template_holds_no_key(template: dict[str, Any]) -> None:
    """The gate's keys and the upload signer's are in no template, where whoever sees the stack would read them."""
    secrets = of_type(template, "AWS::SecretsManager::Secret")

    assert not of_type(template, "AWS::IAM::AccessKey")
    for name in ("GateSecret", "UploadSignerSecret"):
        assert secrets[name]["SecretString"] == "{}"
        assert "GenerateSecretString" not in secrets[name]


def test_the_upload_signer_may_do_one_thing(left: dict[str, Any]) -> None:
    """Its whole permission is to put objects under `uploads/` of the one bucket."""
    [user] = of_type(left, "AWS::IAM::User").values()
    uploads = {"Fn::Sub": ["arn:${AWS::Partition}:s3:::${Bucket}/uploads/*", {"Bucket": {"Ref": "UploadsBucket"}}]}

    assert user["UserName"] == {"Fn::Sub": "${Name}-upload-signer"}
    assert [policy["PolicyDocument"]["Statement"] for policy in user["Policies"]] == [
        [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": uploads}]
    ]
    assert set(user) == {"UserName", "Policies"}


@pytest.mark.parametrize(
    ("secret", "readers"),
    [
        ("GateSecret", ["SccRole"]),
        ("UploadSignerSecret", ["SccRole"]),
        ("OriginSecret", ["SccRole"]),
        ("SccVerifySecret", ["SccRole"]),
        ("DashboardVerifySecret", ["DashboardRole"]),
        ("SccSecret", ["PublisherRole"]),
        ("DashboardSecret", ["PublisherRole"]),
    ],
)
def test_each_secret_has_one_reader(left: dict[str, Any], secret: str, readers: list[str]) -> None:
    """No role reads what another was given, and none writes."""
    named = {
        role: statement["Action"]
        for role, statement in statements(left)
        if {"Fn::GetAtt": [secret, "Id"]} in listed(statement["Resource"])
    }

    assert named == dict.fromkeys(readers, "secretsmanager:GetSecretValue")


def test_scc_alone_writes_to_the_store(left: dict[str, Any]) -> None:
    """Entries of its own, to the one store: it lists nothing, and no other role writes there."""
    about_stores = [
        (role, statement)
        for role, statement in statements(left)
        if any(action.startswith("cloudfront-keyvaluestore:") for action in listed(statement["Action"]))
    ]

    [(role, statement)] = about_stores
    assert role == "SccRole"
    assert statement["Action"] == [
        "cloudfront-keyvaluestore:DescribeKeyValueStore",
        "cloudfront-keyvaluestore:PutKey",
    ]
    assert statement["Resource"] == STORE


def test_scc_is_told_where_its_keys_are(template: dict[str, Any]) -> None:
    """Secrets by their names, the store by its ARN, and how long a link lives: two days, by a parameter."""
    variables = of_type(template, "AWS::Lambda::Function")["SccFunction"]["Environment"]["Variables"]

    assert variables["GATE_SECRET"] == {"Fn::Sub": "${Name}/gate"}
    assert variables["UPLOAD_SIGNER_SECRET"] == {"Fn::Sub": "${Name}/upload-signer"}
    assert variables["KEY_VALUE_STORE"] == STORE
    assert variables["UPLOADS_BUCKET"]["Fn::If"][0] == "MakesUploadsBucket"
    assert (variables["GUEST_URL"], variables["OPS_URL"]) == ({"Ref": "GuestUrl"}, {"Ref": "OpsUrl"})
    assert variables["LINK_HOURS"] == {"Ref": "LinkHours"}
    assert template["Parameters"]["LinkHours"]["Default"] == 48


@pytest.mark.parametrize("auth", ["service-key", "sigv4"])
def test_no_role_may_do_everything_with_anything(template: dict[str, Any], auth: str) -> None:
    """No action is a wildcard, and the one statement about every resource is bound by a condition."""
    for _, statement in statements(chosen(template, OperatorAuth=auth)):
        assert not any("*" in action for action in listed(statement["Action"]))
        assert statement["Resource"] != "*" or statement["Condition"]
