"""The distribution: read from CloudFront's own configuration, without a second description."""

import copy
from typing import Any

import pytest

from castoff.edge.distribution import (
    Distribution,
    EdgeFunction,
    Parts,
    named_functions,
    named_policies,
    normal_path,
    parse_distribution,
)
from castoff.edge.policies import (
    CachePolicy,
    OriginRequestPolicy,
    ResponseHeadersPolicy,
    Rule,
    UnsupportedError,
    parse_cache_policy,
    parse_origin_request_policy,
    parse_response_headers_policy,
)

ARN = "arn:aws:cloudfront::000000000000:function/castoff-edge"
FUNCTION = EdgeFunction(name="castoff-edge", code="function handler(event) { return event.request; }")
PARTS = Parts(
    cache_policies={"pages": CachePolicy(), "none": CachePolicy(default_seconds=0, max_seconds=0)},
    origin_request_policies={"api": OriginRequestPolicy()},
    response_headers_policies={"headers": ResponseHeadersPolicy()},
    functions={ARN: FUNCTION},
)
CONFIG: dict[str, Any] = {
    "Enabled": True,
    "DefaultRootObject": "index.html",
    "Origins": {
        "Quantity": 2,
        "Items": [
            {
                "Id": "pages",
                "DomainName": "queenofsandiego.com.s3.us-west-2.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            },
            {
                "Id": "scc",
                "DomainName": "a1b2c3.execute-api.us-west-2.amazonaws.com",
                "OriginPath": "/prod",
                "CustomOriginConfig": {"OriginReadTimeout": 20},
                "CustomHeaders": {
                    "Quantity": 1,
                    "Items": [{"HeaderName": "X-Castoff-Origin", "HeaderValue": "invented"}],
                },
            },
        ],
    },
    "CacheBehaviors": {
        "Quantity": 2,
        "Items": [
            {
                "PathPattern": pattern,
                "TargetOriginId": "scc",
                "CachePolicyId": "none",
                "OriginRequestPolicyId": "api",
                "AllowedMethods": {"Quantity": 3, "Items": ["GET", "HEAD", "POST"]},
            }
            for pattern in ("/crew/*", "/g/PRESIGN")
        ],
    },
    "DefaultCacheBehavior": {
        "TargetOriginId": "pages",
        "CachePolicyId": "pages",
        "ResponseHeadersPolicyId": "headers",
        "FunctionAssociations": {
            "Quantity": 1,
            "Items": [{"EventType": "viewer-request", "FunctionARN": ARN}],
        },
    },
    "CustomErrorResponses": {
        "Quantity": 2,
        "Items": [
            {"ErrorCode": 403, "ResponseCode": "404", "ResponsePagePath": "/castoff/404.html", "ErrorCachingMinTTL": 0},
            {"ErrorCode": 502, "ErrorCachingMinTTL": 1},
        ],
    },
}

# (what, path, the pattern that answers)
CHOSEN = [
    ("a page", "/g/jada", "*"),
    ("a magic link", "/crew/xhqgmdh", "/crew/*"),
    ("below it", "/crew/a/b", "/crew/*"),
    ("the prefix without a slash", "/crew", "*"),
    ("the prefix in capitals", "/Crew/xhqgmdh", "*"),
    ("upload forms", "/g/PRESIGN", "/g/PRESIGN"),
    ("upload forms in lower case", "/g/presign", "*"),
    ("upload forms and more", "/g/PRESIGNED", "*"),
    ("an encoded letter", "/%63rew/xhqgmdh", "/crew/*"),
    ("an encoded slash", "/crew%2Fxhqgmdh", "*"),
    ("dots out of it", "/crew/../g/jada", "*"),
    ("dots into it", "/g/../crew/jada", "/crew/*"),
    ("two slashes", "//crew/jada", "*"),
]

# (path, normal form)
NORMAL = [
    ("/", "/"),
    ("/g/jada/", "/g/jada/"),
    ("/g/%6a", "/g/j"),
    ("/g/%c3%a9", "/g/%C3%A9"),
    ("/a/./b", "/a/b"),
    ("/a/b/..", "/a/"),
    ("/a/b/.", "/a/b/"),
    ("/..", "/"),
    ("/a/%2E%2e/b", "/b"),
    ("/a%2Fb", "/a%2Fb"),
]


def test_origins() -> None:
    """A bucket whose name has dots is still a bucket, and an API keeps its path and headers."""
    distribution = parse(CONFIG)

    pages, scc = distribution.origins["pages"], distribution.origins["scc"]
    assert pages.bucket == "queenofsandiego.com"
    assert (scc.bucket, scc.path, scc.read_seconds) == (None, "/prod", 20.0)
    assert scc.custom_headers == (("x-castoff-origin", "invented"),)
    assert distribution.custom_header_names() == {"x-castoff-origin"}


@pytest.mark.parametrize(("what", "path", "pattern"), CHOSEN)
def test_behaviour_for(what: str, path: str, pattern: str) -> None:
    """The first pattern that fits the path's normal form answers, and case counts."""
    assert parse(CONFIG).behaviour_for(path).pattern == pattern, what


@pytest.mark.parametrize(("path", "normal"), NORMAL)
def test_normal_path(path: str, normal: str) -> None:
    """The normal form is RFC 3986's."""
    assert normal_path(path) == normal


def test_behaviours() -> None:
    """A behaviour holds its policies and function; without methods it is read alone."""
    distribution = parse(CONFIG)

    crew, default = distribution.behaviour_for("/crew/a"), distribution.behaviour_for("/g/a")
    assert (crew.methods, crew.function) == (frozenset({"GET", "HEAD", "POST"}), None)
    assert (default.methods, default.function) == (frozenset({"GET", "HEAD"}), FUNCTION)
    assert crew.cache.max_seconds == 0


def test_error_pages() -> None:
    """A rule may have a page or only a time; a status without a rule is kept ten seconds."""
    distribution = parse(CONFIG)

    assert (distribution.error_pages[403].path, distribution.error_pages[403].status) == ("/castoff/404.html", 404)
    assert distribution.error_pages[502].path is None
    assert [distribution.error_seconds(status) for status in (403, 502, 404)] == [0, 1, 10]


def test_what_a_configuration_names() -> None:
    """The policies and functions to be read are those that some behaviour names."""
    assert named_policies(CONFIG, "CachePolicyId") == {"none", "pages"}
    assert named_policies(CONFIG, "OriginRequestPolicyId") == {"api"}
    assert named_functions(CONFIG) == {ARN}


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("an origin group", {"OriginGroups": {"Quantity": 1, "Items": [{"Id": "both"}]}}),
        ("Lambda@Edge", {"LambdaFunctionAssociations": {"Quantity": 1, "Items": [{}]}}),
        (
            "a function for viewer-response",
            {"FunctionAssociations": {"Items": [{"EventType": "viewer-response", "FunctionARN": ARN}]}},
        ),
        ("the behaviour `*` without a cache policy", {"CachePolicyId": None}),
    ],
)
def test_what_the_edge_cannot_do_is_refused(what: str, changes: dict[str, Any]) -> None:
    """A template that asks for more than the edge has is told so, never half obeyed."""
    config = copy.deepcopy(CONFIG)
    target = config if "OriginGroups" in changes else config["DefaultCacheBehavior"]
    target.update(changes)
    target.pop("CachePolicyId") if "CachePolicyId" in changes else None

    with pytest.raises(UnsupportedError, match=what.replace("*", r"\*")):
        parse(config)


def test_cache_policy() -> None:
    """A cache policy's times and its part of the key are read."""
    policy = parse_cache_policy(
        {
            "MinTTL": 1,
            "DefaultTTL": 2,
            "MaxTTL": 3,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": {"Items": ["Accept-Language"]}},
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            },
        }
    )

    assert (policy.min_seconds, policy.default_seconds, policy.max_seconds) == (1, 2, 3)
    assert policy.headers.takes("accept-language")
    assert not policy.cookies.takes("a")
    assert policy.parameters.takes("a")


def test_origin_request_policy() -> None:
    """What an origin is told is read, and what CloudFront shall add."""
    policy = parse_origin_request_policy(
        {
            "HeadersConfig": {
                "HeaderBehavior": "allViewerAndWhitelistCloudFront",
                "Headers": {"Items": ["CloudFront-Viewer-Address"]},
            },
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "allExcept", "QueryStrings": {"Items": ["utm"]}},
        }
    )

    assert policy.headers.rule is Rule.ALL_VIEWER_AND_CLOUDFRONT
    assert policy.headers.asks_for("cloudfront-viewer-address")
    assert policy.cookies.takes("__Host-crew-xhqgmdh")
    assert [policy.parameters.takes(name) for name in ("utm", "token")] == [False, True]


def test_response_headers_policy() -> None:
    """Security headers are written as CloudFront writes them, beside the custom and the removed ones."""
    policy = parse_response_headers_policy(
        {
            "SecurityHeadersConfig": {
                "StrictTransportSecurity": {
                    "AccessControlMaxAgeSec": 63072000,
                    "IncludeSubdomains": True,
                    "Override": True,
                },
                "ContentTypeOptions": {"Override": True},
                "FrameOptions": {"FrameOption": "DENY", "Override": False},
                "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
                "ContentSecurityPolicy": {"ContentSecurityPolicy": "frame-ancestors 'none'", "Override": True},
            },
            "CustomHeadersConfig": {"Items": [{"Header": "X-Robots-Tag", "Value": "noindex", "Override": True}]},
            "RemoveHeadersConfig": {"Items": [{"Header": "X-Amz-Request-Id"}]},
        }
    )

    assert [(added.name, added.value, added.override) for added in policy.added] == [
        ("strict-transport-security", "max-age=63072000; includeSubDomains", True),
        ("x-content-type-options", "nosniff", True),
        ("x-frame-options", "DENY", False),
        ("referrer-policy", "no-referrer", True),
        ("content-security-policy", "frame-ancestors 'none'", True),
        ("x-robots-tag", "noindex", True),
    ]
    assert policy.removed == {"x-amz-request-id"}


def parse(config: dict[str, Any]) -> Distribution:
    """Return the distribution of a configuration."""
    return parse_distribution(config, PARTS, distribution_id="E1EXAMPLE", domain="d1.cloudfront.net")
