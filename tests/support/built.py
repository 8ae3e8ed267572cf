"""A small built site, and the same broken in one place: what tests of the checked output stand on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from castoff.build import build
from castoff.contract.release import file_digest
from castoff.output.grounds import OURS, Grounds
from castoff.output.inspection import inspect
from castoff.output.site import ADDRESSES
from castoff.wishes import NO_TARGET, Wishes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.release import Release
    from castoff.problems import Problem

T = TypeVar("T")

BASE = Path(__file__).resolve().parents[1] / "invalid" / "_base"
UNDER_WAY = datetime(2024, 6, 1, 19, tzinfo=UTC)
"""While the base's one charter is out, so that its pages have their forms."""


@dataclass(frozen=True)
class Built:
    """A release with its bodies."""

    release: Release
    bodies: Mapping[str, bytes]

    def inspected(self, **more: Any) -> tuple[Problem, ...]:
        """Return what is wrong with it."""
        settled = {"guest": ADDRESSES.guest, "ops": ADDRESSES.ops, "files": self.release.files.keys()}
        settled |= {"hosts": OURS | {"waiver.example.com"}}
        return inspect(self.release, self.bodies, Grounds(**{**settled, **more}))

    def edited(self, path: str, old: str, new: str) -> Built:
        """Return it with one place of one file changed, and the release true to that."""
        text = self.bodies[path].decode()
        assert text.count(old) >= 1, f"{path} has no {old!r}"
        return self.with_body(path, text.replace(old, new, 1).encode())

    def with_body(self, path: str, body: bytes, **fields: Any) -> Built:
        """Return it with another body in a file, some of its fields changed, and the release true to that."""
        file = replace(self.release.files[path], size=len(body), **fields)
        digest = file_digest(body, content_type=file.content_type, cache_control=file.cache_control, slots=file.slots)
        return self.with_file(path, body, sha256=digest, size=len(body), **fields)

    def with_file(self, path: str, body: bytes | None = None, **fields: Any) -> Built:
        """Return it with some fields of a file changed, whatever is true."""
        file = replace(self.release.files[path], **fields)
        body = self.bodies[path] if body is None else body
        release = replace(self.release, files={**_without(path, self.release.files), file.path: file})
        return Built(release, {**_without(path, self.bodies), file.path: body})

    def with_key(self, path: str, key: str, body: bytes | None = None, **fields: Any) -> Built:
        """Return it with one more file: a copy of another under its own key."""
        file = replace(self.release.files[path], key=key, **fields)
        body = self.bodies[path] if body is None else body
        digest = file_digest(body, content_type=file.content_type, cache_control=file.cache_control, slots=file.slots)
        file = replace(file, sha256=digest, size=len(body))
        release = replace(self.release, files={**self.release.files, file.path: file})
        return Built(release, {**self.bodies, file.path: body})


@lru_cache(maxsize=1)
def built() -> Built:
    """Return the base project's site."""
    made, problems = build(BASE, Wishes(target=NO_TARGET, clock=UNDER_WAY, addresses=ADDRESSES))
    if made is None:
        raise AssertionError("\n".join(map(str, problems)))
    return Built(made.release, made.bodies)


def _without(path: str, files: Mapping[str, T]) -> dict[str, T]:
    return {key: value for key, value in files.items() if key != path}
