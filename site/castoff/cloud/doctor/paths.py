"""Castoff's paths at a distribution, judged by the comparison that `castoff setup` makes: the two cannot disagree."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.doctor.access import NO_STACK
from castoff.cloud.doctor.finding import UnseenError, looking, ok, wrong
from castoff.cloud.problems import CloudError
from castoff.cloud.setup.distribution import Needed, difference
from castoff.cloud.setup.distribution_form import items_of, listed
from castoff.cloud.setup.references import References
from castoff.cloud.setup.sites import needed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding, Look
    from castoff.cloud.doctor.patient import Patient, Site
    from castoff.cloud.standing import Standing

_VIEWER_REQUEST: Final = "viewer-request"
_PAGES: Final = "pages"
_NOT_SAID: Final = ""
_LEADS: Final = ("Id", "DomainName", "OriginPath", "OriginAccessControlId", "CustomHeaders")
"""What the template says of an origin."""


def paths(site: Site) -> Look:
    """Return the look whether each of castoff's paths has what it needs; it finds the function that runs there."""

    def look(patient: Patient, found: Mapping[str, Any]) -> Finding:
        config, stack = found[f"{site.name}-distribution"], found["stack"]
        if stack is NO_STACK:
            return _by_hand(site, config, patient)
        named = stack.outputs.get(f"{site.name.capitalize()}Distribution")
        if named != site.distribution:
            words = f"castoff.yaml has {site.distribution}, and stack {stack.name} has {named or 'none'}"
            return wrong(words, f"correct it, then run `{patient.setup}`")
        made_by_stack = f"{site.name.capitalize()}Distribution" in stack.resources
        wanted, unseen = _needed(site, patient, stack, found["account"], made_by_stack=made_by_stack)
        hint = f"`{patient.setup}` shows it and adds it"
        if made_by_stack:
            hint = "somebody changed it by hand, which no stack undoes: put that back in CloudFront"
        return _judged(site, config, patient, wanted, hint=hint, unseen=unseen)

    return look


def _judged(
    site: Site, config: Mapping[str, Any], patient: Patient, wanted: Needed, *, hint: str, unseen: str = ""
) -> Finding:
    runs = wanted.function if wanted.function in {*_before(config)} else None
    try:
        lines = difference({**config}, wanted, gated=not patient.unlisted).lines
    except CloudError as error:
        return wrong(f"{site.distribution}: {error.message}", error.hint, found=runs)
    if lines:
        return wrong(f"{site.distribution} lacks something: {'; '.join(lines)}", hint, found=runs)
    gate = "" if patient.unlisted else ", and none leads around the gate"
    return ok(f"each of the {len(wanted.behaviours)} is served as castoff needs it{gate}{unseen}", found=runs)


def _needed(site: Site, patient: Patient, stack: Standing, caller: str, *, made_by_stack: bool) -> tuple[Needed, str]:
    """Return what the distribution needs, and what of it is not compared: the header that only a secret knows."""
    unseen = ""

    def secret(name: str, field: str) -> str:
        nonlocal unseen
        client = patient.client("secretsmanager")
        try:
            with looking("secretsmanager:GetSecretValue", f"secret {name}"):
                return str(json.loads(client.get_secret_value(SecretId=name)["SecretString"])[field])
        except UnseenError:
            unseen = "; the origin's header is not compared: `secretsmanager:GetSecretValue` is not allowed"
            return _NOT_SAID

    references = References(patient.template, stack, caller.split(":")[4], patient.account.region, secret)
    try:
        wanted = needed(references, site.name, made_by_stack=made_by_stack)
    except CloudError as error:
        raise CloudError(error.message, hint=f"`{patient.setup}` brings the stack up to date") from error
    if unseen:
        wanted = replace(wanted, origins=tuple(_without("CustomHeaders", one) for one in wanted.origins))
    return (_told(wanted) if made_by_stack else wanted), unseen


def _told(wanted: Needed) -> Needed:
    """Leave out CloudFront's own defaults, of which the embedded cloud shows none: a stack can say no others."""
    origins = tuple({name: one for name, one in origin.items() if name in _LEADS} for origin in wanted.origins)
    behaviours = tuple(
        {**one, "AllowedMethods": _without("CachedMethods", one["AllowedMethods"])} for one in wanted.behaviours
    )
    return replace(wanted, origins=origins, behaviours=behaviours)


def _without(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in part.items() if key != name}


def _by_hand(site: Site, config: Mapping[str, Any], patient: Patient) -> Finding:
    """Judge a distribution of which castoff knows no stack: one function before all that is castoff's, wherever."""
    behaviours = {"/" + one["PathPattern"].removeprefix("/"): one for one in items_of(config.get("CacheBehaviors"))}
    default = config["DefaultCacheBehavior"]
    template = patient.template["Resources"][f"{site.name.capitalize()}Distribution"]["Properties"]
    ours = {one["PathPattern"]: one["TargetOriginId"] for one in template["DistributionConfig"]["CacheBehaviors"]}
    first = [pattern for pattern, origin in ours.items() if origin == _PAGES]
    attached = [one for pattern in first for one in _of(behaviours.get(pattern, default))]
    hint = "castoff's `cloudfront_function.js` belongs there, for viewer requests"
    if not attached:
        return wrong(f"no function runs before `{first[0]}` at {site.distribution}: crew pages are open", hint)
    for pattern, origin in ours.items():
        if origin != _PAGES and pattern not in behaviours and not patient.unlisted:
            words = f"{site.distribution} sends `{pattern}` to no service: the crew cannot log in"
            return wrong(words, "add that behaviour, to ShipCaptainCrew", found=attached[0])
    inherited = attached[0] in _of(default)
    function = listed([{"EventType": _VIEWER_REQUEST, "FunctionARN": attached[0]}])
    wanted = tuple(
        {"PathPattern": pattern, "TargetOriginId": here["TargetOriginId"], "FunctionAssociations": function}
        for pattern in ours
        if (here := behaviours.get(pattern, None if inherited or ours[pattern] != _PAGES else default)) is not None
    )
    return _judged(site, config, patient, Needed((), wanted, attached[0], site.bucket), hint=hint)


def _before(config: Mapping[str, Any]) -> list[str]:
    return [arn for one in items_of(config.get("CacheBehaviors")) for arn in _of(one)]


def _of(behaviour: Mapping[str, Any]) -> list[str]:
    """Return the ARN of the function that sees a behaviour's requests first."""
    attached = items_of(behaviour.get("FunctionAssociations"))
    return [one["FunctionARN"] for one in attached if one["EventType"] == _VIEWER_REQUEST]
