"""Two values in, a plan out: what separates a release from the published state, in the order in which it is safe."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import digest
from castoff.contract.facts import STARTS, fact_changes, heading
from castoff.contract.keys import page_at
from castoff.contract.mails import Aboard, Kind, mails, members_of
from castoff.contract.plan import (
    About,
    Action,
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    DeleteCrewMember,
    Invalidate,
    Plan,
    Put,
    PutCalendar,
    PutCrewMember,
    Reason,
    UpdateEvent,
)
from castoff.contract.release import Site, split_path
from castoff.contract.state import OFF, REMOVED, UNKNOWN
from publisher.errors import PublishError
from publisher.events import event_fields
from publisher.planning.paths import fold_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.contract.mails import Mail
    from castoff.contract.release import Booking, File, Release
    from castoff.contract.slots import Slot
    from castoff.contract.state import PublishedBooking, PublishedEvent, PublishedFile, State

Money = dict[str, dict[str, Any]]
"""Per booking, what settings let through to the calendar and nowhere else; from `private.json`."""


_MAY_VANISH: Final = {*OFF, UNKNOWN}
"""Statuses of bookings that nobody misses: called off, gone already, or never published whole."""


def diff(release: Release, state: State, *, private: Money, new_forms: bool = False, now: str | None = None) -> Plan:
    """Return the plan that leads from `state` to `release`; `new_forms` renews forms that are still good, too.

    `now` (ISO 8601 with offset) is what the clock of the services shows: without one, the instant that the release was
    built for. By it ShipCaptainCrew judges whether a charter is over, of which it mails nobody. Raises PublishError
    where the release reuses a booking that the state does not hold.
    """
    _check_reused(release, state)
    now = now or release.as_of
    today = earlier(release.as_of, now)
    puts = list(_puts(release, state, new_forms=new_forms))
    deletes = list(_deletes(release, state))
    actions: list[Action] = [
        *_crew_puts(release, state),
        *(put for put in puts if release.files[put.subject].immutable),
        *(put for put in puts if not release.files[put.subject].immutable),
        *deletes,
        *_invalidations(release, state, puts, deletes),
        *sorted(_events(release, state, today, now), key=lambda event: isinstance(event, CreateEvent)),
        *_calendar(release, state, private, today),
        *_crew_deletes(release, state),
    ]
    return Plan(
        target=release.target,
        commit=release.commit,
        serial=state.serial,
        actions=tuple(actions),
        about=dict(_about(release, state, actions)),
    )


def calendar_digest(booking: Booking, private: Money) -> str:
    """Return the digest of a calendar entry with its money: it stays in the state, no plan shows it."""
    return digest([booking.calendar, private.get(booking.id)])


def is_over(ends: str, as_of: str) -> bool:
    """Tell whether a charter that ends at `ends` has ended by `as_of` (ISO 8601 with offset)."""
    return datetime.fromisoformat(ends) <= datetime.fromisoformat(as_of)


def earlier(as_of: str, now: str) -> str:
    """Return by what instant a charter is over for whoever is called to it: no `--as-of` ends one that is to come.

    A build for the past, as on a site whose clock stands still, judges by its own instant.
    """
    return min(as_of, now, key=datetime.fromisoformat)


def lasts(expires: str, slot: Slot, *, next_run: str) -> bool:
    """Tell whether a form that dies at `expires` lives until the next run, or until its window closes before that."""
    needed = min(datetime.fromisoformat(slot.closes), datetime.fromisoformat(next_run))
    return datetime.fromisoformat(expires) >= needed


def removed_bookings(release: Release, state: State, *, now: str | None = None) -> list[str]:
    """Return the bookings that vanish although their charter has not ended and nobody cancelled them.

    So does one whose pages are past retention by the instant that was built for, and to come by the clock (`now`).
    """
    here = release.bookings.keys() | release.reused.keys()
    today = earlier(release.as_of, now or release.as_of)
    retired = {
        action.booking for action in _deletes(release, state) if action.reason is Reason.RETENTION and action.booking
    }
    return sorted(
        key
        for key, booking in state.bookings.items()
        if (key not in here or key in retired)
        and not is_over(booking.ends, today)
        and (booking.status not in _MAY_VANISH or is_called_again(booking))
    )


def _check_reused(release: Release, state: State) -> None:
    for booking, input_digest in release.reused.items():
        published = state.bookings.get(booking)
        if published is None or published.input != input_digest:
            raise PublishError(
                f"the release reuses booking `{booking}`, which the published state does not hold",
                hint="make everything anew: `castoff publish --full`; `castoff build --full` where others publish",
            )


def _puts(release: Release, state: State, *, new_forms: bool) -> Iterator[Put]:
    for path in sorted(release.files):
        file = release.files[path]
        reason = _put_reason(file, state.files.get(path), next_run=release.next_run)
        if reason is None and new_forms and file.slots:
            reason = Reason.FORM_RENEWED
        if reason:
            yield Put(file.site, file.key, reason, file.sha256, file.size, file.booking)


def _put_reason(file: File, published: PublishedFile | None, *, next_run: str) -> Reason | None:
    if published is None:
        return Reason.NEW
    if published.sha256 is None:
        return Reason.UNKNOWN
    if published.sha256 == file.sha256:
        expires = published.form_expires
        alive = all(expires is not None and lasts(expires, slot, next_run=next_run) for slot in file.slots)
        return None if alive else Reason.FORM_EXPIRES
    return Reason.BODY_CHANGED if published.headers == file.headers else Reason.HEADERS_CHANGED


def _deletes(release: Release, state: State) -> Iterator[Delete]:
    for path in sorted(state.files.keys() - release.files.keys()):
        booking = state.files[path].booking
        if booking in release.reused:
            continue
        site, key = split_path(path, place="state.json")
        yield Delete(site, key, _delete_reason(booking, release), booking)


def _delete_reason(booking: str | None, release: Release) -> Reason:
    if booking is None:
        return Reason.RETIRED
    wanted = release.bookings.get(booking)
    if wanted is None:
        return _gone_reason(booking, release)
    return Reason.RETENTION if is_over(wanted.ends, release.as_of) else Reason.RETIRED


def _invalidations(release: Release, state: State, puts: list[Put], deletes: list[Delete]) -> Iterator[Invalidate]:
    # What was never there is in no cache, and why that is known: docs/decisions/0021.
    changed = [put for put in puts if put.reason is not Reason.NEW or put.subject in state.late]
    mutable: list[Put | Delete] = [put for put in changed if not release.files[put.subject].immutable]
    for site in Site:
        paths = fold_paths(action.key for action in [*mutable, *deletes] if action.site is site)
        if paths:
            yield Invalidate(site, paths, Reason.PAGES_CHANGED)


def _crew_puts(release: Release, state: State) -> Iterator[PutCrewMember]:
    for member in sorted(release.crew.values(), key=lambda member: member.id):
        payload = digest(member.to_json())
        known = state.crew.get(member.id)
        if known != payload:
            reason = Reason.NEW if known is None else Reason.FIELDS_CHANGED if known else Reason.UNKNOWN
            yield PutCrewMember(member.id, reason, payload)


def _crew_deletes(release: Release, state: State) -> Iterator[DeleteCrewMember]:
    for member in sorted(state.crew.keys() - release.crew.keys()):
        yield DeleteCrewMember(member, Reason.LEFT)


def _about(release: Release, state: State, actions: list[Action]) -> Iterator[tuple[str, About]]:
    """Yield what is known of each booking of which a fact is another, or that an action is about."""
    touched = {booking for action in actions if (booking := getattr(action, "booking", None))}
    for key, booking in release.bookings.items():
        published = state.bookings.get(key)
        known = published.facts if published else {}
        was = _was(published)
        changes = fact_changes(known, booking.facts) if was and known != booking.facts else ()
        if changes or key in touched:
            page, starts = page_at(booking.guest_url), booking.facts.get(STARTS, "")
            yield key, About(heading(booking.facts), booking.status, was, changes, page, starts)
    for key in sorted(touched - release.bookings.keys()):
        published, status = state.bookings.get(key), release.withheld.get(key, REMOVED)
        known = published.facts if published else {}
        yield key, About(heading(known), status, _was(published), starts=known.get(STARTS, ""))


def _was(published: PublishedBooking | None) -> str:
    """Return the status that a booking had, empty where no publish has made all of it true."""
    return published.status if published and published.since else ""


def _events(release: Release, state: State, today: str, now: str) -> Iterator[Action]:
    for booking in sorted(release.bookings.values(), key=lambda booking: booking.id):
        published = state.bookings.get(booking.id)
        if not is_over(booking.ends, today) or _is_to_come(published, today):
            yield from _event(booking, published, now)
    for key, published in sorted(_gone(release, state)):
        event = published.event
        if event and event.status != "cancelled" and _is_to_come(published, today):
            yield CancelEvent(key, event.id, _gone_reason(key, release), _farewells(event, published.ends, now))


def is_called_again(booking: PublishedBooking) -> bool:
    """Tell whether a crew may be called to what was called off: a publish that broke off was bringing it back."""
    return booking.status in OFF and booking.event is not None and booking.event.status != "cancelled"


def _is_to_come(published: PublishedBooking | None, today: str) -> bool:
    """Tell whether a crew waits for what was published, or may: one that a broken publish moved may be on any day."""
    event = published.event if published else None
    return published is not None and event is not None and (not event.status or not is_over(published.ends, today))


def _event(booking: Booking, published: PublishedBooking | None, now: str) -> Iterator[Action]:
    event = published.event if published else None
    if booking.status == "cancelled" or booking.event is None:
        if published and event and event.status != "cancelled":
            yield CancelEvent(booking.id, event.id, Reason.CANCELLED, _farewells(event, published.ends, now))
        return
    payload = digest(booking.event)
    aboard = Aboard(members_of(booking.event), sails=True)
    if event is None:
        yield CreateEvent(booking.id, Reason.NEW, payload, () if is_over(booking.ends, now) else mails(None, aboard))
        return
    fields = event_fields(booking.event)
    changed = tuple(sorted(name for name in fields if fields[name] != event.fields.get(name)))
    if event.status != "scheduled":
        reason = Reason.REINSTATED if event.status == "cancelled" else Reason.UNKNOWN
        changed = ("status", *changed)
    elif changed:
        reason = Reason.FIELDS_CHANGED
    else:
        return
    told = () if is_over(booking.ends, now) and event.status else _told(event, aboard, changed)
    yield UpdateEvent(booking.id, event.id, changed, reason, payload, told)


def _told(event: PublishedEvent, after: Aboard, changed: tuple[str, ...]) -> tuple[Mail, ...]:
    """Return whom a change is mailed to; where it is not known what the service holds, whom it may be mailed to."""
    if not event.fields or event.status not in {"scheduled", "cancelled"}:
        return tuple((member, Kind.PERHAPS) for member in dict.fromkeys((*after.members, *event.aboard)))
    return mails(Aboard(event.aboard, sails=event.status == "scheduled"), after, changed=changed)


def _farewells(event: PublishedEvent, ends: str, now: str) -> tuple[Mail, ...]:
    """Return whom a cancellation is mailed to."""
    over = is_over(ends, now) and event.status
    return () if over else _told(event, Aboard(event.aboard, sails=False), ())


def _calendar(release: Release, state: State, private: Money, today: str) -> Iterator[Action]:
    for booking in sorted(release.bookings.values(), key=lambda booking: booking.id):
        published = state.bookings.get(booking.id)
        known = published.calendar if published else None
        late = booking.status == "cancelled" or is_over(booking.ends, today)
        if booking.calendar is None or (known is None and late) or known == calendar_digest(booking, private):
            continue
        yield PutCalendar(booking.id, _calendar_reason(booking, known), digest(booking.calendar))
    for key, published in sorted(_gone(release, state)):
        if published.calendar is not None and (not is_over(published.ends, today) or not published.calendar):
            yield DeleteCalendar(key, _gone_reason(key, release))


def _calendar_reason(booking: Booking, known: str | None) -> Reason:
    if known is None:
        return Reason.NEW
    if not known:
        return Reason.UNKNOWN
    return Reason.CANCELLED if booking.status == "cancelled" else Reason.FIELDS_CHANGED


def _gone(release: Release, state: State) -> list[tuple[str, PublishedBooking]]:
    here = release.bookings.keys() | release.reused.keys()
    return [(key, booking) for key, booking in state.bookings.items() if key not in here]


def _gone_reason(booking: str, release: Release) -> Reason:
    return Reason.WITHDRAWN if booking in release.withheld else Reason.REMOVED
