"""Who is mailed about a charter: the one rule by which ShipCaptainCrew sends, and by which a plan says so beforehand.

Of those who stay aboard, nobody hears who else joins or leaves: only of their time, dock, boat and captain, and of
what they do themselves. Who joins is called, who leaves is told that they are not needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Kind(StrEnum):
    """What a mail to a crew member tells, in the operator's words."""

    CALL = "crew call"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    NOT_NEEDED = "not needed"
    REINSTATED = "sails after all"
    PERHAPS = "perhaps"
    """What ShipCaptainCrew holds is not known, so what it has told and still owes isn't either; only a plan says so."""


TOLD: Final = frozenset({"call_time", "captain_id", "date", "dock", "duration_hours", "event_name"})
"""The fields of a crew call of which those who stay aboard are told; a change of captain changes what they do, too."""

Mail = tuple[str, Kind]
"""A member's id, and what they are told."""


@dataclass(frozen=True, slots=True)
class Aboard:
    """Who works on a charter, the captain first, each once, and whether it sails."""

    members: tuple[str, ...]
    sails: bool


def members_of(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who works on a charter by the body of its crew call: the captain first, each once."""
    named = (payload.get("captain_id"), *payload.get("crew_ids", ()))
    return tuple(dict.fromkeys(str(member) for member in named if member))


def mails(before: Aboard | None, after: Aboard, *, changed: Collection[str] = ()) -> tuple[Mail, ...]:
    """Return who is told what of a revision in which these fields changed; `before` is None for a new charter."""
    if before is None:
        return _all(after.members, Kind.CALL) if after.sails else ()
    match before.sails, after.sails:
        case True, False:
            return _all(before.members, Kind.CANCELLED)
        case False, True:
            return tuple(
                (member, Kind.REINSTATED if member in before.members else Kind.CALL) for member in after.members
            )
        case True, True:
            return _of_changes(before.members, after.members, is_told=not TOLD.isdisjoint(changed))
        case _:
            return ()


def _of_changes(before: tuple[str, ...], after: tuple[str, ...], *, is_told: bool) -> tuple[Mail, ...]:
    found: list[Mail] = []
    for member in dict.fromkeys((*after, *before)):
        if member not in before:
            found.append((member, Kind.CALL))
        elif member not in after:
            found.append((member, Kind.NOT_NEEDED))
        elif is_told:
            found.append((member, Kind.CHANGED))
    return tuple(found)


def _all(members: tuple[str, ...], kind: Kind) -> tuple[Mail, ...]:
    return tuple((member, kind) for member in members)
