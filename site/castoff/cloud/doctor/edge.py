"""The edge: the distributions, the function that runs before them, and the store that it knows the crew by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud import key_value_store
from castoff.cloud.doctor.finding import looking, ok, warn, wrong
from castoff.contract.counts import counted
from castoff.contract.tickets import MOST_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding, Look
    from castoff.cloud.doctor.patient import Patient, Site

_KEY: Final = "key:"
_CREW_PAGES: Final = "crew_pages"
_SHOWN: Final = 8


def distribution(site: Site) -> Look:
    """Return the look at a site's distribution: there, enabled, deployed, before its bucket, at its domain."""

    def look(patient: Patient, _: Mapping[str, Any]) -> Finding:
        cloudfront, named = patient.client("cloudfront"), site.distribution
        gone = cloudfront.exceptions.NoSuchDistribution
        try:
            with looking("cloudfront:GetDistribution", f"distribution {named}", passing=(gone,)):
                found = cloudfront.get_distribution(Id=named)["Distribution"]
        except gone:
            return wrong(f"there is no distribution {named}", f"check its id in castoff.yaml, or run `{patient.setup}`")
        return _judged(site, found, patient)

    return look


def _judged(site: Site, found: Mapping[str, Any], patient: Patient) -> Finding:
    config, named = found["DistributionConfig"], site.distribution
    aliases = config.get("Aliases", {}).get("Items", [])
    origins = [origin["DomainName"] for origin in config["Origins"]["Items"]]
    if not config["Enabled"]:
        words = f"{named} is disabled: nobody sees the {site.name} site"
        return wrong(words, f"enable it in CloudFront's console, or run `{patient.setup}`", found=config)
    if not any(origin.startswith((f"{site.bucket}.s3.", f"{site.bucket}.s3-")) for origin in origins):
        words = f"{named} does not stand before bucket {site.bucket}"
        return wrong(words, f"compare both in castoff.yaml, or run `{patient.setup}`", found=config)
    if not patient.embedded and not any(_covers(alias, site.domain) for alias in aliases):
        words = f"{named} does not answer for {site.domain}"
        hint = f"`{patient.setup} --set Certificate=ARN`; to a distribution of your own, add it in CloudFront's console"
        return wrong(words, hint, found=config)
    if found["Status"] != "Deployed":
        return warn(f"{named} is being deployed", "wait some minutes, then run it again", found=config)
    domain = "" if patient.embedded else f", answers for {site.domain}"
    return ok(f"{named} is enabled and deployed{domain}", found=config)


def _covers(alias: str, domain: str) -> bool:
    return alias == domain or (alias.startswith("*.") and domain.partition(".")[2] == alias[2:])


def function(site: Site) -> Look:
    """Return the look at the code that runs before castoff's paths: ours, live as it stands here."""

    def look(patient: Patient, found: Mapping[str, Any]) -> Finding:
        name = found[f"{site.name}-paths"].rpartition("/")[2]
        live, store = _live(patient, name)
        if live != patient.function:
            words = f"{name} runs other code than this castoff's ({_digest(live)}, here {_digest(patient.function)})"
            return wrong(words, f"publish it with `{patient.setup}`", found=store)
        return ok(f"{name}, live as it stands here ({_digest(live)})", found=store)

    return look


def store(patient: Patient, found: Mapping[str, Any]) -> Finding:
    """Look at what the edge knows the crew's cookies by."""
    arn = found["guest-function"]
    if arn is _NO_STORE:
        return wrong("the function has no KeyValueStore: it knows no cookie", f"associate one: `{patient.setup}`")
    client = key_value_store.open_store(patient.account)
    with looking("cloudfront-keyvaluestore:DescribeKeyValueStore", "the KeyValueStore"):
        client.describe_key_value_store(KvsARN=arn)
    with looking("cloudfront-keyvaluestore:ListKeys", "the KeyValueStore"):
        pages = client.get_paginator("list_keys").paginate(KvsARN=arn)
        entries = {item["Key"]: item["Value"] for page in pages for item in page["Items"]}
    keys, gone = (sum(name.startswith(kind) for name in entries) for kind in (_KEY, "gone:"))
    if not keys:
        return wrong("it has no cookie key: nobody of the crew gets in", f"make one: `{patient.setup}`")
    if keys > MOST_KEYS:
        words = f"it has {keys} cookie keys, and the edge is meant to know {MOST_KEYS}"
        return wrong(words, f"`castoff keys rotate cookie --target {patient.target}` leaves two")
    if (entries.get(_CREW_PAGES) == "unlisted") != patient.unlisted:
        asked = "unlisted" if patient.unlisted else "gated"
        words = f"crew pages are {asked} in castoff.yaml, and not at the edge"
        return wrong(words, f"tell the edge: `{patient.setup}`")
    left = f", {gone} who left" if gone else ""
    return ok(f"it answers, with {counted(keys, 'cookie key')}{left}")


def same_function(patient: Patient, found: Mapping[str, Any]) -> Finding:
    """Look whether both sites are gated by one store."""
    if found["guest-function"] != found["ops-function"]:
        return warn("the two sites ask two stores", f"give both the same function: `{patient.setup}`")
    return ok("both sites ask the same one")


_NO_STORE: Final = ""


def _live(patient: Patient, name: str) -> tuple[str, str]:
    """Return a function's live code, and the ARN of its store."""
    cloudfront = patient.client("cloudfront")
    with looking("cloudfront:GetFunction", f"function {name}"):
        code = cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode()
    with looking("cloudfront:DescribeFunction", f"function {name}"):
        config = cloudfront.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]["FunctionConfig"]
    stores = config.get("KeyValueStoreAssociations", {}).get("Items", [])
    return code, stores[0]["KeyValueStoreARN"] if stores else _NO_STORE


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()[:_SHOWN]
