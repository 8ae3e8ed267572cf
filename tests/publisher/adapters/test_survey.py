"""Looks at what stands: a list is read to its end, however a service cuts it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.worlds import Clock

from publisher.adapters.http import Http
from publisher.adapters.patience import Patience
from publisher.adapters.plain import PlainApi
from publisher.adapters.survey import _entries, _mails
from publisher.seen import Wish

if TYPE_CHECKING:
    from support.service import Service

WISH = Wish(["aaaaaaa", "bbbbbbb", "ccccccc"], {}, ("2024-05-01", "2024-06-01"))


def page(*bookings: str, **more: str) -> tuple[int, bytes]:
    """Return an answer with the entries of some bookings."""
    return 200, json.dumps({"entries": [{"booking_id": booking} for booking in bookings], **more}).encode()


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([page("aaaaaaa", "bbbbbbb", "ccccccc")], id="one page"),
        pytest.param([page("aaaaaaa", next="2024-05-30#b"), page("bbbbbbb", "ccccccc")], id="two pages"),
        pytest.param([page("aaaaaaa", "bbbbbbb", "ccccccc", next="the same again")], id="one page for ever"),
    ],
)
def test_entries_are_read_page_by_page(service: Service, answers: Any) -> None:
    """`next` is followed until there is none, and not for ever."""
    service.answers = list(answers)
    http = Http(endpoint=None, clock=Clock(), patience=Patience(tries=1))
    calendar = PlainApi(service.url, http, secret=lambda: ("X-Key", "sesame"))

    found = _entries(calendar, WISH)

    assert sorted(found) == WISH.bookings
    assert service.asked[0][1] == "/calendar?from=2024-05-01&to=2024-06-01"
    assert len(service.asked) <= 2


def test_mails_are_read_page_by_page(service: Service) -> None:
    """The mails of every page are told, those of one booking together; an empty page is not the last."""
    first, last = {"booking_id": "aaaaaaa", "mail_id": "1"}, {"booking_id": "aaaaaaa", "mail_id": "2"}
    pages: list[dict[str, Any]] = [{"mails": [first], "next": "b#1"}, {"mails": [], "next": "c#1"}, {"mails": [last]}]
    service.answers = [(200, json.dumps(page).encode()) for page in pages]
    http = Http(endpoint=None, clock=Clock(), patience=Patience(tries=1))

    found = _mails(PlainApi(service.url, http, secret=lambda: ("X-Key", "sesame")))

    assert found == {"aaaaaaa": (first, last)}
    assert [asked[1] for asked in service.asked] == ["/mail", "/mail?next=b%231", "/mail?next=c%231"]
