"""Layouts compiled once a process: a preview builds over and over, and a layout that is unchanged is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jinja2 import BytecodeCache

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket

_MOST: Final = 512
"""Layouts, old ones included: after so many, all are compiled anew."""


class Compiled(BytecodeCache):
    """Compiled layouts by name, file and text; for environments that differ in nothing that compiling knows of."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put in what was compiled from this very text before."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has just been compiled."""
        if len(self._codes) >= _MOST:
            self._codes.clear()
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
