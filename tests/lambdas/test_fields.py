"""Kinds of text: what castoff's own files may hold is taken, and nothing that could become a header or another text."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from castoff.contract.writing import TURNING
from castoff.reading.forms import FormError
from castoff.reading.texts import parse_line, parse_mail_address, parse_notes, parse_phone
from lambdas.service import fields

LINE, NOTES = TypeAdapter(fields.Line), TypeAdapter(fields.Notes)
ADDRESS, PHONE = TypeAdapter(fields.Address), TypeAdapter(fields.Phone)
PAGE = TypeAdapter(fields.PageUrl)

ANY = st.text(max_size=60)
SIGNS = [*sorted(TURNING), "\r", "\n", "\t", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"]


def takes(kind: TypeAdapter[Any], text: str) -> bool:
    """Tell whether a service takes a text."""
    try:
        kind.validate_python(text)
    except ValidationError:
        return False
    return True


def may_hold(parse: Callable[[str], str], text: str) -> str | None:
    """Return what a file's text becomes, or None where `castoff check` refuses it."""
    try:
        return parse(text)
    except FormError:
        return None


@pytest.mark.parametrize(
    ("parse", "kind", "texts"),
    [
        pytest.param(parse_line, LINE, ANY, id="lines"),
        pytest.param(parse_notes, NOTES, ANY, id="notes"),
        pytest.param(
            parse_mail_address, ADDRESS, st.one_of(st.emails(), st.from_regex(r"[\w.%+'-]+@[\w.-]+\s?")), id="mail"
        ),
        pytest.param(parse_phone, PHONE, st.text("+0123456789 ().-x", max_size=32), id="phones"),
    ],
)
def test_what_a_file_may_hold_a_service_takes(
    parse: Callable[[str], str], kind: TypeAdapter[Any], texts: st.SearchStrategy[str]
) -> None:
    """One form on both sides: whatever passes `castoff check` is taken, and addresses and numbers no others."""

    @given(texts)
    def hold(text: str) -> None:
        becomes = may_hold(parse, text)
        if becomes is not None:
            assert takes(kind, becomes)
        elif kind in {ADDRESS, PHONE}:
            assert not takes(kind, text)

    hold()


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_no_line_holds_what_starts_another_or_turns(sign: str) -> None:
    """Neither a break of any kind nor a sign that turns the writing gets into a name, an address or a number."""
    refused = [
        takes(LINE, f"Ana{sign}Ruiz"),
        takes(ADDRESS, f"ana{sign}@example.com"),
        takes(PHONE, f"+1 619{sign}555"),
    ]

    assert refused == [False] * 3
    assert not takes(LINE, f"Ana{sign}")
    assert takes(NOTES, f"one{sign}two") is (sign in "\r\n\t\u2028\u2029")


@pytest.mark.parametrize(
    "address",
    [
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@@example.com",
        "ana@-example.com",
        "ana@example-.com",
        "ana@example..com",
        ".ana@example.com",
        "ana.@example.com",
        "ana..ruiz@example.com",
        '"ana"@example.com',
        "ana ruiz@example.com",
        "Ana <ana@example.com>",
        "ana@example.com,eve@example.com",
        "ana@example.com;eve@example.com",
        "ana@example.com eve@example.com",
        "ana@[127.0.0.1]",
        "ana@example.com(home)",
        "ana@exämple.com",
        "änä@example.com",
        "ana@example.com\n",
        f"{'a' * 65}@example.com",
        f"ana@{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 63}.com",
    ],
)
def test_one_address_in_the_form_that_every_mail_system_knows(address: str) -> None:
    """Anything that some mail system might read as two, as a comment or as a header is refused."""
    assert not takes(ADDRESS, address)


@pytest.mark.parametrize(
    "phone", ["call me", "0142", "+", "+1 619 555 0142 x7", "tel:+16195550142", "++16195550142", "1" * 16, "(619) 555"]
)
def test_a_phone_number_has_its_digits(phone: str) -> None:
    """Seven to fifteen digits, and nothing that a phone could not dial."""
    assert not takes(PHONE, phone)


@pytest.mark.parametrize(
    "page",
    [
        "https://example.com",
        "ftp://example.com/g/a",
        "https://ana:secret@example.com/g/a",
        "https://example.com/g/a b",
        'https://example.com/g/"onclick',
        "https://example.com/g/<script>",
        "https://example.com\\@evil.example.com/g/a",
        "https://exämple.com/g/a",
        "https://example.com/g/a\r\nLocation: https://evil.example.com",
        f"https://example.com/{'a' * 500}",
    ],
)
def test_a_page_s_address_leads_to_its_page(page: str) -> None:
    """Nothing that a browser, a mail program or a header would read as something else."""
    assert not takes(PAGE, page)
    assert takes(PAGE, "http://guest.localhost:8080/g/xhqgmdh-crew?at=dock#map")
