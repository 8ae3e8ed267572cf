"""The operator's story: a charter is booked, moved and called off, and each time one commit makes everything true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.projects import in_days

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from support.harbour import Harbour
    from support.witness import Mail, Seen

BOOKING: Final = "xhqgmdh"
SLUG: Final = "autumn-sail"
ALIAS: Final = "summer-sail"
ALSO: Final = f"slug: {SLUG}\naliases: [{ALIAS}]\nrequests: one guest uses a cane\n"
CALLED_OFF: Final = "cancelled: {on: 2024-05-28, why: weather, words: We will call you about new dates.}\n"


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the operator read, and then found everywhere; `mails` are those of this chapter alone.

    `again` is what a second publish said, `calls_again` what it asked of the cloud.
    """

    words: str
    mails: tuple[Mail, ...]
    events: list[dict[str, Any]]
    entries: list[dict[str, Any]]
    guest_page: Seen
    guest_calendar: Seen
    crew_page: str
    again: str
    calls_again: tuple[str, ...]

    def told(self) -> list[str]:
        """Return who has mail, in order."""
        return sorted(mail.to for mail in self.mails)


@pytest.fixture(scope="module")
def day(harbour: Harbour) -> int:
    """Choose a day for the charter that is told of, with two more after it; whatever else is committed is published."""
    harbour.turnstile.forget()
    assert harbour.publish().code == 0
    first, _, _ = (next(harbour.days) for _ in range(3))
    return first


@pytest.fixture(scope="module")
def booked(harbour: Harbour, day: int) -> Chapter:
    """Commit a booking beside a draft and a hold, and publish it at a terminal."""
    mails = len(harbour.witness.mails())
    harbour.project.book(BOOKING, days=day, also=ALSO)
    harbour.project.book("drafted", days=day + 1, status="draft")
    harbour.project.book("holding", days=day + 2, status="hold")
    harbour.project.commit()

    shown = harbour.project.at_terminal("publish", "--target", "local", answer="y")

    assert shown.code == 0, shown.screen
    return _read(harbour, shown.screen, mails_before=mails)


@pytest.fixture(scope="module")
def moved(harbour: Harbour, day: int, booked: Chapter) -> Chapter:
    """Commit another hour, and publish it."""
    assert booked.again
    mails = len(harbour.witness.mails())
    harbour.project.book(BOOKING, days=day, hour=14, also=ALSO)
    harbour.project.commit()

    return _read(harbour, harbour.publish().err, mails_before=mails)


@pytest.fixture(scope="module")
def called_off(harbour: Harbour, day: int, moved: Chapter) -> Chapter:
    """Commit that the charter is cancelled, and publish it."""
    assert moved.again
    mails = len(harbour.witness.mails())
    harbour.project.book(BOOKING, days=day, hour=14, status="cancelled", also=ALSO + CALLED_OFF)
    harbour.project.commit()

    return _read(harbour, harbour.publish().err, mails_before=mails)


def _read(harbour: Harbour, words: str, *, mails_before: int) -> Chapter:
    witness = harbour.witness
    words = re.sub(r"[\d.]+\s+kB", "<size>", harbour.project.plain(words))
    harbour.turnstile.forget()
    again = harbour.publish()
    calls_again = harbour.turnstile.passed
    return Chapter(
        words=words,
        mails=tuple(witness.mails()[mails_before:]),
        events=witness.events(BOOKING),
        entries=witness.entries(BOOKING),
        guest_page=witness.visit(f"/g/{SLUG}"),
        guest_calendar=witness.visit(f"/g/{SLUG}.ics"),
        crew_page=witness.objects()[f"guest/g/{BOOKING}-crew.html"].decode(),
        again=harbour.project.plain(again.err),
        calls_again=calls_again,
    )


def test_publish_shows_the_plan_asks_and_hands_over_the_link(day: int, booked: Chapter) -> None:
    """At a terminal: who is mailed and what changes, one question, and then the message for the guest."""
    starts = in_days(day, hour=9)

    assert booked.words == (
        "bookings/xhqgmdh.yaml:15:7: warning: `autumn-sail` and `summer-sail` can be guessed, "
        "and the guest's page with them [public-slug]\n"
        "  hint: put `xhqgmdh` into the slug, or keep it if anybody may read that page\n"
        "local, <commit>: 1 new; 2 mails to 2 members; plan <digest>\n"
        f"+ xhqgmdh  Jada, {starts:%Y-%m-%d} 09:00  new: guest page, crew page, calendar entry\n"
        "    mails  captain-001, crew-001: crew call\n"
        "also   1 board page; 7 files to write in all, <size>\n"
        "apply? [y/N]: y\n"
        "done: 1 new; 2 mails to 2 members; local is at <commit>\n"
        "\n"
        f"Hi Dana, everything for {starts:%A, %B} {starts.day}, {starts.year}, aboard Jada is on your page:"
        " where to board, what to bring, how to reach us.\n"
        "http://guest.localhost:<edge>/g/autumn-sail\n"
        "Queen of San Diego\n"
    )


def test_the_guest_has_a_page_and_every_older_address_leads_there(
    harbour: Harbour, booked: Chapter, browser: Browser
) -> None:
    """The page is live at its slug; the booking's id and an earlier slug go on to it."""
    site = harbour.project.facts["edge"].replace("127.0.0.1", "guest.localhost")

    assert booked.guest_page.status == 200
    assert "Welcome aboard, Dana" in booked.guest_page.text
    assert "one guest uses a cane" in booked.guest_page.text
    for name in (BOOKING, ALIAS, f"{SLUG}/", SLUG.upper()):
        page = browser.new_page()
        page.goto(f"{site}/g/{name}")
        page.wait_for_url(f"{site}/g/{SLUG}*")
        assert page.inner_text("h1") == "Your charter on Jada"
        page.close()


def test_crew_and_calendar_know_of_it_once(day: int, booked: Chapter) -> None:
    """One event, one entry, and one mail to each who sails."""
    starts = in_days(day, hour=9)

    assert [(event["status"], event["date"]) for event in booked.events] == [("scheduled", starts.isoformat())]
    assert [(entry["status"], entry["starts"]) for entry in booked.entries] == [("confirmed", starts.isoformat())]
    assert "finance" not in booked.entries[0]
    assert booked.told() == ["leo@example.com", "maya@example.com"]
    assert {mail.subject.partition(":")[0] for mail in booked.mails} == {"Crew call"}


def test_draft_and_hold_leave_no_trace(harbour: Harbour, booked: Chapter) -> None:
    """What is not confirmed has no page, no event, no entry, no mail, and no line anywhere."""
    traces = [booked.words, *(mail.text for mail in harbour.witness.mails())]
    traces += [f"{path} {body!r}" for path, body in harbour.witness.objects().items()]
    traces.append(str(harbour.witness.state()))

    for booking in ("drafted", "holding"):
        assert (harbour.witness.events(booking), harbour.witness.entries(booking)) == ([], [])
        assert not [trace for trace in traces if booking in trace]


def test_another_hour_is_true_everywhere(day: int, moved: Chapter) -> None:
    """Pages, calendar files, event and entry have the new time; the guest sees what it was before."""
    starts = in_days(day, hour=14)

    assert "2 PM" in moved.guest_page.text
    assert "The start has changed: now 2 PM, was 9 AM." in moved.guest_page.text
    assert f"DTSTART;TZID=America/Los_Angeles:{starts:%Y%m%d}T134500\r\n" in moved.guest_calendar.text
    assert "SEQUENCE:1" in moved.guest_calendar.text
    assert "1 PM" in moved.crew_page
    assert [(event["date"], event["revision"]) for event in moved.events] == [(starts.isoformat(), 2)]
    assert [entry["starts"] for entry in moved.entries] == [starts.isoformat()]


def test_another_hour_touches_what_it_changes(day: int, moved: Chapter) -> None:
    """The plan names who is mailed, the times as they were and are, and what is written for it."""
    starts = in_days(day, hour=14)

    assert moved.words == (
        "local, <commit>: 1 changed; 2 mails to 2 members; plan <digest>\n"
        f"~ xhqgmdh  Jada, {starts:%Y-%m-%d} 14:00\n"
        "    mails  captain-001, crew-001: changed\n"
        "    facts  starts 09:00 → 14:00; boarding 08:45 → 13:45; crew call 08:00 → 13:00\n"
        "    pages  guest page, crew page, calendar entry, 2 calendar files changed\n"
        "also   1 board page; 5 files to write in all, <size>\n"
        "done: 1 changed; 2 mails to 2 members; local is at <commit>\n"
    )


def test_the_crew_is_told_once_what_changed(moved: Chapter) -> None:
    """One mail to each, which names the change."""
    assert moved.told() == ["leo@example.com", "maya@example.com"]
    for mail in moved.mails:
        assert mail.subject.startswith("Changed: ")
        assert "* Crew call moved from 8 AM to 1 PM\n* Start moved from 9 AM to 2 PM\nDock unchanged: " in mail.text


def test_called_off_is_said_and_not_hidden(called_off: Chapter) -> None:
    """The pages stay and say so, event and entry are cancelled, and each of the crew is told once."""
    assert called_off.guest_page.status == 200
    assert "This charter is cancelled" in called_off.guest_page.text
    assert "We will call you about new dates." in called_off.guest_page.text
    assert "STATUS:CANCELLED" in called_off.guest_calendar.text
    assert "You are not needed at the dock" in called_off.crew_page
    assert [event["status"] for event in called_off.events] == ["cancelled"]
    assert [entry["status"] for entry in called_off.entries] == ["cancelled"]
    assert called_off.told() == ["leo@example.com", "maya@example.com"]
    assert {mail.subject.partition(":")[0] for mail in called_off.mails} == {"Cancelled"}


@pytest.mark.parametrize("name", ["booked", "moved", "called_off"])
def test_publishing_again_does_nothing(name: str, request: pytest.FixtureRequest) -> None:
    """The same commit once more is one question to the cloud, and no answer but that there is nothing to do."""
    chapter: Chapter = request.getfixturevalue(name)

    assert chapter.again == "nothing to do: local is at <commit>\n"
    (asked,) = (call.partition(" ")[0] for call in chapter.calls_again)
    assert asked in {"HEAD", "GET"}  # a form that is open anywhere wants the state itself
    assert chapter.calls_again[0].endswith("/state.json.gz")
