"""What a publish has confirmed, and the state that follows from it, whether it finished or broke off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    DeleteCrewMember,
    Plan,
    Put,
    PutCalendar,
    PutCrewMember,
    Reason,
    UpdateEvent,
)
from castoff.contract.state import HISTORY, REMOVED, UNKNOWN, Intents, PublishedBooking, PublishedFile
from publisher.fence.recovery import LATE_SECONDS, later
from publisher.planning.diff import calendar_digest, earlier, is_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.plan import Action
    from castoff.contract.release import Booking, Release
    from castoff.contract.state import Published, PublishedEvent, State
    from publisher.folder import ReleaseFolder
    from publisher.ports import Stored


@dataclass(slots=True)
class Outcome:
    """What has been confirmed so far; what is planned and not in here is unknown if the publish is killed now."""

    written: dict[str, Stored] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    """When the first form of each written page dies."""
    deleted: set[str] = field(default_factory=set)
    live: bool = False
    crew: set[str] = field(default_factory=set)
    events: dict[str, PublishedEvent] = field(default_factory=dict)
    calendar: set[str] = field(default_factory=set)
    begun: set[Action] = field(default_factory=set)
    """The calls that were made, whether or not they were confirmed."""
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The fields of a booking's event that hold what no publish wrote: the next one plans to mend them."""


def intents(plan: Plan) -> Intents:
    """Return everything that a plan may touch."""
    swept, actions = strays(plan), plan.actions
    return Intents(
        files=tuple(a.subject for a in actions if isinstance(a, Put | Delete) and a.subject not in swept),
        crew=tuple(a.member for a in actions if isinstance(a, PutCrewMember | DeleteCrewMember)),
        events=tuple(a.booking for a in actions if isinstance(a, CreateEvent | UpdateEvent | CancelEvent)),
        calendar=tuple(a.booking for a in actions if isinstance(a, PutCalendar | DeleteCalendar)),
        strays=tuple(sorted(swept)),
    )


def strays(plan: Plan) -> set[str]:
    """Return the paths of what a sweep takes away."""
    return {a.subject for a in plan.actions if isinstance(a, Delete) and a.reason is Reason.STRAY}


def state_after(state: State, folder: ReleaseFolder, outcome: Outcome, *, plan: Plan, line: Published) -> State:
    """Return the state that holds once every action of `plan` is confirmed; `line` is what history says of it."""
    release = folder.release
    files = {path: file for path, file in _files(state, folder, outcome).items() if path not in outcome.deleted}
    return replace(
        state,
        target=release.target,
        commit=release.commit,
        as_of=release.as_of,
        files=files,
        bookings=_bookings(state, folder, outcome, today=earlier(release.as_of, line.at)),
        crew={member: payload for member, payload in _crew(state, plan, outcome).items() if member in release.crew},
        history=(line, *state.history)[:HISTORY],
        in_progress=None,
        late=_late(state, files, release),
        release="" if outcome.others else folder.digest,
    )


def state_broken_off(state: State, folder: ReleaseFolder, outcome: Outcome, *, plan: Plan, line: Published) -> State:
    """Return the state where a publish gave up: what is confirmed is known, and so is what never began.

    In the intents stay the calls that began, and every file that is not confirmed: that is written anew at no risk.
    A page that was written counts as confirmed only once its invalidation is complete and it was seen where its crew is
    to be called, since whoever comes next would find it unchanged, ask for neither, and call them.
    """
    working = state.in_progress
    if working is None:
        return state
    done = outcome.written.keys() | outcome.deleted
    if not outcome.live:
        done = {path for path in outcome.written if folder.release.files[path].immutable}
    begun = intents(replace(plan, actions=tuple(action for action in plan.actions if action in outcome.begun)))
    left = Intents(
        files=tuple(path for path in working.intents.files if path not in done),
        crew=tuple(member for member in begun.crew if member not in outcome.crew),
        events=tuple(key for key in begun.events if key not in outcome.events),
        calendar=tuple(key for key in begun.calendar if key not in outcome.calendar),
        strays=() if outcome.live else working.intents.strays,
    )
    files = {path: file for path, file in _files(state, folder, outcome).items() if path in done or path in state.files}
    files = {path: file if path in done else state.files[path] for path, file in files.items()}
    bookings = dict(state.bookings)
    for key in _touched(plan):
        if key in folder.release.bookings:
            confirmed = _published(folder.release.bookings[key], state, folder, outcome)
            before = state.bookings.get(key)
            # Whoever comes next says what changed.
            told, status = (before.facts, before.status) if before else ({}, confirmed.status)
            # While its crew may not know that it was moved, it ends when they think that it does, or later.
            ends = later(confirmed.ends, before.ends if before else "")
            bookings[key] = replace(confirmed, input=UNKNOWN, status=status, ends=ends, facts=told)
        elif key in bookings:
            bookings[key] = replace(bookings[key], input=UNKNOWN, event=outcome.events.get(key, bookings[key].event))
    return replace(
        state,
        files={path: file for path, file in files.items() if path not in (outcome.deleted & done)},
        bookings=bookings,
        crew=_crew(state, plan, outcome),
        history=(line, *state.history)[:HISTORY],
        in_progress=replace(working, lease=0.0, intents=left),
    )


def _bookings(state: State, folder: ReleaseFolder, outcome: Outcome, *, today: str) -> dict[str, PublishedBooking]:
    """Return the bookings once all is true: those of the release, and removed ones whose event could come back."""
    release = folder.release
    bookings = {key: state.bookings[key] for key in release.reused}
    for key, booking in release.bookings.items():
        published = _published(booking, state, folder, outcome)
        bookings[key] = replace(published, since=published.since or state.serial)
    for key, before in state.bookings.items():
        event = outcome.events.get(key, before.event)
        if key not in bookings and event is not None and not is_over(before.ends, today):
            bookings[key] = replace(before, input=UNKNOWN, status=REMOVED, event=event, calendar=None)
    return bookings


def _files(state: State, folder: ReleaseFolder, outcome: Outcome) -> dict[str, PublishedFile]:
    files = dict(state.files)
    for path, stored in outcome.written.items():
        file = folder.release.files[path]
        files[path] = PublishedFile(
            sha256=file.sha256,
            etag=stored.etag,
            headers=file.headers,
            version=stored.version,
            form_expires=outcome.forms.get(path),
            booking=file.booking,
            size=file.size,
        )
    return files


def _late(state: State, files: Mapping[str, PublishedFile], release: Release) -> dict[str, int]:
    """Return where a publisher that was taken over could still get past its fence: what is there has no other ETag.

    It may make what was not there and is not now, and delete what is named by its own hash and still is there.
    """
    return {
        path: serial
        for path, serial in state.late.items()
        if serial > state.serial - LATE_SECONDS
        and (path in state.files) is (path in files)
        and (path not in files or (path in release.files and release.files[path].immutable))
    }


def _published(booking: Booking, state: State, folder: ReleaseFolder, outcome: Outcome) -> PublishedBooking:
    before = state.bookings.get(booking.id)
    calendar = before.calendar if before else None
    if booking.id in outcome.calendar:
        calendar = calendar_digest(booking, folder.private)
    return PublishedBooking(
        input=UNKNOWN if booking.id in outcome.others else booking.input,
        status=booking.status,
        ends=booking.ends,
        since=before.since if before else 0,
        event=outcome.events.get(booking.id, before.event if before else None),
        calendar=calendar,
        carry=booking.carry,
        facts=booking.facts,
    )


def _crew(state: State, plan: Plan, outcome: Outcome) -> dict[str, str]:
    crew = dict(state.crew)
    for action in plan.actions:
        match action:
            case PutCrewMember() if action.member in outcome.crew:
                crew[action.member] = action.payload
            case DeleteCrewMember() if action.member in outcome.crew:
                crew.pop(action.member, None)
            case _:
                pass
    return crew


def _touched(plan: Plan) -> set[str]:
    """Return the bookings that any action of a plan is about."""
    return {booking for action in plan.actions if (booking := getattr(action, "booking", None))}
