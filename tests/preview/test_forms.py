"""Forms in a preview: real while somebody signs them, each signed once, previews as soon as nobody does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from castoff.contract.slots import Form, Slot, SlotKind
from castoff.contract.tickets import Audience
from castoff.preview.forms import REFUSED, SPARE, Forms, UnsignedError

NOW = datetime(2024, 5, 28, 19, tzinfo=UTC)
LIVES = timedelta(days=7)


def slot(booking: str = "xhqgmdh") -> Slot:
    """Return a slot of a booking's guest page."""
    return Slot("photos", SlotKind.UPLOAD, booking, Audience.GUEST, "2024-05-28", "2024-06-28", 25_000_000)


@dataclass
class Harbour:
    """Someone who signs forms, the clock beside them, and what the operator is told."""

    here: str | None = "one"
    hung: Event = field(default_factory=Event)
    """Keeps the slot of `hanging` waiting until it is set."""
    why_not: str = ""
    now: datetime = NOW
    signed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def present(self) -> str | None:
        """Tell who is here."""
        return self.here

    def sign(self, asked: Slot) -> Form:
        """Return a form, its number in its fields."""
        if self.why_not:
            raise UnsignedError(self.why_not)
        if asked.booking == "hanging":
            assert self.hung.wait(10)
        self.signed.append(asked.booking)
        number = str(len(self.signed))
        return Form("https://uploads.example", {"key": number}, (self.now + LIVES).isoformat(), "1.ticket")

    def forms(self) -> Forms:
        """Return the forms that are signed here."""
        return Forms(self, clock=lambda: self.now, say=self.told.append)


@pytest.fixture
def harbour() -> Harbour:
    """Return someone who signs."""
    return Harbour()


def key_of(forms: Forms, booking: str = "xhqgmdh") -> str | None:
    """Return the number of the form that a page has, None for a preview."""
    form = forms.of([slot(booking)])["photos"]
    return None if form is None else form.fields["key"]


def test_a_form_is_signed_once_and_kept_until_it_nears_its_end(harbour: Harbour) -> None:
    """A page that is loaded again and again has the same form; ten minutes before that dies it has another."""
    forms = harbour.forms()
    keys = [key_of(forms), key_of(forms)]
    harbour.now += LIVES - SPARE - timedelta(seconds=1)
    keys.append(key_of(forms))
    harbour.now += timedelta(seconds=1)
    keys.append(key_of(forms))

    assert keys == ["1", "1", "1", "2"]


def test_each_slot_has_its_own(harbour: Harbour) -> None:
    """Two bookings never share a form."""
    forms = harbour.forms()

    assert [key_of(forms, "xhqgmdh"), key_of(forms, "c7rm4qx")] == ["1", "2"]


def test_a_preview_has_no_ticket(harbour: Harbour) -> None:
    """A ticket renews a form at an address that a preview does not have."""
    form = harbour.forms().of([slot()])["photos"]

    assert form is not None
    assert form.ticket == ""
    assert form.fields == {"key": "1"}


def test_without_anybody_forms_are_previews(harbour: Harbour) -> None:
    """No cloud was ever there: nothing is asked of it, and nothing is said of it."""
    harbour.here = None

    assert key_of(harbour.forms()) is None
    assert (harbour.signed, harbour.told) == ([], [])


def test_a_cloud_that_stops_is_told_of_once(harbour: Harbour) -> None:
    """Forms it has signed lead nowhere then, so they go with it; and come again when it does."""
    forms = harbour.forms()
    keys = [key_of(forms)]
    harbour.here = None
    keys += [key_of(forms), key_of(forms)]
    harbour.here = "one"
    keys.append(key_of(forms))

    assert keys == ["1", None, None, "2"]
    assert harbour.told == [
        "upload forms are real now",
        "the cloud has stopped: upload forms are previews again",
        "upload forms are real now",
    ]


def test_a_cloud_that_was_started_anew_signs_anew(harbour: Harbour) -> None:
    """It stopped and came back while nobody loaded a page: what the one before signed leads nowhere."""
    forms = harbour.forms()
    keys = [key_of(forms), key_of(forms, "c7rm4qx")]
    harbour.here = "another"
    keys += [key_of(forms), key_of(forms, "c7rm4qx"), key_of(forms)]

    assert keys == ["1", "2", "3", "4", "3"]
    assert harbour.told == ["upload forms are real now"]


def test_a_signature_that_hangs_holds_its_own_page_alone(harbour: Harbour) -> None:
    """Another page has its form meanwhile; two who wait for the same one get the same."""
    forms = harbour.forms()
    keys: list[str | None] = []
    waiting = [Thread(target=lambda: keys.append(key_of(forms, "hanging")), daemon=True) for _ in range(2)]
    other = Thread(target=lambda: keys.append(key_of(forms)), daemon=True)
    for thread in (*waiting, other):
        thread.start()
    other.join(5)
    before = list(keys)
    harbour.hung.set()
    for thread in waiting:
        thread.join(5)

    assert before == ["1"]
    assert keys == ["1", "2", "2"]


def test_what_is_refused_is_not_asked_for_at_every_turn(harbour: Harbour) -> None:
    """A slot whose window is over, or a service in trouble, is asked again a minute later; other slots have theirs."""
    forms = harbour.forms()
    harbour.why_not = "its window is over"
    keys = [key_of(forms), key_of(forms)]
    harbour.why_not = ""
    keys += [key_of(forms), key_of(forms, "c7rm4qx")]
    harbour.now += REFUSED
    keys.append(key_of(forms))

    assert keys == [None, None, None, "1", "2"]


def test_why_a_form_is_a_preview_is_said_once(harbour: Harbour) -> None:
    """A slot that stays refused for an hour fills no terminal."""
    forms = harbour.forms()
    harbour.why_not = "its window is over"
    for _ in range(60):
        key_of(forms)
        harbour.now += REFUSED

    assert harbour.told == ["a preview of the upload form of xhqgmdh for now: its window is over"]
