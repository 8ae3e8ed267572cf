"""The services' part of a plan: what goes wrong with one booking keeps nobody from what another needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, assert_never

from castoff.contract.mails import members_of
from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    DeleteCalendar,
    DeleteCrewMember,
    PutCalendar,
    PutCrewMember,
    UpdateEvent,
)
from publisher.applying.hands import raise_first
from publisher.applying.steps import Step
from publisher.events import event_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from castoff.contract.plan import Plan
    from castoff.contract.state import PublishedEvent, State
    from publisher.applying.hands import Hands
    from publisher.applying.outcome import Outcome
    from publisher.errors import PublishError
    from publisher.folder import ReleaseFolder
    from publisher.ports import World

CALLS: Final = 4
"""Calls in flight to a service, at most, and one for each ten to make: each may start a Lambda, cold for seconds."""


class Services:
    """ShipCaptainCrew and the dashboard, told what is other than in `state`, with the serial that is in there.

    `outcome` has each call as soon as it is confirmed.
    """

    def __init__(
        self, plan: Plan, folder: ReleaseFolder, world: World, hands: Hands, outcome: Outcome, *, state: State
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._release = folder.release
        self._world = world
        self._hands = hands
        self._outcome = outcome
        self._state = state
        self._serial = state.serial

    def introduce(self) -> None:
        """Make crew members known, before any page or call names them."""
        work = self._of(PutCrewMember)
        self._hands.each(Step.MEMBERS, work, self._put_member, threads=calls_at_once(work))

    def tell(self) -> None:
        """Tell of what changed and what is called off, call to what is new, write the calendar, dismiss who left.

        A booking whose crew could not be told keeps its calendar entry as it was, and who left is not dismissed while
        aboard of one. A service that is down is asked nothing more. Raises the first PublishError once everything else
        is done.
        """
        failed: list[PublishError] = []
        changes, calls = [*self._of(CancelEvent), *self._of(UpdateEvent)], self._of(CreateEvent)
        up = self._each(Step.CHANGES, changes, self._event, failed) and self._each(
            Step.CALLS, calls, self._event, failed
        )
        untold = {action.booking for action in [*changes, *calls]} - self._outcome.events.keys()
        entries = [action for action in self._of(PutCalendar, DeleteCalendar) if action.booking not in untold]
        self._each(Step.CALENDAR, entries, self._entry, failed)
        aboard = self._aboard(untold)
        left = [action for action in self._of(DeleteCrewMember) if action.member not in aboard]
        if up:
            self._each(Step.LEFT, left, self._delete_member, failed)
        raise_first(failed)

    def _each(self, step: Step, work: list[Any], call: Callable[[Any], None], failed: list[PublishError]) -> bool:
        """Make calls, add the failures of single ones, and tell whether the service is up."""
        pile = self._hands.each_apart(step, work, call, threads=calls_at_once(work))
        failed += pile.failed
        return not pile.is_hopeless

    def _aboard(self, bookings: Iterable[str]) -> set[str]:
        """Return the members who are aboard of these bookings by what was last told of them."""
        known = (self._state.bookings.get(key) for key in bookings)
        return {member for booking in known if booking and booking.event for member in booking.event.aboard}

    def _of(self, *kinds: type[Any]) -> list[Any]:
        return [action for action in self._plan.actions if isinstance(action, kinds)]

    def _put_member(self, action: PutCrewMember) -> None:
        self._outcome.begun.add(action)
        self._world.crew.put_member(self._release.crew[action.member], serial=self._serial)
        self._outcome.crew.add(action.member)

    def _delete_member(self, action: DeleteCrewMember) -> None:
        self._outcome.begun.add(action)
        self._world.crew.delete_member(action.member, serial=self._serial)
        self._outcome.crew.add(action.member)

    def _event(self, action: CreateEvent | UpdateEvent | CancelEvent) -> None:
        crew, serial, booking = self._world.crew, self._serial, action.booking
        self._outcome.begun.add(action)
        match action:
            case CreateEvent():
                payload = dict(self._release.bookings[booking].event or {})
                event = _held(crew.create_event(booking, payload, serial=serial), payload)
            case UpdateEvent():
                payload = dict(self._release.bookings[booking].event or {})
                changes = {name: ({"status": "scheduled"} | payload)[name] for name in action.changed}
                event = _held(crew.update_event(action.event, changes, serial=serial), payload)
                if others := _others(event, payload, sent=changes):
                    self._outcome.others[booking] = others
            case CancelEvent():
                event = crew.cancel_event(action.event, serial=serial)
            case _:
                assert_never(action)
        self._outcome.events[booking] = event

    def _entry(self, action: PutCalendar | DeleteCalendar) -> None:
        self._outcome.begun.add(action)
        match action:
            case PutCalendar():
                entry = dict(self._release.bookings[action.booking].calendar or {})
                money = self._folder.private.get(action.booking)
                if money:
                    entry["finance"] = money
                self._world.calendar.put(action.booking, entry, serial=self._serial)
            case DeleteCalendar():
                self._world.calendar.delete(action.booking, serial=self._serial)
            case _:
                assert_never(action)
        self._outcome.calendar.add(action.booking)


def calls_at_once(work: list[Any]) -> int:
    """Return how many calls of a service to have in flight for so much work."""
    return min(CALLS, 1 + len(work) // 10)


def _others(event: PublishedEvent, payload: Mapping[str, Any], *, sent: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that were not sent, and of which the service holds another value: somebody else wrote it."""
    wanted = event_fields(payload)
    return tuple(sorted(name for name in wanted.keys() - sent.keys() if event.fields.get(name) != wanted[name]))


def _held(event: PublishedEvent, payload: Mapping[str, Any]) -> PublishedEvent:
    """Return the event with what the service says it holds of each field, and what was sent where it says nothing."""
    fields = {name: event.fields.get(name, mark) for name, mark in event_fields(payload).items()}
    return replace(event, fields=fields, aboard=event.aboard or members_of(payload))
