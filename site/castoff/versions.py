"""Which programs make the pages: an input of each build: another version may make other bytes of the same files."""

from __future__ import annotations

import importlib.metadata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from castoff import __version__
from castoff.code import code_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

CASTOFF: Final = "castoff"
CODE: Final = "castoff's own code"
LIBRARY: Final = "library "
LIBRARIES: Final = ("astral", "Jinja2", "Markdown", "MarkupSafe", "pydantic", "PyYAML")


@lru_cache(maxsize=1)
def versions() -> Mapping[str, str]:
    """Return the versions of castoff and of what renders for it, by what is installed: to import it takes longer."""
    libraries = {f"{LIBRARY}{name}": importlib.metadata.version(name) for name in LIBRARIES}
    return {CASTOFF: __version__, CODE: code_digest(), **libraries}
