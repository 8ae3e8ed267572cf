"""Slots: the places of a page that are filled just before it is written, and the mark that makes each writing unique.

A signed upload form in a built page would make every build differ and put a secret into it. So the page carries a
comment at that place, the release says what is asked for, and `fill` puts the form there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from castoff.contract.document import DocumentError
from castoff.contract.tickets import Audience

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.document import Fields

SERIAL_MARK: Final = "castoff:serial:0"
"""Stands in every page and calendar file as built; `fill` puts the serial of the publish in its place."""

ORIGIN_MARK: Final = "https://castoff-slot.invalid"
"""Stands in a page's policy as built, where uploads go; `fill` puts the origin of the page's forms in its place."""

_SLOT: Final = re.compile(rb"<!--castoff:slot ([a-z0-9-]+)-->")


class SlotKind(StrEnum):
    """What a slot asks for."""

    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a form: whose it is, when it is open (ISO 8601 with offset), how large a file may be (bytes).

    `name` is also the `id` of the form in the page, by which inputs outside it belong to it.
    """

    name: str
    kind: SlotKind
    booking: str
    audience: Audience
    opens: str
    closes: str
    max_size: int

    @property
    def mark(self) -> str:
        """The comment that stands in the page where the form will be."""
        return mark_of(self.name)

    def to_json(self) -> dict[str, str | int]:
        """Return the slot's JSON form."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "booking": self.booking,
            "audience": self.audience.value,
            "opens": self.opens,
            "closes": self.closes,
            "max_size": self.max_size,
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Slot:
        """Read the slot's JSON form."""
        kind = fields.text("kind")
        if kind not in set(SlotKind):
            raise DocumentError(f"{fields.place}.kind is `{kind}`, which this castoff cannot fill")
        audience = fields.text("audience")
        if audience not in set(Audience):
            raise DocumentError(f"{fields.place}.audience is `{audience}`, which this castoff does not know")
        return cls(
            name=fields.text("name"),
            kind=SlotKind(kind),
            booking=fields.text("booking"),
            audience=Audience(audience),
            opens=fields.instant("opens"),
            closes=fields.instant("closes"),
            max_size=fields.integer("max_size"),
        )


@dataclass(frozen=True, slots=True)
class Form:
    """A presigned POST for a slot: its fields in the order in which they are sent, and when it dies (ISO 8601).

    `ticket` is what a script in the page renews it with, empty where none shall.
    """

    url: str
    fields: Mapping[str, str]
    expires: str
    ticket: str

    @property
    def origin(self) -> str:
        """Scheme and host that the form is sent to."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def fill(body: bytes, *, forms: Mapping[str, Form | None], serial: int) -> bytes:
    """Return the page as it is written: every slot replaced by its form, the serial's mark by the serial.

    None is a form that sends nothing and says so, for a page that is only looked at. What looks like a slot and was
    not asked for is somebody's text. Raises DocumentError unless the mark of each form stands there exactly once.
    """
    for name in forms:
        places = body.count(mark_of(name).encode())
        if places != 1:
            raise DocumentError(f"the page has {places} places for the form `{name}`, where one is right")
    # The forms last and in one pass: what they hold is theirs, and no mark of ours. Serial and policy stand above all
    # that people wrote: the same words further down are theirs, too.
    page = body.replace(SERIAL_MARK.encode(), f"castoff:serial:{serial}".encode(), 1)
    origins = sorted({form.origin for form in forms.values() if form is not None})
    if origins:
        policy, end, rest = _through_policy(page)
        page = policy.replace(ORIGIN_MARK.encode(), " ".join(origins).encode()) + end + rest
    if not forms:
        return page
    return _SLOT.sub(lambda mark: _markup(name, forms[name]) if (name := mark[1].decode()) in forms else mark[0], page)


def _through_policy(page: bytes) -> tuple[bytes, bytes, bytes]:
    """Return a page cut at the end of the element in which the first mark of an origin stands."""
    above, mark, rest = page.partition(ORIGIN_MARK.encode())
    within, end, below = rest.partition(b">")
    return above + mark + within, end, below


def mark_of(name: str) -> str:
    """Return the comment that stands in a page where the form of this name will be."""
    return f"<!--castoff:slot {name}-->"


def _markup(name: str, form: Form | None) -> bytes:
    """Return the form alone: its file input stands after it in the layout, and S3 wants the file as the last field."""
    if form is None:
        words = "Only a preview: nothing is sent from here."
        return (
            f'<form id="{name}" action="/castoff/thanks.html" method="get" data-preview><p>{words}</p></form>'
        ).encode()
    hidden = "".join(
        f'<input type="hidden" name="{escape(field)}" value="{escape(value)}">' for field, value in form.fields.items()
    )
    renewal = f' data-ticket="{escape(form.ticket)}"' if form.ticket else ""
    return (
        f'<form id="{name}" action="{escape(form.url)}" method="post" enctype="multipart/form-data"'
        f' data-expires="{escape(form.expires)}"{renewal}>{hidden}</form>'
    ).encode()
