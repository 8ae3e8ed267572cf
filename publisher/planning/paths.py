"""Viewer paths: under which paths a key is seen, and how many of them fold into a wildcard."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLD_ABOVE: Final = 50
"""Paths of one folder, above which they become one wildcard: it counts as one path of the 1,000 that are free a
month, and refilling a folder costs less than fifty paths."""

PATHS: Final = 3000
WILDCARDS: Final = 15
"""Paths, and wildcards, that CloudFront lets be in progress at once per distribution, each counted by itself:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations"""


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


def batches(paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Return paths in as few batches as may be in progress one after another."""
    given = list(paths)
    plain = [path for path in given if not path.endswith("*")]
    wild = [path for path in given if path.endswith("*")]
    together = zip_longest(_cut(plain, PATHS), _cut(wild, WILDCARDS), fillvalue=())
    return tuple((*some_plain, *some_wild) for some_plain, some_wild in together)


def _cut(paths: list[str], most: int) -> list[tuple[str, ...]]:
    return [tuple(paths[start : start + most]) for start in range(0, len(paths), most)]
