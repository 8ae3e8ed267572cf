"""The published state that a build begins with on a machine that has nothing else: `python prior.py PROJECT STATE OUT`.

It does what a publish does before it plans: read the state's bytes, build upon what they say, write the release. Only
the bucket is missing, since the network is not what is measured.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path

from castoff.contract.release import Release
from castoff.contract.state import PublishedBooking, PublishedEvent, PublishedFile, State


def write_state(release: Path, file: Path) -> None:
    """Write the state that a publish of a release leaves behind, in the form and with the compression of a real one."""
    made = Release.from_json((release / "release.json").read_bytes())
    files = {
        path: PublishedFile(
            sha256=one.sha256,
            etag=f'"{_digest(path, "etag")[:32]}"',
            headers=one.headers,
            version=_digest(path, "version")[:32],
            booking=one.booking,
            size=one.size,
        )
        for path, one in made.files.items()
    }
    bookings = {
        booking: PublishedBooking(
            input=one.input,
            status=one.status,
            ends=one.ends,
            since=1,
            event=PublishedEvent(
                id=_digest(booking, "event")[:32],
                revision=1,
                status="scheduled",
                fields={name: _digest(booking, name) for name in one.event or ()},
            ),
            calendar=_digest(booking, "calendar"),
            carry=one.carry,
        )
        for booking, one in made.bookings.items()
    }
    crew = {member: _digest(member) for member in made.crew}
    state = State(serial=1, target=made.target, commit=made.commit, files=files, bookings=bookings, crew=crew)
    file.write_bytes(gzip.compress(state.to_json().encode(), compresslevel=4, mtime=0))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def main(project: Path, state: Path, out: Path) -> None:
    """Build a project upon a published state."""
    from castoff.cli.releasing import open_project  # noqa: PLC0415 - for the writing of states it need not be there

    prior = State.from_json(gzip.decompress(state.read_bytes())).bookings
    open_project(project, target="local", as_of=None).write(commit="", prior=prior, out=out)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
