"""What services and sites answer that is not what was asked: refused, and never taken for good."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from support.worlds import Clock

from castoff.contract.release import CrewMember
from castoff.contract.slots import Slot, SlotKind
from castoff.contract.tickets import Audience
from publisher.adapters.http import Http, JsonApi
from publisher.adapters.patience import Patience
from publisher.adapters.services import DashboardCalendar, PublicWeb, ShipCaptainCrew
from publisher.errors import PublishError

if TYPE_CHECKING:
    from support.service import Service

AT_ONCE = Patience(tries=1)


def api(service: Service, name: str) -> JsonApi:
    """Return an API of that service, which asks once."""
    http = Http(endpoint=None, clock=Clock(), patience=AT_ONCE)
    return JsonApi(name, f"{service.url}/prod", http, secret=lambda: ("X-Key", "sesame"))


@pytest.mark.parametrize("answer", [b"{}", b'{"entries": null}', b'{"events": []}'])
def test_list_that_is_none_is_not_an_empty_one(service: Service, answer: bytes) -> None:
    """Whoever cannot say what there is has not said that there is nothing: an entry would be written twice."""
    service.answers = [(200, answer)]

    with pytest.raises(PublishError, match="the dashboard listed no entries for booking xhqgmdh"):
        DashboardCalendar(api(service, "the dashboard")).has("xhqgmdh", serial=1)


@pytest.mark.parametrize(("entries", "there"), [(b"[]", False), (b'[{"booking_id": "xhqgmdh"}]', True)])
def test_entry_is_there_or_not(service: Service, entries: bytes, there: bool) -> None:  # noqa: FBT001 - a table
    """The list says it."""
    service.answers = [(200, b'{"entries": ' + entries + b"}")]

    assert DashboardCalendar(api(service, "the dashboard")).has("xhqgmdh", serial=1) is there


def test_a_list_in_pages_is_read_to_its_end(service: Service) -> None:
    """What stands on a later page is there as well: whoever took it for missing would forget it, or make it twice."""
    event = json.dumps({"events": [{"event_id": "e-1", "status": "scheduled"}]}).encode()
    service.answers = [(200, b'{"events": [], "next": "a b"}'), (200, event)]

    found = ShipCaptainCrew(api(service, "ShipCaptainCrew")).find_event("xhqgmdh", serial=7)

    assert found is not None
    assert found.id == "e-1"
    assert [path for _, path, _, _ in service.asked][1].endswith("/events?booking_id=xhqgmdh&next=a%20b")
    assert {headers["X-Castoff-Serial"] for _, _, headers, _ in service.asked} == {"7"}

    service.answers = [(200, b'{"entries": [], "next": "2"}'), (200, b'{"entries": [{}]}')]
    assert DashboardCalendar(api(service, "the dashboard")).has("xhqgmdh", serial=7)


def test_a_list_without_an_end_is_refused(service: Service) -> None:
    """A page that leads back to itself would be asked for ever."""
    service.answers = [(200, b'{"entries": [], "next": "2"}')]

    with pytest.raises(PublishError, match="its list has no end") as refused:
        DashboardCalendar(api(service, "the dashboard")).has("xhqgmdh", serial=7)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("description", "statuses", "found"),
    [
        ("none", [], None),
        ("one", ["scheduled"], "e-0"),
        ("one that was called off", ["cancelled"], "e-0"),
        ("one that sails behind one that was called off", ["cancelled", "scheduled"], "e-1"),
        ("two that were called off", ["cancelled", "cancelled"], "e-0"),
    ],
)
def test_event_of_a_booking_is_the_one_that_sails(
    service: Service, description: str, statuses: list[str], found: str | None
) -> None:
    """Whichever is listed first: reinstating one that was called off would leave the other for the crew to go by."""
    events = [{"event_id": f"e-{number}", "status": status} for number, status in enumerate(statuses)]
    service.answers = [(200, json.dumps({"events": events}).encode())]

    event = ShipCaptainCrew(api(service, "ShipCaptainCrew")).find_event("xhqgmdh", serial=1)

    assert (event.id if event else None) == found, description


def test_two_events_that_sail_are_named(service: Service) -> None:
    """Runs before castoff may have made both: which of them is meant is for a person to say."""
    events = [{"event_id": f"e-{number}", "status": "scheduled"} for number in range(2)]
    service.answers = [(200, json.dumps({"events": events}).encode())]

    with pytest.raises(PublishError, match="has 2 events of booking xhqgmdh: `e-0` and `e-1`") as refused:
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).find_event("xhqgmdh", serial=1)

    assert refused.value.hint == "cancel there what nobody should go by, then run it again"


def test_nothing_is_taken_for_deleted_at_a_wrong_address(service: Service) -> None:
    """A gateway that knows no such path says 404, and has deleted nothing; the services say what is not known."""
    service.answers = [(404, b'{"message": "Not Found"}')]

    with pytest.raises(PublishError, match="asked `DELETE /calendar/xhqgmdh`, answered 404: Not Found"):
        DashboardCalendar(api(service, "the dashboard")).delete("xhqgmdh", serial=1)
    with pytest.raises(PublishError, match="asked `DELETE /crew-members/crew-001`, answered 404: Not Found"):
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).delete_member("crew-001", serial=1)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (b'{"error": "not_found"}', "check ShipCaptainCrew's address in castoff.yaml, with its stage at the end"),
        (b"<html>", "check ShipCaptainCrew's address in castoff.yaml, with its stage at the end"),
        (b'{"error": "event_unknown"}', "run `castoff publish` again; what was done is known"),
    ],
)
def test_event_that_is_gone_is_told_from_a_wrong_address(service: Service, answer: bytes, hint: str) -> None:
    """An event that its service has lost is looked for by the next publish, and made anew."""
    service.answers = [(404, answer)]

    with pytest.raises(PublishError) as refused:
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).update_event("ev-1", {"dock": "x"}, serial=1)

    assert refused.value.hint
    assert refused.value.hint.startswith(hint)


def test_event_is_refused_by_the_name_of_its_booking(service: Service) -> None:
    """The path of a creation names nothing, so the message does."""
    service.answers = [(500, b"")]

    with pytest.raises(PublishError, match="asked `POST /event` for booking xhqgmdh, answered 500"):
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).create_event("xhqgmdh", {}, serial=1)


def test_page_that_is_not_there_is_no_page_however_often_it_is_asked_for(service: Service) -> None:
    """A distribution may keep an error for seconds; how long that is waited for is whose wait it is."""
    clock = Clock()
    service.answers = [(404, b""), (503, b"oh"), (200, b"the page"), (404, b"")]
    web = PublicWeb(Http(endpoint=None, clock=clock, patience=AT_ONCE))
    looked = []

    for _ in range(4):
        looked.append(web.fetch(f"{service.url}/g/x"))
        clock.sleep(AT_ONCE.enough + 1)

    assert looked == [None, None, b"the page", None]


def test_site_that_is_not_there_is_said_at_once(service: Service) -> None:
    """Nobody waits a minute for a port at which nobody listens."""
    clock = Clock()
    patience = replace(AT_ONCE, tries=5)
    web = PublicWeb(Http(endpoint=None, clock=clock, patience=patience))
    started = clock.monotonic()

    with pytest.raises(PublishError, match="did not answer: the connection was refused"):
        web.fetch("http://127.0.0.1:9/g/x")

    assert clock.monotonic() - started < 10
    assert service.asked == []


_STOCK: Final = [
    {"type": "missing", "loc": ["body", "finance", "net"], "input": {"revenue": 840.75, "phone": "555-0142"}}
]
_SAID: Final = [
    ("a framework's list of mistakes", {"detail": _STOCK}),
    ("its own words", {"detail": "revenue 840.75 is too little, call 555-0142"}),
    ("a message", {"message": "leo@example.com is invalid"}),
    ("a name", {"error": "nobody is called Leo Roe"}),
]


@pytest.mark.parametrize("said", [said for _, said in _SAID], ids=[name for name, _ in _SAID])
def test_a_refusal_repeats_no_money_and_no_address(service: Service, said: dict[str, Any]) -> None:
    """A dashboard or crew service of one's own may say in its refusal what it was sent: nobody needs to read it."""
    service.answers = [(422, json.dumps(said).encode())]
    member = CrewMember("crew-001", "Leo Roe", "crew", "leo@example.com", "555-0142")

    for ask in (
        lambda: DashboardCalendar(api(service, "the dashboard")).put(
            "xhqgmdh", {"title": "Jada", "finance": {"paid": ["Leo Roe"]}}, serial=1
        ),
        lambda: ShipCaptainCrew(api(service, "ShipCaptainCrew")).put_member(member, serial=1),
    ):
        with pytest.raises(PublishError, match=r"answered 422$"):
            ask()


def test_a_refusal_in_other_words_is_told(service: Service) -> None:
    """What a service says of itself helps whoever has to mend it."""
    service.answers = [(409, b'{"error": "stale_serial", "detail": "a publish with a higher serial has been here"}')]

    with pytest.raises(PublishError, match="answered 409: a publish with a higher serial has been here"):
        DashboardCalendar(api(service, "the dashboard")).put("xhqgmdh", {"title": "Jada"}, serial=1)


def test_a_list_of_mistakes_is_not_repeated(service: Service) -> None:
    """Whatever it holds is of what was sent."""
    service.answers = [(422, json.dumps({"detail": _STOCK}).encode())]

    with pytest.raises(PublishError, match=r"answered 422$"):
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).cancel_event("e-1", serial=1)


def test_member_whom_nobody_knew_is_deleted(service: Service) -> None:
    """Someone who was written into a file by mistake and never came to be does not hold up every later publish."""
    service.answers = [(404, b'{"error": "member_unknown", "detail": "there is no crew member `crew-009`"}')]

    ShipCaptainCrew(api(service, "ShipCaptainCrew")).delete_member("crew-009", serial=1)


SLOT = Slot("photos", SlotKind.UPLOAD, "xhqgmdh", Audience.GUEST, "2030-01-01T00:00Z", "2030-01-02T00:00Z", 1)
FORM = {
    "url": "https://uploads.example.com/",
    "fields": {"key": "uploads/xhqgmdh/guest/${filename}", "policy": "e30", "x-amz-signature": "5f"},
    "expires": "2030-01-01T12:00:00+00:00",
    "ticket": "1.k.t",
}


@pytest.mark.parametrize(
    ("description", "changed"),
    [
        ("no address", {"url": "nonsense"}),
        ("an address of no host", {"url": "https://"}),
        ("an address that cannot be read", {"url": "http://["}),
        ("another scheme", {"url": "javascript:alert(1)"}),
        ("no fields", {"fields": {}}),
        ("no signature", {"fields": {"key": "k", "policy": "e30"}}),
        ("a field that is no text", {"fields": FORM["fields"] | {"key": 1}}),  # type: ignore[operator]
        ("no end", {"expires": None}),
        ("an end that is no instant", {"expires": "soon"}),
        ("an end somewhere on earth", {"expires": "2030-01-01T12:00:00"}),
        ("no ticket", {"ticket": None}),
    ],
)
def test_what_s3_could_take_nothing_by_is_no_form(service: Service, description: str, changed: dict[str, Any]) -> None:
    """A page with such a form would be live and dead."""
    service.answers = [(200, json.dumps(FORM | changed).encode())]

    with pytest.raises(PublishError, match="not the guest form of booking xhqgmdh"):
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).presign(SLOT, until="2030-01-02T00:00Z")
    assert description


def test_form_is_taken_as_it_is_answered(service: Service) -> None:
    """Its fields keep their order, in which S3 reads them."""
    service.answers = [(200, json.dumps(FORM).encode())]

    form = ShipCaptainCrew(api(service, "ShipCaptainCrew")).presign(SLOT, until="2030-01-02T00:00Z")

    assert (form.url, list(form.fields)) == ("https://uploads.example.com/", ["key", "policy", "x-amz-signature"])


@pytest.mark.parametrize("status", [0, 502, 503])
def test_link_whose_mail_may_have_gone_out_is_asked_for_once(service: Service, status: int) -> None:
    """SES has no memory: asking again would be a second mail with a second link."""
    service.answers = [(status, b'{"error": "mail_unconfirmed", "detail": "nobody can say"}')]
    http = Http(endpoint=None, clock=Clock(), patience=Patience())
    patient = JsonApi("ShipCaptainCrew", service.url, http, secret=lambda: ("X-Key", "sesame"))

    with pytest.raises(PublishError) as refused:
        ShipCaptainCrew(patient).send_link("ops-001", subject="ops")

    assert refused.value.hint == "look into the mailbox: if no link comes, ask again"
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        ("member_unknown", "publish their file in content/crew first, then ask again"),
        ("not_aboard", "see who sails in the booking's file, and that it is published"),
        ("event_cancelled", "a charter that is called off has no crew page to go to"),
    ],
)
def test_why_there_is_no_link(service: Service, error: str, hint: str) -> None:
    """Each reason has its own way out."""
    service.answers = [(422, json.dumps({"error": error, "detail": "so it is"}).encode())]

    with pytest.raises(PublishError, match="sends crew-001 no link: so it is") as refused:
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).send_link("crew-001", subject="xhqgmdh")

    assert refused.value.hint == hint


def test_who_is_not_ops_is_sent_to_a_booking(service: Service) -> None:
    """Where no booking was named, the ops board is meant, and no booking's file says who may see it."""
    service.answers = [(422, b'{"error": "not_aboard", "detail": "so it is"}')]

    with pytest.raises(PublishError) as refused:
        ShipCaptainCrew(api(service, "ShipCaptainCrew")).send_link("crew-001", subject="ops")

    assert refused.value.hint == (
        "the ops board is not for them; name a booking for its crew page: `castoff link ID --crew crew-001`"
    )


def test_feed_is_made_once_or_not_known(service: Service) -> None:
    """Nobody makes two when no answer comes: it is asked once, and how to look is said."""
    service.answers = [(0, b"")]
    http = Http(endpoint=None, clock=Clock(), patience=Patience(tries=3))
    patient = JsonApi("the dashboard", service.url, http, secret=lambda: ("X-Key", "sesame"))

    with pytest.raises(PublishError) as refused:
        DashboardCalendar(patient).make_feed("Ana's phone")

    assert refused.value.hint.startswith("see `castoff link --calendars`")
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("status", "error", "hint"),
    [
        (422, "invalid", "a label is one line of at most 200 signs"),
        (409, "too_many_feeds", "`castoff link --calendars` lists them, `castoff link --revoke ID` ends one"),
    ],
)
def test_feed_that_was_not_made_needs_no_revoking(service: Service, status: int, error: str, hint: str) -> None:
    """Where the dashboard refuses, none is there: its reason is told, and what to do about that."""
    service.answers = [(status, json.dumps({"error": error, "detail": "so it is"}).encode())]

    with pytest.raises(PublishError, match="the dashboard made no feed: so it is") as refused:
        DashboardCalendar(api(service, "the dashboard")).make_feed("Ana")

    assert refused.value.hint == hint


@pytest.mark.parametrize("answer", [b"{}", b'{"feeds": null}', b'{"feeds": [{"id": "a"}]}', b'{"feeds": ["a"]}'])
def test_feeds_that_are_none_are_refused(service: Service, answer: bytes) -> None:
    """A list is taken for one where it is one."""
    service.answers = [(200, answer)]

    with pytest.raises(PublishError, match=r"the dashboard (listed no feeds|answered with something that is not a fe)"):
        DashboardCalendar(api(service, "the dashboard")).feeds()


def test_feed_without_an_address_is_told(service: Service) -> None:
    """A service of another make may answer with something else: no address is put together of it."""
    service.answers = [(201, b'{"id": "abc", "label": "Ana", "made": "2024-05-28T12:00:00-07:00"}')]

    with pytest.raises(PublishError, match="the dashboard made feed abc and told no address"):
        DashboardCalendar(api(service, "the dashboard")).make_feed("Ana")


def test_feed_that_is_not_there_is_told(service: Service) -> None:
    """Whoever mistypes an id hears of it, and its address goes no further than the path."""
    service.answers = [(404, b'{"error": "feed_unknown", "detail": "so it is"}')]

    with pytest.raises(PublishError, match="the dashboard has no feed `a/b`, or no longer"):
        DashboardCalendar(api(service, "the dashboard")).revoke_feed("a/b")

    assert service.asked[0][1] == "/prod/calendar/feeds/a%2Fb"
