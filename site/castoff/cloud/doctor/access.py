"""Who is asking: account, region, how long the credentials last, and whether the clock is right."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.cloud.doctor.finding import looking, ok, skipped, warn, wrong
from castoff.cloud.standing import GOOD, load_standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.doctor.finding import Finding
    from castoff.cloud.doctor.patient import Patient, Told

BREAKS: Final = timedelta(minutes=5)
"""How far off a clock may be: AWS refuses a signature that is older or younger."""
SLIGHTLY: Final = timedelta(seconds=1)
SOON: Final = timedelta(minutes=15)
"""A publish takes minutes."""

NO_STACK: Final = "no stack"
"""What is found where the services are not of a stack of castoff's."""

_GATEWAY: Final = re.compile(r"https://[a-z0-9]+\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com")


def account(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look at whose credentials these are."""
    with looking("sts:GetCallerIdentity", "AWS"):
        identity = patient.client("sts").get_caller_identity()
    who = identity["Arn"].rpartition(":")[2]
    return ok(f"{identity['Account']}, as {who}", found=identity["Arn"])


def region(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look whether AWS is asked where the services are."""
    here = patient.account.region
    if patient.embedded:
        return ok(f"{here}, embedded")
    found = _GATEWAY.match(patient.scc.url)
    if found and found["region"] != here:
        words = f"AWS is asked in {here}, and ShipCaptainCrew is in {found['region']}"
        return warn(words, f"set `AWS_REGION={found['region']}`: the secrets are looked for there")
    return ok(here)


def stack(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look at castoff's own stack: an operator with services of their own has none."""
    with looking("cloudformation:DescribeStacks", f"stack {patient.stack}"):
        standing = load_standing(patient.account, patient.stack)
    if standing is None:
        return skipped(f"there is no stack `{patient.stack}`: the services are the operator's own", found=NO_STACK)
    if standing.status in GOOD:
        return ok(f"{standing.name} is {standing.status.lower().replace('_', ' ')}", found=standing)
    words = f"{standing.name} is {standing.status.lower().replace('_', ' ')}"
    if standing.status.endswith("_IN_PROGRESS"):
        return warn(words, "wait until it is done, then run it again", found=standing)
    return wrong(words, f"`{patient.setup}` says why, and mends it", found=standing)


def session(patient: Patient, _: Mapping[str, Any]) -> Finding:
    """Look how long the credentials last."""
    held = patient.account.session.get_credentials()
    with looking("sts:AssumeRole", "the credentials"):
        token = held.get_frozen_credentials().token if held else None
    if not token:
        return ok("a user's key, which does not expire")
    expires = getattr(held, "_expiry_time", None)  # botocore tells it in no other way
    if not isinstance(expires, datetime):
        return ok("lent by a role; until when, its credentials do not say")
    left = expires.astimezone(UTC) - patient.wall()
    minutes = int(left.total_seconds() // 60)
    if left < SOON:
        return warn(f"lent by a role, for {minutes} more minutes", "sign in to AWS again before you publish")
    return ok(f"lent by a role, for {minutes // 60} h {minutes % 60} min more")


def clock(_: Patient, found: Mapping[str, Any]) -> Finding:
    """Look how far this machine's clock is from that of ShipCaptainCrew's answer.

    `Date` has whole seconds, and the answer took a while: what lies between is not held against the clock.
    """
    begun, told, ended = found["scc-answers"]
    date = _date(told)
    if date is None:
        return skipped("the answer of ShipCaptainCrew bears no date")
    off = max(date - ended, begun - (date + timedelta(seconds=1)), timedelta(0))
    seconds = int(off.total_seconds())
    which = "behind" if date > ended else "ahead"
    if off > BREAKS:
        words = f"this machine's clock is {seconds:,} s {which}: AWS refuses what it signs"
        return wrong(words, "set it by the network: `sudo timedatectl set-ntp true`")
    if off > SLIGHTLY:
        words = f"this machine's clock is {seconds} s {which}"
        return warn(words, "set it by the network: `sudo timedatectl set-ntp true`")
    return ok("right to the second")


def _date(told: Told) -> datetime | None:
    try:
        return parsedate_to_datetime(told.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None
