"""The stack behind a target, as the commands that tend it reach it: with the operator's own credentials."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from castoff.cli.project import target_settings
from castoff.cli.terminal import fail
from castoff.cloud.account import account_in, own_account
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of
from castoff.cloud.standing import STACK, load_standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from castoff.cloud.account import Account
    from castoff.cloud.standing import Standing
    from castoff.fleet.settings import Settings
    from castoff.fleet.targets import TargetSettings


def stack_of(root: Path, settings: Settings, target: str) -> tuple[Account, Standing]:
    """Return a target's account and its stack; say what is missing otherwise, and end. Raises CloudError."""
    wanted = target_settings(settings, target)
    if wanted.embedded:
        facts = load_facts(place_of(root).facts)
        if facts is None:
            fail("the embedded cloud does not run", hint="start it with `castoff cloud start`")
        account, name = account_in(facts, "admin"), facts.stack
    else:
        account, name = account_for(wanted, os.environ), wanted.stack or STACK
    standing = load_standing(account, name)
    if standing is None:
        fail(
            f"there is no stack `{name}` in {account.region}",
            hint=f"`castoff setup --target {target}` makes it; `stack` of the target in castoff.yaml names another",
        )
    return account, standing


def account_for(target: TargetSettings, environment: Mapping[str, str]) -> Account:
    """Return the operator's own account as a target names it; its role, which publishes, is not for tending a stack.

    Raises CloudError where no region is named, or the profile is not there.
    """
    return own_account(environment, region=target.region, profile=target.profile, endpoint=target.endpoint)
