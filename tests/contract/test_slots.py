"""Slots: filled exactly once, at their place, and every writing different by its serial."""

from __future__ import annotations

import pytest

from castoff.contract.document import DocumentError, Fields
from castoff.contract.slots import ORIGIN_MARK, SERIAL_MARK, Form, Slot, SlotKind, fill
from castoff.contract.tickets import Audience

SLOT = Slot(
    name="upload-guest",
    kind=SlotKind.UPLOAD,
    booking="xhqgmdh",
    audience=Audience.GUEST,
    opens="2024-05-29T21:00:00-07:00",
    closes="2024-06-13T12:00:00-07:00",
    max_size=25_000_000,
)
FORM = Form(
    url="https://uploads.example.com/",
    fields={"key": "uploads/xhqgmdh/guest/${filename}", "policy": 'e30"<'},
    expires="2024-06-05T12:00:00-07:00",
    ticket="1.k.t",
)


def test_slot_is_filled_at_its_place() -> None:
    """The form stands where the mark stood, its fields in order and escaped; it is whole, so inputs outside name it."""
    page = f'<p>{SLOT.mark}<input type="file" name="file" form="upload-guest">'.encode()

    filled = fill(page, forms={"upload-guest": FORM}, serial=7).decode()

    assert filled == (
        '<p><form id="upload-guest" action="https://uploads.example.com/" method="post"'
        ' enctype="multipart/form-data" data-expires="2024-06-05T12:00:00-07:00" data-ticket="1.k.t">'
        '<input type="hidden" name="key" value="uploads/xhqgmdh/guest/${filename}">'
        '<input type="hidden" name="policy" value="e30&quot;&lt;"></form>'
        '<input type="file" name="file" form="upload-guest">'
    )


def test_policy_of_a_page_names_where_its_form_goes() -> None:
    """A page whose policy forbids its own form would refuse every upload in silence."""
    page = f"<meta content=\"form-action 'self' {ORIGIN_MARK}\">{SLOT.mark}".encode()

    assert b"form-action 'self' https://uploads.example.com\"" in fill(page, forms={SLOT.name: FORM}, serial=7)


def test_form_without_a_service_says_that_it_sends_nothing() -> None:
    """A page that is only looked at has a form that looks like one, and goes nowhere."""
    filled = fill(SLOT.mark.encode(), forms={SLOT.name: None}, serial=7)

    assert b"data-preview" in filled
    assert b"https://" not in filled


@pytest.mark.parametrize(
    ("description", "page", "forms"),
    [
        ("no slot for a form", "", {"upload-guest": FORM}),
        ("the slot twice", SLOT.mark * 2, {"upload-guest": FORM}),
        ("another slot", "<!--castoff:slot upload-crew-->", {"upload-guest": FORM}),
    ],
)
def test_slots_and_forms_have_to_match(description: str, page: str, forms: dict[str, Form]) -> None:
    """A page with an unfilled slot, or a form without a place, is never written."""
    with pytest.raises(DocumentError):
        fill(page.encode(), forms=forms, serial=1)
    assert description


def test_what_only_looks_like_a_slot_is_text() -> None:
    """A mark that nobody asked to fill, in a guest's words or a calendar file, stays what it is."""
    assert fill(b"a <!--castoff:slot x-->", forms={}, serial=1) == b"a <!--castoff:slot x-->"
    assert b"<!--castoff:slot x-->" in fill(
        b"<!--castoff:slot x-->" + SLOT.mark.encode(), forms={SLOT.name: FORM}, serial=1
    )


def test_what_a_form_holds_is_not_filled_again() -> None:
    """A mark inside a form's own text stays text."""
    sly = Form("https://uploads.example.com/", {"key": f"{SERIAL_MARK} {ORIGIN_MARK}"}, FORM.expires, "")

    filled = fill(SLOT.mark.encode(), forms={SLOT.name: sly}, serial=1)

    assert f'value="{SERIAL_MARK} {ORIGIN_MARK}"'.encode() in filled


def test_slot_survives_its_json() -> None:
    """Written and read again, a slot is the same; an unknown kind or audience is refused."""
    assert Slot.from_json(Fields(SLOT.to_json(), "slot")) == SLOT
    with pytest.raises(DocumentError, match="cannot fill"):
        Slot.from_json(Fields(SLOT.to_json() | {"kind": "poll"}, "slot"))
    with pytest.raises(DocumentError, match="does not know"):
        Slot.from_json(Fields(SLOT.to_json() | {"audience": "press"}, "slot"))
    for wrong in ("soon", "2024-06-13T12:00:00"):
        with pytest.raises(DocumentError, match=r"slot\.closes must be an instant with its offset"):
            Slot.from_json(Fields(SLOT.to_json() | {"closes": wrong}, "slot"))
