"""Addresses of the calendar for the operator's own programs: made, listed and ended by `castoff link`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from castoff.cli.terminal import result, result_json, say
from publisher.adapters.http import locate
from publisher.adapters.world import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.cli.releasing import Project
    from publisher.ports import Calendar, Feed
    from publisher.target import Target


def show_feeds(project: Project, *, label: str | None, revoked: str | None, as_json: bool) -> None:
    """Make a feed, end one, or without either list them all."""
    target = project.destination()
    calendar = connect(target).calendar
    if label is not None:
        _make(calendar, target, label, as_json=as_json)
    elif revoked is not None:
        calendar.revoke_feed(revoked)
        if as_json:
            result_json({"revoked": revoked})
        else:
            say(f"feed {revoked} is ended: its address shows nothing from now on")
    else:
        _list(calendar.feeds(), as_json=as_json)


def address_of(target: Target, path: str) -> str:
    """Return a feed's address as a calendar program takes it, of the embedded cloud, too."""
    url = f"{target.dashboard.url.rstrip('/')}{path}"
    where, host = locate(url, endpoint=target.endpoint)
    return url if where == url else f"http://{host}{where.removeprefix(target.endpoint or '')}"


def _make(calendar: Calendar, target: Target, label: str, *, as_json: bool) -> None:
    same = [one for one in calendar.feeds() if one.label.strip() == label.strip()]
    feed, path = calendar.make_feed(label)
    url = address_of(target, path)
    if as_json:
        result_json({"id": feed.id, "label": feed.label, "url": url})
        return
    result(url)
    say(f"this is shown once, and whoever has it reads every charter: keep it to {feed.label}")
    say("  iPhone, iPad: Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, Add Subscribed Calendar")
    say("  Mac: Calendar, File, New Calendar Subscription")
    say("  Google: calendar.google.com, Other calendars, From URL")
    say("  Outlook: Add calendar, Subscribe from web")
    say(f"`castoff link --revoke {feed.id} --target {target.name}` ends it")
    for one in same:
        again = f"an earlier one has this label, made {one.made[:10]}; where it is no longer used:"
        say(f"{again} `castoff link --revoke {one.id} --target {target.name}`")


def _list(feeds: Sequence[Feed], *, as_json: bool) -> None:
    if as_json:
        result_json([asdict(feed) for feed in feeds])
        return
    for feed in feeds:
        used = f"last read {feed.used}" if feed.used else "never read"
        result(f"{feed.id}  made {feed.made[:10]}  {used:<20}  {feed.label}")
    if not feeds:
        say("no calendar's address was ever made, or all were ended; `castoff link --calendar LABEL` makes one")
