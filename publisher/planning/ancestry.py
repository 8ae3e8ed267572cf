"""What may follow what is live: a release for the same target, of a commit that comes after it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from publisher.errors import PublishError

if TYPE_CHECKING:
    from castoff.contract.state import State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Commits

_FURTHEST: Final = timedelta(minutes=15)
"""How wrong a publisher's clock can be: S3 refuses a request that is signed further from its own time."""

_HASH: Final = re.compile(r"[0-9a-f]{7,64}")
"""What may stand for a commit that git no longer knows: shorter beginnings are shared too soon."""


def check_target(folder: ReleaseFolder, state: State) -> None:
    """Refuse a release that was made for another target than the state's."""
    if state.target and state.target != folder.release.target:
        raise PublishError(
            f"the release was built for target `{folder.release.target}`, the state is that of `{state.target}`",
            hint="give each target a state bucket of its own in castoff.yaml",
        )


def check_ancestry(folder: ReleaseFolder, state: State, commits: Commits, *, force_from: str | None) -> None:
    """Refuse to go backwards: what is live, or was about to be when a publish broke off, must be an ancestor.

    After a rewritten history it is none; then `force_from` has to name what is live.
    """
    live, commit = state.commit, folder.release.commit
    if not live:
        return
    if force_from is not None:
        if _names(force_from, live, commits) or commits.is_ancestor(live, commit):
            return
        raise PublishError(
            f"`--force-from {force_from}` does not name what is live, which is commit {live[:12]}",
            hint=f"look at what is live with `castoff history`; where that is to be left, `--force-from {live[:12]}`",
        )
    if commits.is_ancestor(live, commit):
        return
    if not commits.knows(live):
        raise PublishError(
            f"commit {live[:12]} is live, or was being published, and this clone does not know it",
            hint="`git fetch` and publish the newest commit;"
            f" where history was rewritten and it is gone, `--force-from {live[:12]}`",
        )
    raise PublishError(
        f"commit {live[:12]} is live, or was being published, and {commit[:12]} does not come after it",
        hint="publish the newest commit (going back is `git revert`);"
        f" after a rewritten history, `--force-from {live[:12]}`",
    )


def instant_after(live: str, now: datetime) -> datetime:
    """Return the instant to build for now: what is live is not taken back in time by a clock that is behind.

    What is live is of an instant (ISO 8601), or empty. One further ahead than _FURTHEST was no clock's fault but
    somebody's `--as-of`, which must not hold the site there.
    """
    ahead = datetime.fromisoformat(live) if live else now
    return ahead if now < ahead <= now + _FURTHEST else now


def _names(ref: str, live: str, commits: Commits) -> bool:
    """Tell whether a branch, tag or hash is the live commit; one that git has forgotten is known by its beginning."""
    return commits.commit_of(ref) == live or (_HASH.fullmatch(ref) is not None and live.startswith(ref))
