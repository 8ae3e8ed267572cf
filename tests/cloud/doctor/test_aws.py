"""The doctor's looks at AWS, against the embedded cloud: what is well, and each thing that may not be."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from support.patients import patient

from castoff.cloud.account import account_in, account_of
from castoff.cloud.doctor import access, buckets, certificates, edge, mail, paths
from castoff.cloud.doctor.checks import checks_of
from castoff.cloud.doctor.finding import Finding, Verdict
from castoff.cloud.doctor.patient import Patient, Site
from castoff.cloud.doctor.round import examine
from castoff.cloud.facts import Credentials
from castoff.cloud.standing import Standing, load_standing
from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        template=parse_template(sources.template.read_text("utf-8")),
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
    """It is not open: that is all that is asked of a bucket which may be for other things too."""
    assert looked(buckets.private(bucket), well) == ("ok", "not open to the public")


@dataclass(frozen=True)
class Judging:
    """S3 with what the embedded one lacks: a judgement of a bucket's policy, by what is known of ours here."""

    s3: Any

    def __getattr__(self, name: str) -> Any:
        """Return everything else as it is."""
        return getattr(self.s3, name)

    def get_bucket_policy_status(self, **named: str) -> dict[str, Any]:
        """Say that whoever may be everybody is, as AWS does: a referrer narrows nothing, a network does."""
        (statement,) = json.loads(self.s3.get_bucket_policy(**named)["Policy"])["Statement"]
        return {"PolicyStatus": {"IsPublic": "IpAddress" not in statement.get("Condition", {})}}


def judged(well: Patient, s3: Any) -> Patient:
    """Return it before an S3 that judges policies."""
    return replace(well, _clients={("s3", None): Judging(s3)})


def opened(s3: Any, bucket: str, **other: Any) -> None:
    """Give a bucket a policy that lets read it."""
    statement = {**READ, "Resource": f"arn:aws:s3:::{bucket}/*", **other}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def test_a_bucket_that_is_open(well: Patient, bucket: str, s3: Any) -> None:
    """By its policy; where crew pages are gated that is wrong, and where they are unlisted it is told."""
    opened(s3, bucket)
    well = judged(well, s3)
    open_to, unlisted = f"{bucket} is open to everybody by its policy", replace(well, unlisted=True)

    assert looked(buckets.private(bucket), unlisted) == ("wrong", open_to)
    assert looked(buckets.private(bucket, site="ops"), unlisted) == ("wrong", open_to)
    assert looked(buckets.private(bucket, site="guest"), well) == ("wrong", open_to)
    assert looked(buckets.private(bucket, site="guest"), unlisted) == ("warning", open_to)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    assert looked(buckets.private(bucket), well) == ("ok", "not open to the public")


@pytest.mark.parametrize("site", [None, "guest", "ops"])
def test_no_hint_takes_a_site_down(well: Patient, bucket: str, s3: Any, site: str | None) -> None:
    """A bucket that is open may be somebody's website: closing it is no one thing to do."""
    opened(s3, bucket)

    found = buckets.private(bucket, site=site)(judged(well, s3), {})

    assert "put-public-access-block" not in found.hint
    assert site is None or f"leave `{site}.bucket` out of castoff.yaml" in found.hint


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ({"StringLike": {"aws:Referer": "https://sails.example.com/*"}}, "wrong"),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, "ok"),
    ],
    ids=["whoever says they come from a site", "whoever sits in one network"],
)
def test_what_public_means_is_awss_to_say(
    well: Patient, bucket: str, s3: Any, condition: dict[str, Any], verdict: str
) -> None:
    """A condition that anybody can meet keeps nobody out."""
    opened(s3, bucket, Condition=condition)

    assert looked(buckets.private(bucket), judged(well, s3))[0] == verdict


def test_a_bucket_that_is_open_by_its_acl(well: Patient, bucket: str, s3: Any) -> None:
    """As buckets of long ago may be."""
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")

    assert looked(buckets.private(bucket), well) == ("wrong", f"{bucket} is open to everybody by its ACL")


def test_a_bucket_that_loses_photos_or_takes_none(well: Patient, bucket: str, s3: Any) -> None:
    """Without versions one photo may take another's place; without CORS no page can send any."""
    uploads = replace(well, uploads=bucket)
    rule = {"AllowedMethods": ["POST"], "AllowedOrigins": ["http://guest.localhost:8000"]}
    none = looked(buckets.takes_photos, uploads)
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})

    said = looked(buckets.takes_photos, uploads), looked(buckets.kept(bucket), uploads)

    assert none[1] == f"{bucket} takes no photos from the pages of guest.localhost and ops.localhost (CORS)"
    assert said == (
        ("wrong", f"{bucket} takes no photos from the pages of ops.localhost (CORS)"),
        ("wrong", f"{bucket} keeps no versions: what is written over is lost"),
    )


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


def behaved(config: Mapping[str, Any], pattern: str, **other: Any) -> dict[str, Any]:
    """Return a configuration in which the behaviour of one pattern has parts exchanged, or is gone without any."""
    held = config["CacheBehaviors"]["Items"]
    items = [{**one, **other} if one["PathPattern"] == pattern else one for one in held]
    items = [one for one in items if other or one["PathPattern"] != pattern]
    return {**config, "CacheBehaviors": {"Quantity": len(items), "Items": items}}


@pytest.fixture
def standing(cloud: Facts) -> Standing:
    """Return the stack as it stands."""
    found = load_standing(account_in(cloud, "admin"), cloud.stack)
    assert found is not None
    return found


def look_at_paths(well: Patient, config: Mapping[str, Any], stack: object) -> Finding:
    """Look at the guest site's paths as it is configured."""
    arn = well.client("sts").get_caller_identity()["Arn"]
    return paths.paths(well.sites[0])(well, {"guest-distribution": config, "account": arn, "stack": stack})


@pytest.mark.parametrize("pattern", ["/crew/*", "/g/PRESIGN", "/g/*", "/castoff/*"])
def test_a_path_without_our_function(well: Patient, standing: Standing, pattern: str) -> None:
    """Though the default behaviour has it: a path of castoff's has a behaviour of its own, and goes by that."""
    config = edge.distribution(well.sites[0])(well, {}).found

    whole = look_at_paths(well, config, standing)
    bare = look_at_paths(well, behaved(config, pattern, FunctionAssociations={"Quantity": 0}), standing)
    gone = look_at_paths(well, behaved(config, pattern), standing)

    named = well.sites[0].distribution
    assert (whole.verdict, bare.verdict, gone.verdict) == (Verdict.OK, Verdict.WRONG, Verdict.WRONG)
    assert bare.words == f"{named} lacks something: change behaviour `{pattern}`: FunctionAssociations"
    assert gone.words.startswith(f"{named} lacks something: add behaviour `{pattern}` to ")
    assert bare.hint == "somebody changed it by hand, which no stack undoes: put that back in CloudFront"


def test_a_way_around_the_function(well: Patient, standing: Standing) -> None:
    """The default behaviour reads the same bucket, so it needs the function, unless crew pages are unlisted."""
    config = dict(edge.distribution(well.sites[0])(well, {}).found)
    config["DefaultCacheBehavior"] = {**config["DefaultCacheBehavior"], "FunctionAssociations": {"Quantity": 0}}

    gated = look_at_paths(well, config, standing)
    unlisted = look_at_paths(replace(well, unlisted=True), config, standing)

    assert (gated.verdict, unlisted.verdict) == (Verdict.WRONG, Verdict.OK)
    assert "the default behaviour reads the bucket" in gated.words


def test_another_distribution_than_the_stacks(well: Patient, standing: Standing) -> None:
    """Which of the two is meant is not castoff's to guess."""
    outputs = {**standing.outputs, "GuestDistribution": "E9"}

    found = look_at_paths(well, {"DefaultCacheBehavior": {}}, replace(standing, outputs=outputs))

    assert found.words == f"castoff.yaml has {well.sites[0].distribution}, and stack {standing.name} has E9"


def test_a_secret_that_may_not_be_read(well: Patient, standing: Standing, cloud: Facts) -> None:
    """All but the origin's header is compared, and that is said."""
    config = edge.distribution(well.sites[0])(well, {}).found

    found = look_at_paths(of_nobody(well, cloud), config, standing)

    assert found.verdict is Verdict.OK
    assert found.words.endswith("not compared: `secretsmanager:GetSecretValue` is not allowed")


OURS = {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": "arn:ours"}]}
THEIRS = {"Quantity": 1, "Items": [{"EventType": "viewer-request", "FunctionARN": "arn:theirs"}]}
PATTERNS = ("/crew/*", "/g/PRESIGN", "/g/*", "/castoff/*")


@pytest.mark.parametrize(
    ("default", "functions", "said"),
    [
        (OURS, dict.fromkeys(PATTERNS, OURS), "each of the 4 is served as castoff needs it"),
        ({}, dict.fromkeys(PATTERNS, OURS), "E1EXAMPLE: this distribution is not castoff's to change"),
        (OURS, {"crew/*": OURS, "g/PRESIGN": OURS}, "each of the 2 is served as castoff needs it"),
        (OURS, dict.fromkeys(PATTERNS, OURS) | {"/g/*": {}}, "E1EXAMPLE lacks something: change behaviour `/g/*`"),
        (OURS, dict.fromkeys(PATTERNS, OURS) | {"/castoff/*": THEIRS}, "E1EXAMPLE: this distribution is not castoff's"),
        (OURS, {"/g/*": OURS}, "E1EXAMPLE sends `/crew/*` to no service: the crew cannot log in"),
        ({}, {pattern: {} for pattern in PATTERNS}, "no function runs before `/g/*` at E1EXAMPLE: crew pages are open"),
        ({}, {}, "no function runs before `/g/*` at E1EXAMPLE: crew pages are open"),
    ],
)
def test_a_distribution_without_a_stack(
    sources: Sources, default: dict[str, Any], functions: dict[str, dict[str, Any]], said: str
) -> None:
    """One function before all that is castoff's, by a behaviour of its own or the default one."""
    template = parse_template(sources.template.read_text("utf-8"))
    by_hand = patient(template=template)
    config = {
        "Origins": {"Items": [{"Id": "site", "DomainName": "guest-bucket.s3.us-west-2.amazonaws.com"}]},
        "DefaultCacheBehavior": {"TargetOriginId": "site", "FunctionAssociations": default},
        "CacheBehaviors": {
            "Items": [
                {"PathPattern": pattern, "TargetOriginId": "site", "FunctionAssociations": one}
                for pattern, one in functions.items()
            ]
        },
    }

    found = paths.paths(by_hand.sites[0])(by_hand, {"guest-distribution": config, "stack": access.NO_STACK})

    assert found.words.startswith(said)


def test_other_code_than_ours(well: Patient, cloud: Facts) -> None:
    """Both digests are told, and what depends on the function is looked at all the same."""
    found = edge.function(well.sites[0])(replace(well, function="// newer"), {"guest-paths": cloud_function(cloud)})

    assert found.verdict is Verdict.WRONG
    assert found.words.startswith("castoff-edge runs other code than this castoff's (")
    assert found.hint == "publish it with `castoff cloud start`"
    assert edge.store(well, {"guest-function": found.found}).verdict is Verdict.OK


def cloud_function(cloud: Facts) -> str:
    """Return the address of the stack's function."""
    return f"arn:aws:cloudfront::000000000000:function/{cloud.stack}-edge"


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


def test_gated_here_and_unlisted_there(well: Patient, cloud: Facts) -> None:
    """The edge has to be told, or guests find closed pages open, or crew open ones closed."""
    arn = edge.function(well.sites[0])(well, {"guest-paths": cloud_function(cloud)}).found

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


def test_a_sender_at_a_mail_provider(well: Patient, cloud: Facts) -> None:
    """SES sends for a verified address at such a domain, and readers' programs hold it for forged."""
    standing = load_standing(account_in(cloud, "admin"), cloud.stack)
    assert standing is not None
    address, sesv2 = f"crew-{token_hex(4)}@gmail.com", well.client("sesv2")
    sesv2.create_email_identity(EmailIdentity=address)

    found = mail.sender(well, {"stack": replace(standing, parameters={"MailFrom": address})})

    assert found.verdict is Verdict.WARN
    assert found.words == f"{address} is verified, but its provider does not let SES send for it: mail may land in spam"


def test_services_of_ones_own_have_no_stack(well: Patient) -> None:
    """Which is no fault; what would be asked of the stack is not."""
    found = access.stack(replace(well, stack="of-somebody-else"), {})

    assert (found.verdict, found.found) == (Verdict.SKIPPED, access.NO_STACK)
    for look in (mail.sending, mail.sender):
        assert look(well, {"stack": found.found}).verdict is Verdict.SKIPPED


def test_who_may_not_look_is_told_what_to_allow(well: Patient, cloud: Facts) -> None:
    """Each look that is forbidden names its action, and none of them is told as the target's fault."""
    nobody = of_nobody(well, cloud)

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


def of_nobody(well: Patient, cloud: Facts) -> Patient:
    """Return it as looked at by a user who may do nothing."""
    iam, name = well.client("iam"), f"doctor-{token_hex(4)}"
    iam.create_user(UserName=name)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    held = Credentials(made["AccessKeyId"], made["SecretAccessKey"])
    return replace(well, account=account_of(held, region=cloud.region, endpoint=cloud.endpoint), _clients={})
