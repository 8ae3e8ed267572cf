"""A world in memory that keeps the ports' promises: conditional writes, one event a booking, mails that can be counted.

The real services stand behind the same ports in `tests/story`; here every step can be made to fail or to be the last.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from castoff.contract.mails import members_of
from castoff.contract.release import headers_digest
from castoff.contract.slots import Form
from castoff.contract.state import PublishedEvent, State
from castoff.contract.tickets import upload_prefix
from publisher.errors import ConflictError, PublishError
from publisher.events import event_fields
from publisher.ports import Loaded, Stored, World
from publisher.record import Record
from publisher.seen import Part, Seen, Shown
from publisher.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from castoff.contract.release import CrewMember, Site
    from castoff.contract.slots import Slot
    from publisher.ports import Reads, Write
    from publisher.seen import Wish


class KilledError(BaseException):
    """The publisher's process ends here: nothing of it runs afterwards."""


@dataclass
class Clock:
    """A clock that stands still until someone waits."""

    time: float = 1_716_900_000.0

    def now(self) -> float:
        """Return seconds since 1970."""
        return self.time

    def monotonic(self) -> float:
        """Return the same clock's seconds."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds


@dataclass
class Services:
    """The whole world: `step` is called before and after each effect with its name, and may raise."""

    objects_at: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    headers_at: dict[str, str] = field(default_factory=dict)
    state_at: tuple[str, str] | None = None
    state_written: float = 0.0
    cached: dict[str, bytes] = field(default_factory=dict)
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    fences: dict[str, int] = field(default_factory=dict)
    owed: dict[str, list[str]] = field(default_factory=dict)
    signed: int = 0
    signs_for: timedelta = timedelta(days=7)
    invalidated: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    step: Callable[[str], None] = lambda _name: None
    clock: Clock = field(default_factory=Clock)
    at_the_gate: dict[str, tuple[int, str]] = field(default_factory=dict)
    """What a stranger is answered at a site's domain that has no function."""
    ahead: float = 0.0
    """Seconds by which S3's clock is ahead of the publisher's."""
    records: dict[int, str] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)

    @property
    def s3_clock(self) -> Clock:
        """The clock by which S3 dates what it answers and keeps."""
        return Clock(self.clock.time + self.ahead)

    def ports(self) -> World:
        """Return the ports of this world."""
        return World(
            _Objects(self),
            _States(self),
            _Distributions(self),
            _Crew(self),
            _Calendar(self),
            _Web(self),
            self.clock,
            _Records(self),
            _Survey(self),
            "https://ops.example.com/ops/",
        )

    def fence(self, subject: str, serial: int | None) -> None:
        """Refuse a serial lower than the last that was seen for a subject, as the services do."""
        if serial is not None and serial < self.fences.get(subject, 0):
            raise PublishError(f"stale serial for {subject}")
        self.fences[subject] = max(self.fences.get(subject, 0), serial or 0)

    def mail(self, booking: str, *words: str) -> None:
        """Send mail, what is owed from before first; where `step` refuses, all of it stays owed."""
        self.owed.setdefault(booking, []).extend(words)
        if self.owed[booking]:
            self.step(f"mail of {booking}")
        self.mails += self.owed.pop(booking)

    def effect(self, name: str, change: Callable[[], Any]) -> Any:
        """Do one effect, with a chance to break off before it and after it."""
        self.calls.append(name)
        self.step(f"before {name}")
        result = change()
        self.step(f"after {name}")
        return result


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


@dataclass
class _Objects:
    world: Services

    def put(self, write: Write) -> Stored:
        assert write.content_type
        assert write.cache_control
        path = f"{write.site.value}/{write.key}"

        def change() -> Stored:
            there = self.world.objects_at.get(path)
            if (there[1] if there else None) != (write.etag or None):
                raise ConflictError(f"{path} is not what was left there")
            self.world.objects_at[path] = (write.body, _etag(write.body))
            self.world.headers_at[path] = headers_digest(write.content_type, write.cache_control)
            return Stored(_etag(write.body), None)

        stored: Stored = self.world.effect(f"put {path}", change)
        return stored

    def writes(self) -> Threads[Write, Stored]:
        return Threads(self.put, most=8)

    def delete(self, site: Site, key: str, *, etag: str) -> None:
        assert etag
        path = f"{site.value}/{key}"

        def change() -> None:
            there = self.world.objects_at.get(path)
            if there and there[1] != etag:
                raise ConflictError(f"{path} is not what was left there")
            self.world.objects_at.pop(path, None)

        self.world.effect(f"delete {path}", change)

    def head(self, site: Site, key: str) -> Stored | None:
        there = self.world.objects_at.get(f"{site.value}/{key}")
        return Stored(there[1], None) if there else None


@dataclass
class _States:
    world: Services

    def load(self) -> Loaded:
        self.world.calls.append("load state")
        if self.world.state_at is None:
            return Loaded(State(), None, 0.0, self.world.s3_clock.now())
        text, etag = self.world.state_at
        now = self.world.s3_clock.now()
        return Loaded(State.from_json(text), etag, now - self.world.state_written, now)

    def again(self, loaded: Loaded) -> Loaded:
        if self.world.state_at is None or self.world.state_at[1] != loaded.etag:
            return self.load()
        self.world.calls.append("look at state")
        now = self.world.s3_clock.now()
        return replace(loaded, age=now - self.world.state_written, now=now)

    def save(self, state: State, *, etag: str | None) -> str:
        def change() -> str:
            if (self.world.state_at[1] if self.world.state_at else None) != etag:
                raise ConflictError("the state is another")
            text = state.to_json()
            self.world.state_at = (text, _etag(text.encode()))
            self.world.state_written = self.world.s3_clock.now()
            return self.world.state_at[1]

        saved: str = self.world.effect("save state", change)
        return saved


@dataclass
class _Records:
    world: Services

    def write(self, record: Record) -> None:
        def change() -> None:
            if self.world.records.setdefault(record.serial, record.to_json()) != record.to_json():
                raise ConflictError("there is another record of this serial")

        self.world.effect("write record", change)

    def serials(self, *, after: int = 0) -> list[int]:
        return sorted(serial for serial in self.world.records if serial > after)

    def read(self, serial: int) -> Record:
        return Record.from_json(self.world.records[serial])


@dataclass
class _Distributions:
    world: Services

    def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
        assert reference

        def change() -> str:
            self.world.invalidated.append((site.value, paths))
            for path in list(self.world.cached):
                if any(_matches(path, f"{site.value}{pattern}") for pattern in paths):
                    del self.world.cached[path]
            return str(len(self.world.invalidated))

        made: str = self.world.effect(f"invalidate {site.value}", change)
        return made

    def completed(self, site: Site, invalidation: str) -> bool:
        assert site
        assert invalidation
        return True


def _matches(path: str, pattern: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


@dataclass
class _Crew:
    world: Services

    def put_member(self, member: CrewMember, *, serial: int) -> None:
        self.world.fence(member.id, serial)
        self.world.effect(f"put member {member.id}", lambda: self.world.members.update({member.id: member.to_json()}))

    def delete_member(self, member: str, *, serial: int) -> None:
        self.world.fence(member, serial)
        self.world.effect(f"delete member {member}", lambda: self.world.members.pop(member, None))

    def find_event(self, booking: str, *, serial: int | None) -> PublishedEvent | None:
        self.world.fence(booking, serial)
        event = self.world.events.get(booking)
        return self._published(event) if event else None

    def create_event(self, booking: str, payload: Mapping[str, Any], *, serial: int) -> PublishedEvent:
        self.world.fence(booking, serial)

        def change() -> PublishedEvent:
            if booking in self.world.events:
                return self._update(booking, {"status": "scheduled", **payload})
            self.world.events[booking] = {"event_id": f"e-{booking}", "status": "scheduled", "revision": 1, **payload}
            self.world.mail(booking, *(f"{booking} call {member}" for member in payload["crew_ids"]))
            return self._published(self.world.events[booking])

        event: PublishedEvent = self.world.effect(f"create event {booking}", change)
        return event

    def update_event(self, event: str, changes: Mapping[str, Any], *, serial: int) -> PublishedEvent:
        booking = event.removeprefix("e-")
        self.world.fence(booking, serial)
        updated: PublishedEvent = self.world.effect(f"update event {booking}", lambda: self._update(booking, changes))
        return updated

    def cancel_event(self, event: str, *, serial: int) -> PublishedEvent:
        booking = event.removeprefix("e-")
        self.world.fence(booking, serial)

        def change() -> PublishedEvent:
            known = self.world.events[booking]
            words: list[str] = []
            if known["status"] != "cancelled":
                known.update(status="cancelled", revision=known["revision"] + 1)
                words = [f"{booking} cancelled {member}" for member in known["crew_ids"]]
            self.world.mail(booking, *words)
            return self._published(known)

        cancelled: PublishedEvent = self.world.effect(f"cancel event {booking}", change)
        return cancelled

    def presign(self, slot: Slot, *, until: str) -> Form:
        """Sign as the real service does: for as long as is asked, seven days from now at most."""
        longest = datetime.fromtimestamp(self.world.clock.now(), tz=UTC) + self.world.signs_for
        expires = min(datetime.fromisoformat(until), longest).astimezone(UTC).isoformat()

        def change() -> Form:
            self.world.signed += 1
            fields = {"key": upload_prefix(slot.booking, slot.audience) + "${filename}", "n": str(self.world.signed)}
            return Form("https://uploads.example.com/", fields, expires, "1.k.ticket")

        form: Form = self.world.effect(f"presign {slot.booking} {slot.audience.value}", change)
        return form

    def send_link(self, member: str, *, subject: str) -> None:
        """Mail a link."""
        self.world.effect(f"send link {member}", lambda: self.world.mails.append(f"{subject} link {member}"))

    def _update(self, booking: str, changes: Mapping[str, Any]) -> PublishedEvent:
        known = self.world.events[booking]
        changed = sorted(name for name, value in changes.items() if known.get(name) != value)
        words: list[str] = []
        if changed:
            known.update(changes, revision=known["revision"] + 1)
            words = [f"{booking} changed {' '.join(changed)} {member}" for member in known["crew_ids"]]
        self.world.mail(booking, *words)
        return self._published(known)

    def _published(self, event: dict[str, Any]) -> PublishedEvent:
        """Answer as the real service does: whole numbers come back without their point."""
        own = {"event_id", "status", "revision"}
        fields = {name: value for name, value in event.items() if name not in own}
        fields["duration_hours"] = int(fields["duration_hours"])
        known = event_fields(fields)
        return PublishedEvent(event["event_id"], event["revision"], event["status"], known, members_of(event))


@dataclass
class _Calendar:
    world: Services

    def put(self, booking: str, entry: Mapping[str, Any], *, serial: int) -> None:
        self.world.fence(f"entry {booking}", serial)
        self.world.effect(f"put entry {booking}", lambda: self.world.entries.update({booking: dict(entry)}))

    def delete(self, booking: str, *, serial: int) -> None:
        self.world.fence(f"entry {booking}", serial)
        self.world.effect(f"delete entry {booking}", lambda: self.world.entries.pop(booking, None))

    def has(self, booking: str, *, serial: int | None) -> bool:
        self.world.fence(f"entry {booking}", serial)
        return booking in self.world.entries


@dataclass
class _Web:
    """A cache in front of the buckets: what was once fetched stays until it is invalidated."""

    world: Services

    def fetch(self, url: str) -> bytes | None:
        path = "guest" + url.removeprefix("https://guest.example.com")
        if path not in self.world.cached:
            there = self.world.objects_at.get(f"{path}.html")
            if there is None:
                return None
            self.world.cached[path] = there[0]
        return self.world.cached[path]

    def ask(self, url: str) -> tuple[int, str]:
        """Turn a stranger away from a crew page, as the function at the edge does."""
        self.world.effect(f"ask {url}", lambda: None)
        login = url.removesuffix("/ops/") + "/crew/ops" if url.endswith("/ops/") else url.replace("/g/", "/crew/")
        return self.world.at_the_gate.get(url.split("/")[2], (302, login.removesuffix("-crew")))


@dataclass
class _Survey:
    """What stands, as the services themselves would tell it."""

    world: Services

    def see(self, wish: Wish, state: State, *, reads: Reads) -> Seen:
        world, web = self.world, _Web(self.world)
        assert state.files.keys() >= set(wish.files)
        shown = {key: web.fetch(url) for key, (url, _) in wish.pages.items()}
        headers: dict[str, str] = {}

        def head(path: str) -> None:
            if path in world.objects_at:
                headers[path] = world.headers_at[path]

        reads.each("looking at what stands", wish.files, head, threads=2)
        return Seen(
            objects={path: etag for path, (_, etag) in world.objects_at.items()},
            headers=headers,
            pages={
                key: Shown.MISSING
                if shown[key] is None
                else Shown.LIVE
                if _etag(shown[key] or b"") == state.files[path].etag
                else Shown.OTHER
                for key, (_, path) in wish.pages.items()
            },
            events={key: world.events[key] for key in wish.bookings if key in world.events},
            entries={key: world.entries[key] for key in wish.bookings if key in world.entries},
            members=frozenset(world.members),
            silent={Part(part): why for part, why in world.silent.items()},
        )


class Line:
    """A history of one line: commits are numbers, and a smaller one is an ancestor of a greater."""

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether one number is at most the other."""
        return int(older) <= int(newer)

    def knows(self, commit: str) -> bool:
        """Tell whether it is a number."""
        return commit.isdigit()

    def commit_of(self, ref: str) -> str | None:
        """Return a number as it is."""
        return ref if self.knows(ref) else None


class Silent:
    """Progress that nobody sees; `warned` is what was said all the same."""

    def __init__(self) -> None:
        self.warned: list[str] = []

    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Say nothing."""

    def warn(self, words: str) -> None:
        """Keep it."""
        self.warned.append(words)


@dataclass
class Impatient(Silent):
    """Progress at which somebody looks who asks to stop once `most` of a step are done."""

    words: str
    most: int
    seen: list[tuple[int, int]] = field(default_factory=list)

    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Keep how far that step is, of how many."""
        super().step(words, done=done, total=total, sent=sent, size=size)
        if words == self.words:
            self.seen.append((done, total))

    def asked(self) -> bool:
        """Tell whether they ask."""
        return any(done >= self.most for done, _ in self.seen)


def without_serial(state: State) -> State:
    """Return a state without what two ways to the same world may differ in: serials, history, ETags, revisions."""
    files = {path: replace(file, etag="", version=None) for path, file in state.files.items()}
    bookings = {key: replace(booking, since=0) for key, booking in state.bookings.items()}
    return replace(state, serial=0, history=(), files=files, bookings=bookings)


def broken(_name: str) -> None:
    """Fail every effect."""
    raise PublishError("the service is down", hint="wait")
