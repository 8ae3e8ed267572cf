"""What each is to be told about a revision: invitations, changes, cancellations. Pure.

Who is told at all is the contract's to say, since a plan says it beforehand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from castoff.contract import mails
from lambdas.shipcaptaincrew.event import Event, Status


class Kind(StrEnum):
    """What a mail tells."""

    INVITED = "invited"
    CHANGED = "changed"
    REINSTATED = "reinstated"
    CANCELLED = "cancelled"
    RELEASED = "released"
    REMINDER = "reminder"
    SUMMARY = "summary"


@dataclass(frozen=True)
class Call:
    """One mail to one member: `event` holds the facts it tells, `changes` phrases: "Start moved from 9 AM to 10 AM".

    Of time and dock, what did not change is in `kept`. Who is told that they are not needed reads the facts that
    they know, so those from before.
    """

    kind: Kind
    member_id: str
    role: str
    event: Event
    changes: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def plan_calls(
    before: Event | None, after: Event, *, names: Mapping[str, str], zone: ZoneInfo, now: datetime
) -> tuple[Call, ...]:
    """Return the mails that a revision asks for: none for a charter that is over, or that stays cancelled."""
    if now >= after.ends:
        return ()
    known = before or after
    changed = {name for name in mails.TOLD if getattr(known, name) != getattr(after, name)}
    told = mails.mails(None if before is None else _aboard(before), _aboard(after), changed=changed)
    words = change_words(known, after, names=names, zone=zone)
    kept = kept_words(known, after, zone=zone)
    calls: list[Call] = []
    for member_id, kind in told:
        event = known if kind in _OF_BEFORE else after
        call = Call(_KINDS[kind], member_id, event.role_of(member_id), event)
        if kind is mails.Kind.CHANGED:
            call = replace(call, changes=(*_role_words(known, after, member_id), *words), kept=kept)
        calls.append(call)
    return tuple(calls)


def change_words(before: Event, after: Event, *, names: Mapping[str, str], zone: ZoneInfo) -> tuple[str, ...]:
    """Return the phrases that name what became different for those who stay aboard."""
    words: list[str] = []
    if before.call_time != after.call_time:
        words.append(f"Crew call moved {_moved(before.call_time, after.call_time, zone)}")
    if before.date != after.date:
        words.append(f"Start moved {_moved(before.date, after.date, zone)}")
    if before.duration_hours != after.duration_hours:
        old, new = hours_words(before.duration_hours), hours_words(after.duration_hours)
        words.append(f"Length changed from {old} to {new}")
    if before.event_name != after.event_name:
        words.append(f"Boat changed from {before.event_name} to {after.event_name}")
    if before.dock != after.dock:
        words.append(f"Dock changed from {before.dock} to {after.dock}")
    if before.captain_id != after.captain_id:
        words.append(f"Captain changed from {_name(before.captain_id, names)} to {_name(after.captain_id, names)}")
    return tuple(words)


def kept_words(before: Event, after: Event, *, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the phrases that name what stayed of time and dock: whoever reads of a change asks for these."""
    words: list[str] = []
    called, starts = time_words(after.call_time, zone), time_words(after.date, zone)
    match before.call_time == after.call_time, before.date == after.date:
        case True, True:
            words.append(f"Time unchanged: crew call {called}, start {starts}")
        case True, False:
            words.append(f"Crew call unchanged: {called}")
        case False, True:
            words.append(f"Start unchanged: {starts}")
    if before.dock == after.dock:
        words.append(f"Dock unchanged: {after.dock}")
    return tuple(words)


def hours_words(hours: Decimal) -> str:
    """Return a duration as people say it: `3 h`, `2 h 30 min`, `45 min`."""
    minutes = round(hours * 60)
    parts = [f"{minutes // 60} h"] if minutes >= 60 else []  # noqa: PLR2004 - minutes of an hour
    if minutes % 60 or not parts:
        parts.append(f"{minutes % 60} min")
    return " ".join(parts)


def within_words(hours: int) -> str:
    """Return for how long a link can be spent, as a letter says it: `48 hours`, `1 hour`."""
    return f"{hours} hour" if hours == 1 else f"{hours} hours"


def day_words(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant's day at the dock, as the pages say it: `Thu, May 30`."""
    local = instant.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {_MONTHS[local.month - 1]} {local.day}"


def time_words(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant's time of day at the dock, as the pages say it: `9 AM`, `8:45 AM`, `noon`."""
    local = instant.astimezone(zone)
    if local.minute == 0 and local.hour % 12 == 0:
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes} {'AM' if local.hour < 12 else 'PM'}"  # noqa: PLR2004 - half a day


def _aboard(event: Event) -> mails.Aboard:
    return mails.Aboard(event.member_ids, sails=event.status is Status.SCHEDULED)


def _role_words(before: Event, after: Event, member_id: str) -> tuple[str, ...]:
    role = after.role_of(member_id)
    return () if role == before.role_of(member_id) else (f"You are {_ROLES[role]} now",)


def _moved(before: datetime, after: datetime, zone: ZoneInfo) -> str:
    old, new = time_words(before, zone), time_words(after, zone)
    was, is_now = before.astimezone(zone), after.astimezone(zone)
    if was.date() == is_now.date():
        # In the night in which clocks go back, an hour comes twice.
        return f"from {old} to {new}" if old != new else f"from {old} {was:%Z} to {new} {is_now:%Z}"
    if was.year != is_now.year:
        return f"from {day_words(before, zone)}, {was.year}, {old} to {day_words(after, zone)}, {is_now.year}, {new}"
    return f"from {day_words(before, zone)}, {old} to {day_words(after, zone)}, {new}"


def _name(member_id: str, names: Mapping[str, str]) -> str:
    return names.get(member_id, member_id)


_KINDS = {
    mails.Kind.CALL: Kind.INVITED,
    mails.Kind.CHANGED: Kind.CHANGED,
    mails.Kind.CANCELLED: Kind.CANCELLED,
    mails.Kind.NOT_NEEDED: Kind.RELEASED,
    mails.Kind.REINSTATED: Kind.REINSTATED,
}
_OF_BEFORE = {mails.Kind.CANCELLED, mails.Kind.NOT_NEEDED}  # their readers know the facts from before
_ROLES = {"captain": "the captain", "crew": "crew"}

# The words of a mail do not depend on the machine's locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
