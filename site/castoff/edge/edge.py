"""Knows the way of a request through CloudFront: behaviour, function, cache and origin, error page, headers."""

from __future__ import annotations

import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from castoff.edge.deployment import UnreadableError
from castoff.edge.event import Place
from castoff.edge.function import FunctionError, run_function
from castoff.edge.messages import Request, Response, notice
from castoff.edge.policies import UnsupportedError
from castoff.edge.supply import CANNOT, Answer
from castoff.edge.viewer import Source, told_viewer

if TYPE_CHECKING:
    from castoff.edge.deployment import Deployment
    from castoff.edge.distribution import Behaviour, Distribution, EdgeFunction
    from castoff.edge.supply import Supply


class Edge:
    """One site at the edge: the distribution that is deployed, and the supply of its answers."""

    def __init__(self, *, deployment: Deployment, supply: Supply) -> None:
        self._deployment = deployment
        self._supply = supply

    def respond(self, request: Request) -> Response:
        """Answer a viewer as CloudFront would; what cannot be done is said in words, never raised."""
        try:
            distribution = self._deployment.current()
            behaviour = distribution.behaviour_for(request.path)
            answer = self._answer(request, behaviour=behaviour, distribution=distribution)
        except UnreadableError as fault:
            return notice(502, CANNOT, f"The edge cannot read what is deployed: {fault}.")
        except UnsupportedError as fault:
            return notice(502, CANNOT, f"The embedded edge cannot do what the template asks for: {fault}.")
        return told_viewer(
            answer.response,
            request=request,
            policy=behaviour.told_viewer,
            source=answer.source,
            age=answer.age,
        )

    def _answer(self, request: Request, *, behaviour: Behaviour, distribution: Distribution) -> Answer:
        if not distribution.enabled:
            return _refused(403, "The distribution is disabled.")
        if request.method not in behaviour.methods:
            return _refused(403, f"`{behaviour.pattern}` does not allow the method {request.method}.")
        try:
            seen = _seen_by_function(request, behaviour.function, distribution)
        except FunctionError as fault:
            return _refused(503, f"The function of `{behaviour.pattern}` failed: {fault}")
        if isinstance(seen, Response):
            return Answer(response=seen, source=Source.FUNCTION)
        if seen.path == "/" and distribution.root_object:
            seen = replace(seen, path="/" + distribution.root_object)
        answer = self._supply.obtain(seen, behaviour=behaviour, distribution=distribution, known_as=request.path)
        if answer.response.status >= HTTPStatus.BAD_REQUEST:
            return self._with_error_page(answer, distribution)
        return answer

    def _with_error_page(self, answer: Answer, distribution: Distribution) -> Answer:
        """Put the distribution's own page in the place of an error, where it has one and the page is there."""
        rule = distribution.error_pages.get(answer.response.status)
        if rule is None or rule.path is None:
            return answer
        page = self._supply.obtain(
            Request(method="GET", host="", path=rule.path),
            behaviour=distribution.behaviour_for(rule.path),
            distribution=distribution,
            known_as=rule.path,
        )
        if page.response.status != HTTPStatus.OK:
            return answer
        return replace(answer, response=replace(page.response, status=rule.status))


def _seen_by_function(
    request: Request, function: EdgeFunction | None, distribution: Distribution
) -> Request | Response:
    if function is None:
        return request
    place = Place(
        distribution_id=distribution.id,
        distribution_domain=distribution.domain,
        request_id=uuid.uuid4().hex,
    )
    return run_function(function.code, request, place, values=function.store)


def _refused(status: int, words: str) -> Answer:
    return Answer(response=notice(status, CANNOT, words), source=Source.ERROR)
