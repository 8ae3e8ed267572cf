"""The template's conditions: whatever an operator chooses, nothing that is made names something that is not."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from infra.chosen import atoms, chosen, defaults, holds, references

from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.chosen import Reference, Template

    from castoff.cloud.sources import Sources

BUCKETS = ("Guest", "Ops", "Uploads", "State")
NAMED = {f"{name}BucketName": f"{name.lower()}.example" for name in BUCKETS}
DISTRIBUTED = {"GuestDistributionId": "E1EXAMPLE", "OpsDistributionId": "E2EXAMPLE"}
CERTIFIED = {
    "Certificate": "arn:aws:acm:us-east-1:000000000000:certificate/1",
    "HostedZoneId": "Z1EXAMPLE",
    "OpsHostedZoneId": "Z2EXAMPLE",
}


@pytest.fixture(scope="module")
def template(sources: Sources) -> Template:
    """Read the template of this checkout."""
    return parse_template(sources.template.read_text(encoding="utf-8"))


def dangling(template: Template) -> list[tuple[str, str, dict[str, str]]]:
    """Return each mention of what is not made, with a choice that leads there."""
    return [
        (reference.by, reference.of, choice)
        for reference in references(template)
        for choice in _choices(template, reference)
        if all(holds(template, name, choice) is value for name, value in reference.way)
        and not holds(template, template["Resources"][reference.of]["Condition"], choice)
    ]


def _choices(template: Template, reference: Reference) -> Iterator[dict[str, str]]:
    """Yield every combination of what the way to a conditional resource, and that resource, depend on."""
    condition = template["Resources"][reference.of].get("Condition")
    if condition is None:
        return
    asked = sorted(frozenset().union(*(atoms(template, name) for name in (condition, *dict(reference.way)))))
    for answers in product((True, False), repeat=len(asked)):
        yield defaults(template) | {
            parameter: value if answer else f"not {value}"
            for (parameter, value), answer in zip(asked, answers, strict=True)
        }


def test_no_choice_leaves_a_name_without_its_thing(template: Template) -> None:
    """Of every combination of choices: each resource and output that is made refers only to what is made."""
    looked_at = sum(1 for reference in references(template) for _ in _choices(template, reference))

    assert looked_at > 100
    assert dangling(template) == []


@pytest.mark.parametrize(
    ("what", "section", "name", "value"),
    [
        ("an output of what may not be made", "Outputs", "GuestBucket", {"Value": {"Ref": "GuestBucket"}}),
        ("a name within a text", "Outputs", "StateBucket", {"Value": {"Fn::Sub": "s3://${StateBucket}/"}}),
        (
            "the wrong branch",
            "Outputs",
            "OpsBucket",
            {"Value": {"Fn::If": ["MakesOpsBucket", {"Ref": "OpsBucketName"}, {"Fn::GetAtt": ["OpsBucket", "Arn"]}]}},
        ),
        (
            "a condition that says too little",
            "Resources",
            "GuestName",
            {"Condition": "HasCertificate", "DependsOn": "GuestDistribution"},
        ),
    ],
)
def test_a_name_without_its_thing_is_seen(
    template: Template, *, what: str, section: str, name: str, value: dict[str, Any]
) -> None:
    """The search finds each way of naming what is not there."""
    broken = {**template, section: {**template[section], name: {"Type": "any", **value}}}

    assert {(by, of) for by, of, _ in dangling(broken)}, what


def test_every_condition_is_met_both_ways(template: Template) -> None:
    """No condition is always true or always false."""
    for condition in template["Conditions"]:
        asked = sorted(atoms(template, condition))
        answers = {
            holds(
                template,
                condition,
                {name: value if yes else f"not {value}" for (name, value), yes in zip(asked, which, strict=True)},
            )
            for which in product((True, False), repeat=len(asked))
        }

        assert (condition, answers) == (condition, {True, False})


@pytest.mark.parametrize(
    ("what", "parameters", "gone", "there"),
    [
        ("by default", {}, {"GuestName", "OpsName", "AlarmSubscription"}, {"GuestBucket", "GuestDistribution"}),
        (
            "with buckets that were there",
            NAMED,
            {f"{name}Bucket" for name in BUCKETS} | {"GuestBucketPolicy", "OpsBucketPolicy"},
            {"UploadsBucketPolicy", "StateBucketPolicy", "GuestDistribution"},
        ),
        (
            "with distributions that were there",
            DISTRIBUTED | CERTIFIED,
            {"GuestDistribution", "OpsDistribution", "GuestName", "OpsName", "GuestNameV6", "OpsNameV6"},
            {"GuestBucket", "EdgeFunction", "OriginAccess", "PageHeadersPolicy"},
        ),
        (
            "with a certificate and zones",
            CERTIFIED,
            set(),
            {"GuestName", "OpsName", "GuestNameV6", "OpsNameV6"},
        ),
        ("with a sender that SES has", {"MailIdentityName": "example.com"}, {"MailIdentity"}, {"MailEvents"}),
        ("with somebody to tell", {"AlarmMail": "ops@example.com"}, set(), {"AlarmSubscription"}),
    ],
)
def test_what_each_choice_leaves(
    template: Template, *, what: str, parameters: dict[str, str], gone: set[str], there: set[str]
) -> None:
    """What was there before is not made again, and what it needs is."""
    resources = set(chosen(template, **parameters)["Resources"])

    assert (what, resources & gone, there - resources) == (what, set(), set())


def test_what_is_kept_says_so(template: Template) -> None:
    """Buckets, tables, sender outlive the stack; of one that never came to be only tables, which it cannot delete."""
    kept = {
        name: (one["Type"].split("::")[1], one["DeletionPolicy"], one["UpdateReplacePolicy"])
        for name, one in template["Resources"].items()
        if one.get("DeletionPolicy", "Delete") != "Delete"
    }

    assert kept == {
        **{f"{name}Bucket": ("S3", "RetainExceptOnCreate", "Retain") for name in BUCKETS},
        **{f"{name}Table": ("DynamoDB", "Retain", "Retain") for name in ("Scc", "Dashboard")},
        "MailIdentity": ("SES", "RetainExceptOnCreate", "Retain"),
    }
