"""docs/reference/stack.md: what `infra/stack.yaml` takes, makes, keeps and tells, from the template itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from reference.markdown import code, page, table
from support.example import ROOT

from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BEGINNING: Final = """\
One CloudFormation template holds the whole system: [infra/stack.yaml](../../infra/stack.yaml). What is in it and
why, and what it costs to leave, is told in [The stack](../explanation/stack.md)."""
_OUTPUTS: Final = """\
Where a bucket of yours was named, `GuestBucketStatement` and `OpsBucketStatement` are what its policy lacks; where a
distribution of yours was, there is no domain of one."""
_ALARMS: Final = """\
Each tells the topic `AlarmTopic`, when it begins and when it is over; `AlarmMail` hears of it once its owner has
confirmed. All look at spells of five minutes unless they say otherwise."""
_KEPT: Final = "These stay when the stack is deleted, with all that is in them:"


def stack() -> str:
    """Return the page."""
    template = parse_template((ROOT / "infra" / "stack.yaml").read_text(encoding="utf-8"))
    parts = [_BEGINNING, "## Parameters"]
    for group in template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]:
        rows = [_parameter(name, template["Parameters"][name]) for name in group["Parameters"]]
        parts += [f"### {group['Label']['default']}", table(("parameter", "default", "what it is"), rows)]
    return page(
        "Stack",
        *parts,
        "## Resources",
        table(("type", "how many"), _resources(template)),
        f"## Kept\n\n{_KEPT} {', '.join(f'`{name}`' for name in _kept(template))}.",
        f"## Alarms\n\n{_ALARMS}",
        table(("alarm", "what happened"), _alarms(template)),
        f"## Outputs\n\n{_OUTPUTS}",
        ", ".join(f"`{name}`" for name in sorted(template["Outputs"])) + ".",
    )


def _parameter(name: str, parameter: Mapping[str, Any]) -> tuple[str, str, str]:
    if "Default" not in parameter:
        default = "must be given"
    else:
        default = ", ".join(code(part) for part in str(parameter["Default"]).split(",") if part) or "empty"
    values = parameter.get("AllowedValues")
    choices = f" ({', '.join(code(str(value)) for value in values)})" if values else ""
    return f"`{name}`", default, parameter["Description"] + choices


def _resources(template: Mapping[str, Any]) -> list[tuple[str, str]]:
    counted = Counter(one["Type"] for one in template["Resources"].values())
    return [(f"`{kind}`", str(count)) for kind, count in sorted(counted.items())]


def _kept(template: Mapping[str, Any]) -> Iterator[str]:
    for name, one in template["Resources"].items():
        if one.get("DeletionPolicy", "Delete") != "Delete":
            yield name


def _alarms(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, one in template["Resources"].items():
        if one["Type"] == "AWS::CloudWatch::Alarm":
            yield f"`{name}`", one["Properties"]["AlarmDescription"]
