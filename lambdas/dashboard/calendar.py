"""The calendar in a table: one entry per booking, found by booking or by day without a scan.

booking#<booking>   entry              the entry as it stands, or a tombstone that keeps its revision
calendar            <day>#<booking>    a copy of it, in the order of days
fence#booking#<id>  fence              the highest serial seen
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from lambdas.dashboard.conflicts import find_conflicts
from lambdas.dashboard.entry import LONGEST, Entry, EntryBody
from lambdas.service.fence import LABEL, fence_steps, raise_fence, stale_serial
from lambdas.service.instants import Clock
from lambdas.service.refusals import RefusalError, UnavailableError
from lambdas.service.table import ConditionError, Delete, Key, Put, Step, Table
from lambdas.service.wire import Item

_ATTEMPTS = 5
_NEAR = LONGEST + dt.timedelta(days=1)  # what begins further away overlaps nothing


class Calendar:
    """The entries of all bookings; `zone` is the one whose midnight begins a day."""

    def __init__(self, table: Table, *, now: Clock, zone: ZoneInfo) -> None:
        self._table = table
        self._now = now
        self._zone = zone

    def put(self, body: EntryBody, *, serial: int | None) -> Entry:
        """Write a booking's entry; what it had before and is not sent now is gone, money included."""
        facts = body.facts()

        def replaced(before: Item | None) -> Item | None:
            if before is not None and before["facts"] == facts:
                return None
            return {"facts": facts}

        written = _entry(self._revise(body.booking_id, replaced, serial=serial))
        return self._beside_others([written])[0]

    def remove(self, booking_id: str, *, serial: int | None) -> None:
        """Remove a booking's entry; RefusalError 404 for one that never was."""

        def removed(before: Item | None) -> Item | None:
            if before is None:
                words = f"booking `{booking_id}` has no calendar entry"
                raise RefusalError(404, "entry_unknown", words, field="booking_id")
            return {"facts": None} if before["facts"] is not None else None

        self._revise(booking_id, removed, serial=serial)

    def of_booking(self, booking_id: str, *, serial: int | None) -> Sequence[Entry]:
        """Return a booking's entries: one or none."""
        raise_fence(self._table, _subject(booking_id), serial)
        item = self._table.get(_key(booking_id))
        found = [_entry(item)] if item is not None and item["facts"] is not None else []
        return self._beside_others(found)

    def between(
        self, first: dt.date, last: dt.date, *, most: int, since: str = ""
    ) -> tuple[Sequence[Entry], str | None]:
        """Return the first entries from one day through another, in order, and the place of the next one, if any.

        `since` is such a place, to go on from.
        """
        begin, end = max(first.isoformat(), since), _end_of(last)
        if begin > end:  # DynamoDB refuses such a range
            return [], None
        rows = self._table.partition("calendar", first=begin, last=end, most=most + 1)
        entries = [_entry(row) for row in rows]
        more = entries[most].place if len(entries) > most else None
        return self._beside_others(entries[:most]), more

    def _beside_others(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return entries in the order of days with their conflicts, for which those shortly before and after are read.

        Nothing is stored of it: each of two entries would have to be written anew whenever the other one is.
        """
        if not any("vessel" in entry.facts for entry in entries):
            return entries
        begin, end = _days_from(entries[0], -_NEAR).isoformat(), _end_of(_days_from(entries[-1], _NEAR))
        spans = [(begin, entries[0].place), (entries[-1].place, end)] if len(entries) > 1 else [(begin, end)]
        read = [self._table.partition("calendar", first=first, last=last) for first, last in spans]
        # By booking: one that moves to another day meanwhile may be read twice, and is not in its own way.
        near = {row["facts"]["booking_id"]: row["facts"] for rows in read for row in rows}
        shown = {entry.facts["booking_id"]: entry.facts for entry in entries}
        conflicts = find_conflicts({**near, **shown}.values(), self._zone)
        return [replace(entry, conflicts=conflicts.get(entry.facts["booking_id"], ())) for entry in entries]

    def _revise(self, booking_id: str, revised: Callable[[Item | None], Item | None], *, serial: int | None) -> Item:
        raise_fence(self._table, _subject(booking_id), serial)
        for _ in range(_ATTEMPTS):
            before = self._table.get(_key(booking_id))
            changed = revised(before)
            if changed is None and before is not None:
                return before
            revision = before["revision"] + 1 if before is not None else 1
            after = {**(changed or {}), "revision": revision, "updated": self._now().isoformat()}
            if self._replaced(booking_id, before, after, serial=serial):
                return after
        raise UnavailableError(f"the entry of booking {booking_id} kept changing")

    def _replaced(self, booking_id: str, before: Item | None, after: Item, *, serial: int | None) -> bool:
        stored = {"pk": _key(booking_id).pk, "sk": _key(booking_id).sk, **after}
        steps: list[Step] = [Put(stored, "attribute_not_exists(#pk)", label="entry")]
        if before is not None:
            steps = [Put(stored, "#revision = :revision", {"revision": before["revision"]}, label="entry")]
        old, new = _row(booking_id, before), _row(booking_id, after)
        if old is not None and old != new:
            steps.append(Delete(old))
        if new is not None:
            steps.append(Put({"pk": new.pk, "sk": new.sk, **after}))
        try:
            self._table.write(*steps, *fence_steps(_subject(booking_id), serial))
        except ConditionError as refused:
            if LABEL in refused.labels:
                raise stale_serial() from None
            return False
        return True


def _key(booking_id: str) -> Key:
    return Key(f"booking#{booking_id}", "entry")


def _row(booking_id: str, item: Item | None) -> Key | None:
    if item is None or item["facts"] is None:
        return None
    return Key("calendar", f"{item['facts']['date']}#{booking_id}")


def _end_of(day: dt.date) -> str:
    return f"{day.isoformat()}#~"


def _days_from(entry: Entry, span: dt.timedelta) -> dt.date:
    return dt.date.fromisoformat(entry.facts["date"]) + span


def _subject(booking_id: str) -> str:
    return f"booking#{booking_id}"


def _entry(item: Item) -> Entry:
    return Entry(item["facts"], item["revision"], dt.datetime.fromisoformat(item["updated"]))
