"""ShipCaptainCrew, the dashboard, and the public web, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from castoff.contract.slots import Form
from castoff.contract.tickets import OPS
from publisher.adapters.http import said_in
from publisher.adapters.lists import pages
from publisher.errors import PublishError, UnknownMemberError
from publisher.events import event_fields, event_of, one_event
from publisher.ports import Feed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from castoff.contract.release import CrewMember
    from castoff.contract.slots import Slot
    from castoff.contract.state import PublishedEvent
    from publisher.adapters.http import Http, JsonApi


class ShipCaptainCrew:
    """The crew service: every creation carries the booking's idempotency key, every call the serial."""

    def __init__(self, api: JsonApi) -> None:
        self._api = api

    def put_member(self, member: CrewMember, *, serial: int) -> None:
        """Make a member known, or correct them."""
        self._api.call("PUT", f"/crew-members/{quote(member.id)}", member.to_json(), serial=serial, private=True)

    def delete_member(self, member: str, *, serial: int) -> None:
        """Forget a member; one that is unknown is well."""
        self._api.call("DELETE", f"/crew-members/{quote(member)}", serial=serial, also=("member_unknown",))

    def find_event(self, booking: str, *, serial: int | None) -> PublishedEvent | None:
        """Return the event of a booking; with a serial, no call of a lower one is taken for it afterwards."""
        event = one_event(_listed(self._api, "events", "/events", booking, serial=serial), booking)
        return event_of(event) if event is not None else None

    def create_event(self, booking: str, payload: Mapping[str, Any], *, serial: int) -> PublishedEvent:
        """Create the event of a booking; one that is there and holds something else is patched and returned."""
        status, value = self._api.call(
            "POST",
            "/event",
            payload,
            about=f"booking {booking}",
            serial=serial,
            key=f"event:{booking}",
            also=(409, 422),
        )
        if status < 300:  # noqa: PLR2004 - the class of answers that HTTP calls success
            event = event_of(value)
            wanted = event_fields(payload)
            as_asked = all(event.fields.get(name, mark) == mark for name, mark in wanted.items())
            if event.status == "scheduled" and as_asked:
                return event
            return self.update_event(event.id, {"status": "scheduled", **payload}, serial=serial)
        found = self.find_event(booking, serial=serial)
        if found is None:
            words = said_in(value) or "without a reason"
            raise PublishError(
                f"{self._api.name} refused the event of booking {booking} with {status}: {words}",
                hint="correct the booking, or publish again where a newer publish was faster",
            )
        return self.update_event(found.id, {"status": "scheduled", **payload}, serial=serial)

    def update_event(self, event: str, changes: Mapping[str, Any], *, serial: int) -> PublishedEvent:
        """Send the fields that changed."""
        _, value = self._api.call("PATCH", f"/events/{quote(event)}", changes, serial=serial)
        return event_of(value)

    def cancel_event(self, event: str, *, serial: int) -> PublishedEvent:
        """Cancel an event; one that is cancelled already is well."""
        _, value = self._api.call("DELETE", f"/events/{quote(event)}", serial=serial)
        return event_of(value)

    def presign(self, slot: Slot, *, until: str) -> Form:
        """Return a form for a slot that lives until an instant (ISO 8601) at most; the service may sign for less."""
        asked = {
            "booking": slot.booking,
            "audience": slot.audience.value,
            "opens": slot.opens,
            "closes": slot.closes,
            "until": until,
            "max_size": slot.max_size,
        }
        about = f"the {slot.audience.value} form of booking {slot.booking}"
        _, value = self._api.call("POST", "/g/PRESIGN", asked, about=about)
        form = _form(value)
        if form is None:
            raise PublishError(
                f"{self._api.name} answered with something that is not {about}",
                hint="deploy ShipCaptainCrew anew from castoff's template, then publish again",
            )
        return form

    def send_link(self, member: str, *, subject: str) -> None:
        """Send a member a new link to a booking's crew page, or to the board with subject `ops`."""
        path = f"/crew-members/{quote(member)}/link"
        try:
            _, value = self._api.call("POST", path, {"subject": subject}, also=tuple(_NO_LINK), repeat=False)
        except PublishError as error:
            error.hint = "look into the mailbox: if no link comes, ask again"
            raise
        reason = str(value.get("error"))
        if reason in _NO_LINK:
            kind = UnknownMemberError if reason == "member_unknown" else PublishError
            hint = _NOT_OPS.format(member=member) if (reason, subject) == ("not_aboard", OPS) else _NO_LINK[reason]
            raise kind(f"{self._api.name} sends {member} no link: {said_in(value)}", hint=hint)


def _listed(api: JsonApi, what: str, path: str, booking: str, *, serial: int | None) -> list[Any]:
    """Return what a service lists of a booking, however many pages it takes."""
    found: list[Any] = []
    asked = f"{path}?booking_id={quote(booking)}"
    for page in pages(asked, lambda where: api.call("GET", where, serial=serial)[1], name=api.name):
        items = page.get(what)
        if not isinstance(items, list):
            raise PublishError(f"{api.name} listed no {what} for booking {booking}", hint=_ONCE_MORE)
        found += items
    return found


def _form(value: Mapping[str, Any]) -> Form | None:
    """Return the form in an answer; None where S3 could take nothing by it."""
    fields = value.get("fields")
    texts = [value.get(name) for name in ("url", "expires", "ticket")]
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in [*texts, *fields.values()]):
        return None
    url, expires, ticket = map(str, texts)
    try:
        dated = datetime.fromisoformat(expires).tzinfo is not None
        parts = urlsplit(url)
    except ValueError:
        return None
    sendable = parts.scheme in {"http", "https"} and parts.hostname and fields.keys() >= _SIGNED
    return Form(url=url, fields=fields, expires=expires, ticket=ticket) if dated and sendable else None


_SIGNED: Final = {"key", "policy", "x-amz-signature"}

_NO_LINK: Final = {
    "member_unknown": "publish their file in content/crew first, then ask again",
    "not_aboard": "see who sails in the booking's file, and that it is published",
    "event_cancelled": "a charter that is called off has no crew page to go to",
}
"""Why ShipCaptainCrew sends a member no link, by its name of the error, and what to do."""
_NOT_OPS: Final = "the ops board is not for them; name a booking for its crew page: `castoff link ID --crew {member}`"


class DashboardCalendar:
    """The dashboard's calendar."""

    def __init__(self, api: JsonApi) -> None:
        self._api = api

    def put(self, booking: str, entry: Mapping[str, Any], *, serial: int) -> None:
        """Write the entry of a booking."""
        self._api.call("PUT", f"/calendar/{quote(booking)}", entry, serial=serial, private=True)

    def delete(self, booking: str, *, serial: int) -> None:
        """Remove the entry of a booking; one that is gone is well."""
        self._api.call("DELETE", f"/calendar/{quote(booking)}", serial=serial)

    def has(self, booking: str, *, serial: int | None) -> bool:
        """Tell whether a booking has an entry; with a serial, no call of a lower one is taken for it afterwards."""
        return bool(_listed(self._api, "entries", "/calendar", booking, serial=serial))

    def make_feed(self, label: str) -> tuple[Feed, str]:
        """Make a feed and return it with its path, which holds its key; asked once, or there might be two."""
        try:
            status, value = self._api.call(
                "POST", "/calendar/feeds", {"label": label}, also=(422, "too_many_feeds"), repeat=False
            )
        except PublishError as error:
            error.hint = "see `castoff link --calendars`: a feed that was made and not shown is of no use, revoke it"
            raise
        if status in _NO_FEED:
            words = said_in(value) or "without a reason"
            raise PublishError(f"{self._api.name} made no feed: {words}", hint=_NO_FEED[status])
        feed, path = self._feed(value), value.get("path")
        if not isinstance(path, str) or not path.startswith("/"):
            raise PublishError(f"{self._api.name} made feed {feed.id} and told no address", hint=_DEPLOY)
        return feed, path

    def feeds(self) -> Sequence[Feed]:
        """Return all feeds, the oldest first."""
        _, value = self._api.call("GET", "/calendar/feeds")
        listed = value.get("feeds")
        if not isinstance(listed, list):
            raise PublishError(f"{self._api.name} listed no feeds", hint=_DEPLOY)
        return [self._feed(feed) for feed in listed]

    def revoke_feed(self, feed: str) -> None:
        """End a feed; PublishError for one that there is not."""
        _, value = self._api.call("DELETE", f"/calendar/feeds/{quote(feed, safe='')}", also=("feed_unknown",))
        if value.get("error") == "feed_unknown":
            raise PublishError(
                f"{self._api.name} has no feed `{feed}`, or no longer", hint="`castoff link --calendars` lists them"
            )

    def _feed(self, value: Mapping[str, Any]) -> Feed:
        try:
            return Feed(id=value["id"], label=value["label"], made=value["made"], used=value.get("used"))
        except (KeyError, TypeError, AttributeError) as error:
            raise PublishError(f"{self._api.name} answered with something that is not a feed", hint=_DEPLOY) from error


class PublicWeb:
    """A site as a guest's browser sees it."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def fetch(self, url: str) -> bytes | None:
        """Return the body at a URL, or None unless it answers 200; raise PublishError where nobody answers at all."""
        answer = self._http.ask("GET", url, headers={"User-Agent": "castoff"})
        if isinstance(answer, str):
            raise PublishError(f"{url} did not answer: {answer}", hint=_UNSEEN)
        return answer.body if answer.status == 200 else None  # noqa: PLR2004 - HTTP's OK

    def ask(self, url: str) -> tuple[int, str]:
        """Return the status at a URL, and where it leads, nothing unless it leads on; it is not followed."""
        answer = self._http.ask("GET", url, headers={"User-Agent": "castoff"})
        if isinstance(answer, str):
            raise PublishError(f"{url} did not answer: {answer}", hint=_UNSEEN)
        return answer.status, answer.headers.get("location", "")


_NO_FEED: Final = {
    409: "`castoff link --calendars` lists them, `castoff link --revoke ID` ends one",
    422: "a label is one line of at most 200 signs",
}
"""What to do about a feed that was not made, by the dashboard's status."""
_DEPLOY: Final = "deploy the dashboard anew from castoff's template, then ask again"
_ONCE_MORE: Final = "run `castoff publish` again; what was done is known and is not done twice"
_UNSEEN: Final = (
    "no crew was called to it; see that the site is up (embedded, `castoff cloud start`), then publish again"
)
