"""Knows what CloudFront keeps of an answer, under which key, for how long, and what an invalidation drops."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import TYPE_CHECKING

from castoff.edge.messages import decoded_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from castoff.edge.messages import Request, Response
    from castoff.edge.policies import CachePolicy

CAPACITY = 256 * 1024 * 1024
"""How many bytes of bodies a cache holds before the longest unused goes."""

KEPT = frozenset({200, 203, 204, 300, 301, 302, 307, 308})
"""Statuses kept as their `Cache-Control` says."""

ERRORS = frozenset({404, 414, 500, 501, 502, 503, 504})
"""Errors that CloudFront always keeps for a while (HTTP status codes that CloudFront always caches)."""

ERRORS_IF_TOLD = frozenset({400, 403, 405, 412, 415})
"""Errors kept only where the origin or the distribution says for how long."""

Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An answer that is kept: under which paths it is known, since when, and until when it is fresh (seconds)."""

    response: Response
    names: frozenset[str]
    since: float
    until: float


class Cache:
    """The answers one distribution keeps; safe to use from several threads."""

    def __init__(self, *, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._held = 0
        self._epoch = 0
        self._lock = Lock()

    @property
    def epoch(self) -> int:
        """Count the invalidations so far: an answer asked for before one must not be kept after it."""
        return self._epoch

    def find(self, key: Key) -> Entry | None:
        """Return what is kept under a key, fresh or not."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def keep(self, key: Key, entry: Entry, *, asked_in: int) -> None:
        """Keep an answer whose origin was asked in the given epoch, unless an invalidation came between."""
        with self._lock:
            if asked_in != self._epoch:
                return
            self._remove(key)
            self._entries[key] = entry
            self._held += len(entry.response.body)
            while self._held > self._capacity:
                self._remove(next(iter(self._entries)))

    def drop(self, patterns: Iterable[str]) -> None:
        """Drop every answer all of whose paths an invalidation has named, in this one or one before.

        AWS advises to name both the path a viewer asks for and the one the function makes of it, and does not say
        which of the two counts. So here both do, and a publisher that names only one is found out.
        """
        named = tuple(patterns)
        if not named:
            return
        with self._lock:
            self._epoch += 1
            for key, entry in list(self._entries.items()):
                left = frozenset(path for path in entry.names if not any(names(one, path) for one in named))
                if not left:
                    self._remove(key)
                elif left != entry.names:
                    self._entries[key] = replace(entry, names=left)

    def _remove(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._held -= len(entry.response.body)


def names(pattern: str, path: str) -> bool:
    """Say whether an invalidation's path names this one: exactly, or up to the `*` at its end; case counts."""
    spelled = pattern if pattern.startswith("/") else "/" + pattern
    return path.startswith(spelled[:-1]) if spelled.endswith("*") else path == spelled


def cache_key(request: Request, policy: CachePolicy) -> Key:
    """Return what makes two requests the same: the path after the function, and what the policy adds."""
    return (
        request.path,
        *(f"?{name}={value}" for name, value in sorted(request.parameters()) if _takes(policy, name)),
        *(f":{name}={value}" for name, value in sorted(request.headers) if policy.headers.takes(name)),
        *(f";{name}={value}" for name, value in sorted(request.cookies()) if policy.cookies.takes(name)),
    )


def kept_seconds(response: Response, policy: CachePolicy, *, now: float) -> int:
    """Return how long an answer that is no error stays fresh; 0 is not kept. `now` in seconds since 1970."""
    if response.status not in KEPT:
        return 0
    directives = cache_directives(response)
    if directives.keys() & {"no-store", "no-cache", "private"}:
        return policy.min_seconds
    said = _said_seconds(directives)
    if said is None:
        said = _expires_in(response.header("expires"), now=now)
    if said is None:
        said = max(policy.default_seconds, policy.min_seconds)
    return min(max(said, policy.min_seconds), policy.max_seconds)


def error_kept_seconds(response: Response, *, least: int, told: bool) -> int:
    """Return how long an error is kept: at least `least` seconds; `told` when the distribution speaks of it."""
    said = _said_seconds(cache_directives(response))
    if response.status in ERRORS or (response.status in ERRORS_IF_TOLD and (told or said)):
        return max(least, said or 0)
    return 0


def stale_seconds(response: Response) -> int | None:
    """Return for how long after its time an answer may stand in for a failing origin; None has no limit."""
    return _number(cache_directives(response).get("stale-if-error"))


def cache_directives(response: Response) -> dict[str, str]:
    """Return the directives of `Cache-Control`, names in lower case."""
    line = ",".join(value for name, value in response.headers if name == "cache-control")
    parts = (part.strip().partition("=") for part in line.split(","))
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in parts if name.strip()}


def _said_seconds(directives: dict[str, str]) -> int | None:
    shared = _number(directives.get("s-maxage"))
    return shared if shared is not None else _number(directives.get("max-age"))


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _expires_in(date: str | None, *, now: float) -> int | None:
    if date is None:
        return None
    try:
        return max(0, int(parsedate_to_datetime(date).timestamp() - now))
    except ValueError:
        return 0  # RFC 9111: an unreadable date, `0` above all, lies in the past


def _takes(policy: CachePolicy, name: str) -> bool:
    return policy.parameters.takes(decoded_name(name))
