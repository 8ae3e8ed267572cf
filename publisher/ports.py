"""The ports: what a publish needs of the world, each the smallest interface that its adapter can keep.

Every method may raise PublishError, which names the call and its object. Adapters retry what may be retried; a
method that returns has happened once, and calling it again with the same arguments changes nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from castoff.contract.release import CrewMember, Site
    from castoff.contract.slots import Form, Slot
    from castoff.contract.state import PublishedEvent, State
    from publisher.record import Record
    from publisher.seen import Seen, Wish

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as the bucket has it."""

    etag: str
    version: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Write:
    """An object as it shall stand, over the one with `etag`, or where None stands only if there is none."""

    site: Site
    key: str
    body: bytes
    content_type: str
    cache_control: str
    etag: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """The state as it was read: its ETag (None before the first publish), and its age in seconds by S3's own clock.

    `now` is that clock, in seconds since 1970: the only one that all publishers have in common.
    """

    state: State
    etag: str | None
    age: float
    now: float


@dataclass(frozen=True, slots=True)
class End(Generic[T, R_co]):
    """A piece of work that has ended, with what came of it and how many seconds it took."""

    piece: T
    came: R_co | BaseException
    seconds: float


class Doing(Protocol[T, R_co]):
    """Something done for many pieces, several at a time."""

    def begin(self, piece: T) -> None:
        """Begin with a piece."""
        ...

    def ended(self, seconds: float) -> Sequence[End[T, R_co]]:
        """Return which have ended since the last look, as soon as one has, or so many seconds after."""
        ...

    def close(self) -> None:
        """Begin nothing more: what is under way is waited for, or may have happened or not, as it cannot be known."""
        ...


class Objects(Protocol):
    """The sites' buckets."""

    def put(self, write: Write) -> Stored:
        """Write an object; raise ConflictError where there stands what should not."""
        ...

    def writes(self) -> Doing[Write, Stored]:
        """Return what writes many objects at once, each as `put` does."""
        ...

    def delete(self, site: Site, key: str, *, etag: str) -> None:
        """Delete the object with `etag`; one that is gone already is well; another is ConflictError."""
        ...

    def head(self, site: Site, key: str) -> Stored | None:
        """Return what stands at a key."""
        ...


class States(Protocol):
    """The bucket that holds the published state."""

    def load(self) -> Loaded:
        """Read the state: one request."""
        ...

    def again(self, loaded: Loaded) -> Loaded:
        """Return the state as it is by now, without reading it where nobody has written it since."""
        ...

    def save(self, state: State, *, etag: str | None) -> str:
        """Write the state over the one with `etag` (None: only where none is), return its ETag; else ConflictError."""
        ...


class Records(Protocol):
    """The records of publishes, beside the state: each written once, by its serial."""

    def write(self, record: Record) -> None:
        """Write a record where there is none of its serial; the same one again is well, another is ConflictError."""
        ...

    def serials(self, *, after: int = 0) -> Sequence[int]:
        """Return the serials after one of which there are records, the oldest first."""
        ...

    def read(self, serial: int) -> Record:
        """Return the record of a serial."""
        ...


class Distributions(Protocol):
    """The CDN in front of each site."""

    def invalidate(self, site: Site, paths: tuple[str, ...], *, reference: str) -> str:
        """Ask for these viewer paths to be forgotten; return the invalidation's id. BusyError: too many at once."""
        ...

    def completed(self, site: Site, invalidation: str) -> bool:
        """Tell whether an invalidation is complete."""
        ...


class CrewService(Protocol):
    """ShipCaptainCrew."""

    def put_member(self, member: CrewMember, *, serial: int) -> None:
        """Make a member known, or correct them."""
        ...

    def delete_member(self, member: str, *, serial: int) -> None:
        """Forget a member; one that is unknown is well."""
        ...

    def find_event(self, booking: str, *, serial: int | None) -> PublishedEvent | None:
        """Return the event of a booking; with a serial, no call of a lower one is taken for it afterwards."""
        ...

    def create_event(self, booking: str, payload: Mapping[str, Any], *, serial: int) -> PublishedEvent:
        """Create the event of a booking, which calls the crew; one that is there already is patched and returned."""
        ...

    def update_event(self, event: str, changes: Mapping[str, Any], *, serial: int) -> PublishedEvent:
        """Send the fields that changed."""
        ...

    def cancel_event(self, event: str, *, serial: int) -> PublishedEvent:
        """Cancel an event; one that is cancelled already is well."""
        ...

    def presign(self, slot: Slot, *, until: str) -> Form:
        """Return a form for a slot that lives until an instant (ISO 8601) at most; the service may sign for less."""
        ...

    def send_link(self, member: str, *, subject: str) -> None:
        """Send a member a new link to a booking's crew page, or to the board with subject `ops`."""
        ...


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar feed without its key: when it was made (ISO 8601), and the day it was last read, if ever."""

    id: str
    label: str
    made: str
    used: str | None = None


class Calendar(Protocol):
    """The dashboard's calendar."""

    def put(self, booking: str, entry: Mapping[str, Any], *, serial: int) -> None:
        """Write the entry of a booking."""
        ...

    def delete(self, booking: str, *, serial: int) -> None:
        """Remove the entry of a booking; one that is gone is well."""
        ...

    def has(self, booking: str, *, serial: int | None) -> bool:
        """Tell whether a booking has an entry; with a serial, no call of a lower one is taken for it afterwards."""
        ...

    def make_feed(self, label: str) -> tuple[Feed, str]:
        """Make a feed and return it with its path under the dashboard's address, which holds its key, told once."""
        ...

    def feeds(self) -> Sequence[Feed]:
        """Return all feeds, the oldest first."""
        ...

    def revoke_feed(self, feed: str) -> None:
        """End a feed by its id."""
        ...


class Web(Protocol):
    """The public side of a site, as a guest's browser sees it."""

    def fetch(self, url: str) -> bytes | None:
        """Return the body at a URL, or None unless it answers 200."""
        ...

    def ask(self, url: str) -> tuple[int, str]:
        """Return the status at a URL, and where it leads, nothing unless it leads on; it is not followed."""
        ...


class Survey(Protocol):
    """The looks at what really stands: reads only."""

    def see(self, wish: Wish, state: State, *, reads: Reads) -> Seen:
        """Return what stands of what is wished for; a part that will not answer is silent, and says why."""
        ...


class Commits(Protocol):
    """The history that releases come from."""

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Tell whether `older` is `newer` or one of its ancestors; a commit that is not known is none."""
        ...

    def knows(self, commit: str) -> bool:
        """Tell whether a commit is there."""
        ...

    def commit_of(self, ref: str) -> str | None:
        """Return the commit that a branch, a tag or a hash names; None where it names none."""
        ...


class Clock(Protocol):
    """Time for deciding (`now`, seconds since 1970), for measuring (`monotonic`), and for waiting."""

    def now(self) -> float:
        """Return seconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never jumps."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Progress(Protocol):
    """Where a publish reports how far it is; the command line draws it."""

    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Report a step, with how many of how many where it counts, and how many bytes of how many."""
        ...

    def warn(self, words: str) -> None:
        """Say what went wrong and stops nothing."""
        ...


class Reads(Protocol):
    """Whoever reads much, some at a time: under a lease that is renewed, counted, until somebody asks to stop."""

    def each(self, step: str, work: Iterable[T], effect: Callable[[T], None], *, threads: int) -> None:
        """Do `effect` for each; the first failure ends it, and is raised."""
        ...


class Stop(Protocol):
    """Whoever may ask a publish to stop; the command line listens for Ctrl-C."""

    def asked(self) -> bool:
        """Tell whether somebody asked; once they did, they have."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """All ports together: one target, ready to be published to."""

    objects: Objects
    states: States
    distributions: Distributions
    crew: CrewService
    calendar: Calendar
    web: Web
    clock: Clock
    records: Records
    survey: Survey
    board: str
    """Where the ops board is seen."""
