"""Kinds of text that the services take in, each refused in words before anything is stored."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from castoff.contract.writing import LONGEST_MAIL_ADDRESS, MAIL_ADDRESS, PHONE, TURNING, UNPRINTABLE

_IDENTIFIER = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
# A path that starts with two slashes would send a browser to another host when used as a Location.
_PAGE_URL = r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*"
_KEPT_IN_NOTES = frozenset("\n\r\t")
# As JSON Schema says them: one line with something on it, and lines.
_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_TURNING = r"\u202a-\u202e\u2066-\u2069"
_BLANK = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_LINE = rf"^[{_BLANK}]*[^{_BLANK}\t\n\r\u2028\u2029{_CONTROL}{_TURNING}][^\t\n\r\u2028\u2029{_CONTROL}{_TURNING}]*$"
_NOTES = rf"^[^{_CONTROL}{_TURNING}]*$"


_EVENT_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}"  # a booking's id with twelve characters more


def is_identifier(text: str) -> bool:
    """Tell whether text can be the id of a booking, an event or a member."""
    return re.fullmatch(_IDENTIFIER, text) is not None


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise ValueError("must be 1 to 64 letters, digits, dashes or underscores")
    return text


def _event_id(text: str) -> str:
    if not re.fullmatch(_EVENT_ID, text):
        raise ValueError("must be 1 to 80 letters, digits, dashes or underscores")
    return text


def _line(text: str) -> str:
    if _has_unprintable(text, UNPRINTABLE, but=frozenset()):
        raise ValueError("must be one line without control characters")
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _notes(text: str) -> str:
    if _has_unprintable(text, UNPRINTABLE - {"Zl", "Zp"}, but=_KEPT_IN_NOTES):
        raise ValueError("must be text without control characters")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _has_unprintable(text: str, categories: frozenset[str], *, but: frozenset[str]) -> bool:
    # `isprintable` is stricter, and a hundred times as fast: hardly a text goes on to the second half.
    return not text.isprintable() and any(
        sign not in but and (sign in TURNING or unicodedata.category(sign) in categories) for sign in text
    )


def _address(text: str) -> str:
    if len(text) > LONGEST_MAIL_ADDRESS or not re.fullmatch(MAIL_ADDRESS, text):
        raise ValueError("must be a mail address, such as ana@example.com")
    return text


def _phone(text: str) -> str:
    if not re.fullmatch(PHONE, text):
        raise ValueError("must be a phone number, such as +1 619 555 0142")
    return text


def _page_url(text: str) -> str:
    if not re.fullmatch(_PAGE_URL, text):
        raise ValueError("must be an absolute address, such as https://example.com/g/xhqgmdh-crew")
    return text


def _number(value: object) -> object:
    if isinstance(value, str):
        raise ValueError("must be a number, not text")  # noqa: TRY004 - Pydantic turns ValueError into a refusal
    return value


def _form(pattern: str, description: str) -> dict[str, str]:
    return {"pattern": pattern, "description": description}


EMPTY_OR_IDENTIFIER = rf"^(?:{_IDENTIFIER})?$"
"""Where an id may be left out, in JSON Schema's words."""

NOT_TEXT = BeforeValidator(_number)
"""Has a Decimal take numbers alone: Pydantic would take `"3"`, too."""

Identifier = Annotated[
    str,
    Field(strict=True, json_schema_extra=_form(rf"^{_IDENTIFIER}$", "1 to 64 letters, digits, dashes, underscores")),
    AfterValidator(_identifier),
]
EventId = Annotated[
    str,
    Field(strict=True, json_schema_extra=_form(rf"^{_EVENT_ID}$", "1 to 80 letters, digits, dashes, underscores")),
    AfterValidator(_event_id),
]
Line = Annotated[
    str,
    Field(strict=True, max_length=200, json_schema_extra=_form(_LINE, "One line of text, not blank")),
    AfterValidator(_line),
]
Notes = Annotated[
    str,
    Field(strict=True, max_length=8000, json_schema_extra=_form(_NOTES, "Text; lines about money are held back")),
    AfterValidator(_notes),
]
Address = Annotated[
    str,
    Field(
        strict=True,
        json_schema_extra={
            **_form(rf"^{MAIL_ADDRESS}$", "A mail address"),
            "format": "email",
            "maxLength": LONGEST_MAIL_ADDRESS,
        },
    ),
    AfterValidator(_address),
]
Phone = Annotated[
    str,
    Field(
        strict=True,
        json_schema_extra={**_form(rf"^{PHONE}$", "A phone number of 7 to 15 digits"), "format": "phone"},
    ),
    AfterValidator(_phone),
]
PageUrl = Annotated[
    str,
    Field(strict=True, max_length=500, json_schema_extra=_form(rf"^{_PAGE_URL}$", "A page's absolute address")),
    AfterValidator(_page_url),
]
