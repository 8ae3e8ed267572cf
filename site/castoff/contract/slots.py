"""Slots: the places of a page that are filled just before it is written, and the mark that makes each writing unique.

A signed upload form in a built page would make every build differ and put a secret into it. So the page carries a
comment at that place, the release says what is asked for, and `fill` puts the form there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from castoff.contract.document import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.contract.document import Fields

SERIAL_MARK: Final = "castoff:serial:0"
"""Stands in every page and calendar file as built; `fill` puts the serial of the publish in its place."""

_SLOT: Final = re.compile(rb"<!--castoff:slot ([a-z0-9-]+)-->")


class SlotKind(StrEnum):
    """What a slot asks for."""

    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a form: whose, where its files go, and when it is open (ISO 8601 instants with offset)."""

    name: str
    kind: SlotKind
    booking: str
    prefix: str
    opens: str
    closes: str

    @property
    def mark(self) -> str:
        """The comment that stands in the page where the form will be."""
        return f"<!--castoff:slot {self.name}-->"

    def to_json(self) -> dict[str, str]:
        """Return the slot's JSON form."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "booking": self.booking,
            "prefix": self.prefix,
            "opens": self.opens,
            "closes": self.closes,
        }

    @classmethod
    def from_json(cls, fields: Fields) -> Slot:
        """Read the slot's JSON form."""
        kind = fields.text("kind")
        if kind not in set(SlotKind):
            raise DocumentError(f"{fields.place}.kind is `{kind}`, which this castoff cannot fill")
        return cls(
            name=fields.text("name"),
            kind=SlotKind(kind),
            booking=fields.text("booking"),
            prefix=fields.text("prefix"),
            opens=fields.text("opens"),
            closes=fields.text("closes"),
        )


def fill(body: bytes, *, forms: Mapping[str, bytes], serial: int) -> bytes:
    """Return the page as it is written: every slot replaced by its form, the serial's mark by the serial.

    Raises DocumentError where the slots in the page and the forms at hand are not the same, each exactly once.
    """
    found = [name.decode() for name in _SLOT.findall(body)]
    if sorted(found) != sorted(forms):
        raise DocumentError(f"the page has slots {sorted(found)}, the forms at hand are {sorted(forms)}")
    filled = _SLOT.sub(lambda match: forms[match[1].decode()], body) if found else body
    return filled.replace(SERIAL_MARK.encode(), f"castoff:serial:{serial}".encode())
