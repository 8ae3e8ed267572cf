"""An operator's own distribution: what it lacks is shown and added, and what is theirs is never touched."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from castoff.cloud.problems import CloudError
from castoff.cloud.setup.distribution import difference, needed_of
from castoff.cloud.setup.distribution_form import items_of

FUNCTION = "arn:aws:cloudfront::111122223333:function/castoff-edge"
EDGE = {"EventType": "viewer-request", "FunctionARN": FUNCTION}
THEIRS = {"EventType": "viewer-request", "FunctionARN": "arn:aws:cloudfront::111122223333:function/www-to-apex"}

TEMPLATE = {
    "Origins": [
        {"Id": "pages", "DomainName": "sails.s3.us-west-2.amazonaws.com", "OriginAccessControlId": "E1",
         "S3OriginConfig": {"OriginAccessIdentity": ""}},
        {"Id": "scc", "DomainName": "a1.execute-api.us-west-2.amazonaws.com", "OriginPath": "/prod",
         "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
         "OriginCustomHeaders": [{"HeaderName": "X-Castoff-Origin", "HeaderValue": "hush"}]},
    ],
    "CacheBehaviors": [
        {"PathPattern": "/crew/*", "TargetOriginId": "scc", "ViewerProtocolPolicy": "https-only",
         "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"], "Compress": True,
         "CachePolicyId": "none", "OriginRequestPolicyId": "api", "FunctionAssociations": [EDGE]},
        {"PathPattern": "/g/PRESIGN", "TargetOriginId": "scc", "ViewerProtocolPolicy": "https-only",
         "CachePolicyId": "none", "FunctionAssociations": [EDGE]},
        {"PathPattern": "/g/*", "TargetOriginId": "pages", "ViewerProtocolPolicy": "redirect-to-https",
         "CachePolicyId": "pages", "ResponseHeadersPolicyId": "headers", "FunctionAssociations": [EDGE]},
    ],
}  # fmt: skip

NEEDED = needed_of(TEMPLATE, bucket="sails", function=FUNCTION)


def counted(*items: Any) -> dict[str, Any]:
    """Return a list as CloudFront has it."""
    return {"Quantity": len(items), "Items": list(items)} if items else {"Quantity": 0}


def behaviour(pattern: str, origin: str = "site", **more: Any) -> dict[str, Any]:
    """Return a behaviour of the operator's, as they were made before cache policies."""
    legacy = {"ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}}, "MinTTL": 0, "DefaultTTL": 60}
    return {"PathPattern": pattern, "TargetOriginId": origin, "ViewerProtocolPolicy": "allow-all", **legacy, **more}


def distribution(*behaviours: dict[str, Any], origin: str = "www.example.com", **default: Any) -> dict[str, Any]:
    """Return the configuration of an operator's site."""
    default_behaviour = behaviour("", **default)
    del default_behaviour["PathPattern"]
    return {
        "CallerReference": "by hand",
        "Comment": "our site",
        "Origins": counted({"Id": "site", "DomainName": origin, "S3OriginConfig": {"OriginAccessIdentity": ""}}),
        "DefaultCacheBehavior": default_behaviour,
        "CacheBehaviors": counted(*behaviours),
        "CustomErrorResponses": counted({"ErrorCode": 404, "ResponsePagePath": "/oops.html", "ResponseCode": "404"}),
        "Enabled": True,
    }


def patterns(configuration: dict[str, Any]) -> list[str]:
    """Return the path patterns in the order in which CloudFront asks them."""
    return [one["PathPattern"] for one in configuration["CacheBehaviors"].get("Items", [])]


def test_a_site_of_ones_own_gets_what_it_lacks_and_keeps_the_rest() -> None:
    """Castoff's paths are asked first, and nothing else is other than it was."""
    before = distribution(behaviour("/blog/*"), behaviour("*.jpg"))

    found = difference(before, NEEDED, gated=True)

    assert found.lines == (
        "add origin `castoff-pages` (sails.s3.us-west-2.amazonaws.com)",
        "add origin `castoff-scc` (a1.execute-api.us-west-2.amazonaws.com)",
        "add behaviour `/crew/*` to `castoff-scc`",
        "add behaviour `/g/PRESIGN` to `castoff-scc`",
        "add behaviour `/g/*` to `castoff-pages`",
    )
    assert patterns(found.configuration) == ["/crew/*", "/g/PRESIGN", "/g/*", "/blog/*", "*.jpg"]
    touched = {key for key in before if before[key] != found.configuration[key]}
    assert touched == {"Origins", "CacheBehaviors"}
    assert found.configuration["Origins"]["Items"][0] == before["Origins"]["Items"][0]
    assert "hush" not in "".join(found.lines)


def test_a_second_look_finds_nothing() -> None:
    """Also where CloudFront gives its lists back in an order of its own, and with fields that nobody asked for."""
    once = difference(distribution(behaviour("/blog/*")), NEEDED, gated=True).configuration
    given_back = copy.deepcopy(once)
    for one in given_back["CacheBehaviors"]["Items"][:3]:
        one["AllowedMethods"]["Items"].reverse()
        one["GrpcConfig"] = {"Enabled": False}
        del one["TrustedSigners"]["Quantity"]
    given_back["Origins"]["Items"].reverse()

    again = difference(given_back, NEEDED, gated=True)

    assert again.lines == ()


def test_a_behaviour_made_by_hand_becomes_castoffs() -> None:
    """Its old way of caching goes, since CloudFront takes no two; functions for other events stay."""
    answer = {"EventType": "viewer-response", "FunctionARN": "arn:aws:cloudfront::111122223333:function/headers"}
    before = distribution(behaviour("g/*", FunctionAssociations=counted(answer)), behaviour("*"))

    found = difference(before, NEEDED, gated=True)

    changed = next(line for line in found.lines if line.startswith("change"))
    ours = found.configuration["CacheBehaviors"]["Items"][2]
    assert changed.startswith(
        'change behaviour `/g/*`: TargetOriginId "site" → "castoff-pages", ViewerProtocolPolicy "allow-all" →'
        ' "redirect-to-https", CachePolicyId null → "pages", '
    )
    assert not {"ForwardedValues", "MinTTL", "DefaultTTL"} & set(ours)
    assert ours["FunctionAssociations"]["Items"] == [EDGE, answer]


def test_what_happens_at_the_origin_stays() -> None:
    """Lambda@Edge that sees requests to the origin is in no function's way."""
    edge = {"EventType": "origin-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:x:1"}
    before = distribution(behaviour("/g/*", LambdaFunctionAssociations=counted(edge)))

    found = difference(before, NEEDED, gated=True)

    assert items_of(found.configuration["CacheBehaviors"]["Items"][2]["LambdaFunctionAssociations"]) == [edge]
    assert difference(found.configuration, NEEDED, gated=True).lines == ()


def test_paths_that_are_asked_too_late_are_put_first() -> None:
    """A pattern of the operator's that stands before castoff's would answer for it."""
    once = difference(distribution(behaviour("*.html")), NEEDED, gated=True).configuration
    late = once["CacheBehaviors"]["Items"]
    late.insert(0, late.pop())

    found = difference(once, NEEDED, gated=True)

    assert found.lines == ("put castoff's behaviours before the others",)
    assert patterns(found.configuration) == ["/crew/*", "/g/PRESIGN", "/g/*", "*.html"]


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        (
            distribution(behaviour("/g/*", FunctionAssociations=counted(THEIRS))),
            "behaviour `/g/*` has the function `www-to-apex` for viewer requests: call what it does from",
        ),
        (
            distribution(
                behaviour(
                    "crew/*",
                    LambdaFunctionAssociations=counted(
                        {"EventType": "viewer-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:1:function:x:1"}
                    ),
                )
            ),
            "behaviour `/crew/*` has Lambda@Edge for viewer-request, which goes with no function",
        ),
        (
            distribution(behaviour("/g/old/*")),
            "behaviour `/g/old/*` lies within castoff's paths, which would hide it",
        ),
        (
            distribution(origin="sails.s3.us-west-2.amazonaws.com"),
            "the default behaviour reads the bucket `sails` without castoff's function",
        ),
        (
            distribution(origin="sails.s3-website-us-west-2.amazonaws.com"),
            "the default behaviour reads the bucket `sails` without castoff's function",
        ),
        (
            {
                **distribution(TargetOriginId="either", origin="sails.s3.us-west-2.amazonaws.com"),
                "OriginGroups": counted({"Id": "either", "Members": counted({"OriginId": "x"}, {"OriginId": "site"})}),
            },
            "the default behaviour reads the bucket `sails` without castoff's function",
        ),
        (
            distribution(behaviour("/g/*", TrustedKeyGroups={"Enabled": True, **counted("group")})),
            "behaviour `/g/*` opens to signed addresses only (TrustedKeyGroups)",
        ),
        (
            distribution(behaviour("/crew/*", TrustedSigners={"Enabled": True, **counted("self")})),
            "behaviour `/crew/*` opens to signed addresses only (TrustedSigners)",
        ),
    ],
    ids=[
        "another function",
        "Lambda@Edge",
        "a path within",
        "a way around",
        "a way around by the website",
        "a way around by a group of origins",
        "signed addresses",
        "addresses signed by an account",
    ],
)
def test_what_only_a_person_can_merge_is_refused(configuration: dict[str, Any], words: str) -> None:
    """With the behaviour's name, and what to do there."""
    with pytest.raises(CloudError) as refused:
        difference(configuration, NEEDED, gated=True)

    assert words in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("configuration", "gated"),
    [
        (distribution(behaviour("/blog/*", FunctionAssociations=counted(THEIRS))), True),
        (distribution(FunctionAssociations=counted(THEIRS)), True),
        (distribution(origin="sails.s3.us-west-2.amazonaws.com", FunctionAssociations=counted(EDGE)), True),
        (distribution(origin="sails.s3.us-west-2.amazonaws.com"), False),
        (distribution(origin="sails-and-more.s3.us-west-2.amazonaws.com"), True),
    ],
    ids=["elsewhere", "on the default behaviour", "the function is there too", "unlisted", "another bucket"],
)
def test_what_does_not_concern_castoff_is_let_be(configuration: dict[str, Any], gated: bool) -> None:  # noqa: FBT001 - a table's column
    """Functions and buckets that castoff does not need are the operator's."""
    found = difference(configuration, NEEDED, gated=gated)

    assert found.configuration["DefaultCacheBehavior"] == configuration["DefaultCacheBehavior"]
