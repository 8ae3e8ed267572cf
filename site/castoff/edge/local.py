"""Knows a site that stands in no cloud: the edge's function before an origin of one's own, and nothing kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from castoff.edge.cache import Cache
from castoff.edge.distribution import Behaviour, Distribution, ErrorPage, OriginSettings
from castoff.edge.edge import Edge
from castoff.edge.invalidations import NoInvalidations
from castoff.edge.policies import CachePolicy, OriginRequestPolicy, ResponseHeadersPolicy, Rule, Selection
from castoff.edge.supply import Supply

if TYPE_CHECKING:
    from castoff.edge.distribution import EdgeFunction
    from castoff.edge.origins import Origin

_UNKEPT = CachePolicy(default_seconds=0, max_seconds=0)
_EVERYTHING = Selection(rule=Rule.ALL)
_MISSING = ErrorPage(path="/castoff/404.html", status=404, seconds=0)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})


class FixedDeployment:
    """A distribution that nobody deploys anew."""

    def __init__(self, distribution: Distribution) -> None:
        self._distribution = distribution

    def current(self) -> Distribution:
        """Return the distribution."""
        return self._distribution


def local_edge(
    *,
    function: EdgeFunction,
    pages: Origin,
    api: Origin | None = None,
    headers: ResponseHeadersPolicy | None = None,
) -> Edge:
    """Return an edge over `pages`; `api` answers for `/crew/*` and `/g/PRESIGN`, and without one `pages` does.

    Every request goes to its origin, the API's with all that the viewer sent. `headers` are added to pages alone.
    """
    origins = {"pages": pages, "api": api or pages}
    distribution = Distribution(
        id="LOCAL",
        domain="local.invalid",
        enabled=True,
        root_object="",
        origins={name: _settings(name) for name in origins},
        behaviours=(
            _api_behaviour("/crew/*", function),
            _api_behaviour("/g/PRESIGN", function),
            Behaviour(
                pattern="*",
                origin_id="pages",
                methods=frozenset({"GET", "HEAD"}),
                cache=_UNKEPT,
                told_origin=OriginRequestPolicy(),
                told_viewer=headers or ResponseHeadersPolicy(),
                function=function,
            ),
        ),
        error_pages={403: _MISSING, 404: _MISSING},
    )
    return Edge(
        deployment=FixedDeployment(distribution),
        supply=Supply(
            open_origin=lambda settings: origins[settings.id],
            invalidations=NoInvalidations(),
            cache=Cache(),
            clock=time.time,
        ),
    )


def _api_behaviour(pattern: str, function: EdgeFunction) -> Behaviour:
    return Behaviour(
        pattern=pattern,
        origin_id="api",
        methods=_METHODS,
        cache=_UNKEPT,
        told_origin=OriginRequestPolicy(headers=_EVERYTHING, cookies=_EVERYTHING, parameters=_EVERYTHING),
        told_viewer=ResponseHeadersPolicy(),
        function=function,
    )


def _settings(name: str) -> OriginSettings:
    return OriginSettings(id=name, domain="local.invalid", path="", bucket=None, custom_headers=(), read_seconds=30)
