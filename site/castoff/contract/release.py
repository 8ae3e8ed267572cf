"""The release: everything that one build wants to be true in the world, as one value with one JSON form.

`build/release.json` holds it, a line a booking and a line a file; `build/public/<site>/<key>` the bodies;
`build/private.json` the money that settings let through to the calendar. Whoever makes these three has made a
release; the publisher asks for nothing else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from castoff.contract.document import DocumentError, Fields, canonical, parse
from castoff.contract.lines import entry, name_of, quoted, whole
from castoff.contract.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from castoff.contract.lines import Section

FORMAT = 1
_OWNED: Final = b'":{"booking":"'
_UNOWNED: Final = b'":{"cache_control":"'
"""What follows a file's path in its line, by whether a booking explains it."""


class Site(StrEnum):
    """The two sites: what guests see, and what only the operator sees."""

    GUEST = "guest"
    OPS = "ops"


def file_digest(body: bytes, *, content_type: str, cache_control: str, slots: tuple[Slot, ...] = ()) -> str:
    """Return the SHA-256, in hex, over headers, slots and unfilled body: S3's ETag leaves headers out."""
    hashed = hashlib.sha256(f"{content_type}\n{cache_control}\n".encode())
    if slots:
        hashed.update(canonical([slot.to_json() for slot in slots]).encode())
    hashed.update(body)
    return hashed.hexdigest()


def headers_digest(content_type: str, cache_control: str) -> str:
    """Return a short digest of an object's headers alone."""
    return hashlib.sha256(f"{content_type}\n{cache_control}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class File:
    """One object: where it goes, its digest over headers, slots and unfilled body, and the booking that explains it."""

    site: Site
    key: str
    sha256: str
    size: int
    content_type: str
    cache_control: str
    booking: str | None = None
    slots: tuple[Slot, ...] = ()

    @property
    def path(self) -> str:
        """Site and key as one name: how files are known in the state, in plans and below `build/public/`."""
        return f"{self.site.value}/{self.key}"

    @property
    def immutable(self) -> bool:
        """Whether the key is made of the body's hash, so that its bytes never change."""
        return "immutable" in self.cache_control

    @property
    def headers(self) -> str:
        """A short digest of the headers alone."""
        return headers_digest(self.content_type, self.cache_control)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; `site` and `key` are the name that it stands under."""
        value: dict[str, Any] = {
            "sha256": self.sha256,
            "size": self.size,
            "content_type": self.content_type,
            "cache_control": self.cache_control,
        }
        if self.booking is not None:
            value["booking"] = self.booking
        if self.slots:
            value["slots"] = [slot.to_json() for slot in self.slots]
        return value

    def line(self) -> bytes:
        """Return its line in `release.json`; spelled out, since there are five a booking."""
        if self.slots:
            return entry(self.path, self.to_json())
        booking = "" if self.booking is None else f'"booking":{_quoted(self.booking)},'
        headers = f'"cache_control":{_quoted(self.cache_control)},"content_type":{_quoted(self.content_type)}'
        return f'{quoted(self.path)}:{{{booking}{headers},"sha256":"{self.sha256}","size":{self.size}}}'.encode()

    @classmethod
    def from_json(cls, path: str, fields: Fields) -> File:
        """Read the JSON form that stands under `path`."""
        site, key = _split_file(path, place=fields.place)
        return cls(
            site=site,
            key=key,
            sha256=fields.text("sha256"),
            size=fields.integer("size"),
            content_type=fields.text("content_type"),
            cache_control=fields.text("cache_control"),
            booking=fields.optional_text("booking"),
            slots=tuple(map(Slot.from_json, fields.objects("slots"))) if "slots" in fields.value else (),
        )


def files_of(files: Section, bookings: Collection[str]) -> dict[str, list[str]]:
    """Return the paths of the files of some bookings, by booking, from lines of which nothing else is read.

    A file's line begins with its path, and its booking comes next.
    """
    found: dict[str, list[str]] = {}
    text = files.text
    for at in _places(files, _OWNED) if bookings else ():
        start = at + len(_OWNED)
        booking = text[start : text.index(b'"', start)].decode()
        if booking in bookings:
            found.setdefault(booking, []).append(_path_before(text, at))
    return found


def files_of_none(files: Section) -> list[str]:
    """Return the paths of the files that no booking explains, from lines of which nothing else is read."""
    return [_path_before(files.text, at) for at in _places(files, _UNOWNED)]


def _places(files: Section, words: bytes) -> Iterator[int]:
    """Yield where these bytes stand in the lines."""
    at = files.text.find(words, files.first, files.last)
    while at >= 0:
        yield at
        at = files.text.find(words, at + len(words), files.last)


def _path_before(text: bytes, at: int) -> str:
    return name_of(text[text.rfind(b"\n", 0, at) + 1 : at + 1])


def split_path(path: str, *, place: str) -> tuple[Site, str]:
    """Return site and key of an object, whoever wrote it; raise DocumentError for an unknown site."""
    site, _, key = path.partition("/")
    if site not in set(Site):
        raise DocumentError(f"{place}: `{site}` is not a site; sites are {', '.join(Site)}")
    return Site(site), key


def _split_file(path: str, *, place: str) -> tuple[Site, str]:
    """Return site and key of a release's file; raise DocumentError for a key that climbs out of its folder, too."""
    site, key = split_path(path, place=place)
    if not key or key.startswith("/") or any(part in ("", ".", "..") for part in key.split("/")):
        raise DocumentError(f"{place}: `{key}` is not a key")
    return site, key


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Someone whom ShipCaptainCrew must know before an event names them."""

    id: str
    name: str
    role: str
    email: str
    phone: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form, which is also the body of `PUT /crew-members/{id}`."""
        value = {"name": self.name, "role": self.role, "email": self.email}
        return value if self.phone is None else {**value, "phone": self.phone}

    @classmethod
    def from_json(cls, member: str, fields: Fields) -> CrewMember:
        """Read the JSON form that stands under the member's id."""
        return cls(
            id=member,
            name=fields.text("name"),
            role=fields.text("role"),
            email=fields.text("email"),
            phone=fields.optional_text("phone"),
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """What one booking wants of the services; instants are ISO 8601 with offset, payloads hold no money.

    `event` and `calendar` are the bodies of the crew call and of the calendar entry, or None where there shall be
    none. `next` is the next instant at which its bytes change. `facts` are text by label, see `facts`: stored, compared
    and shown. `carry` is stored and given back, not understood.
    """

    id: str
    status: str
    input: str
    ends: str
    next: str | None
    guest_url: str
    crew_url: str
    event: Mapping[str, Any] | None
    calendar: Mapping[str, Any] | None
    carry: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; `id` is the name that it stands under."""
        return {
            "status": self.status,
            "input": self.input,
            "ends": self.ends,
            "next": self.next,
            "guest_url": self.guest_url,
            "crew_url": self.crew_url,
            "event": self.event,
            "calendar": self.calendar,
            "carry": self.carry,
            "facts": dict(self.facts),
        }

    def line(self) -> bytes:
        """Return its line in `release.json`."""
        return entry(self.id, self.to_json())

    @classmethod
    def from_json(cls, booking: str, fields: Fields) -> Booking:
        """Read the JSON form that stands under the booking's id."""
        return cls(
            id=booking,
            status=fields.text("status"),
            input=fields.text("input"),
            ends=fields.instant("ends"),
            next=fields.optional_text("next"),
            guest_url=fields.text("guest_url"),
            crew_url=fields.text("crew_url"),
            event=fields.optional_mapping("event"),
            calendar=fields.optional_mapping("calendar"),
            carry=fields.mapping("carry"),
            facts=fields.named_texts("facts"),
        )


@dataclass(frozen=True, slots=True)
class Release:
    """One build, whole: files by site and key, crew, bookings, and the bookings reused from the published state.

    `as_of` is the instant that it was built for, `next_run` when the next publish comes at the latest: a form must
    last until then; `next` the next instant at which the clock changes a page of no booking, such as the board, or one
    of a reused booking (all ISO 8601 with offset). `gated` says that crew pages are for nobody without a login.
    `withheld` are the bookings that were published and are not to be seen any more, and why: `draft` or `hold`.
    """

    generator: str
    target: str
    commit: str
    as_of: str
    next_run: str
    files: Mapping[str, File]
    crew: Mapping[str, CrewMember]
    bookings: Mapping[str, Booking]
    reused: Mapping[str, str] = field(default_factory=dict)
    next: str | None = None
    gated: bool = True
    withheld: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the text of `release.json`: a line a booking and a line a file, in order."""
        bookings = [self.bookings[booking].line() for booking in sorted(self.bookings)]
        files = [self.files[path].line() for path in sorted(self.files)]
        return whole(self.fields(), {"bookings": bookings, "files": files}).decode()

    def fields(self) -> dict[str, Any]:
        """Return the JSON form of all that is neither booking nor file."""
        return {
            "format": FORMAT,
            "generator": self.generator,
            "target": self.target,
            "commit": self.commit,
            "as_of": self.as_of,
            "next_run": self.next_run,
            "next": self.next,
            "gated": self.gated,
            "crew": {member.id: member.to_json() for member in self.crew.values()},
            "reused": dict(self.reused),
            "withheld": dict(self.withheld),
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> Release:
        """Read the text of `release.json`; raise DocumentError with the place of what is wrong."""
        fields = parse(text, name="release.json")
        release = cls(
            generator=fields.text("generator"),
            target=fields.text("target"),
            commit=fields.text("commit"),
            as_of=fields.instant("as_of"),
            next_run=fields.instant("next_run"),
            next=fields.optional_text("next"),
            gated=fields.flag("gated"),
            files={path: File.from_json(path, file) for path, file in fields.named("files").items()},
            crew={member: CrewMember.from_json(member, value) for member, value in fields.named("crew").items()},
            bookings={key: Booking.from_json(key, value) for key, value in fields.named("bookings").items()},
            reused=fields.named_texts("reused"),
            withheld=fields.named_texts("withheld"),
        )
        both = sorted(set(release.bookings) & set(release.reused))
        if both:
            raise DocumentError(f"release.json: `{both[0]}` is both rendered and reused")
        return release


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    """Return a text that many files share as JSON, worked out once."""
    return quoted(text)
