"""Slots: filled exactly once, at their place, and every writing different by its serial."""

from __future__ import annotations

import pytest

from castoff.contract.document import DocumentError, Fields
from castoff.contract.slots import SERIAL_MARK, Slot, SlotKind, fill

SLOT = Slot(
    name="upload-guest",
    kind=SlotKind.UPLOAD,
    booking="xhqgmdh",
    prefix="uploads/xhqgmdh/guest/",
    opens="2024-05-29T21:00:00-07:00",
    closes="2024-06-13T12:00:00-07:00",
)


def test_slot_is_filled_at_its_place() -> None:
    """The form stands where the mark stood, and nothing else changes."""
    page = f"<form>{SLOT.mark}</form>".encode()

    assert fill(page, forms={"upload-guest": b"<input>"}, serial=7) == b"<form><input></form>"


def test_serial_stands_in_every_writing() -> None:
    """The same page written twice has two bodies, so that no two writes of a key share an ETag."""
    page = f"<meta content='{SERIAL_MARK}'>".encode()

    assert fill(page, forms={}, serial=7) != fill(page, forms={}, serial=8)


@pytest.mark.parametrize(
    ("description", "page", "forms"),
    [
        ("no form for a slot", SLOT.mark, {}),
        ("no slot for a form", "", {"upload-guest": b""}),
        ("the slot twice", SLOT.mark * 2, {"upload-guest": b""}),
        ("another slot", "<!--castoff:slot upload-crew-->", {"upload-guest": b""}),
    ],
)
def test_slots_and_forms_have_to_match(description: str, page: str, forms: dict[str, bytes]) -> None:
    """A page with an unfilled slot, or a form without a place, is never written."""
    with pytest.raises(DocumentError):
        fill(page.encode(), forms=forms, serial=1)
    assert description


def test_what_a_form_holds_is_not_filled_again() -> None:
    """A mark inside a form's own text stays text: one pass."""
    page = SLOT.mark.encode()

    assert fill(page, forms={"upload-guest": SLOT.mark.encode()}, serial=1) == SLOT.mark.encode()


def test_slot_survives_its_json() -> None:
    """Written and read again, a slot is the same; an unknown kind is refused."""
    assert Slot.from_json(Fields(SLOT.to_json(), "slot")) == SLOT
    with pytest.raises(DocumentError, match="cannot fill"):
        Slot.from_json(Fields(SLOT.to_json() | {"kind": "poll"}, "slot"))
