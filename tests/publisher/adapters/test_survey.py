"""Looks at what stands: a list is read to its end, however a service cuts it; a long look is counted, and stops."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.host import Host, open_host
from support.worlds import Clock, Impatient, Silent

from castoff.contract.release import Site, headers_digest
from castoff.contract.state import State
from publisher.adapters.aws import Aws
from publisher.adapters.http import Http
from publisher.adapters.lists import entries_between, entries_of, events_of, mails_of, members_of
from publisher.adapters.patience import Patience
from publisher.adapters.plain import PlainApi
from publisher.adapters.secrets import once
from publisher.adapters.survey import TargetSurvey, by_booking, survey
from publisher.applying.hands import Hands
from publisher.applying.stopping import Never
from publisher.errors import PublishError, StoppedError
from publisher.fence.lease import NoLease
from publisher.seen import Part, Seen, Shown, Wish
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.service import Service

DAYS = ("2024-05-01", "2024-06-01")
BOOKINGS = ["aaaaaaa", "bbbbbbb", "ccccccc"]
PATIENCE = Patience(tries=1)
TWICE = Patience(tries=2, pause=0.0)
PAGE = "guest/g/jada.html"
ID = "x-amz-request-id: 4442587FB7D0A2F9"
HEADED = [ID, 'ETag: "abc"', "Cache-Control: max-age=60", "Content-Type: text/html", "Content-Length: 12"]
"""What S3 says of an object, in its order."""


def page(*bookings: str, **more: str) -> tuple[int, bytes]:
    """Return an answer with the entries of some bookings."""
    return 200, json.dumps({"entries": [{"booking_id": booking} for booking in bookings], **more}).encode()


def raw(status: int, *headers: str, body: str = "") -> str:
    """Return a whole answer as it goes over the wire."""
    length = [] if any(line.startswith("Content-Length") for line in headers) else [f"Content-Length: {len(body)}"]
    return "\r\n".join([f"HTTP/1.1 {status} So", "Connection: close", *headers, *length, "", body])


def said(**value: Any) -> str:
    """Return what a service says."""
    return raw(200, body=json.dumps(value))


def listing(*keys: str, truncated: bool = False) -> str:
    """Return a page of what S3 lists."""
    items = "".join(f"<Contents><Key>{key}</Key><ETag>&quot;{key}&quot;</ETag></Contents>" for key in keys)
    more = f"<IsTruncated>{str(truncated).lower()}</IsTruncated><KeyCount>{len(keys)}</KeyCount>"
    return raw(200, ID, body=f"<ListBucketResult>{more}{items}</ListBucketResult>")


LISTED = listing()


def api(service: Service) -> PlainApi:
    """Return what asks the service."""
    http = Http(endpoint=None, clock=Clock(), patience=PATIENCE)
    return PlainApi(service.url, http, secret=lambda: ("X-Key", "sesame"))


def unhurried() -> Hands:
    """Return what reads without a lease, whom nobody stops."""
    return Hands(NoLease(), Clock(), stop=Never(), progress=Silent())


@pytest.fixture
def target(service: Service, monkeypatch: pytest.MonkeyPatch) -> Target:
    """Return a target all of which answers as both services do, which is not how S3 answers."""
    monkeypatch.setenv("SESAME", "open")
    said: dict[str, Any] = {"events": [{"event_id": "e-1"}], "members": ["crew-001"], "mails": []}
    service.answers = [(200, json.dumps(said | {"entries": [{"booking_id": "aaaaaaa"}]}).encode())]
    return Target(
        name="tried",
        sites={site: SiteTarget(service.url, f"{site.value}-pages", "E1EXAMPLE") for site in Site},
        state="s3://state/",
        scc=ServiceTarget(service.url, "env:SESAME"),
        dashboard=ServiceTarget(service.url, "env:SESAME"),
        region="us-west-2",
        endpoint=service.url,
        credentials=Credentials("key", "secret"),
    )


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([page("aaaaaaa", "bbbbbbb", "ccccccc")], id="one page"),
        pytest.param([page("aaaaaaa", next="2024-05-30#b"), page("bbbbbbb", "ccccccc")], id="two pages"),
        pytest.param(
            [page("aaaaaaa", next="zzz"), page("bbbbbbb", next="bbb"), page("ccccccc")], id="in an order of its own"
        ),
        pytest.param([page("aaaaaaa", "bbbbbbb", "ccccccc", next="")], id="next is empty"),
    ],
)
def test_entries_are_read_page_by_page(service: Service, answers: Any) -> None:
    """`next` is followed until there is none, whatever it looks like."""
    service.answers = list(answers)

    found = [entry["booking_id"] for entry in entries_between(api(service), *DAYS)]

    assert found == BOOKINGS
    assert service.asked[0][1] == "/calendar?from=2024-05-01&to=2024-06-01"
    assert len(service.asked) == len(answers)


def test_a_list_without_end_is_no_answer(service: Service) -> None:
    """A page that leads back to another would be read for ever."""
    service.answers = [page("aaaaaaa", next="b"), page("bbbbbbb", next="a"), page("ccccccc", next="b")]

    with pytest.raises(PublishError) as raised:
        list(entries_between(api(service), *DAYS))

    assert raised.value.words == (
        "the dashboard, asked `GET /calendar?from=2024-05-01&to=2024-06-01`:"
        " its list has no end, one page leads back to another"
    )
    assert len(service.asked) == 3


@pytest.mark.parametrize(
    ("read", "what", "items"),
    [
        pytest.param(
            lambda ask: events_of(ask, "aaaaaaa"), "events", [{"event_id": "1"}, {"event_id": "2"}], id="events"
        ),
        pytest.param(lambda ask: entries_of(ask, "aaaaaaa"), "entries", [{"date": "1"}, {"date": "2"}], id="entries"),
        pytest.param(members_of, "members", ["crew-001", "crew-002"], id="members"),
    ],
)
def test_every_list_is_read_to_its_end(service: Service, read: Any, what: str, items: list[Any]) -> None:
    """A service may cut any of them: what is on the second page is there, too."""
    pages = [{what: items[:1], "next": "more"}, {what: items[1:]}]
    service.answers = [(200, json.dumps(page).encode()) for page in pages]

    found = read(api(service))

    assert sorted(map(str, found)) == sorted(map(str, items))


def test_mails_are_read_page_by_page(service: Service) -> None:
    """The mails of every page are told, those of one booking together; an empty page is not the last."""
    first, last = {"booking_id": "aaaaaaa", "mail_id": "1"}, {"booking_id": "aaaaaaa", "mail_id": "2"}
    pages: list[dict[str, Any]] = [{"mails": [first], "next": "b#1"}, {"mails": [], "next": "c#1"}, {"mails": [last]}]
    service.answers = [(200, json.dumps(page).encode()) for page in pages]

    found = by_booking(mails_of(api(service)) or ())

    assert found == {"aaaaaaa": (first, last)}
    assert [asked[1] for asked in service.asked] == ["/mail", "/mail?next=b%231", "/mail?next=c%231"]


def test_a_part_that_will_not_answer_is_silent_and_the_others_are_seen(service: Service, target: Target) -> None:
    """Of a booking that is not where it should be in the calendar, the entry is asked for by itself."""
    seen = survey(target, Wish(BOOKINGS, {}, DAYS), State(), patience=PATIENCE, reads=unhurried())

    assert (seen.silent.keys(), [*seen.events], [*seen.entries]) == ({Part.PAGE}, BOOKINGS, BOOKINGS)
    assert (seen.members, seen.mails) == (frozenset({"crew-001"}), {})
    assert {path for _, path, *_ in service.asked if path.startswith("/calendar")} == {
        "/calendar?from=2024-05-01&to=2024-06-01",
        *(f"/calendar?booking_id={booking}" for booking in BOOKINGS[1:]),
    }


def test_who_answers_with_something_else_is_not_asked_on(service: Service, target: Target) -> None:
    """An event without an id is none: that part is silent, and nobody waits for three hundred of them."""
    service.answers = [(200, json.dumps(json.loads(service.answers[0][1]) | {"events": [{"id": 1}]}).encode())]
    wish = Wish([f"{number:07}" for number in range(300)], {}, DAYS)

    seen = survey(target, wish, State(), patience=PATIENCE, reads=unhurried())

    assert seen.silent[Part.EVENT] == "ShipCaptainCrew answered with something that is not an event"
    assert len([path for _, path, *_ in service.asked if path.startswith("/events")]) < 100


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Open a host on loopback where nothing stands: buckets, services and sites in one."""
    monkeypatch.setenv("SESAME", "open")
    with open_host() as found:
        found.answers = {"^GET /.*list-type=2": [LISTED], "^GET /crew-members": [said(members=[])]}
        found.answers |= {"^GET /mail": [said(mails=[])], "^GET /(events|calendar)": [said(events=[], entries=[])]}
        yield found


def looked_at(host: Host, wish: Wish, state: State | None = None, *, reference: str = "env:SESAME") -> Seen:
    """Return what is seen there, asked twice at most."""
    target = Target(
        name="tried",
        sites={site: SiteTarget(host.url, f"{site.value}-pages", "E1EXAMPLE") for site in Site},
        state="s3://state/",
        scc=ServiceTarget(host.url, reference),
        dashboard=ServiceTarget(host.url, reference),
        region="us-west-2",
        endpoint=host.url,
        credentials=Credentials("key", "secret"),
    )
    return survey(target, wish, state or State(), patience=TWICE, reads=unhurried())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_site_that_has_no_time_shows_nobody_that_a_page_is_gone(host: Host, status: int) -> None:
    """A refusal that may pass is asked again, and is then no answer: it never says that nothing stands there."""
    url = f"{host.url}/g/jada"
    host.answers["^GET /g/jada$"] = [raw(status, "Retry-After: 1", body="no time")]

    seen = looked_at(host, Wish(["aaaaaaa"], {"aaaaaaa": (url, PAGE)}, DAYS))

    assert (seen.pages, seen.silent[Part.PAGE]) == ({}, f"{url} answered {status}")
    assert host.asked.count("GET /g/jada") == 2


def test_a_page_that_a_site_does_not_have_is_missing(host: Host) -> None:
    """Whoever says so has looked."""
    host.answers["^GET /g/jada$"] = [raw(404, body="no such page")]

    seen = looked_at(host, Wish(["aaaaaaa"], {"aaaaaaa": (f"{host.url}/g/jada", PAGE)}, DAYS))

    assert (seen.pages, seen.silent) == ({"aaaaaaa": Shown.MISSING}, {})


@pytest.mark.parametrize("lines", range(1, len(HEADED)))
def test_headers_that_were_cut_are_asked_for_again(host: Host, lines: int) -> None:
    """An answer that breaks off within its headers is not taken for one of somebody who changed them."""
    cut = "HTTP/1.1 200 OK\r\nConnection: close\r\n" + "\r\n".join(HEADED[:lines]) + "\r\nCont"
    host.answers["^HEAD /guest-pages/g/jada.html"] = [cut, raw(200, *HEADED)]

    seen = looked_at(host, Wish([], {}, DAYS, files=(PAGE,)))

    assert seen.headers == {PAGE: headers_digest("text/html", "max-age=60")}
    assert seen.silent == {}
    assert len([call for call in host.asked if call.startswith("HEAD")]) == 2


@pytest.mark.parametrize(
    ("listed", "silent"),
    [
        pytest.param([], [], id="not in the list either"),
        pytest.param(["g/jada.html"], [Part.PAGE], id="in the list"),
    ],
)
def test_an_object_that_is_listed_has_headers(host: Host, listed: list[str], silent: list[Part]) -> None:
    """Who says that it is not there, while the list has it, gives no answer; what nobody has is just not there."""
    host.answers = {"^GET /guest-pages.*prefix=g%2F": [listing(*listed)], **host.answers}
    host.answers["^HEAD "] = [raw(404, ID)]

    seen = looked_at(host, Wish([], {}, DAYS, files=(PAGE,)))

    assert (seen.headers, [*seen.silent]) == ({}, silent)
    assert {*seen.silent.values()} <= {"HeadObject on s3://guest-pages/g/jada.html was answered 404: Not Found"}


def test_a_listing_that_goes_on_and_names_nothing_is_none(host: Host) -> None:
    """What would come behind an empty page is not gone: the list is asked for again."""
    more = listing("g/ada.html", truncated=True)
    host.answers = {
        "^GET /guest-pages.*start-after=": [listing(truncated=True), listing("g/jada.html")],
        "^GET /guest-pages.*prefix=g%2F": [more],
        **host.answers,
    }

    seen = looked_at(host, Wish([], {}, DAYS))

    assert (sorted(seen.objects), seen.silent) == (["guest/g/ada.html", PAGE], {})


def test_a_throttled_bucket_is_silent(host: Host) -> None:
    """Nothing that stands there is said to be gone; crew and mail are seen all the same."""
    slow = "<Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>"
    host.answers = {"list-type=2": [raw(503, ID, body=slow)], **host.answers}

    seen = looked_at(host, Wish([], {}, DAYS, files=()))

    assert [*seen.silent] == [Part.PAGE]
    assert "503 SlowDown: Reduce your request rate" in seen.silent[Part.PAGE]
    assert (seen.members, seen.mails) == (frozenset(), {})


def test_a_service_s_secret_is_asked_for_once(host: Host) -> None:
    """However many looks are first: each service has a secret of its own, read when it is first asked."""
    secret = json.dumps({"Name": "castoff/key", "SecretString": "open"})
    host.answers["^POST /$"] = [raw(200, ID, body=secret)]

    seen = looked_at(host, Wish(BOOKINGS * 4, {}, DAYS), reference="secretsmanager:castoff/key")

    assert seen.silent == {}
    assert host.asked.count("POST /") == 2


def test_a_secret_that_cannot_be_had_is_asked_for_once() -> None:
    """Who waited for it is told the same, and nobody waits for another refusal."""
    asked: list[str] = []

    def ask() -> str:
        asked.append("once")
        raise PublishError("no such secret")

    known = once(ask)
    for _ in range(3):
        with pytest.raises(PublishError, match="no such secret"):
            known()

    assert asked == ["once"]


def test_what_asks_a_cloud_already_is_asked_on(host: Host) -> None:
    """A look of a repair makes no session of its own: a role that was assumed is not assumed again."""
    target = Target(
        name="tried",
        sites={site: SiteTarget(host.url, f"{site.value}-pages", "E1EXAMPLE") for site in Site},
        state="s3://state/",
        scc=ServiceTarget(host.url, "env:SESAME", signed=True),
        dashboard=ServiceTarget(host.url, "env:SESAME", signed=True),
        region="us-west-2",
        endpoint=host.url,
        credentials=Credentials("nobody", "secret"),
    )
    theirs = Aws(replace(target, credentials=Credentials("theirs", "secret")), clock=Clock(), patience=TWICE)

    TargetSurvey(target, TWICE, theirs).see(Wish([], {}, DAYS), State(), reads=unhurried())

    assert {signer for signer in host.signers if signer} == {"theirs"}
    assert len(host.signers) == len(host.asked) == 6


def test_a_long_look_is_counted_and_stops_where_somebody_asks(service: Service, target: Target) -> None:
    """Who presses Ctrl-C at the first of ten thousand bookings does not wait for the last."""
    wish = Wish([f"{number:07}" for number in range(10_000)], {}, DAYS)
    progress = Impatient("looking at what stands", most=5)

    with pytest.raises(StoppedError):
        survey(
            target,
            wish,
            State(),
            patience=PATIENCE,
            reads=Hands(NoLease(), Clock(), stop=progress, progress=progress),
        )

    assert len(service.asked) < 200
    assert progress.seen[-1][1] == len(wish.bookings) + len(("lists of objects",) * 4 + ("calendar", "crew", "mail"))
