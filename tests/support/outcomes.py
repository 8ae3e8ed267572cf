"""What a publish leaves behind, as three assertions: nobody called, everything once, and well again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.harbour import Harbour


def assert_nobody_was_called(harbour: Harbour, booking: str) -> None:
    """Assert that the services know nothing of a booking."""
    witness = harbour.witness
    assert (witness.events(booking), witness.mails(booking), witness.entries(booking)) == ([], [], [])


def assert_once(harbour: Harbour, booking: str) -> None:
    """Assert that a booking has its page, one event, one entry and one mail to each who sails."""
    assert [event["status"] for event in harbour.witness.events(booking)] == ["scheduled"]
    assert [entry["status"] for entry in harbour.witness.entries(booking)] == ["confirmed"]
    assert sorted(mail.to for mail in harbour.witness.mails(booking)) == ["leo@example.com", "maya@example.com"]
    assert harbour.witness.visit(f"/g/jada-guest-{booking}").status == 200


def assert_well_again(harbour: Harbour, booking: str) -> None:
    """Publish with everything in order, and assert that each effect happened once."""
    harbour.turnstile.forget()
    clean = harbour.publish()
    assert clean.code == 0, clean.err
    assert_once(harbour, booking)
