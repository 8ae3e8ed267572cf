"""What callers are answered, as forms that programs can read; and the one form that a browser sends."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # Pydantic reads that of `typing` from Python 3.12 on only

from lambdas.service.instants import Instant
from lambdas.shipcaptaincrew.addresses import Trouble
from lambdas.shipcaptaincrew.calls import Kind
from lambdas.shipcaptaincrew.event import Status
from lambdas.shipcaptaincrew.mails import Reason, State


class EventAnswer(TypedDict):
    """An event as it stands now."""

    event_id: str
    booking_id: str
    status: Status
    revision: int
    event_name: str
    captain_id: str
    crew_ids: list[str]
    date: Instant
    duration_hours: float
    call_time: Instant
    dock: str
    guest_count: int
    notes: str
    crew_page: str
    forecast: NotRequired[str]


class EventsAnswer(TypedDict):
    """A booking's events: one or none."""

    events: list[EventAnswer]


class AddressAnswer(TypedDict):
    """What SES last told of a member's address."""

    kind: Trouble
    permanent: bool
    since: Instant


class MemberAnswer(TypedDict):
    """A crew member; `mail` is what is wrong with their address, if anything is known."""

    member_id: str
    name: str
    role: str
    email: str
    phone: str | None
    mail: NotRequired[AddressAnswer]


class MembersAnswer(TypedDict):
    """The ids of everyone in the crew, and nothing else of them."""

    members: list[str]


class GoneAnswer(TypedDict):
    """A crew member who left."""

    member_id: str
    gone: Literal[True]


class LinkAnswer(TypedDict):
    """To whom a link was mailed, and what it opens."""

    member_id: str
    subject: str


class MailAnswer(TypedDict):
    """Where a mail stands, since when, and why it has lapsed; `address` is what is wrong with its reader's."""

    mail_id: str
    booking_id: str
    event_id: str
    member_id: str
    kind: Kind
    state: State
    since: Instant
    reason: NotRequired[Reason]
    address: NotRequired[AddressAnswer]


class MailsAnswer(TypedDict):
    """The mails of the last weeks, by charter; `next` is to be sent with the next call where more may follow."""

    mails: list[MailAnswer]
    next: NotRequired[str]


class FormAnswer(TypedDict):
    """A presigned POST: `fields` first, then `file` as the last field."""

    url: str
    fields: dict[str, str]
    expires: Instant
    ticket: NotRequired[str]


class LoginForm(TypedDict, total=False):
    """What the forms on the crew's pages send."""

    email: str
    token: str
