"""What the services list, read to its end however they cut it: events, entries, crew members, mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import quote

from publisher.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from publisher.clauses.reply import Reply

Ask: TypeAlias = "Callable[[str, str], Reply]"
"""What asks a service, by method and path."""

_NO_SUCH_ROUTE: Final = 404


def events_of(crew: Ask, booking: str) -> list[Mapping[str, Any]]:
    """Return the events of a booking, of which there should be one that sails at most."""
    path = f"/events?booking_id={quote(booking)}"
    return [*_paged(crew, "ShipCaptainCrew", path, "events", crew("GET", path))]


def members_of(crew: Ask) -> frozenset[str] | None:
    """Return the ids of the crew as the service knows them; None from one of one's own that does not tell."""
    reply = crew("GET", "/crew-members")
    if reply.status == _NO_SUCH_ROUTE:
        return None
    return frozenset(map(str, _paged(crew, "ShipCaptainCrew", "/crew-members", "members", reply, kind=object)))


def entries_between(calendar: Ask, first: str, last: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a range of days; a dashboard may give them in pages, each of which names the next."""
    path = f"/calendar?from={first}&to={last}"
    reply = calendar("GET", path)
    yield from _paged(calendar, "the dashboard", path, "entries", reply)


def entries_of(calendar: Ask, booking: str) -> list[Mapping[str, Any]]:
    """Return the entries of a booking, whichever day they are on."""
    path = f"/calendar?booking_id={quote(booking)}"
    return [*_paged(calendar, "the dashboard", path, "entries", calendar("GET", path))]


def mails_of(crew: Ask) -> list[Mapping[str, Any]] | None:
    """Return the mails of the last weeks as the service tells them; None where it tells nothing about mail."""
    reply = crew("GET", "/mail")
    if reply.status == _NO_SUCH_ROUTE:
        return None
    return [*_paged(crew, "ShipCaptainCrew", "/mail", "mails", reply)]


def pages(path: str, ask: Callable[[str], Mapping[str, Any]], *, name: str) -> Iterator[Mapping[str, Any]]:
    """Yield the first page of a list, and the pages that it and each other names as the next.

    What names the next is the service's own, in whichever order; a list that leads back to itself is a PublishError.
    """
    joint, before, page = "&" if "?" in path else "?", set[str](), ask(path)
    while True:
        yield page
        following = page.get("next")
        if not isinstance(following, str) or not following:
            return
        if following in before:
            raise PublishError(
                f"{name}, asked `GET {path}`: its list has no end, one page leads back to another",
                hint=f"mend {name}",
            )
        before.add(following)
        page = ask(f"{path}{joint}next={quote(following, safe='')}")


def _paged(api: Ask, name: str, path: str, what: str, reply: Reply, *, kind: type = dict) -> Iterator[Any]:
    """Yield what a list holds, of which the first page was asked for already."""

    def ask(where: str) -> Mapping[str, Any]:
        found = reply if where == path else api("GET", where)
        items = _items(found.value if found.well else None, what, f"{name}, asked `GET {path}`: {found}", kind=kind)
        return {**(found.value or {}), what: items}

    for page in pages(path, ask, name=name):
        yield from page[what]


def _items(value: Mapping[str, Any] | None, name: str, otherwise: str, *, kind: type) -> list[Any]:
    found = (value or {}).get(name)
    if not isinstance(found, list) or not all(isinstance(item, kind) for item in found):
        raise PublishError(otherwise)
    return found
