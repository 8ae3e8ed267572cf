"""Layouts compiled once: a preview builds over and over, and of ten thousand bookings mostly one has changed."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Final

import jinja2
from jinja2 import BytecodeCache

from castoff.code import code_digest

if TYPE_CHECKING:
    from pathlib import Path
    from types import CodeType

    from jinja2.bccache import Bucket

_DIGEST: Final = 32
_MOST: Final = 512
"""Layouts, old ones included: after so many, all are compiled anew."""


@lru_cache(maxsize=8)
def compiled_in(folder: Path | None) -> Compiled:
    """Return what was compiled by this process, and by others that kept it in the same folder."""
    return Compiled(folder)


class Compiled(BytecodeCache):
    """Compiled layouts by name, file and text; for environments that differ in nothing that compiling knows of.

    Whoever can write into the folder could have their code run; they could as well write a layout.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put in what was compiled from this very text before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))
        if bucket.code is None and self._folder is not None:
            try:
                kept = self._file(bucket, self._folder).read_bytes()
                if hashlib.sha256(kept[_DIGEST:]).digest() == kept[:_DIGEST]:  # a changed code would end Python itself
                    bucket.bytecode_from_string(kept[_DIGEST:])
            except (OSError, EOFError, ValueError, TypeError, UnpicklingError):  # not there, or of another Python
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has just been compiled."""
        if len(self._codes) >= _MOST:
            self._codes.clear()
        if bucket.code is None:
            return
        self._codes[bucket.key, bucket.checksum] = bucket.code
        if self._folder is not None:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                file = self._file(bucket, self._folder)
                fresh = file.with_suffix(f".{os.getpid()}")
                code = bucket.bytecode_to_string()
                fresh.write_bytes(hashlib.sha256(code).digest() + code)
                fresh.replace(file)
            except OSError:
                return  # a folder that cannot be written to costs time, and nothing else

    @staticmethod
    def _file(bucket: Bucket, folder: Path) -> Path:
        """Return where a layout is kept, the newest text of it, as whoever compiles now would compile it."""
        name = f"{code_digest()} {jinja2.__version__} {bucket.key}"
        return folder / hashlib.sha256(name.encode()).hexdigest()[:16]
