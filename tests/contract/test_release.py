"""The release's JSON form: the same after a round, and refused with the place of what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from castoff.contract.document import DocumentError
from castoff.contract.release import Booking, CrewMember, File, Release, Site, file_digest
from castoff.contract.slots import Slot, SlotKind
from castoff.contract.tickets import Audience

SLOT = Slot("photos", SlotKind.UPLOAD, "xhqgmdh", Audience.GUEST, "2024-05-29T21:00Z", "2024-06-13T12:00Z", 25_000_000)
PAGE = File(Site.GUEST, "g/jada.html", "0" * 64, 5, "text/html", "no-store", "xhqgmdh", (SLOT,))
BOARD = File(Site.OPS, "ops/index.html", "1" * 64, 5, "text/html", "no-store")
RELEASE = Release(
    generator="castoff 0.1.0",
    target="production",
    commit="c0ffee",
    as_of="2024-05-28T12:00:00-07:00",
    next_run="2024-05-29T14:00:00-07:00",
    files={PAGE.path: PAGE, BOARD.path: BOARD},
    crew={"crew-001": CrewMember("crew-001", "Kim Ash", "crew", "kim@example.com", "+1 619 555 0101")},
    bookings={
        "xhqgmdh": Booking(
            id="xhqgmdh",
            status="confirmed",
            input="abc",
            ends="2024-05-30T12:00:00-07:00",
            next=None,
            guest_url="https://guest.example.com/g/jada",
            crew_url="https://guest.example.com/g/xhqgmdh-crew",
            event={"dock": "Sheraton Marina"},
            calendar=None,
            carry={"revision": 1},
            facts={"starts": "2024-05-30 09:00"},
        ),
    },
    reused={"bbbbbbb": "digest"},
    gated=False,
)


def test_release_survives_its_json() -> None:
    """Written and read again, a release is the same value, and its text the same bytes."""
    text = RELEASE.to_json()

    assert Release.from_json(text) == RELEASE
    assert Release.from_json(text).to_json() == text


def test_digest_covers_headers_and_body() -> None:
    """Two objects differ where body, type or cache control differ: S3's ETag covers the body alone."""
    digests = {
        file_digest(body, content_type=kind, cache_control=cache)
        for body in (b"a", b"b")
        for kind in ("text/html", "text/plain")
        for cache in ("no-store", "max-age=1")
    }

    assert len(digests) == 8


def test_immutable_is_said_by_the_headers() -> None:
    """Assets are known by their cache control, whatever their names are."""
    asset = File(Site.GUEST, "castoff/a.1.css", "0", 1, "text/css", "public, max-age=31536000, immutable")

    assert (asset.immutable, PAGE.immutable) == (True, False)


@pytest.mark.parametrize(
    ("description", "change", "words"),
    [
        ("a site that is none", {"files": {"shop/x.html": {}}}, "release.json.files.shop/x.html: `shop` is not a site"),
        ("a key that climbs out", {"files": {"guest/../x": {}}}, "release.json.files.guest/../x: `../x` is not a key"),
        ("a key from the root", {"files": {"guest//x": {}}}, "release.json.files.guest//x: `/x` is not a key"),
        ("no key", {"files": {"guest/": {}}}, "release.json.files.guest/: `` is not a key"),
        ("a file without a digest", {"files": {"guest/x": {}}}, "release.json.files.guest/x.sha256 must be a string"),
        ("a crew of lists", {"crew": {"a": []}}, "release.json.crew.a must be an object"),
        ("a booking twice", {"reused": {"xhqgmdh": "x"}}, "release.json: `xhqgmdh` is both rendered and reused"),
    ],
)
def test_wrong_releases_are_refused(description: str, change: dict[str, Any], words: str) -> None:
    """The publisher trusts no folder: what is not a release says where."""
    text = json.dumps(json.loads(RELEASE.to_json()) | change)

    with pytest.raises(DocumentError) as refused:
        Release.from_json(text)

    assert str(refused.value).startswith(words), description
