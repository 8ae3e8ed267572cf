"""A glance at a target: which release is live there, before anything else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from publisher.adapters.patience import Patience
from publisher.adapters.stores import Stores, told_way

if TYPE_CHECKING:
    from publisher.target import Target

STATE_KEY: Final = "state.json.gz"
RELEASE: Final = "release"
"""What the state's metadata call the digest of the release that is live, whole, with nobody at work on another."""


def live_release(target: Target, *, patience: Patience | None = None) -> str | None:
    """Return the digest of the release that the last publish made true, whole, by one request and no state read.

    None says nothing: whoever publishes then finds out by the state what is to be done, be it nothing.
    """
    bucket, _, prefix = target.state.removeprefix("s3://").partition("/")
    found = _stores(target, patience or Patience()).metadata(bucket, f"{prefix}{STATE_KEY}")
    return None if found is None else found.get(RELEASE)


def _stores(target: Target, patience: Patience) -> Stores:
    way = told_way(target)
    if way is not None:
        return Stores(lambda: way, patience)
    from publisher.adapters.aws import Aws  # noqa: PLC0415 - with it comes botocore, for a quarter of a second
    from publisher.adapters.clock import SystemClock  # noqa: PLC0415 - as above

    return Aws(target, clock=SystemClock(), patience=patience).stores
