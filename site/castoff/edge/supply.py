"""Knows how an answer is got: out of the cache while it is fresh and not invalidated, else from its origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING

from castoff.edge.cache import Entry, cache_key, error_kept_seconds, kept_seconds, stale_seconds
from castoff.edge.forwarding import origin_request
from castoff.edge.messages import Request, Response, notice
from castoff.edge.origins import Unreachable
from castoff.edge.viewer import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from castoff.edge.cache import Cache, Key
    from castoff.edge.distribution import Behaviour, Distribution, OriginSettings
    from castoff.edge.invalidations import Invalidations
    from castoff.edge.origins import Origin

CANNOT = "The request could not be satisfied"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response on its way to the viewer, where it comes from, and its age in seconds if it was kept."""

    response: Response
    source: Source
    age: int | None = None


class Supply:
    """The cache and the origins of one site; `clock` gives seconds since 1970."""

    def __init__(
        self,
        *,
        open_origin: Callable[[OriginSettings], Origin],
        invalidations: Invalidations,
        cache: Cache,
        clock: Callable[[], float],
    ) -> None:
        self._open_origin = open_origin
        self._invalidations = invalidations
        self._cache = cache
        self._clock = clock
        self._origins: dict[OriginSettings, Origin] = {}
        self._obeying = Lock()

    def obtain(self, request: Request, *, behaviour: Behaviour, distribution: Distribution, known_as: str) -> Answer:
        """Answer a request that the function has seen; `known_as` is the path the viewer asked for."""
        if request.method not in ("GET", "HEAD"):
            return _from_origin(self._fetch(request, behaviour=behaviour, distribution=distribution))
        key = cache_key(request, behaviour.cache)
        entry = self._find(key)
        now = self._clock()
        if entry is not None and now < entry.until:
            return _kept(entry, Source.HIT, now=now)
        epoch = self._cache.epoch
        response = self._fetch(_revalidation(request, entry), behaviour=behaviour, distribution=distribution)
        source = Source.MISS
        if entry is not None and response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            if _may_stand_in(entry, now=now):
                return _kept(entry, Source.STALE, now=now)
        elif entry is not None and response.status == HTTPStatus.NOT_MODIFIED:
            response = entry.response.with_headers(*response.headers)
            source = Source.REFRESHED
        seconds = self._seconds(response, behaviour=behaviour, distribution=distribution)
        if request.method == "GET" and seconds > 0:
            since = self._clock()
            names = frozenset({request.path, known_as})
            fresh = Entry(response=response, names=names, since=since, until=since + seconds)
            self._cache.keep(key, fresh, asked_in=epoch)
        return _from_origin(response, source)

    def _find(self, key: Key) -> Entry | None:
        """Look into the cache once every completed invalidation has been obeyed."""
        self._invalidations.begin()
        if self._cache.find(key) is None:
            return None
        with self._obeying:
            self._cache.drop(self._invalidations.arrived())
        return self._cache.find(key)

    def _fetch(self, request: Request, *, behaviour: Behaviour, distribution: Distribution) -> Response:
        settings = distribution.origins[behaviour.origin_id]
        if settings not in self._origins:
            self._origins[settings] = self._open_origin(settings)
        told = origin_request(request, behaviour=behaviour, origin=settings, distribution=distribution)
        answer = self._origins[settings].fetch(told)
        if isinstance(answer, Unreachable):
            return notice(answer.status, CANNOT, f"Origin `{settings.id}`: {answer.reason}.")
        return answer

    def _seconds(self, response: Response, *, behaviour: Behaviour, distribution: Distribution) -> int:
        if response.status >= HTTPStatus.BAD_REQUEST:
            return error_kept_seconds(
                response,
                least=distribution.error_seconds(response.status),
                told=response.status in distribution.error_pages,
            )
        return kept_seconds(response, behaviour.cache, now=self._clock())


def _from_origin(response: Response, source: Source = Source.MISS) -> Answer:
    failed = response.status >= HTTPStatus.BAD_REQUEST
    return Answer(response=response, source=Source.ERROR if failed else source)


def _kept(entry: Entry, source: Source, *, now: float) -> Answer:
    failed = entry.response.status >= HTTPStatus.BAD_REQUEST
    age = max(0, int(now - entry.since))
    return Answer(response=entry.response, source=Source.ERROR if failed else source, age=age)


def _revalidation(request: Request, entry: Entry | None) -> Request:
    """Return the request asking whether what is kept still holds."""
    etag = entry.response.header("etag") if entry is not None else None
    if etag is None or request.method != "GET":
        return request
    return replace(request, revalidates=etag)


def _may_stand_in(entry: Entry, *, now: float) -> bool:
    """Say whether an answer past its time is better than none: always, unless it says for how long."""
    limit = stale_seconds(entry.response)
    return entry.response.status < HTTPStatus.BAD_REQUEST and (limit is None or now < entry.until + limit)
