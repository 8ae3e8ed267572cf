"""The release as it lies on disk: `release.json`, `private.json`, and the bodies below `public/`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from castoff.contract.document import DocumentError, parse
from castoff.contract.release import Release, file_digest
from castoff.contract.slots import SERIAL_MARK
from publisher.errors import PublishError

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import File


@dataclass(frozen=True, slots=True)
class ReleaseFolder:
    """A release and where its bodies lie; `private` is the money per booking that only the calendar may have.

    `digest` is over both documents: equal ones ask for the same of the same state.
    """

    root: Path
    release: Release
    private: dict[str, dict[str, Any]] = field(default_factory=dict)
    digest: str = ""

    def body(self, file: File) -> bytes:
        """Return a file's unfilled body; raise PublishError where it is missing or is not what was built."""
        path = f"{self.root}/public/{file.path}"  # a Path each costs as much as the reading
        try:
            with open(path, "rb") as stored:  # noqa: PTH123 - as above
                body = stored.read()
        except OSError as error:
            raise PublishError(
                f"{path} cannot be read: {error.strerror}", hint="run it again: the release is made anew"
            ) from error
        found = file_digest(body, content_type=file.content_type, cache_control=file.cache_control, slots=file.slots)
        if found != file.sha256:
            raise PublishError(f"{path} is not what was built", hint="run it again: the release is made anew")
        if not file.immutable and SERIAL_MARK.encode() not in body:
            raise PublishError(
                f"{path} can change and has no mark of its publish, so that a publisher which slept could put it back",
                hint=f"write `{SERIAL_MARK}` into it, or name it by its hash and serve it as `immutable`",
            )
        return body


def load_release(root: Path) -> ReleaseFolder:
    """Read the release in a folder; raise PublishError where there is none, or what is there is not one."""
    try:
        release = Release.from_json((root / "release.json").read_bytes())
        private = root / "private.json"
        money = parse(private.read_bytes(), name="private.json").mapping("calendar") if private.exists() else {}
    except OSError as error:
        raise PublishError(f"no release in {root}: {error.strerror}", hint="run `castoff build` first") from error
    except DocumentError as error:
        raise PublishError(
            f"the release in {root} cannot be read: {error}", hint="run it again: the release is made anew"
        ) from error
    return ReleaseFolder(root, release, money, digest_of(root))


def digest_of(root: Path) -> str:
    """Return the digest of the release in a folder, which costs a twentieth of reading it; OSError where is none."""
    private = root / "private.json"
    hashed = hashlib.sha256((root / "release.json").read_bytes())
    hashed.update(private.read_bytes() if private.exists() else b"")
    return hashed.hexdigest()
