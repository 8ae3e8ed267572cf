"""The one form of mail addresses, phone numbers and lines of text: what files say and services take in."""

from __future__ import annotations

from typing import Final

LONGEST_MAIL_ADDRESS: Final = 254
LONGEST_MAILBOX: Final = 64
"""Characters of a mail address, and of its part before the `@` (RFC 5321, 4.5.3.1)."""

LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ATOM: Final = "[A-Za-z0-9_%+'-]+"
MAIL_ADDRESS: Final = rf"(?=[^@]{{1,{LONGEST_MAILBOX}}}@){_ATOM}(?:\.{_ATOM})*@{LABEL}(?:\.{LABEL})+"
"""Only what every mail system agrees on: no quotation, no comment, nothing in brackets; so nothing starts a header."""

PHONE: Final = r"(?=(?:[^0-9]*[0-9]){7,15}[^0-9]*$)\+?[0-9][0-9 ().-]{4,28}"
"""By E.164 a number has fifteen digits at most; with fewer than seven it is an extension."""

TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing, by which a text can look like another."""
UNPRINTABLE: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})
"""Unicode categories that no line may hold: what could start a header of its own. Notes may hold Zl and Zp."""
