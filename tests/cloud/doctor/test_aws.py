"""The doctor's looks at AWS, against the embedded cloud: what is well, and each thing that may not be."""

from __future__ import annotations

import json
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from support.patients import patient

from castoff.cloud.account import account_in, account_of
from castoff.cloud.doctor import access, buckets, certificates, edge, mail
from castoff.cloud.doctor.checks import checks_of
from castoff.cloud.doctor.finding import Finding, Verdict
from castoff.cloud.doctor.patient import Patient, Site
from castoff.cloud.doctor.round import examine
from castoff.cloud.facts import Credentials
from castoff.cloud.standing import load_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.cloud.facts import Facts
    from castoff.cloud.sources import Sources

CLOSED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
READ = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}


@pytest.fixture
def well(cloud: Facts, sources: Sources) -> Patient:
    """Return the stack of this checkout, embedded."""
    outputs = cloud.outputs
    return patient(
        target="local",
        embedded=True,
        account=account_in(cloud, "admin"),
        sites=(
            Site("guest", "guest.localhost", outputs["GuestBucket"], outputs["GuestDistribution"]),
            Site("ops", "ops.localhost", outputs["OpsBucket"], outputs["OpsDistribution"]),
        ),
        state=outputs["StateBucket"],
        uploads=outputs["UploadsBucket"],
        function=sources.function.read_text("utf-8"),
        stack=cloud.stack,
    )


@pytest.fixture
def s3(well: Patient) -> Any:
    """Return S3's client."""
    return well.client("s3")


@pytest.fixture
def bucket(s3: Any) -> str:
    """Make a bucket, which is neither open nor closed to the public."""
    name = f"doctor-{token_hex(4)}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.delete_public_access_block(Bucket=name)  # new ones have it; those of before 2023 don't
    s3.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    )
    return name


@pytest.fixture
def distribution(well: Patient, bucket: str) -> Callable[..., Site]:
    """Return a function that makes a distribution before the bucket, with parts of its configuration exchanged."""
    cloudfront = well.client("cloudfront")

    def make(**other: Any) -> Site:
        origin = {"Id": "pages", "DomainName": f"{bucket}.s3.us-west-2.amazonaws.com"}
        config = {
            "CallerReference": token_hex(8),
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{**origin, "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "pages",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            },
        }
        made = cloudfront.create_distribution(DistributionConfig={**config, **other})["Distribution"]
        return Site("guest", "queenofsandiego.com", bucket, made["Id"])

    return make


def looked(look: Any, sick: Patient, **found: Any) -> tuple[str, str]:
    """Return verdict and words of a look."""
    finding: Finding = look(sick, found)
    return finding.verdict.value, finding.words


def test_the_stack_is_well(well: Patient) -> None:
    """Every check of AWS is ok, or says why it makes no sense here."""
    found = examine(checks_of(well), well)

    wrong = {name: one for name, one in found.items() if one.verdict not in {Verdict.OK, Verdict.SKIPPED}}
    assert wrong == {}
    assert {name for name, one in found.items() if one.verdict is Verdict.SKIPPED} == {
        f"{site}-{what}" for site in ("guest", "ops") for what in ("certificate", "presented")
    }


def test_a_bucket_that_is_not_there(well: Patient) -> None:
    """With what to do."""
    found = buckets.exists("castoff-is-not-here")(well, {})

    assert (found.verdict, found.words) == (Verdict.WRONG, "there is no bucket castoff-is-not-here")
    assert found.hint == "check its name in castoff.yaml, or run `castoff cloud start`"


def test_a_bucket_that_could_be_opened(well: Patient, bucket: str) -> None:
    """It is not open yet; the hint is the command that closes it."""
    found = buckets.private(bucket, hard=True)(well, {})

    assert (found.verdict, found.words) == (Verdict.WARN, f"nothing keeps {bucket} from being opened to the public")
    assert f"put-public-access-block --bucket {bucket}" in found.hint


def test_a_bucket_that_is_open(well: Patient, bucket: str, s3: Any) -> None:
    """By its policy; where crew pages are gated that is wrong, and where they are unlisted it is told."""
    policy = {"Version": "2012-10-17", "Statement": [{**READ, "Resource": f"arn:aws:s3:::{bucket}/*"}]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    open_to = f"{bucket} is open to everybody by its policy"

    assert looked(buckets.private(bucket, hard=True), well) == ("wrong", open_to)
    assert looked(buckets.private(bucket, hard=False), well) == ("wrong", open_to)
    assert looked(buckets.private(bucket, hard=False), replace(well, unlisted=True)) == ("warning", open_to)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    assert looked(buckets.private(bucket, hard=True), well) == ("ok", "closed to the public")


def test_a_bucket_that_is_open_by_its_acl(well: Patient, bucket: str, s3: Any) -> None:
    """As buckets of long ago may be."""
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")

    assert looked(buckets.private(bucket, hard=True), well) == ("wrong", f"{bucket} is open to everybody by its ACL")


def test_a_distribution_that_serves_the_state(well: Patient, bucket: str, distribution: Callable[..., Site]) -> None:
    """Nobody is to read it, whatever the bucket's policy says."""
    site = distribution()
    try:
        served = buckets.unserved(replace(well, state=bucket), {})
    finally:
        remove(well, site)

    assert (served.verdict, served.words) == (Verdict.WRONG, f"distribution {site.distribution} serves {bucket}")


def remove(well: Patient, site: Site) -> None:
    """Remove a distribution, which has to be disabled first."""
    cloudfront = well.client("cloudfront")
    read = cloudfront.get_distribution_config(Id=site.distribution)
    config = {**read["DistributionConfig"], "Enabled": False}
    etag = cloudfront.update_distribution(Id=site.distribution, IfMatch=read["ETag"], DistributionConfig=config)["ETag"]
    cloudfront.delete_distribution(Id=site.distribution, IfMatch=etag)


def test_what_a_distribution_may_lack(well: Patient, distribution: Callable[..., Site]) -> None:
    """Disabled, before another bucket, without its domain, or not there."""
    real = replace(well, embedded=False)
    disabled, plain = distribution(Enabled=False), distribution()

    assert looked(edge.distribution(disabled), real)[1].endswith("is disabled: nobody sees the guest site")
    assert looked(edge.distribution(plain), real)[1].endswith("does not answer for queenofsandiego.com")
    assert looked(edge.distribution(plain), well)[0] == "ok"
    elsewhere = replace(plain, bucket="another")
    assert looked(edge.distribution(elsewhere), well)[1].endswith("does not stand before bucket another")
    assert looked(edge.distribution(replace(plain, distribution="ENONE")), well)[1] == "there is no distribution ENONE"


@pytest.mark.parametrize(
    ("aliases", "verdict"),
    [(["queenofsandiego.com"], "ok"), (["*.queenofsandiego.com"], "wrong"), (["www.queenofsandiego.com"], "wrong")],
)
def test_a_distribution_answers_for_its_domain(
    well: Patient, distribution: Callable[..., Site], aliases: list[str], verdict: str
) -> None:
    """By name, or by a star for one label."""
    site = distribution(Aliases={"Quantity": len(aliases), "Items": aliases})

    assert looked(edge.distribution(site), replace(well, embedded=False))[0] == verdict
    remove(well, site)


def test_a_distribution_without_our_function(well: Patient, distribution: Callable[..., Site]) -> None:
    """Crew pages would be open, so that is wrong and not missing."""
    site = distribution()
    config = edge.distribution(site)(well, {}).found

    found = edge.function(site)(well, {"guest-distribution": config})

    assert (found.verdict, found.words) == (
        Verdict.WRONG,
        f"no function runs before {site.distribution}: crew pages are open",
    )


def test_other_code_than_ours(well: Patient) -> None:
    """Both digests are told, and what depends on the function is looked at all the same."""
    site = well.sites[0]
    config = edge.distribution(site)(well, {}).found

    found = edge.function(site)(replace(well, function="// newer"), {"guest-distribution": config})

    assert found.verdict is Verdict.WRONG
    assert found.words.startswith("castoff-edge runs other code than this castoff's (")
    assert found.hint == "publish it with `castoff cloud start`"
    assert edge.store(well, {"guest-function": found.found}).verdict is Verdict.OK


def test_nobody_to_log_the_crew_in(well: Patient) -> None:
    """Without a behaviour for `/crew/*` there is no login, which only unlisted crew pages can do without."""
    site = well.sites[0]
    config = dict(edge.distribution(site)(well, {}).found, CacheBehaviors={"Quantity": 0})

    gated = edge.function(site)(well, {"guest-distribution": config})
    unlisted = edge.function(site)(replace(well, unlisted=True), {"guest-distribution": config})

    assert gated.words == f"{site.distribution} sends `/crew/*` to no service: the crew cannot log in"
    assert unlisted.verdict is Verdict.OK


def test_what_the_edge_knows_of_keys(well: Patient) -> None:
    """At least one cookie key, two at most, and whether crew pages are gated as castoff.yaml has it."""
    cloudfront, name = well.client("cloudfront"), f"doctor-{token_hex(4)}"
    arn = cloudfront.create_key_value_store(Name=name)["KeyValueStore"]["ARN"]
    store = edge.key_value_store.open_store(well.account)

    def put(key: str, value: str) -> None:
        etag = store.describe_key_value_store(KvsARN=arn)["ETag"]
        store.put_key(KvsARN=arn, Key=key, Value=value, IfMatch=etag)

    said = [looked(edge.store, well, **{"guest-function": arn})]
    for key in ("key:1", "key:2", "key:3"):
        put(key, "00")
        said.append(looked(edge.store, well, **{"guest-function": arn}))

    assert said == [
        ("wrong", "it has no cookie key: nobody of the crew gets in"),
        ("ok", "it answers, with 1 cookie key"),
        ("ok", "it answers, with 2 cookie keys"),
        ("wrong", "it has 3 cookie keys, and the edge is meant to know 2"),
    ]
    unlisted = looked(edge.store, replace(well, unlisted=True), **{"guest-function": arn})
    assert unlisted[1].startswith("it has 3")
    assert "no KeyValueStore" in looked(edge.store, well, **{"guest-function": ""})[1]


def test_gated_here_and_unlisted_there(well: Patient) -> None:
    """The edge has to be told, or guests find closed pages open, or crew open ones closed."""
    arn = edge.function(well.sites[0])(
        well, {"guest-distribution": edge.distribution(well.sites[0])(well, {}).found}
    ).found

    said = looked(edge.store, replace(well, unlisted=True), **{"guest-function": arn})

    assert said == ("wrong", "crew pages are unlisted in castoff.yaml, and not at the edge")


def test_two_stores_for_two_sites(well: Patient) -> None:
    """Whoever left would be gone at one of them only."""
    found = {"guest-function": "arn:one", "ops-function": "arn:two"}

    assert looked(edge.same_function, well, **found) == ("warning", "the two sites ask two stores")


def test_a_certificate_as_acm_holds_it(well: Patient, distribution: Callable[..., Site]) -> None:
    """Named by the distribution, issued, and good for long."""
    acm = well.client("acm", "us-east-1")
    arn = acm.request_certificate(DomainName="queenofsandiego.com")["CertificateArn"]
    viewer = {"ACMCertificateArn": arn, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}
    site = distribution(ViewerCertificate=viewer)
    ends = acm.describe_certificate(CertificateArn=arn)["Certificate"]["NotAfter"]
    config = edge.distribution(site)(well, {}).found
    real = replace(well, embedded=False, wall=lambda: ends)

    expired = looked(certificates.held(site), real, **{"guest-distribution": config})
    none = looked(certificates.held(site), real, **{"guest-distribution": {"ViewerCertificate": {}}})

    assert expired == ("wrong", f"the certificate of queenofsandiego.com expired on {ends:%Y-%m-%d}")
    assert none[1] == f"{site.distribution} has no certificate of queenofsandiego.com's own"


def test_mail_in_the_sandbox(well: Patient, cloud: Facts) -> None:
    """It goes to verified addresses only, which a fleet of two may live with: told, and not wrong."""
    standing = load_standing(account_in(cloud, "admin"), cloud.stack)
    sesv2 = well.client("sesv2")
    details = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com", "UseCaseDescription": "crew calls"}
    out = looked(mail.sending, well, stack=standing)
    sesv2.put_account_details(ProductionAccessEnabled=False, **details)
    try:
        sandbox = looked(mail.sending, well, stack=standing)
    finally:
        sesv2.put_account_details(ProductionAccessEnabled=True, **details)

    assert (out[0], sandbox) == ("ok", ("warning", "SES is in its sandbox: it mails verified addresses only"))


def test_a_sender_that_ses_does_not_know(well: Patient, cloud: Facts) -> None:
    """With the command that makes it known; a verified domain does for all its addresses."""
    standing = load_standing(account_in(cloud, "admin"), cloud.stack)
    assert standing is not None
    domain = f"{token_hex(4)}.example.com"
    other = replace(standing, parameters={"MailFrom": f"crew@{domain}"})

    unknown = mail.sender(well, {"stack": other})
    well.client("sesv2").create_email_identity(EmailIdentity=domain)
    known = mail.sender(well, {"stack": other})

    assert unknown.words == f"SES does not know crew@{domain}"
    assert unknown.hint == f"`aws sesv2 create-email-identity --email-identity crew@{domain}`"
    assert known.words == f"crew@{domain} is verified by its domain {domain}"


def test_services_of_ones_own_have_no_stack(well: Patient) -> None:
    """Which is no fault; what would be asked of the stack is not."""
    found = access.stack(replace(well, stack="of-somebody-else"), {})

    assert (found.verdict, found.found) == (Verdict.SKIPPED, access.NO_STACK)
    for look in (mail.sending, mail.sender):
        assert look(well, {"stack": found.found}).verdict is Verdict.SKIPPED


def test_who_may_not_look_is_told_what_to_allow(well: Patient, cloud: Facts) -> None:
    """Each look that is forbidden names its action, and none of them is told as the target's fault."""
    iam, name = well.client("iam"), f"doctor-{token_hex(4)}"
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    held = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    nobody = replace(well, account=account_of(held, region=cloud.region, endpoint=cloud.endpoint), _clients={})

    found = examine(checks_of(nobody), nobody)

    asked = {name: one.hint for name, one in found.items() if one.verdict is Verdict.WARN}
    assert asked == {
        "stack": "allow `cloudformation:DescribeStacks` to whoever runs this",
        **{
            f"{site}-distribution": "allow `cloudfront:GetDistribution` to whoever runs this"
            for site in ("guest", "ops")
        },
        **{
            f"{name}-bucket": "check its name in castoff.yaml: it may be another account's;"
            " if it is yours, allow `s3:ListBucket`"
            for name in ("guest", "ops", "state", "uploads")
        },
        "unserved": "allow `cloudfront:ListDistributions` to whoever runs this",
    }
    assert [name for name, one in found.items() if one.verdict is Verdict.WRONG] == []
