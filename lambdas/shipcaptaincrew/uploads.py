"""Upload forms: one for a page, that lives for days and works without a script, and one for a single file."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Annotated, Any, Final

from pydantic import Field

from castoff.contract.tickets import Audience, Ticket, sign_ticket, upload_prefix
from lambdas.service.fields import Identifier
from lambdas.service.instants import Clock, Instant
from lambdas.service.limits import Limit, Limits
from lambdas.service.refusals import RefusalError
from lambdas.shipcaptaincrew.bodies import Body
from lambdas.shipcaptaincrew.gate import Gate
from lambdas.shipcaptaincrew.presigner import PresignedPost, Presigner
from lambdas.shipcaptaincrew.settings import Settings

LARGEST: Final = 100_000_000
"""Bytes of a file at most, whatever is asked for."""

LONGEST: Final = timedelta(days=7)
"""How long a signature of version 4 lives at most (AWS)."""

_FOR_ONE_FILE = timedelta(minutes=15)
_PAGE_TYPE = "application/octet-stream"  # without a script the field cannot follow the file

# What a phone's camera and its browser make; nothing that a browser would run (SVG, HTML).
_EXTENSIONS: Final[Mapping[str, str]] = {
    "image/avif": "avif",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/3gpp": "3gp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}

# A party of twelve on one boat's network may send two hundred photos each, all at once.
_PER_TICKET = Limit("forms-ticket", 3000, timedelta(hours=1))
_PER_NETWORK = Limit("forms-network", 3000, timedelta(hours=1))


class PageFormBody(Body):
    """A form for a slot: whose, when the window is, until when it is wanted, how large a file may be (bytes)."""

    booking: Identifier
    audience: Audience
    opens: Instant
    closes: Instant
    until: Instant
    max_size: Annotated[int, Field(strict=True, ge=1, le=LARGEST)]


class FileFormBody(Body):
    """A form for one file, by the ticket of a page."""

    ticket: Annotated[str, Field(strict=True)]
    content_type: Annotated[str, Field(strict=True)]


@dataclass(frozen=True)
class UploadForm:
    """A form that is good until `expires`; `ticket` is what a page's script asks for others with."""

    post: PresignedPost
    expires: datetime
    ticket: str | None = None

    def answer(self) -> dict[str, Any]:
        """Return the form as its JSON answer."""
        ticket = {} if self.ticket is None else {"ticket": self.ticket}
        expires = self.expires.astimezone(UTC).isoformat(timespec="seconds")
        return {"url": self.post.url, "fields": dict(self.post.fields), "expires": expires, **ticket}


class Uploads:
    """The forms, and who may have them."""

    def __init__(self, presigner: Presigner, gate: Gate, limits: Limits, *, settings: Settings, now: Clock) -> None:
        self._presigner = presigner
        self._gate = gate
        self._limits = limits
        self._settings = settings
        self._now = now

    def page_form(self, wish: PageFormBody) -> UploadForm:
        """Return the form for a page's slot, for files below its prefix; RefusalError 422 when it is too late."""
        now = self._now()
        if wish.opens >= wish.closes:
            raise RefusalError(422, "invalid_field", "must lie after `opens`", field="closes")
        if wish.closes <= now:
            raise RefusalError(422, "window_over", "the window for uploads is over", field="closes")
        if wish.until <= now:
            raise RefusalError(422, "invalid_field", "must lie in the future", field="until")
        expires = min(wish.until, wish.closes, now + LONGEST)
        fields = {
            "Content-Type": _PAGE_TYPE,
            "success_action_redirect": f"{self._settings.guest_url}/castoff/thanks.html",
        }
        key = f"{upload_prefix(wish.booking, wish.audience)}${{filename}}"
        ticket = Ticket(
            booking=wish.booking,
            audience=wish.audience,
            opens=int(wish.opens.timestamp()),
            closes=int(wish.closes.timestamp()),
            max_size=wish.max_size,
        )
        post = self._sign(key, fields, max_size=wish.max_size, lives=expires - now)
        return UploadForm(post, expires, sign_ticket(ticket, self._gate.ticket_key()))

    def file_form(self, wish: FileFormBody, *, network: str) -> UploadForm:
        """Return the form for one file of its exact type, at a key of ours; RefusalError 401, 410, 422 or 429."""
        ticket = self._gate.read_ticket(wish.ticket)
        if ticket is None:
            raise RefusalError(401, "ticket_refused", "this ticket is not ours", field="ticket")
        now = self._now()
        second = now.timestamp()
        if second >= ticket.closes:
            raise RefusalError(410, "window_over", "the window for uploads is over", field="ticket")
        if second < ticket.opens:
            raise RefusalError(422, "window_not_open", "the window for uploads is not open yet", field="ticket")
        extension = _EXTENSIONS.get(wish.content_type)
        if extension is None:
            known = ", ".join(_EXTENSIONS)
            raise RefusalError(422, "type_refused", f"must be one of {known}", field="content_type")
        self._count(ticket, network, now=now)
        expires = min(now + _FOR_ONE_FILE, datetime.fromtimestamp(ticket.closes, UTC))
        fields = {"Content-Type": wish.content_type, "success_action_status": "201"}
        key = f"{upload_prefix(ticket.booking, ticket.audience)}{secrets.token_hex(16)}.{extension}"
        return UploadForm(self._sign(key, fields, max_size=ticket.max_size, lives=expires - now), expires)

    def _count(self, ticket: Ticket, network: str, *, now: datetime) -> None:
        audience = f"{ticket.booking}#{ticket.audience.value}"
        if not (
            self._limits.allows(_PER_NETWORK, network, now=now) and self._limits.allows(_PER_TICKET, audience, now=now)
        ):
            words = "too many files within an hour; the rest can follow later"
            raise RefusalError(429, "too_many", words, headers={"Retry-After": "600"})

    def _sign(self, key: str, fields: Mapping[str, str], *, max_size: int, lives: timedelta) -> PresignedPost:
        # Upwards: the form is good for at least as long as the answer says.
        return self._presigner.sign(key, fields, max_size=max_size, seconds=ceil(lives.total_seconds()))
