"""The template deployed in the embedded cloud as operators would have it: each choice, and what comes out of it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from castoff.cloud.account import account_in, account_of
from castoff.cloud.code_bucket import store_code
from castoff.cloud.facts import Credentials
from castoff.cloud.lambda_packages import zipped
from castoff.cloud.package import function_code
from castoff.cloud.problems import StackError
from castoff.cloud.sources import FUNCTION_REFERENCE, LAMBDA_REFERENCE
from castoff.cloud.stack import deploy_template
from castoff.cloud.template import InlineCode, packaged, parse_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts
    from castoff.cloud.sources import Sources
    from castoff.cloud.stack import Deployed

    Deploy = Callable[..., Deployed]

BUCKETS = ("Guest", "Ops", "Uploads", "State")
ISSUER = "token.actions.githubusercontent.com"
OWN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Own",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::own-guest/*",
        }
    ],
}


@pytest.fixture(scope="module")
def admin(cloud: Facts) -> Account:
    """Return the deployer's account."""
    return account_in(cloud, "admin")


@pytest.fixture(scope="module")
def deploy(admin: Account, sources: Sources) -> Deploy:
    """Return a function that deploys the real template, with a Lambda that does nothing, under a name of its own."""
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    function = InlineCode(function_code(sources))

    def deploy_it(name: str, **parameters: str) -> Deployed:
        nothing = store_code(admin, name=name, content=zipped([("lambdas/nothing.py", b"")]))
        body = packaged(template, {LAMBDA_REFERENCE: nothing, FUNCTION_REFERENCE: function})
        asked = {
            "Name": name,
            "GuestUrl": f"https://guest.{name}.example.com",
            "OpsUrl": f"https://ops.{name}.example.com",
            "MailFrom": "crew@example.com",
        }
        return deploy_template(admin, name=name, body=body, parameters=asked | parameters)

    return deploy_it


@pytest.fixture(scope="module")
def own(admin: Account, deploy: Deploy) -> Deployed:
    """Deploy with buckets that were there before, one of them with a policy of its own."""
    s3 = client(admin, "s3")
    for name in BUCKETS:
        s3.create_bucket(Bucket=f"own-{name.lower()}", CreateBucketConfiguration={"LocationConstraint": admin.region})
    s3.put_bucket_policy(Bucket="own-guest", Policy=json.dumps(OWN_POLICY))
    return deploy("own", **{f"{name}BucketName": f"own-{name.lower()}" for name in BUCKETS})


def client(account: Account, service: str, **options: Any) -> Any:
    """Return a client of any service."""
    return account.session.client(service, **account.options, **options)  # type: ignore[call-overload]


def refusal(call: Callable[..., Any], **arguments: Any) -> str | None:
    """Return the error code of a call, None when it went through."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def over_tls(s3: Any) -> Any:
    """Return the client as if a proxy before the embedded cloud spoke TLS, which the cloud believes."""

    def say_so(request: Any, **_: object) -> None:
        request.headers["X-Forwarded-Proto"] = "https"

    s3.meta.events.register("before-send.s3", say_so)
    return s3


def policy_of(admin: Account, bucket: str) -> dict[str, Any]:
    """Return a bucket's policy."""
    policy: dict[str, Any] = json.loads(client(admin, "s3").get_bucket_policy(Bucket=bucket)["Policy"])
    return policy


def origins(admin: Account, distribution: str) -> dict[str, str]:
    """Return a distribution's origins: their domains by id."""
    answer = client(admin, "cloudfront").get_distribution_config(Id=distribution)
    return {one["Id"]: one["DomainName"] for one in answer["DistributionConfig"]["Origins"]["Items"]}


def test_buckets_that_were_there_are_used(admin: Account, own: Deployed) -> None:
    """They are the outputs and the distributions' origins, and none is made beside them."""
    made = client(admin, "s3").list_buckets()["Buckets"]

    assert {name: own.outputs[f"{name}Bucket"] for name in BUCKETS} == {name: f"own-{name.lower()}" for name in BUCKETS}
    assert origins(admin, own.outputs["GuestDistribution"])["pages"] == f"own-guest.s3.{admin.region}.amazonaws.com"
    assert [one["Name"] for one in made if one["Name"].startswith("own-") and "bucket" in one["Name"]] == []


def test_a_policy_of_ones_own_is_left_alone(admin: Account, own: Deployed) -> None:
    """What it lacks is told by an output that S3 takes when it is added."""
    statement = json.loads(own.outputs["GuestBucketStatement"])
    added = {**OWN_POLICY, "Statement": [*OWN_POLICY["Statement"], statement]}
    s3 = client(admin, "s3")

    left = policy_of(admin, "own-guest")
    s3.put_bucket_policy(Bucket="own-guest", Policy=json.dumps(added))

    assert left == OWN_POLICY
    assert statement["Resource"] == ["arn:aws:s3:::own-guest/g/*", "arn:aws:s3:::own-guest/castoff/*"]
    assert statement["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(f"/{own.outputs['GuestDistribution']}")
    assert json.loads(own.outputs["OpsBucketStatement"])["Resource"][0] == "arn:aws:s3:::own-ops/ops/*"


def test_photos_and_state_are_closed_in_buckets_that_were_there(admin: Account, own: Deployed) -> None:
    """Nothing else is in those, so their policies are the stack's."""
    for name in ("uploads", "state"):
        statements = policy_of(admin, own.outputs[f"{name.title()}Bucket"])["Statement"]

        assert {one["Effect"] for one in statements} == {"Deny"}
        assert statements[0]["Resource"] == f"arn:aws:s3:::own-{name}/*"


def test_distributions_that_were_there_are_used(admin: Account, cloud: Facts, deploy: Deploy) -> None:
    """They are the outputs, the buckets are opened to them, and the stack makes none."""
    guest, ops = cloud.outputs["GuestDistribution"], cloud.outputs["OpsDistribution"]

    deployed = deploy("edged", GuestDistributionId=guest, OpsDistributionId=ops)

    assert (deployed.outputs["GuestDistribution"], deployed.outputs["OpsDistribution"]) == (guest, ops)
    assert not {"GuestDistributionDomain", "OpsDistributionDomain"} & set(deployed.outputs)
    allowed = policy_of(admin, deployed.outputs["OpsBucket"])["Statement"][0]
    assert allowed["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(f":distribution/{ops}")
    resources = client(admin, "cloudformation").describe_stack_resources(StackName="edged")["StackResources"]
    assert "AWS::CloudFront::Distribution" not in {one["ResourceType"] for one in resources}


def test_domains_lead_to_their_distributions(admin: Account, deploy: Deploy) -> None:
    """Each site's own name, over IPv4 and IPv6, in its own zone, with the certificate."""
    acm = client(admin, "acm", region_name="us-east-1")
    route53 = client(admin, "route53")
    certificate = acm.request_certificate(DomainName="*.domains.example.com")["CertificateArn"]
    zones = [
        route53.create_hosted_zone(Name="domains.example.com", CallerReference=site)["HostedZone"]["Id"].split("/")[-1]
        for site in ("guest", "ops")
    ]

    deployed = deploy("domains", Certificate=certificate, HostedZoneId=zones[0], OpsHostedZoneId=zones[1])

    for site, zone in zip(("Guest", "Ops"), zones, strict=True):
        name, domain = f"{site.lower()}.domains.example.com", deployed.outputs[f"{site}DistributionDomain"]
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        assert [
            (one["Name"], one["Type"], one["AliasTarget"]["DNSName"]) for one in records if "AliasTarget" in one
        ] == [(f"{name}.", kind, f"{domain}.") for kind in ("A", "AAAA")]
        config = client(admin, "cloudfront").get_distribution_config(Id=deployed.outputs[f"{site}Distribution"])
        assert config["DistributionConfig"]["Aliases"]["Items"] == [name]
        assert config["DistributionConfig"]["ViewerCertificate"]["ACMCertificateArn"] == certificate


@pytest.mark.parametrize(
    ("what", "parameters", "words"),
    [
        ("a zone without a certificate", {"HostedZoneId": "Z1EXAMPLE"}, "only with a Certificate"),
        ("a repository nobody vouches for", {"GithubRepository": "queen/site"}, "GithubRepository needs"),
        ("every repository of an owner", {"GithubRepository": "queen/*"}, "GithubRepository"),
        ("every principal there is", {"PublisherPrincipal": "*"}, "PublisherPrincipal"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    admin: Account, deploy: Deploy, *, what: str, parameters: dict[str, str], words: str
) -> None:
    """The reason is in the refusal, and no stack is left behind."""
    with pytest.raises(Exception, match=words):
        deploy("refused", **parameters)

    assert refusal(client(admin, "cloudformation").describe_stacks, StackName="refused") == "ValidationError", what


def test_a_first_deployment_that_fails_is_in_nobodys_way(admin: Account, deploy: Deploy) -> None:
    """It takes its buckets with it, leaves its empty tables, which are protected, and the next one works."""
    certificate = client(admin, "acm", region_name="us-east-1").request_certificate(DomainName="*.example.com")
    with pytest.raises(StackError) as failed:
        deploy("failing", Certificate=certificate["CertificateArn"], HostedZoneId="Z0NOWHERE")
    buckets = {one["Name"] for one in client(admin, "s3").list_buckets()["Buckets"]}

    deployed = deploy("failing")

    assert failed.value.status == "ROLLBACK_COMPLETE"
    assert [name for name in buckets if name.startswith("failing-") and "bucket" in name] == []
    assert {f"{name}Bucket" for name in BUCKETS} <= set(deployed.outputs)


def token(subject: str, audience: str = "sts.amazonaws.com") -> str:
    """Return a token as GitHub's would read; the embedded cloud checks what it says and not who signed it."""
    parts = ({"alg": "none"}, {"iss": f"https://{ISSUER}", "aud": audience, "sub": subject})
    written = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*written, "none"])


@pytest.mark.parametrize(("stack", "repository"), [("plain", "queen/site"), ("numbered", "queen@1234/site@5678")])
def test_github_publishes_from_main_and_production_alone(
    admin: Account, deploy: Deploy, stack: str, repository: str
) -> None:
    """In both forms that a token names a repository in; never from a pull request, a branch, a fork or for others."""
    provider = (
        client(admin, "iam").create_open_id_connect_provider(
            Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
        )["OpenIDConnectProviderArn"]
        if stack == "plain"
        else f"arn:aws:iam::000000000000:oidc-provider/{ISSUER}"
    )
    deployed = deploy(stack, GithubOidcProvider=provider, GithubRepository=repository)
    sts = client(admin, "sts")

    def told(subject: str, **more: str) -> str | None:
        return refusal(
            sts.assume_role_with_web_identity,
            RoleArn=deployed.outputs["PublisherRole"],
            RoleSessionName="publish",
            WebIdentityToken=token(subject, **more),
        )

    assert told(f"repo:{repository}:ref:refs/heads/main") is None
    assert told(f"repo:{repository}:environment:production") is None
    assert {
        subject: told(subject)
        for subject in (
            f"repo:{repository}:pull_request",
            f"repo:{repository}:ref:refs/heads/other",
            f"repo:{repository}:ref:refs/heads/main2",
            f"repo:{repository}:environment:staging",
            f"repo:{repository}x:ref:refs/heads/main",
            "repo:somebody/site:ref:refs/heads/main",
            "",
        )
        if told(subject) != "AccessDenied"
    } == {}
    assert told(f"repo:{repository}:ref:refs/heads/main", audience="elsewhere") == "AccessDenied"
    assert refusal(sts.assume_role, RoleArn=deployed.outputs["PublisherRole"], RoleSessionName="any") == "AccessDenied"


@pytest.fixture(scope="module")
def reader(admin: Account, cloud: Facts) -> Any:
    """Return S3 as somebody of the account who may do everything there, and whom no parameter names."""
    iam = client(admin, "iam")
    iam.create_user(UserName="reader")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName="reader", PolicyName="everything", PolicyDocument=json.dumps(everything))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    lent = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    return client(account_of(lent, region=cloud.region, endpoint=cloud.endpoint), "s3")


@pytest.mark.parametrize(
    ("bucket", "operation", "expected"),
    [
        ("StateBucket", "get_object", "AccessDenied"),
        ("StateBucket", "put_object", "AccessDenied"),
        ("StateBucket", "delete_object", "AccessDenied"),
        ("UploadsBucket", "get_object", "AccessDenied"),
        ("UploadsBucket", "put_object", "AccessDenied"),
        ("UploadsBucket", "delete_object", "AccessDenied"),
        ("GuestBucket", "get_object", None),
    ],
)
def test_whoever_is_not_named_reads_no_photo_and_no_state(
    admin: Account, own: Deployed, reader: Any, *, bucket: str, operation: str, expected: str | None
) -> None:
    """Even where their own policy allows everything; the administrator does, by the name alone."""
    asked = {"Bucket": own.outputs[bucket], "Key": "uploads/xhqgmdh/guest/closed.jpg"}
    client(admin, "s3").put_object(**asked, Body=b"a photo")

    assert refusal(getattr(reader, operation), **asked) == expected
    assert refusal(client(admin, "s3").get_object, **asked) is None


def test_the_publisher_reads_its_state_and_no_photo(admin: Account, cloud: Facts, own: Deployed) -> None:
    """Its role is named for the one, and allowed nothing of the other."""
    for bucket in ("StateBucket", "UploadsBucket"):
        client(admin, "s3").put_object(Bucket=own.outputs[bucket], Key="published", Body=b"")
    lent = client(admin, "sts").assume_role(RoleArn=own.outputs["PublisherRole"], RoleSessionName="publish")
    keys = lent["Credentials"]
    session = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    s3 = client(account_of(session, region=cloud.region, endpoint=cloud.endpoint), "s3")

    assert refusal(s3.get_object, Bucket=own.outputs["StateBucket"], Key="published") is None
    assert refusal(s3.get_object, Bucket=own.outputs["UploadsBucket"], Key="published") == "AccessDenied"


def test_nobody_is_locked_out(own: Deployed, reader: Any) -> None:
    """Who may change policies still can: the denial is about objects, and the way back is open."""
    bucket = own.outputs["StateBucket"]

    policy = reader.get_bucket_policy(Bucket=bucket)["Policy"]

    assert refusal(reader.put_bucket_policy, Bucket=bucket, Policy=policy) is None


@pytest.mark.parametrize("bucket", [f"{name}Bucket" for name in BUCKETS])
def test_plain_http_is_for_the_machine_itself(admin: Account, cloud: Facts, bucket: str) -> None:
    """From any other network the bucket's own statement refuses it, and takes the same call over TLS."""
    policy = json.dumps(policy_of(admin, cloud.outputs[bucket]))
    s3, probe = client(admin, "s3"), f"plain-{bucket.lower()}"
    s3.create_bucket(Bucket=probe, CreateBucketConfiguration={"LocationConstraint": admin.region})
    s3.put_object(Bucket=probe, Key="a", Body=b"")
    secure = over_tls(client(admin, "s3"))

    as_it_is = policy.replace(cloud.outputs[bucket], probe)
    s3.put_bucket_policy(Bucket=probe, Policy=as_it_is)
    here = refusal(s3.get_object, Bucket=probe, Key="a")
    # As if this machine stood in another network: all that is known of it there is that it is not the loopback's.
    secure.put_bucket_policy(Bucket=probe, Policy=as_it_is.replace("127.0.0.0/8", "192.0.2.0/24"))

    assert here is None
    assert refusal(s3.get_object, Bucket=probe, Key="a") == "AccessDenied"
    assert refusal(secure.get_object, Bucket=probe, Key="a") is None


def test_alarms_reach_whoever_is_named(admin: Account, deploy: Deploy) -> None:
    """Every alarm tells the one topic, which writes to the address."""
    deployed = deploy("told", AlarmMail="ops@example.com")
    alarms = client(admin, "cloudwatch").describe_alarms(AlarmNamePrefix="told-")["MetricAlarms"]
    topic = deployed.outputs["AlarmTopic"]

    subscribed = client(admin, "sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]

    assert [(one["Protocol"], one["Endpoint"]) for one in subscribed] == [("email", "ops@example.com")]
    assert {alarm["AlarmName"]: alarm["AlarmActions"] for alarm in alarms if alarm["AlarmActions"] != [topic]} == {}
    assert len(alarms) >= 14


def test_tables_cannot_be_deleted(admin: Account, cloud: Facts) -> None:
    """Not by hand either, unless somebody first says that they may be."""
    dynamodb = client(admin, "dynamodb")

    for name in ("SccTable", "DashboardTable"):
        assert refusal(dynamodb.delete_table, TableName=cloud.outputs[name]) in ("ValidationException", "AccessDenied")
