"""A release by itself, as a publish takes it: digests, sizes, types, headers, keys, owners and slots of its files."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from castoff.contract.release import Site, file_digest
from castoff.contract.slots import SERIAL_MARK
from castoff.output.kinds import looks_like, type_of
from castoff.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from castoff.contract.release import File, Release

_LONGEST_KEY: Final = 1024
"""Bytes that S3 takes."""
_KEYS: Final = {
    Site.GUEST: re.compile(r"g/[a-z0-9]+(-[a-z0-9]+)*\.(html|ics)|castoff/[A-Za-z0-9_./-]+"),
    Site.OPS: re.compile(r"ops/[a-z0-9]+(-[a-z0-9]+)*\.html|castoff/[A-Za-z0-9_./-]+"),
}
_FINGERPRINT: Final = re.compile(r"castoff/.+\.(?P<mark>[0-9a-f]{10})\.[A-Za-z0-9]+")
_OWNED: Final = re.compile(r"g/(?P<name>[^/]+)\.(html|ics)")
_SLOT: Final = re.compile(r"<!--castoff:slot (?P<name>.*?)-->")
_HINT: Final = "this is castoff's own fault: please report it"


def release_problems(release: Release, bodies: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what is wrong with the release as a whole: files without bodies, keys that meet, owners nobody knows."""
    for path in sorted(set(release.files).symmetric_difference(bodies)):
        words = "the release names this file, and no body is there" if path in release.files else "no file names this"
        yield Problem(path, 1, 1, words, "missing-body", _HINT)
    seen: dict[str, str] = {}
    for path in release.files:
        first = seen.setdefault(path.lower(), path)
        if first != path:
            words = f"this differs from `{first}` by upper and lower case alone"
            yield Problem(path, 1, 1, words, "wrong-key", "rename one: some computers hold them for one file")


def file_problems(file: File, body: bytes, release: Release) -> Iterator[Problem]:
    """Yield where what the release says of a file is not so."""
    if file.size != len(body):
        words = f"the release says {file.size} bytes, and there are {len(body)}"
        yield Problem(file.path, 1, 1, words, "wrong-digest", _HINT)
    digest = file_digest(body, content_type=file.content_type, cache_control=file.cache_control, slots=file.slots)
    if file.sha256 != digest:
        words = "the body is another than the release's digest says"
        yield Problem(file.path, 1, 1, words, "wrong-digest", _HINT)
    yield from _key_problems(file, body)
    yield from _header_problems(file, body)
    yield from _owner_problems(file, release)
    if type_of(file.key) in {"text/html; charset=utf-8", "text/calendar; charset=utf-8"}:
        yield from _mark_problems(file, body.decode(errors="replace"))


def _key_problems(file: File, body: bytes) -> Iterator[Problem]:
    if not _KEYS[file.site].fullmatch(file.key) or ".." in file.key or len(file.key.encode()) > _LONGEST_KEY:
        words = f"`{file.key}` is no key of the {file.site} site"
        yield Problem(file.path, 1, 1, words, "wrong-key", _HINT)
    mark = _FINGERPRINT.fullmatch(file.key)
    if mark is not None and not hashlib.sha256(body).hexdigest().startswith(mark["mark"]):
        words = "the bytes are not those of its name, and browsers would keep the old ones for a year"
        yield Problem(file.path, 1, 1, words, "wrong-key", _HINT)


def _header_problems(file: File, body: bytes) -> Iterator[Problem]:
    asked = type_of(file.key)
    if file.content_type != asked:
        words = f"browsers are told `{_plain(file.content_type)}`, and the name asks for `{asked or 'nothing known'}`"
        yield Problem(file.path, 1, 1, words, "wrong-type", _HINT)
    elif not looks_like(body, file.content_type):
        words = f"the bytes are no `{file.content_type}`"
        yield Problem(file.path, 1, 1, words, "wrong-type", "save the file in the format that its name says")
    kept = {part.strip() for part in file.cache_control.split(",")}
    gated = (file.site is Site.OPS and file.key.startswith("ops/")) or re.search(r"-crew\.(html|ics)$", file.key)
    if gated:
        fine, words = kept == {"no-store"}, "a page that not everyone may see is kept by browsers"
    elif _FINGERPRINT.fullmatch(file.key):
        fine, words = {"immutable", "max-age=31536000"} <= kept, "a file with its hash in its name is not kept"
    else:
        fine = {"max-age=0", "must-revalidate"} <= kept and "immutable" not in kept
        words = "a page that changes is kept by browsers"
    if not fine or not file.cache_control.isprintable():
        yield Problem(file.path, 1, 1, f"{words}: `{_plain(file.cache_control)}`", "wrong-cache", _HINT)


def _owner_problems(file: File, release: Release) -> Iterator[Problem]:
    if file.booking is not None and file.booking not in release.bookings:
        words = f"it belongs to booking `{file.booking}`, which the release does not name"
        yield Problem(file.path, 1, 1, words, "wrong-owner", _HINT)
    owned = _OWNED.fullmatch(file.key) is not None
    if owned != (file.booking is not None):
        words = "no booking explains this page" if owned else "a file of every page belongs to one booking"
        yield Problem(file.path, 1, 1, words, "wrong-owner", _HINT)
    if file.key.partition("-crew.")[1] and file.key.partition("-crew.")[0] != f"g/{file.booking}":
        words = "the crew's page of one booking belongs to another"
        yield Problem(file.path, 1, 1, words, "wrong-owner", _HINT)


def _mark_problems(file: File, text: str) -> Iterator[Problem]:
    """Yield marks of a publish that do not stand where it looks for them."""
    if SERIAL_MARK not in text:
        words = "no mark of the publish stands here, so two of them would look alike"
        yield Problem(file.path, 1, 1, words, "wrong-mark", "write `{{ serial_mark }}` as castoff's own layout does")
    for slot in file.slots:
        places = text.count(slot.mark)
        if places != 1:
            words = f"the form `{slot.name}` has {places} places in the page, where one is right"
            yield Problem(file.path, *_place(text, slot.mark), words, "wrong-slot", "write it once")
        if slot.booking != file.booking:
            words = f"the form `{slot.name}` belongs to booking `{slot.booking}`, and the page does not"
            yield Problem(file.path, *_place(text, slot.mark), words, "wrong-slot", _HINT)
        if not datetime.fromisoformat(slot.opens) < datetime.fromisoformat(slot.closes):
            words = f"the form `{slot.name}` closes before it opens"
            yield Problem(file.path, *_place(text, slot.mark), words, "wrong-slot", _HINT)
    declared = {slot.name for slot in file.slots}
    for found in _SLOT.finditer(text) if file.key.endswith(".html") else ():
        if found["name"] not in declared:
            words = "the mark of a form stands here that the release does not name"
            yield Problem(file.path, *_place(text, found[0]), words, "wrong-slot", "remove it")


def _place(text: str, found: str) -> tuple[int, int]:
    at = max(text.find(found), 0)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)
