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
    return _listed(crew, "ShipCaptainCrew", f"/events?booking_id={quote(booking)}", "events")


def members_of(crew: Ask) -> frozenset[str] | None:
    """Return the ids of the crew as the service knows them; None from one of one's own that does not tell."""
    reply = crew("GET", "/crew-members")
    if reply.status == _NO_SUCH_ROUTE:
        return None
    found = (reply.value or {}).get("members") if reply.well else None
    if not isinstance(found, list):
        raise PublishError(f"ShipCaptainCrew, asked `GET /crew-members`: {reply}")
    return frozenset(map(str, found))


def entries_between(calendar: Ask, first: str, last: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a range of days; a dashboard may give them in pages, each of which names the next."""
    path = f"/calendar?from={first}&to={last}"
    reply = calendar("GET", path)
    yield from _paged(calendar, "the dashboard", path, "entries", reply)


def entries_of(calendar: Ask, booking: str) -> list[Mapping[str, Any]]:
    """Return the entries of a booking, whichever day they are on."""
    return _listed(calendar, "the dashboard", f"/calendar?booking_id={quote(booking)}", "entries")


def mails_of(crew: Ask) -> list[Mapping[str, Any]] | None:
    """Return the mails of the last weeks as the service tells them; None where it tells nothing about mail."""
    reply = crew("GET", "/mail")
    if reply.status == _NO_SUCH_ROUTE:
        return None
    return [*_paged(crew, "ShipCaptainCrew", "/mail", "mails", reply)]


def _paged(api: Ask, name: str, path: str, what: str, reply: Reply) -> Iterator[Mapping[str, Any]]:
    """Yield what the first page of a list holds, and the pages that it and each other names as the next."""
    after, joint = "", "&" if "?" in path else "?"
    while True:
        yield from _items(reply.value if reply.well else None, what, f"{name}, asked `GET {path}`: {reply}")
        following = (reply.value or {}).get("next")
        if not isinstance(following, str) or following <= after:
            return
        after = following
        reply = api("GET", f"{path}{joint}next={quote(after, safe='')}")


def _listed(api: Ask, name: str, path: str, what: str) -> list[Mapping[str, Any]]:
    reply = api("GET", path)
    return _items(reply.value if reply.well else None, what, f"{name}, asked `GET {path}`: {reply}")


def _items(value: Mapping[str, Any] | None, name: str, otherwise: str) -> list[Mapping[str, Any]]:
    found = (value or {}).get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise PublishError(otherwise)
    return found
