"""Kinds of text that the services take in, each refused in words before anything is stored."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_ADDRESS = 254
_PHONE = re.compile(r"[0-9+(). x-]{3,40}")
# Control characters, line and paragraph separators, lone surrogates: what could start a header of its own.
_UNPRINTABLE = frozenset({"Cc", "Zl", "Zp", "Cs"})
_KEPT_IN_NOTES = frozenset("\n\t")


def is_identifier(text: str) -> bool:
    """Tell whether text can be the id of a booking, an event or a member."""
    return _IDENTIFIER.fullmatch(text) is not None


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise ValueError("must be 1 to 64 letters, digits, dashes or underscores")
    return text


def _line(text: str) -> str:
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise ValueError("must be one line without control characters")
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _notes(text: str) -> str:
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(
        unicodedata.category(character) in _UNPRINTABLE - {"Zl", "Zp"}
        for character in unified
        if character not in _KEPT_IN_NOTES
    ):
        raise ValueError("must be text without control characters")
    return unified


def _address(text: str) -> str:
    if len(text) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(text):
        raise ValueError("must be a mail address, such as ana@example.com")
    return text


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise ValueError("must be a phone number, such as +1 619 555 0142")
    return text


def _page_url(text: str) -> str:
    _line(text)
    fault = "must be an absolute address, such as https://example.com/g/xhqgmdh-crew"
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(fault) from None
    # A path that starts with two slashes would send a browser to another host when used as a Location.
    astray = parts.path.startswith("//") or "\\" in text or " " in text or not text.isascii()
    if parts.scheme not in {"http", "https"} or not parts.netloc or not parts.path.startswith("/") or astray:
        raise ValueError(fault)
    return text


Identifier = Annotated[str, Field(strict=True), AfterValidator(_identifier)]
Line = Annotated[str, Field(strict=True, max_length=200), AfterValidator(_line)]
Notes = Annotated[str, Field(strict=True, max_length=8000), AfterValidator(_notes)]
Address = Annotated[str, Field(strict=True), AfterValidator(_address)]
Phone = Annotated[str, Field(strict=True), AfterValidator(_phone)]
PageUrl = Annotated[str, Field(strict=True, max_length=500), AfterValidator(_page_url)]
