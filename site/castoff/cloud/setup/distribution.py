"""An operator's own distribution, and what it lacks to serve castoff: shown as a difference, or refused with why."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.problems import CloudError
from castoff.cloud.setup.distribution_form import behaviour_form, items_of, lacking, listed, origin_form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from castoff.cloud.setup.distribution_form import Part

_PREFIX: Final = "castoff-"
_VIEWER_REQUEST: Final = "viewer-request"
_LEGACY: Final = ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL")
"""What a behaviour cannot have beside a cache policy."""


@dataclass(frozen=True)
class Needed:
    """What castoff needs of a distribution, its references resolved; `function` is the edge's own address."""

    origins: tuple[Part, ...]
    behaviours: tuple[Part, ...]
    function: str
    bucket: str


@dataclass(frozen=True)
class Difference:
    """What a distribution lacks, a line each, and its configuration with that in it."""

    lines: tuple[str, ...]
    configuration: Part


def needed_of(template: Part, *, bucket: str, function: str, made_by_stack: bool = False) -> Needed:
    """Take from the template's distribution, references resolved, what castoff needs of any, under ids of its own.

    Not its default behaviour, which is the operator's site, and not its error pages, which would show for all of it.
    One that the stack made has the template's ids.
    """
    prefix = "" if made_by_stack else _PREFIX
    origins = tuple(origin_form({**one, "Id": prefix + one["Id"]}) for one in template["Origins"])
    behaviours = tuple(
        behaviour_form({**one, "TargetOriginId": prefix + one["TargetOriginId"]}) for one in template["CacheBehaviors"]
    )
    return Needed(origins, behaviours, function, bucket)


def difference(configuration: Part, needed: Needed, *, gated: bool) -> Difference:
    """Return what a distribution's configuration lacks; CloudError where a person has to merge something first.

    With `gated`, a way around the function is refused: S3 reads `/g%2Fx` as `/g/x`, and CloudFront does not.
    """
    refusals = [*_taken(configuration, needed), *_hidden(configuration, needed)]
    if gated:
        refusals += _ways_around(configuration, needed)
    if refusals:
        raise CloudError("\n  ".join(["this distribution is not castoff's to change:", *refusals]), hint=_MERGE)
    lines: list[str] = []
    result = copy.deepcopy(configuration)
    result["Origins"] = listed(_merged_origins(items_of(configuration.get("Origins")), needed, lines))
    result["CacheBehaviors"] = listed(_merged_behaviours(items_of(configuration.get("CacheBehaviors")), needed, lines))
    return Difference(tuple(lines), result)


def reading(configuration: Part, *, bucket: str, function: str, but: Collection[str] = ()) -> Iterator[str]:
    """Yield a distribution's behaviours that reach a bucket without the function, `but` those of some patterns.

    One may reach it through a group of origins, where another fails.
    """
    reaching = {
        one["Id"]
        for one in items_of(configuration.get("Origins"))
        if one["DomainName"].startswith((f"{bucket}.s3.", f"{bucket}.s3-"))
    }
    for group in items_of(configuration.get("OriginGroups")):
        if reaching & {member["OriginId"] for member in items_of(group.get("Members"))}:
            reaching.add(group["Id"])
    others = [one for one in items_of(configuration.get("CacheBehaviors")) if _pattern(one) not in but]
    for name, one in [("the default behaviour", configuration["DefaultCacheBehavior"]), *_named(others)]:
        asked = {attached["FunctionARN"] for attached in items_of(one.get("FunctionAssociations"))}
        if one["TargetOriginId"] in reaching and function not in asked:
            yield name


_MERGE: Final = "mend that in CloudFront, or leave `distribution` out of castoff.yaml: the stack then makes one"


def _merged_origins(present: list[Part], needed: Needed, lines: list[str]) -> list[Part]:
    by_id = {one["Id"]: one for one in present}
    for wanted in needed.origins:
        name = wanted["Id"]
        if name not in by_id:
            lines.append(f"add origin `{name}` ({wanted['DomainName']})")
            by_id[name] = wanted
        elif fields := _lacking_fields(by_id[name], wanted):
            lines.append(f"change origin `{name}`: {', '.join(fields)}")
            by_id[name] = {**by_id[name], **wanted}
    return [*by_id.values()]


def _merged_behaviours(present: list[Part], needed: Needed, lines: list[str]) -> list[Part]:
    """Put castoff's behaviours first, in the template's order, and leave the others as they are behind them."""
    by_pattern = {_pattern(one): one for one in present}
    merged: list[Part] = []
    for wanted in needed.behaviours:
        pattern = _pattern(wanted)
        here = by_pattern.pop(pattern, None)
        if here is None:
            lines.append(f"add behaviour `{pattern}` to `{wanted['TargetOriginId']}`")
            merged.append(wanted)
            continue
        whole = {
            **wanted,
            "FunctionAssociations": _with_function(here, wanted),
            # at viewers' events castoff's function stands, and `_taken` refuses it there
            "LambdaFunctionAssociations": here.get("LambdaFunctionAssociations") or listed([]),
        }
        if fields := _lacking_fields(here, whole):
            lines.append(f"change behaviour `{pattern}`: {', '.join(_told(name, here, whole) for name in fields)}")
            here = {key: value for key, value in here.items() if key not in _LEGACY} | whole
        merged.append(here)
    result = [*merged, *by_pattern.values()]
    kept = [_pattern(one) for one in present]
    if [_pattern(one) for one in result if _pattern(one) in kept] != kept:
        lines.append("put castoff's behaviours before the others")
    return result


def _told(name: str, here: Part, wanted: Part) -> str:
    """Return a field that changes, with what it was and will be where those are words."""
    before, after = here.get(name), wanted[name]
    if isinstance(before, dict) or isinstance(after, dict):
        return name
    return f"{name} {json.dumps(before)} → {json.dumps(after)}"


def _lacking_fields(present: Part, wanted: Part) -> list[str]:
    return [name for name, value in wanted.items() if name != "PathPattern" and lacking(present.get(name), value)]


def _with_function(here: Part, wanted: Part) -> Part:
    """Return our function, and those that the operator has for other events."""
    others = [one for one in items_of(here.get("FunctionAssociations")) if one["EventType"] != _VIEWER_REQUEST]
    return listed([*items_of(wanted["FunctionAssociations"]), *others])


def _taken(configuration: Part, needed: Needed) -> Iterator[str]:
    """Yield where something else answers a viewer's request already: a behaviour has room for one."""
    ours = {_pattern(one) for one in needed.behaviours}
    for one in items_of(configuration.get("CacheBehaviors")):
        if _pattern(one) not in ours:
            continue
        for function in items_of(one.get("FunctionAssociations")):
            if function["EventType"] == _VIEWER_REQUEST and function["FunctionARN"] != needed.function:
                name = function["FunctionARN"].rpartition("/")[2]
                yield (
                    f"behaviour `{_pattern(one)}` has the function `{name}` for viewer requests: call what it does from"
                    f" `{needed.function.rpartition('/')[2]}`, or take it off there"
                )
        for name in ("TrustedSigners", "TrustedKeyGroups"):
            if (one.get(name) or {}).get("Enabled"):
                yield (
                    f"behaviour `{_pattern(one)}` opens to signed addresses only ({name}), and castoff's links have no"
                    " such signature: take that off there, or serve castoff's pages from another distribution"
                )
        for edge in items_of(one.get("LambdaFunctionAssociations")):
            if edge["EventType"].startswith("viewer-"):
                yield (
                    f"behaviour `{_pattern(one)}` has Lambda@Edge for {edge['EventType']}, which goes with no function:"
                    " move it to origin requests, or take it off there"
                )


def _hidden(configuration: Part, needed: Needed) -> Iterator[str]:
    """Yield behaviours of the operator's within castoff's own paths: they would never be asked again."""
    ours = {_pattern(one) for one in needed.behaviours}
    roots = {pattern.removesuffix("*") for pattern in ours if pattern.endswith("/*")}
    for one in items_of(configuration.get("CacheBehaviors")):
        pattern = _pattern(one)
        if pattern not in ours and pattern.startswith(tuple(roots)):
            yield f"behaviour `{pattern}` lies within castoff's paths, which would hide it: move it elsewhere"


def _ways_around(configuration: Part, needed: Needed) -> Iterator[str]:
    """Yield behaviours that reach castoff's bucket without its function, through which gated pages could be read."""
    ours = {_pattern(one) for one in needed.behaviours}
    for name in reading(configuration, bucket=needed.bucket, function=needed.function, but=ours):
        yield (
            f"{name} reads the bucket `{needed.bucket}` without castoff's function, so a crew page would open to"
            " whoever writes its slash as `%2F`: leave `bucket` out, so that the stack makes one for castoff alone,"
            f" or attach `{needed.function.rpartition('/')[2]}` there, which lets every other path through"
        )


def _named(behaviours: Sequence[Part]) -> list[tuple[str, Any]]:
    return [(f"behaviour `{_pattern(one)}`", one) for one in behaviours]


def _pattern(behaviour: Part) -> str:
    """Return a path pattern with the slash that CloudFront lets one leave out."""
    return "/" + str(behaviour["PathPattern"]).removeprefix("/")
