"""A glance at a target: whether a release that is in hand is live already, before anything else is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.patience import Patience
from publisher.adapters.s3 import RELEASE, STATE_KEY
from publisher.folder import digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from publisher.target import Target


def is_live(root: Path, target: Target, *, patience: Patience | None = None) -> bool:
    """Tell whether the release in a folder is what the last publish made true, whole: one request, and no state read.

    False says nothing: whoever publishes then finds out by the state what is to be done, be it nothing.
    """
    wire = Aws(target, clock=SystemClock(), patience=patience or Patience()).wire
    bucket, _, prefix = target.state.removeprefix("s3://").partition("/")
    reply = wire.ask("HEAD", bucket, f"{prefix}{STATE_KEY}")
    return reply is not None and reply.headers.get(f"x-amz-meta-{RELEASE}") == digest_of(root)
