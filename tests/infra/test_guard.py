"""The guard's rules: the template keeps each under every kind of choice, and each is seen broken."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import cfn_guard_rs
import pytest
from infra.broken import BROKEN, GONE
from infra.chosen import chosen

from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from infra.chosen import Template

    from castoff.cloud.sources import Sources

CERTIFIED: Final = {"Certificate": "arn:aws:acm:us-east-1:000000000000:certificate/1"}
GITHUB: Final = {"GithubOidcProvider": "arn:aws:iam::000000000000:oidc-provider/any", "GithubRepository": "any/any"}


@pytest.fixture(scope="module")
def template(sources: Sources) -> Template:
    """Read the template of this checkout."""
    return parse_template(sources.template.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rules(sources: Sources) -> dict[str, str]:
    """Read the guard's rules, each by its name, with the names of things that all of them use."""
    text = sources.template.with_name("castoff.guard").read_text(encoding="utf-8")
    named = re.compile(r"^rule (\w+).*?^}\n", re.MULTILINE | re.DOTALL)
    things = named.sub("", text)
    return {found[1]: things + found[0] for found in named.finditer(text)}


def is_broken(template: Template, rule: str) -> bool:
    """Ask the guard about one rule: of a report about many it loses the ends."""
    return cfn_guard_rs.run_checks(template, rule).status == "FAIL"


def changed(template: Template, path: str, value: object) -> Template:
    """Return the template with one thing in it changed, or gone; a statement goes by its place or its Sid."""
    result: Template = json.loads(json.dumps(template))
    *above, last = path.split("/")
    place: Any = result["Resources"]
    for step in above:
        place = place[_index(place, step)] if isinstance(place, list) else place.setdefault(step, {})
    key = _index(place, last) if isinstance(place, list) else last
    if value is GONE:
        del place[key]
    else:
        place[key] = value
    return result


def _index(place: list[Any], step: str) -> int:
    if step.lstrip("-").isdigit():
        return int(step)
    return next(at for at, one in enumerate(place) if one["Sid"] == step)


@pytest.mark.parametrize(
    ("what", "parameters"),
    [
        ("nothing", {}),
        ("buckets", {f"{name}BucketName": "any" for name in ("Guest", "Ops", "Uploads", "State")}),
        ("distributions", {"GuestDistributionId": "any", "OpsDistributionId": "any"}),
        ("domains", {**CERTIFIED, "HostedZoneId": "any", "OpsHostedZoneId": "any"}),
        ("GitHub", GITHUB),
        ("GitHub and a person", {**GITHUB, "PublisherPrincipal": "any"}),
        ("signed calls", {"OperatorAuth": "sigv4"}),
        ("signed calls by name", {"OperatorAuth": "sigv4", "OperatorPrincipals": "any"}),
        ("a sender", {"MailIdentityName": "any"}),
        ("somebody to tell", {"AlarmMail": "any", "UploadDays": "30"}),
    ],
)
def test_the_template_keeps_every_rule(
    template: Template, rules: dict[str, str], *, what: str, parameters: dict[str, str]
) -> None:
    """With any choice of an operator's."""
    left = chosen(template, **parameters)

    assert (what, [name for name, rule in rules.items() if is_broken(left, rule)]) == (what, [])


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_is_seen_broken(template: Template, rules: dict[str, str], rule: str) -> None:
    """What the rule is there for makes it fail, each in its turn."""
    whole = chosen(template, **CERTIFIED, **GITHUB)

    missed = [what for what, path, value in BROKEN[rule] if not is_broken(changed(whole, path, value), rules[rule])]

    assert missed == []


def test_every_rule_is_broken_once(rules: dict[str, str]) -> None:
    """No rule stands there unproven."""
    assert set(rules) == set(BROKEN)
