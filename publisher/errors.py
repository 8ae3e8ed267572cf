"""What stops a publish: each says which call on which object, in words, and what to do next."""

from __future__ import annotations


class PublishError(Exception):
    """A publish cannot go on; `hint` is the one thing to do next.

    `so_far` is what of the plan is done and what is left, once there was one to apply.
    """

    def __init__(self, words: str, *, hint: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.hint = hint
        self.so_far: str | None = None


class ConflictError(PublishError):
    """A conditional write lost: someone else wrote that object since it was read."""


class UnknownMemberError(PublishError):
    """ShipCaptainCrew knows no crew member of that id."""


class BusyError(PublishError):
    """A service does as much as it does at once, and takes this later."""


class StoppedError(PublishError):
    """Somebody asked this publish to stop: what was under way is done, and nothing else has begun."""


class LeaseLostError(PublishError):
    """The lease may have run out, so no further effect may start."""
