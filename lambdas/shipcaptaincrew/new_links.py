"""New links: for who lost theirs, always to the address on file, and with nothing said about who is known."""

import logging
from datetime import datetime, timedelta

from lambdas.service.instants import Clock
from lambdas.service.limits import Limit, Limits
from lambdas.service.refusals import RefusalError, UnavailableError
from lambdas.shipcaptaincrew.addresses import Addresses
from lambdas.shipcaptaincrew.doors import Door, Doors
from lambdas.shipcaptaincrew.letters import way_in
from lambdas.shipcaptaincrew.links import Links
from lambdas.shipcaptaincrew.mailbox import Mailbox, NotSentError, UnknownSendingError
from lambdas.shipcaptaincrew.members import Member, Members
from lambdas.shipcaptaincrew.settings import Settings

_log = logging.getLogger(__name__)

_PER_MEMBER = Limit("link-member", 5, timedelta(hours=1))
_PER_NETWORK = Limit("link-network", 30, timedelta(hours=1))


class NewLinks:
    """The ways to a new link."""

    def __init__(
        self,
        doors: Doors,
        members: Members,
        links: Links,
        mailbox: Mailbox,
        limits: Limits,
        *,
        addresses: Addresses,
        settings: Settings,
        now: Clock,
    ) -> None:
        self._doors = doors
        self._members = members
        self._links = links
        self._mailbox = mailbox
        self._limits = limits
        self._addresses = addresses
        self._settings = settings
        self._now = now

    def may_ask(self, network: str) -> bool:
        """Count one more question from a viewer's network, and tell whether it is to be looked into."""
        return self._limits.allows(_PER_NETWORK, network, now=self._now())

    def ask(self, subject: str, *, email: str, token: str) -> None:
        """Send a link to whom an address or an old link names, if they belong there; whatever happens, say nothing."""
        now = self._now()
        door = self._doors.find(subject)
        if door is None or not door.gives_links:
            return
        member = self._by_token(door, token) if token else self._by_email(door, email)
        if member is None:
            return
        try:
            self._send_seldom(member, door, now=now)
        except (NotSentError, UnknownSendingError, UnavailableError) as fault:
            # Its code alone: a traceback would bring SES's own words, which name the address.
            _log.warning("the link for %s behind %s may not have gone out (%s)", member.member_id, subject, fault)
        except Exception:  # noqa: BLE001 - any other answer than a stranger's would tell that someone belongs here
            _log.exception("the link for %s behind %s may not have gone out", member.member_id, subject)

    def send_to(self, member_id: str, *, subject: str) -> None:
        """Send a link at the operator's word; RefusalError 404 for a stranger, 422 for who does not belong there."""
        member = self._members.find(member_id)
        if member is None:
            raise RefusalError(404, "member_unknown", f"there is no crew member `{member_id}`", field="member_id")
        door = self._doors.find(subject)
        if door is None or not door.admits(member):
            belongs = "have the role ops" if door is not None and door.event is None else "be aboard that booking"
            raise RefusalError(422, "not_aboard", f"crew member `{member_id}` must {belongs}", field="subject")
        if not door.gives_links:
            raise RefusalError(422, "event_cancelled", "the booking is cancelled", field="subject")
        try:
            self._send(member, door, now=self._now())
        except NotSentError as fault:
            words = f"the mail was refused ({fault.code}); ask again"
            raise RefusalError(503, "mail_refused", words, headers={"Retry-After": "2"}) from fault
        except UnknownSendingError as fault:
            words = "nobody can say whether the mail went out; ask again if it does not arrive"
            raise RefusalError(502, "mail_unconfirmed", words) from fault

    def _send_seldom(self, member: Member, door: Door, *, now: datetime) -> None:
        if not self._limits.allows(_PER_MEMBER, member.member_id, now=now):
            return
        if self._addresses.stops(member):
            _log.warning("no link for %s: mail to their address bounced for good", member.member_id)
            return
        self._send(member, door, now=now)

    def _by_email(self, door: Door, email: str) -> Member | None:
        wanted = email.strip().casefold()
        return next((member for member in self._doors.keepers(door) if member.email.casefold() == wanted), None)

    def _by_token(self, door: Door, token: str) -> Member | None:
        member_id = self._links.made_for(token, subject=door.subject)
        member = self._members.find(member_id) if member_id is not None else None
        return member if member is not None and door.admits(member) else None

    def _send(self, member: Member, door: Door, *, now: datetime) -> None:
        token = self._links.make(member, subject=door.subject, now=now)
        link = self._settings.link(door.subject, token)
        letter = way_in(
            door.event,
            first_name=member.first_name,
            zone=self._settings.zone,
            link=link,
            hours=self._settings.link_hours,
            brand=self._settings.brand,
            now=now,
        )
        self._mailbox.send(letter, to=member.email)
