"""Where a charter's pages stand: their keys in the guest site's bucket, and the addresses at which people see them.

Each is made of one name: the slug for the guest, the booking's id and `-crew` for its crew.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from castoff.contract.release import Site

FOLDER: Final = "g/"
"""castoff's own folder for them, where nobody else writes."""


def crew_name(booking: str) -> str:
    """Return the name of a booking's page for its crew."""
    return f"{booking}-crew"


def page_key(name: str) -> str:
    """Return the key of a page."""
    return f"{FOLDER}{name}.html"


def calendar_key(name: str) -> str:
    """Return the key of the calendar file that goes with a page."""
    return f"{FOLDER}{name}.ics"


def address_of(name: str, *, site: str = "") -> str:
    """Return the address of a page on a site, given without a slash at its end; on none, the path alone."""
    return f"{site}/{FOLDER}{name}"


def page_at(address: str) -> str:
    """Return the path in a release of the page that is seen at an address; empty for none."""
    return f"{Site.GUEST.value}{urlsplit(address).path}.html" if address else ""
