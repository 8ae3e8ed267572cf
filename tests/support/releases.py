"""Releases made by hand: the publisher needs nothing of the generator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from castoff.contract.document import canonical
from castoff.contract.release import Booking, CrewMember, File, Release, Site, file_digest
from castoff.contract.slots import SERIAL_MARK, Slot, SlotKind
from castoff.contract.tickets import Audience
from publisher.folder import ReleaseFolder, load_release

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "public, max-age=0, s-maxage=86400"
ASSET = "public, max-age=31536000, immutable"
AS_OF = "2024-05-28T12:00:00-07:00"
ENDS = "2024-05-30T12:00:00-07:00"


def booking(key: str, *, status: str = "confirmed", dock: str = "Sheraton Marina", ends: str = ENDS) -> Booking:
    """Return what a booking asks of the services."""
    event = {
        "event_name": "Jada charter",
        "booking_id": key,
        "captain_id": "captain-001",
        "crew_ids": ["crew-001", "crew-002"],
        "date": "2024-05-30T09:00:00-07:00",
        "duration_hours": 3.0,
        "call_time": "2024-05-30T08:00:00-07:00",
        "dock": dock,
        "guest_count": 6,
        "notes": "",
        "crew_page": f"https://guest.example.com/g/{key}-crew",
    }
    return Booking(
        id=key,
        status=status,
        input=f"input of {key} {status} {dock}",
        ends=ends,
        next=None,
        guest_url=f"https://guest.example.com/g/{key}-guest",
        crew_url=f"https://guest.example.com/g/{key}-crew",
        event=event,
        calendar={"date": "2024-05-30", "event_type": "charter", "booking_id": key, "status": status, "dock": dock},
        carry={"revision": 1},
        facts={"status": status, "vessel": "Jada", "starts": "2024-05-30 09:00", "dock": dock},
    )


def slot(key: str, audience: Audience = Audience.GUEST) -> Slot:
    """Return what a page asks for uploads: from the evening before AS_OF's charter until two weeks after it."""
    return Slot(
        "photos",
        SlotKind.UPLOAD,
        key,
        audience,
        opens="2024-05-29T21:00:00-07:00",
        closes="2024-06-13T12:00:00-07:00",
        max_size=25_000_000,
    )


def make(
    root: Path,
    *bookings: Booking,
    commit: str = "1",
    style: str = "body{}",
    as_of: str = AS_OF,
    private: dict[str, Any] | None = None,
    crew: tuple[str, ...] = ("captain-001", "crew-001", "crew-002"),
    headers: str = PAGE,
    reused: dict[str, str] | None = None,
    slots: tuple[Slot, ...] = (),
    mark: str = SERIAL_MARK,
) -> ReleaseFolder:
    """Write a release into a folder and read it back as the publisher does."""
    bodies: dict[str, tuple[str, str, str | None]] = {
        f"guest/castoff/style.{abs(hash(style)) % 999}.css": (style, ASSET, None),
        "ops/ops/index.html": (f"<!--{mark}--> {' '.join(sorted(b.id for b in bookings))}", "no-store", None),
    }
    for wanted in bookings:
        text = f"<!--{mark}--> {wanted.id} {wanted.status} {(wanted.event or {}).get('dock')}"
        text += "".join(f" {label} {wanted.facts[label]}" for label in ("boarding", "guests") if label in wanted.facts)
        bodies[f"guest/g/{wanted.id}-guest.html"] = (text, headers, wanted.id)
        bodies[f"guest/g/{wanted.id}-crew.html"] = (f"crew {text}", "no-store", wanted.id)
    files = {}
    for path, (plain, cache, owner) in bodies.items():
        asked = tuple(slot for slot in slots if path == f"guest/g/{slot.booking}-{slot.audience.value}.html")
        text = plain + "".join(slot.mark for slot in asked)
        site, _, key = path.partition("/")
        target = root / "public" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        digest = file_digest(text.encode(), content_type="text/html", cache_control=cache, slots=asked)
        files[path] = File(Site(site), key, digest, len(text), "text/html", cache, owner, asked)
    release = Release(
        generator="hand",
        target="test",
        commit=commit,
        as_of=as_of,
        next_run=(datetime.fromisoformat(as_of) + timedelta(hours=26)).isoformat(),
        files=files,
        crew={member: CrewMember(member, "Kim", "crew", f"{member}@example.com") for member in crew},
        bookings={wanted.id: wanted for wanted in bookings},
        reused=reused or {},
    )
    (root / "release.json").write_text(release.to_json())
    (root / "private.json").write_text(canonical({"format": 1, "calendar": private or {}}))
    return load_release(root)
