"""Distributions and buckets that were there before, through the embedded cloud's own CloudFront and S3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.patients import patient
from support.shore import SETTINGS, Answering, Shore

from castoff.cloud.doctor.checks import checks_of
from castoff.cloud.doctor.patient import Site
from castoff.cloud.doctor.round import examine
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.distribution_form import items_of
from castoff.cloud.setup.sites import DistributionEdit, PolicyEdit
from castoff.cloud.setup.wanted import SITES
from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from castoff.cloud.facts import Facts

MINE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Mine",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::moored-site/*",
        }
    ],
}


def client(shore: Shore, service: str) -> Any:
    """Open a client of the operator's account."""
    return shore.account.session.client(service, **shore.account.options)  # type: ignore[call-overload]


def distribution_by_hand(shore: Shore, name: str, *, host: str = "") -> str:
    """Make a distribution as a person once did, and return its id."""
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": "any"}
    origin = {
        "Id": "site",
        "DomainName": host or f"{name}.example.net",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
    }
    made = client(shore, "cloudfront").create_distribution(
        DistributionConfig={
            "CallerReference": name,
            "Comment": "by hand",
            "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [origin]},
            "DefaultCacheBehavior": behaviour,
            "CacheBehaviors": {"Quantity": 1, "Items": [{"PathPattern": "*.jpg", **behaviour}]},
        }
    )
    identity: str = made["Distribution"]["Id"]
    return identity


def configuration(shore: Shore, distribution: str) -> dict[str, Any]:
    """Return what a distribution is configured to do."""
    found: dict[str, Any] = client(shore, "cloudfront").get_distribution_config(Id=distribution)
    return dict(found["DistributionConfig"])


def told(part: dict[str, Any]) -> dict[str, Any]:
    """Return a behaviour by what decides what viewers get, its origin by its plain name."""
    functions = [(one["EventType"], one["FunctionARN"]) for one in items_of(part.get("FunctionAssociations"))]
    fields = ("PathPattern", "ViewerProtocolPolicy", "CachePolicyId", "Compress")
    optional = ("OriginRequestPolicyId", "ResponseHeadersPolicyId")
    return {
        **{field: part[field] for field in fields},
        **{field: part.get(field) or "" for field in optional},
        "origin": part["TargetOriginId"].removeprefix("castoff-"),
        "methods": sorted(items_of(part["AllowedMethods"])),
        "functions": functions,
    }


def test_what_was_there_before_is_brought_to_serve_castoff(ashore: Callable[..., Shore], cloud: Facts) -> None:
    """Its behaviours are those that the stack gives a distribution of its own; all else is as it was.

    A no leaves it as it was altogether, and the next run asks again.
    """
    yard = ashore("yard")
    guest, ops = (distribution_by_hand(yard, name) for name in ("moored", "moored-board"))
    s3 = client(yard, "s3")
    s3.create_bucket(Bucket="moored-site", CreateBucketConfiguration={"LocationConstraint": yard.account.region})
    s3.put_bucket_policy(Bucket="moored-site", Policy=json.dumps(MINE))
    settings = SETTINGS.replace(
        "sails.example.com}", f"sails.example.com, bucket: moored-site, distribution: {guest}}}"
    ).replace("board.example.com}", f"board.example.com, distribution: {ops}}}")
    shore, before = ashore("moored", settings), configuration(yard, guest)
    operator = Answering()

    refused = shore.set_up(operator=Answering(edits_too=False))
    left, ill = configuration(shore, guest), at_the_doctors(shore, refused.outputs)
    done = shore.set_up(given={}, operator=operator)
    again = shore.set_up(given={})

    assert (refused.agreed, refused.written, left) == (False, (), before)
    assert again.nothing
    assert [ill[name][0] for name in ("guest-paths", "ops-paths")] == ["wrong", "wrong"]
    well = at_the_doctors(shore, done.outputs)
    assert {name: words for name, (verdict, words) in well.items() if verdict != "ok"} == {}
    assert [type(one) for one in operator.shown] == [PolicyEdit, DistributionEdit, DistributionEdit]
    assert (done.outputs["GuestBucket"], done.outputs["GuestDistribution"]) == ("moored-site", guest)
    for mine, made in ((guest, cloud.outputs["GuestDistribution"]), (ops, cloud.outputs["OpsDistribution"])):
        ours = configuration(shore, mine)
        expected = [told(one) for one in items_of(configuration(shore, made)["CacheBehaviors"])]
        *castoffs, last = items_of(ours["CacheBehaviors"])
        assert _unnamed([told(one) for one in castoffs]) == _unnamed(expected)
        assert last == items_of(before["CacheBehaviors"])[0]
        assert ours["DefaultCacheBehavior"] == before["DefaultCacheBehavior"]
        assert not items_of(ours.get("CustomErrorResponses"))
    origins = {one["Id"]: one for one in items_of(configuration(shore, guest)["Origins"])}
    secret = client(shore, "secretsmanager").get_secret_value(SecretId="moored/origin")["SecretString"]
    assert origins["castoff-pages"]["DomainName"] == "moored-site.s3.us-west-2.amazonaws.com"
    assert origins["castoff-pages"]["OriginAccessControlId"]
    assert origins["castoff-scc"]["CustomHeaders"]["Items"] == [
        {"HeaderName": "X-Castoff-Origin", "HeaderValue": json.loads(secret)["header"]}
    ]
    statements = json.loads(s3.get_bucket_policy(Bucket="moored-site")["Policy"])["Statement"]
    assert [one["Sid"] for one in statements] == ["Mine", "Castoff"]
    assert statements[1]["Condition"]["StringEquals"]["AWS:SourceArn"].endswith(f"distribution/{guest}")


def at_the_doctors(shore: Shore, outputs: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return what the doctor says of both sites' paths, of the function before them and of its store."""
    template = parse_template(shore.sources.template.read_text("utf-8"))
    sites = [Site(name, "", outputs[f"{name.title()}Bucket"], outputs[f"{name.title()}Distribution"]) for name in SITES]
    target = patient(
        embedded=True,
        account=shore.account,
        sites=tuple(sites),
        stack=shore.stack,
        template=template,
        function=shore.sources.function.read_text("utf-8"),
    )
    wanted = ["account", "stack", "store", "one-store"]
    wanted += [f"{site}-{what}" for site in SITES for what in ("distribution", "paths", "function")]
    found = examine([check for check in checks_of(target) if check.name in wanted], target)
    return {name: (one.verdict.value, one.words) for name, one in found.items()}


def _unnamed(behaviours: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return behaviours without what each stack calls its own."""
    policies = ("CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId")
    return [
        {
            **{key: value for key, value in one.items() if key not in (*policies, "functions")},
            **{key: bool(one[key]) for key in policies},
            "functions": [event for event, _ in one["functions"]],
        }
        for one in behaviours
    ]


def test_a_policy_that_was_changed_meanwhile_is_not_written_over(ashore: Callable[..., Shore]) -> None:
    """What a colleague put there while the question stood is read again, and theirs stays."""
    shore, bucket = ashore("meanwhile"), "meanwhile-site"
    s3 = client(shore, "s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": shore.account.region})
    shown = PolicyEdit(bucket, ("add",), {"Version": "2012-10-17", "Statement": []}, None)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(MINE))

    with pytest.raises(CloudError, match="somebody changed its policy since it was shown"):
        shown.apply(shore.account)

    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == MINE


def test_another_distribution_before_the_same_bucket_is_told(ashore: Callable[..., Shore]) -> None:
    """Crew pages would be open there; whoever lists them nowhere is asked nothing."""
    bucket = "doubly-served"
    shore = ashore("doubly", SETTINGS.replace("sails.example.com}", f"sails.example.com, bucket: {bucket}}}"))
    s3 = client(shore, "s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": shore.account.region})
    other = distribution_by_hand(shore, "doubly", host=f"{bucket}.s3.us-west-2.amazonaws.com")

    with pytest.raises(CloudError) as refused:
        shore.set_up()
    shore.settings.write_text(shore.settings.read_text("utf-8") + "crew_pages: unlisted\n", "utf-8")
    done = shore.set_up()

    assert refused.value.message.startswith(
        f"distribution `{other}`: the default behaviour reads the bucket `{bucket}`"
    )
    assert done.agreed
