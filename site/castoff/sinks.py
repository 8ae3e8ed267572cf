"""Where a build puts what it makes: a part of it in each process, and all of them one in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from castoff.contract.release import Booking, File


class Part(Protocol):
    """What one process puts in."""

    def put(self, file: File, body: bytes) -> None:
        """Take a file."""
        ...

    def book(self, booking: Booking) -> None:
        """Take what the release says of a booking."""
        ...

    def done(self) -> Any:
        """Put in no more, and return what `Sink.add` wants to know of it, fit to go through a pipe."""
        ...


class Sink(Protocol):
    """The whole."""

    def part(self, number: int) -> Part:
        """Return a part to be filled, in whichever process; each has a number of its own."""
        ...

    def add(self, done: Any) -> None:
        """Add a part that is done, in the process in which the whole is made."""
        ...


class Kept(NamedTuple):
    """Files and bodies by their path, bookings by their id."""

    files: dict[str, File]
    bodies: dict[str, bytes]
    bookings: dict[str, Booking]


class Memory:
    """A sink that keeps everything at hand: for previews, and for whoever looks at pages before any are written."""

    def __init__(self) -> None:
        self.kept = Kept({}, {}, {})

    def part(self, number: int) -> MemoryPart:  # noqa: ARG002 - all parts are alike here
        """Return a part to be filled."""
        return MemoryPart()

    def add(self, done: Kept) -> None:
        """Add a part that is done."""
        self.kept.files.update(done.files)
        self.kept.bodies.update(done.bodies)
        self.kept.bookings.update(done.bookings)


class MemoryPart:
    """A part of what is kept at hand."""

    def __init__(self) -> None:
        self._kept = Kept({}, {}, {})

    def put(self, file: File, body: bytes) -> None:
        """Keep a file."""
        path = file.path
        self._kept.files[path] = file
        self._kept.bodies[path] = body

    def book(self, booking: Booking) -> None:
        """Keep a booking."""
        self._kept.bookings[booking.id] = booking

    def done(self) -> Kept:
        """Return all of it."""
        return self._kept


class Nowhere:
    """A sink that keeps nothing, whole and part alike: for a check, which is about what is said on the way."""

    def part(self, number: int) -> Nowhere:  # noqa: ARG002 - as above
        """Return a part to be filled."""
        return self

    def add(self, done: None) -> None:
        """Add nothing."""

    def put(self, file: File, body: bytes) -> None:
        """Let a file go."""

    def book(self, booking: Booking) -> None:
        """Let a booking go."""

    def done(self) -> None:
        """Tell nothing."""
