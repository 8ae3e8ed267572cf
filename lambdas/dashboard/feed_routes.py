"""The feed, open to whoever holds a key of its own, and the routes by which the operator makes and ends such keys."""

import hashlib
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Response

from lambdas.dashboard.answers import FeedsAnswer, NewFeedAnswer, RevokedAnswer
from lambdas.dashboard.feed import whole_feed
from lambdas.dashboard.feeds import FeedBody
from lambdas.dashboard.ports import Service, require_token, service
from lambdas.service.fields import Identifier
from lambdas.service.intake import json_body
from lambdas.service.promises import answers, refuses

router = APIRouter()

TheService = Annotated[Service, Depends(service)]
TheBody = Annotated[FeedBody, Depends(json_body(FeedBody))]
TheKey = Annotated[str | None, Query()]
Known = Annotated[str | None, Header()]
_OPERATOR: Final = [Depends(require_token)]

_CALENDAR: Final = "text/calendar"
_BACK, _AHEAD = timedelta(days=90), timedelta(days=731)
_MOST: Final = 6000
"""Entries of a feed: two years of eight a day. Fewer, where they are so long that Lambda would not answer them."""


@router.post("/calendar/feeds", status_code=201, dependencies=_OPERATOR)
@answers(201, NewFeedAnswer)
@refuses(409, "too_many_feeds")
def make_feed(to: TheService, body: TheBody) -> dict[str, Any]:
    """Make a feed; its key is in this answer and in no other."""
    feed, key = to.feeds.make(body.label)
    return {"id": feed.feed_id, "label": feed.label, "made": feed.made, "key": key, "path": f"/calendar.ics?key={key}"}


@router.get("/calendar/feeds", dependencies=_OPERATOR)
@answers(200, FeedsAnswer)
def list_feeds(to: TheService) -> dict[str, Any]:
    """Return all feeds, without their keys."""
    listed = [asdict(feed) for feed in to.feeds.all()]
    return {"feeds": [{"id": feed.pop("feed_id"), **feed} for feed in listed]}


@router.delete("/calendar/feeds/{feed_id}", dependencies=_OPERATOR)
@answers(200, RevokedAnswer)
@refuses(404, "feed_unknown")
def revoke_feed(to: TheService, feed_id: Identifier) -> dict[str, Any]:
    """End a feed at once."""
    to.feeds.revoke(feed_id)
    return {"id": feed_id, "revoked": True}


@router.get("/calendar.ics")
@answers(200, media=_CALENDAR)
@answers(304)
@refuses(401, "unauthorized")
@refuses(429, "too_many_requests")
def get_feed(to: TheService, key: TheKey = None, if_none_match: Known = None) -> Response:
    """Return the calendar as a file, from three months ago on; 304 to a program that has it as it is."""
    return _answer(to, key, if_none_match)


@router.head("/calendar.ics")
@answers(200, media=_CALENDAR)
@answers(304)
@refuses(401, "unauthorized")
@refuses(429, "too_many_requests")
def look_at_feed(to: TheService, key: TheKey = None, if_none_match: Known = None) -> Response:
    """Return what a GET would, without the file."""
    answer = _answer(to, key, if_none_match)
    answer.body = b""
    return answer


def _answer(to: Service, key: str | None, known: str | None) -> Response:
    to.feeds.open(key)
    today = to.ports.now().astimezone(to.ports.settings.zone).date()
    entries, more = to.calendar.between(today - _BACK, today + _AHEAD, most=_MOST)
    body = whole_feed(entries, more=more).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # A copy may be kept, by the program itself and nobody between, and is asked about each time.
    headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Referrer-Policy": "no-referrer"}
    if _names(known, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{_CALENDAR}; charset=utf-8", headers=headers)


def _names(header: str | None, tag: str) -> bool:
    """Tell whether an If-None-Match names a tag, whose weak form is as good (RFC 9110, 13.1.2)."""
    named = {part.strip().removeprefix("W/") for part in (header or "").split(",")}
    return tag in named or "*" in named
