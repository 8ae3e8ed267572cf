"""The published state: what the last publish made true, and while one is at work its lease, journal and fence.

It lives gzipped as `state.json.gz` in a bucket that no distribution serves, and is written by compare-and-swap only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import Fields, canonical, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
UNKNOWN: Final = ""
"""In place of a digest or a status, in a state: there is something, and nobody knows what; it equals nothing, so that
it is made or said again. It is not None, which says that there is nothing; of objects, whose digest is None where it
is not known, the ETag says whether there is one."""
REMOVED: Final = "removed"
"""The status of a booking whose file is gone, while its event, cancelled, could come back."""
OFF: Final = frozenset({"cancelled", REMOVED})
"""The statuses of a booking that does not sail."""
HISTORY = 20
"""Releases kept in `history`: enough to see a week of publishes, small beside the files."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """An object as it was written; `sha256` None means that it is not known what stands there, `etag` None nothing.

    `headers` is a digest of the headers alone, which tells a changed header from a changed body; `form_expires` is
    when the first of its upload forms dies (ISO 8601).
    """

    sha256: str | None
    etag: str | None
    headers: str = ""
    version: str | None = None
    form_expires: str | None = None
    booking: str | None = None
    size: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; absent fields are left out, since ten thousand bookings have fifty thousand files."""
        value: dict[str, Any] = {
            "sha256": self.sha256,
            "etag": self.etag,
            "headers": self.headers,
            "size": self.size,
        }
        optional = {"version": self.version, "form_expires": self.form_expires, "booking": self.booking}
        return value | {name: text for name, text in optional.items() if text is not None}

    @classmethod
    def read(cls, value: Any, place: str) -> PublishedFile:
        """Read the JSON form, and name its place only where it is wrong: of fifty thousand, all are mostly right."""
        try:
            found = cls(
                value["sha256"],
                value["etag"],
                value["headers"],
                value.get("version"),
                value.get("form_expires"),
                value.get("booking"),
                value["size"],
            )
        except (KeyError, TypeError, AttributeError):
            return cls.from_json(Fields(value, place))
        if type(found.size) is int and type(found.headers) is str and _OPTIONAL.issuperset(map(type, _texts(found))):
            return found
        return cls.from_json(Fields(value, place))

    @classmethod
    def from_json(cls, fields: Fields) -> PublishedFile:
        """Read the JSON form."""
        return cls(
            sha256=fields.optional_text("sha256"),
            etag=fields.optional_text("etag"),
            headers=fields.text("headers"),
            version=fields.optional_text("version"),
            form_expires=fields.optional_text("form_expires"),
            booking=fields.optional_text("booking"),
            size=fields.integer("size"),
        )


_OPTIONAL: Final = frozenset({str, type(None)})
_texts: Final = attrgetter("sha256", "etag", "version", "form_expires", "booking")


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """A crew call as ShipCaptainCrew confirmed it; `fields` has a digest a field, so that none of its text is kept.

    `aboard` are the members that it holds, the captain first: whoever is taken off is told.
    """

    id: str
    revision: int
    status: str
    fields: Mapping[str, str]
    aboard: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "id": self.id,
            "revision": self.revision,
            "status": self.status,
            "fields": dict(self.fields),
            "aboard": list(self.aboard),
        }

    @classmethod
    def from_json(cls, fields: Fields) -> PublishedEvent:
        """Read the JSON form."""
        return cls(
            id=fields.text("id"),
            revision=fields.integer("revision"),
            status=fields.text("status"),
            fields=fields.named_texts("fields"),
            aboard=fields.texts("aboard"),
        )


@dataclass(frozen=True, slots=True)
class PublishedBooking:
    """A booking as it was published: what it was rendered from, and what the services hold of it.

    `since` is the serial of the first publish that made all of it true, 0 while none did: until then its guest has no
    link yet. A booking that was removed stays, as status `removed`, while its event could come back.
    """

    input: str
    status: str
    ends: str
    since: int = 0
    event: PublishedEvent | None = None
    calendar: str | None = None
    carry: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; `calendar` is the digest of the entry that the dashboard confirmed."""
        return {
            "input": self.input,
            "status": self.status,
            "ends": self.ends,
            "since": self.since,
            "event": self.event and self.event.to_json(),
            "calendar": self.calendar,
            "carry": dict(self.carry),
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, fields: Fields) -> PublishedBooking:
        """Read the JSON form."""
        event = fields.optional_mapping("event")
        return cls(
            input=fields.text("input"),
            status=fields.text("status"),
            ends=fields.text("ends"),
            since=fields.integer("since"),
            event=None if event is None else PublishedEvent.from_json(Fields(event, f"{fields.place}.event")),
            calendar=fields.optional_text("calendar"),
            carry=fields.mapping("carry"),
            facts=fields.named_texts("facts"),
        )


@dataclass(frozen=True, slots=True)
class Intents:
    """Everything that a publish may touch, written down before it touches the first.

    `strays` are objects that no publish wrote: of those only that they are gone is anybody's business afterwards.
    """

    files: tuple[str, ...] = ()
    crew: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    calendar: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "files": list(self.files),
            "crew": list(self.crew),
            "events": list(self.events),
            "calendar": list(self.calendar),
            "strays": list(self.strays),
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Intents:
        """Read the JSON form."""
        return cls(
            files=fields.texts("files"),
            crew=fields.texts("crew"),
            events=fields.texts("events"),
            calendar=fields.texts("calendar"),
            strays=fields.texts("strays"),
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that publishes: the machine's boot, the process and its start, so that a dead one can be proven."""

    machine: str
    pid: int
    started: str
    name: str

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"machine": self.machine, "pid": self.pid, "started": self.started, "name": self.name}

    @classmethod
    def from_json(cls, fields: Fields) -> Holder:
        """Read the JSON form."""
        return cls(
            machine=fields.text("machine"),
            pid=fields.integer("pid"),
            started=fields.text("started"),
            name=fields.text("name"),
        )


@dataclass(frozen=True, slots=True)
class InProgress:
    """A publish at work, or one that broke off: who, which commit, and everything that it may have touched.

    `lease` is in seconds from the state's last writing; 0 once the holder has given up. `renewed` counts renewals, and
    `token` is drawn anew for each lease, so that no two writings of the state share an ETag, by whomever. `as_of` is
    the instant that the release was built for (ISO 8601).
    """

    holder: Holder
    commit: str
    lease: float
    intents: Intents
    renewed: int = 0
    as_of: str = ""
    token: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "holder": self.holder.to_json(),
            "commit": self.commit,
            "lease": self.lease,
            "intents": self.intents.to_json(),
            "renewed": self.renewed,
            "as_of": self.as_of,
            "token": self.token,
        }

    @classmethod
    def from_json(cls, fields: Fields) -> InProgress:
        """Read the JSON form."""
        return cls(
            holder=Holder.from_json(Fields(fields.mapping("holder"), f"{fields.place}.holder")),
            commit=fields.text("commit"),
            lease=fields.number("lease"),
            intents=Intents.from_json(Fields(fields.mapping("intents"), f"{fields.place}.intents")),
            renewed=fields.integer("renewed"),
            as_of=fields.text("as_of"),
            token=fields.text("token"),
        )


@dataclass(frozen=True, slots=True)
class Published:
    """One line of history: a publish, by whom (a workflow or machine), how many bookings became what.

    With `broke_off` its actions are what it had done, where it could still say so, and 0 where it could not.
    """

    serial: int
    commit: str
    at: str
    actions: int
    by: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    broke_off: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "serial": self.serial,
            "commit": self.commit,
            "at": self.at,
            "actions": self.actions,
            "by": self.by,
            "counts": dict(self.counts),
            "broke_off": self.broke_off,
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Published:
        """Read the JSON form."""
        return cls(
            serial=fields.integer("serial"),
            commit=fields.text("commit"),
            at=fields.text("at"),
            actions=fields.integer("actions"),
            by=fields.text("by"),
            counts=fields.named_integers("counts"),
            broke_off=fields.flag("broke_off"),
        )


@dataclass(frozen=True, slots=True)
class State:
    """The whole published state; the empty one, serial 0, is what stands before the first publish.

    `as_of` is the instant for which what is live was built (ISO 8601). `late` has the paths that a publisher which was
    taken over could still write or delete past its fence, each with the serial of the take-over: they are looked at.
    `release` is the digest of the release that is live, whole; empty while one is at work, and until the next is.
    """

    serial: int = 0
    target: str = ""
    commit: str = ""
    as_of: str = ""
    files: Mapping[str, PublishedFile] = field(default_factory=dict)
    bookings: Mapping[str, PublishedBooking] = field(default_factory=dict)
    crew: Mapping[str, str] = field(default_factory=dict)
    history: tuple[Published, ...] = ()
    in_progress: InProgress | None = None
    late: Mapping[str, int] = field(default_factory=dict)
    release: str = ""

    @property
    def whole(self) -> str:
        """The digest of the release that is live with nobody at work and nothing left to look at, else empty."""
        return self.release if self.in_progress is None and not self.late else ""

    def to_json(self) -> str:
        """Return the text that is gzipped into `state.json.gz`."""
        return canonical(
            {
                "format": FORMAT,
                "serial": self.serial,
                "target": self.target,
                "commit": self.commit,
                "as_of": self.as_of,
                "files": {path: file.to_json() for path, file in self.files.items()},
                "bookings": {key: booking.to_json() for key, booking in self.bookings.items()},
                "crew": dict(self.crew),
                "history": [line.to_json() for line in self.history],
                "in_progress": self.in_progress and self.in_progress.to_json(),
                "late": dict(self.late),
                "release": self.release,
            },
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> State:
        """Read that text; raise DocumentError with the place of what is wrong."""
        fields = parse(text, name="state.json")
        working = fields.optional_mapping("in_progress")
        files = fields.mapping("files")
        return cls(
            serial=fields.integer("serial"),
            target=fields.text("target"),
            commit=fields.text("commit"),
            as_of=fields.text("as_of"),
            files={path: PublishedFile.read(value, f"state.json.files.{path}") for path, value in files.items()},
            bookings={key: PublishedBooking.from_json(value) for key, value in fields.named("bookings").items()},
            crew=fields.named_texts("crew"),
            history=tuple(map(Published.from_json, fields.objects("history"))),
            in_progress=None if working is None else InProgress.from_json(Fields(working, "state.json.in_progress")),
            late=fields.named_integers("late"),
            release=fields.text("release"),
        )
