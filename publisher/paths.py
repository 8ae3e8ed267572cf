"""Viewer paths: under which paths a key is seen, and how many of them fold into a wildcard."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLD_ABOVE: Final = 50
"""Paths of one folder, above which they become one wildcard: it counts as one path of the 1,000 that are free a
month, and refilling a folder costs less than fifty paths."""


def viewer_paths(key: str) -> tuple[str, ...]:
    """Return every path at which a viewer or the edge function asks for `key`; AWS advises to invalidate both."""
    if key.endswith("/index.html"):
        folder = key.removesuffix("index.html")
        return (f"/{folder.rstrip('/')}", f"/{folder}", f"/{key}")
    if key.endswith(".html"):
        return (f"/{key.removesuffix('.html')}", f"/{key}")
    return (f"/{key}",)


def fold_paths(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the paths to invalidate for `keys`, sorted; a folder with more than FOLD_ABOVE of them as `/folder/*`."""
    folders: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        folder = key.rpartition("/")[0]
        folders[folder].update(viewer_paths(key))
    folded: list[str] = []
    for folder, paths in folders.items():
        if folder and len(paths) > FOLD_ABOVE:
            folded.append(f"/{folder}/*")
            folded.extend(path for path in paths if not path.startswith(f"/{folder}/"))
        else:
            folded.extend(paths)
    return tuple(sorted(set(folded)))
