"""What two targets must not share: what one publishes would overwrite, mail or call off the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from castoff.fleet.targets import YET_TO_SAY, mapping
from castoff.reading.forms import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.problems import Problem
    from castoff.reading.reader import Document

STACK: Final = "castoff"
"""The stack of a target that names none."""

_ACCOUNT: Final = ("region", "profile", "endpoint")
"""Fields that say in whose account, and where, a stack is."""

_ONE_AND_NO_OTHER: Final = {
    ("guest", "domain"): "domain",
    ("guest", "distribution"): "distribution",
    ("ops", "domain"): "domain",
    ("ops", "distribution"): "distribution",
    ("scc", "url"): "service",
    ("dashboard", "url"): "service",
}
"""Fields that name a thing for one target alone, and what it is; guest and ops are of one kind across targets."""


def shared_problems(document: Document, targets: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Return a problem for each bucket that two parts would write to, of one target or of two.

    A site's bucket is read by everybody and emptied of what no booking explains; uploads and state bear neither. Two
    states may lie in one bucket, beneath prefixes of their own.
    """
    problems: list[Problem] = []
    owners: dict[str, tuple[str, str]] = {}
    for name, target in targets.items():
        for field, bucket in _written(target):
            owner = owners.setdefault(bucket, (name, field))
            if owner != (name, field) and not (owner[0] == name and field == "ops"):  # told by `target_problems`
                problems.append(_shared(document, (name, field), bucket, owner))
    states: dict[str, tuple[str, str]] = {}
    for name, target in targets.items():
        state = target.get("state")
        address = state.removeprefix("s3://").rstrip("/") if isinstance(state, str) else ""
        bucket = address.partition("/")[0]
        owner = states.setdefault(address, (name, "state")) if address else (name, "state")
        owner = owners.get(bucket, owner)
        if owner != (name, "state"):
            problems.append(_shared(document, (name, "state"), bucket, owner))
    return problems


def neighbour_problems(document: Document, targets: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Return a problem for each domain, distribution, service and stack that an earlier target has as well.

    Bookings have the same ids everywhere: with one ShipCaptainCrew for both, a trial would mail the real crew.
    """
    problems: list[Problem] = []
    owners: dict[tuple[str, str], str] = {}
    for name, target in targets.items():
        for (part, field), kind in _ONE_AND_NO_OTHER.items():
            value = mapping(target.get(part)).get(field)
            if not isinstance(value, str) or not value:
                continue
            owner = owners.setdefault((kind, value.lower().rstrip("/")), name)
            if owner != name:
                words = f"`{shortened(value)}` is the {kind} of target `{owner}` as well"
                problems.append(
                    _apart(document, ("targets", name, part, field), words, f"give each a {kind} of its own")
                )
    return problems + list(_stacks(document, targets))


def _stacks(document: Document, targets: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield a problem for each stack that two targets would set up, as far as can be told from here.

    Two that say everything and name no stack have services of their own, which need none.
    """
    owners: dict[tuple[str, ...], str] = {}
    for name, target in targets.items():
        if "embedded" in target:
            continue
        stack = str(target.get("stack") or STACK)
        owner = owners.setdefault((stack, *(str(target.get(field)) for field in _ACCOUNT)), name)
        if owner != name and (_has_a_stack(target) or _has_a_stack(targets[owner])):
            at = ("targets", name, "stack") if "stack" in target else ("targets", name)
            words = f"`{shortened(stack)}` is the stack of target `{owner}` as well"
            yield _apart(document, at, words, f"name one of its own, such as `stack: {STACK}-{name}`")


def _has_a_stack(target: Mapping[str, Any]) -> bool:
    """Tell whether a target names its stack, or is still to be set up."""
    return "stack" in target or target.get("state") in (None, YET_TO_SAY[("state",)])


def _written(target: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields of a target that name a bucket for files, with that bucket."""
    named = [(site, mapping(target.get(site)).get("bucket")) for site in ("guest", "ops")]
    for field, bucket in (*named, ("uploads", target.get("uploads"))):
        if isinstance(bucket, str) and bucket:
            yield field, bucket


def _shared(document: Document, at: tuple[str, str], bucket: str, owner: tuple[str, str]) -> Problem:
    within = ("bucket",) if at[1] in ("guest", "ops") else ()
    whose = f"`{owner[1]}`" if owner[0] == at[0] else f"`{owner[1]}` of target `{owner[0]}`"
    words, hint = f"`{shortened(bucket)}` is the bucket of {whose} as well", "give each a bucket of its own"
    return document.problem("targets", *at, *within, words=words, rule="shared-bucket", hint=hint)


def _apart(document: Document, at: tuple[str, ...], words: str, hint: str) -> Problem:
    return document.problem(*at, words=words, rule="shared-between-targets", hint=hint)
