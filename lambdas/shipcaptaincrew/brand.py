"""Who the crew's mail comes from: a name in front of the address, and at the end how to reach them. Pure."""

from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr
from typing import Final

_LONGEST_PLAIN: Final = 200  # of 998 octets that a line may have


@dataclass(frozen=True)
class Brand:
    """The operator's name, and their phone number or mail address; either may be empty."""

    name: str = ""
    contact: str = ""

    def closing(self, question: str) -> str:
        """Return a mail's last line: `Can't make it? Queen of San Diego: 619-555-0142`; without a contact, the name."""
        if not self.contact:
            return self.name
        return f"{question} {self.name}: {self.contact}" if self.name else f"{question} {self.contact}"

    @property
    def address(self) -> str:
        """What a phone does when the contact is pressed."""
        if "@" in self.contact:
            return f"mailto:{self.contact}"
        digits = "".join(sign for sign in self.contact if sign.isascii() and sign.isdigit())
        return f"tel:{'+' if self.contact.startswith('+') else ''}{digits}" if digits else ""


def mailbox_text(name: str, address: str) -> str:
    """Return a name and an address as a header has them, on one line of ASCII; ValueError where a name is of two."""
    name = one_line(name) if name else ""
    encoded = "" if is_plain(name) else " ".join(encoded_words(name).split())
    return f"{encoded} <{address}>" if encoded else formataddr((name, address))


def is_plain(text: str) -> bool:
    """Tell whether text can stand in a header as it is: short, printable ASCII, and nothing like an encoded word."""
    return text.isascii() and "=?" not in text and len(text) <= _LONGEST_PLAIN and (text.isprintable() or not text)


def encoded_words(text: str, *, header: str = "From") -> str:
    """Return text in encoded words (RFC 2047), folded."""
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def one_line(text: str) -> str:
    """Return text that is one line with something on it; ValueError for any other, which could start a header."""
    if len(text.splitlines()) > 1 or not text.strip():
        raise ValueError("a header is one line")
    return text
