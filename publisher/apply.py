"""Apply a plan: in the plan's order, each effect under the lease, what was confirmed written down as it comes."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, assert_never

from castoff.contract.document import DocumentError
from castoff.contract.plan import (
    CancelEvent,
    CreateEvent,
    Delete,
    DeleteCalendar,
    DeleteCrewMember,
    Invalidate,
    Put,
    PutCalendar,
    PutCrewMember,
    UpdateEvent,
)
from castoff.contract.slots import fill
from publisher.diff import event_fields, lasts
from publisher.errors import PublishError
from publisher.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from castoff.contract.plan import Action, Plan
    from castoff.contract.slots import Form, Slot
    from castoff.contract.state import PublishedEvent
    from publisher.folder import ReleaseFolder
    from publisher.lease import Lease
    from publisher.ports import Progress, World

THREADS: Final = 16
"""Requests in flight to S3, which takes thousands a second; a laptop's uplink does not."""

CALLS: Final = 4
"""Calls in flight to a service, at most, and one for each ten to make: each may start a Lambda, cold for seconds."""

INVALIDATION_SECONDS: Final = 600.0
"""How long to wait for an invalidation; CloudFront usually takes under two minutes."""

LONGEST_SIGNATURE: Final = timedelta(days=7)
"""How long a signature of SigV4 can live."""

LIVE_SECONDS: Final = 60.0
"""How long a page may take to be seen once its invalidation is complete."""


class Applier:
    """Applies one plan to the world; `outcome` is true at every moment."""

    def __init__(
        self,
        plan: Plan,
        folder: ReleaseFolder,
        world: World,
        *,
        lease: Lease,
        progress: Progress,
        example: bool,
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._release = folder.release
        self._world = world
        self._lease = lease
        self._progress = progress
        self._example = example
        self._serial = lease.state.serial
        self._filled: dict[str, bytes] = {}
        self.outcome = Outcome()

    def run(self) -> None:
        """Apply every action; the first that fails stops those that have not begun, and its PublishError goes on."""
        of = self._of
        self._each("crew members", of(PutCrewMember), self._put_member)
        files = of(Put)
        self._each(
            "assets", [put for put in files if self._release.files[put.subject].immutable], self._put, threads=THREADS
        )
        pages = [put for put in files if not self._release.files[put.subject].immutable]
        with_form = [put for put in pages if self._release.files[put.subject].slots]
        plain = [put for put in pages if not self._release.files[put.subject].slots]
        self._each("pages", plain, self._put, threads=THREADS)
        self._each("pages with upload forms", with_form, self._put)
        self._each("removing", of(Delete), self._delete, threads=THREADS)
        self._invalidate(of(Invalidate))
        self._see_live([*of(CreateEvent), *of(UpdateEvent)])
        self.outcome.live = True
        self._each("crew calls", [*of(CreateEvent), *of(UpdateEvent), *of(CancelEvent)], self._event)
        self._each("calendar", [*of(PutCalendar), *of(DeleteCalendar)], self._entry)
        self._each("crew members who left", of(DeleteCrewMember), self._delete_member)

    def _of(self, kind: type[Any]) -> list[Any]:
        return [action for action in self._plan.actions if isinstance(action, kind)]

    def _each(
        self, words: str, actions: Iterable[Action], effect: Callable[[Any], None], *, threads: int | None = None
    ) -> None:
        """Run `effect` for each action, some at a time, renewing the lease meanwhile."""
        left = list(reversed(list(actions)))
        total = len(left)
        if not total:
            return
        threads = threads or min(CALLS, 1 + total // 10)
        with ThreadPoolExecutor(min(threads, total)) as pool:
            running: set[Future[None]] = set()
            while left or running:
                self._progress.step(words, done=total - len(left) - len(running), total=total)
                while left and len(running) < threads:
                    running.add(pool.submit(self._guarded, effect, left.pop()))
                finished, running = wait(running, timeout=1, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                self._lease.renew()
        self._progress.step(words, done=total, total=total)

    def _guarded(self, effect: Callable[[Any], None], action: Action) -> None:
        self._lease.check()
        effect(action)

    def _put_member(self, action: PutCrewMember) -> None:
        self._world.crew.put_member(self._release.crew[action.member], serial=self._serial)
        self.outcome.crew.add(action.member)

    def _delete_member(self, action: DeleteCrewMember) -> None:
        self._world.crew.delete_member(action.member, serial=self._serial)
        self.outcome.crew.add(action.member)

    def _put(self, action: Put) -> None:
        file = self._release.files[action.subject]
        forms = {slot.name: self._form(slot, action) for slot in file.slots}
        try:
            body = fill(self._folder.body(file), forms=forms, serial=self._serial)
        except DocumentError as error:
            raise PublishError(f"{action.subject} cannot be filled: {error}", hint="run `castoff check`") from error
        before = self._lease.state.files.get(action.subject)
        stored = self._world.objects.put(
            file.site,
            file.key,
            body,
            content_type=file.content_type,
            cache_control=file.cache_control,
            etag=before.etag if before else None,
        )
        if file.slots:
            ends = [form.expires if (form := forms[slot.name]) else self._until(slot) for slot in file.slots]
            self.outcome.forms[action.subject] = min(ends, key=datetime.fromisoformat)
        self.outcome.written[action.subject] = stored
        self._filled[action.subject] = body

    def _until(self, slot: Slot) -> str:
        """Return until when a form is to live: for as long as can be signed, but not after its window."""
        longest = datetime.fromisoformat(self._release.as_of) + LONGEST_SIGNATURE
        return min(longest, datetime.fromisoformat(slot.closes)).isoformat()

    def _form(self, slot: Slot, action: Put) -> Form | None:
        """Return a form that lives until the next run; None on an example site, when that is over by the real clock."""
        until = self._until(slot)
        if datetime.fromisoformat(until).timestamp() <= self._world.clock.now():
            if self._example:
                return None
            raise PublishError(
                f"the upload form of {action.subject} would be dead: {until} has passed",
                hint="publish without `--as-of`",
            )
        form = self._world.crew.presign(slot, until=until)
        if not lasts(form.expires, slot, next_run=self._release.next_run):
            raise PublishError(
                f"the upload form of {action.subject} would die at {form.expires},"
                f" before the next run at {self._release.next_run}",
                hint="publish more often, and say so in castoff.yaml (`uploads.next_run`)",
            )
        return form

    def _delete(self, action: Delete) -> None:
        before = self._lease.state.files[action.subject]
        if before.etag is not None:
            self._world.objects.delete(action.site, action.key, etag=before.etag)
        self.outcome.deleted.add(action.subject)

    def _invalidate(self, actions: list[Invalidate]) -> None:
        """Ask every distribution first, then wait for all: no crew is called to a page that a cache still has."""
        pending = []
        for action in actions:
            self._lease.check()
            reference = f"castoff-{self._serial}-{self._plan.digest[:16]}-{action.site.value}"
            found = self._world.distributions.invalidate(action.site, action.paths, reference=reference)
            pending.append((action.site, found))
        self._await(
            f"invalidation of {' and '.join(action.subject for action in actions)}",
            lambda: all(self._world.distributions.completed(site, found) for site, found in pending),
            seconds=INVALIDATION_SECONDS,
            hint="run `castoff publish` again once CloudFront answers",
        )

    def _see_live(self, actions: list[CreateEvent | UpdateEvent]) -> None:
        """Wait until the guest page behind each call shows the bytes that were just written."""
        for action in actions:
            url = self._release.bookings[action.booking].guest_url
            body = self._guest_page(url)
            if body is None:
                continue
            self._await(
                f"page {url} to show what was written",
                lambda url=url, body=body: self._world.web.fetch(url) == body,  # type: ignore[misc]
                seconds=LIVE_SECONDS,
                hint="no crew was called; check the distribution's origin and function, then publish again",
            )

    def _guest_page(self, url: str) -> bytes | None:
        """Return the bytes of this publish behind a guest's URL, or None where it wrote none."""
        return self._filled.get(f"guest/g/{url.rpartition('/')[2]}.html")

    def _await(self, words: str, done: Callable[[], bool], *, seconds: float, hint: str) -> None:
        clock = self._world.clock
        started = clock.monotonic()
        pause = 0.05
        while not done():
            if clock.monotonic() - started > seconds:
                raise PublishError(f"waited {seconds:.0f} s for the {words}, in vain", hint=hint)
            self._progress.step(f"waiting for the {words}")
            clock.sleep(pause)
            pause = min(2.0, pause * 1.5)
            self._lease.renew()

    def _event(self, action: CreateEvent | UpdateEvent | CancelEvent) -> None:
        crew, serial, booking = self._world.crew, self._serial, action.booking
        match action:
            case CreateEvent():
                payload = dict(self._release.bookings[booking].event or {})
                event = _held(crew.create_event(booking, payload, serial=serial), payload)
            case UpdateEvent():
                payload = dict(self._release.bookings[booking].event or {})
                changes = {name: ({"status": "scheduled"} | payload)[name] for name in action.changed}
                event = _held(crew.update_event(action.event, changes, serial=serial), payload)
            case CancelEvent():
                event = crew.cancel_event(action.event, serial=serial)
            case _:
                assert_never(action)
        self.outcome.events[booking] = event

    def _entry(self, action: PutCalendar | DeleteCalendar) -> None:
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
        self.outcome.calendar.add(action.booking)


def _held(event: PublishedEvent, payload: Mapping[str, Any]) -> PublishedEvent:
    """Return the event with what the service says it holds of each field, and what was sent where it says nothing."""
    return replace(event, fields={name: event.fields.get(name, mark) for name, mark in event_fields(payload).items()})
