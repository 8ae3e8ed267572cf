"""The looks at what really stands: one list where a service gives one, some requests at a time where it does not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import ClientError

from castoff.contract.keys import FOLDER
from castoff.contract.release import Site, headers_digest, split_path
from publisher.adapters.answers import StrangeAnswerError, is_absent
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.lists import entries_between, entries_of, events_of, mails_of, members_of
from publisher.adapters.patience import PASSES
from publisher.adapters.plain import plain_services
from publisher.adapters.s3 import listed
from publisher.errors import PublishError
from publisher.events import event_of, one_event
from publisher.fence.recovery import CALLS
from publisher.seen import Part, Seen, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from castoff.contract.state import State
    from publisher.adapters.answers import Answered
    from publisher.adapters.http import Http
    from publisher.adapters.lists import Ask
    from publisher.adapters.patience import Patience
    from publisher.clauses.reply import Reply
    from publisher.ports import Reads
    from publisher.seen import Wish
    from publisher.target import Target

    Found = TypeVar("Found")

_STEP: Final = "looking at what stands"
_THREADS: Final = 24
_FOLDERS: Final = ((Site.GUEST, FOLDER), (Site.GUEST, "castoff/"), (Site.OPS, "ops/"), (Site.OPS, "castoff/"))
"""castoff's own folders, where nobody else writes; a listing tells a thousand ETags at a time."""
_OF_EVERY_OBJECT: Final = {"ETag", "ContentType", "ContentLength"}


@dataclass(frozen=True, slots=True)
class TargetSurvey:
    """A target that is looked at; `aws` is what asks its cloud already."""

    target: Target
    patience: Patience
    aws: Aws

    def see(self, wish: Wish, state: State, *, reads: Reads) -> Seen:
        """Return what stands of what is wished for."""
        return survey(self.target, wish, state, patience=self.patience, reads=reads, aws=self.aws)


def survey(
    target: Target, wish: Wish, state: State, *, patience: Patience, reads: Reads, aws: Aws | None = None
) -> Seen:
    """Return what stands; a part that will not answer is silent, and the others are looked at all the same."""
    cloud = aws or Aws(target, clock=SystemClock(), patience=patience)
    services = plain_services(target, patience=patience, aws=cloud)
    eyes = Eyes(target, cloud, services.http, _few(services.crew), _few(services.calendar), wish, state)
    reads.each(_STEP, eyes.looks(), eyes.look, threads=_THREADS)
    reads.each(_STEP, eyes.second_looks(), eyes.look, threads=_THREADS)
    return eyes.seen()


@dataclass(frozen=True, slots=True)
class Look:
    """One look, which a part is seen by."""

    part: Part
    take: Callable[[], None]


@dataclass(slots=True)
class Eyes:
    """What looks at a target, from some threads at a time, and what it has seen so far."""

    target: Target
    aws: Aws
    http: Http
    crew: Ask
    calendar: Ask
    wish: Wish
    state: State
    objects: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Shown] = field(default_factory=dict)
    events: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    members: frozenset[str] | None = None
    mails: dict[str, tuple[Mapping[str, Any], ...]] | None = None
    silent: dict[Part, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)

    def looks(self) -> list[Look]:
        """Return the looks to take, in turn of each kind: none of them waits for all of another."""
        kinds = (
            [Look(Part.PAGE, partial(self._list, site, prefix)) for site, prefix in _FOLDERS],
            [Look(Part.CALENDAR, self._entries), Look(Part.EVENT, self._members), Look(Part.MAIL, self._mails)],
            [Look(Part.EVENT, partial(self._event, booking)) for booking in self.wish.bookings],
            [Look(Part.PAGE, partial(self._page, booking)) for booking in self.wish.pages],
            [Look(Part.PAGE, partial(self._head, path)) for path in self.wish.files],
        )
        return [look for turn in zip_longest(*kinds) for look in turn if look is not None]

    def second_looks(self) -> list[Look]:
        """Return the looks at what was not where it should be.

        Entries may have been moved to another day; of an object that is listed there are headers.
        """
        missing = [booking for booking in self.wish.bookings if booking not in self.entries]
        listed = [path for path in self.absent if path in self.objects]
        return [
            *(Look(Part.CALENDAR, partial(self._moved, booking)) for booking in missing),
            *(Look(Part.PAGE, partial(self._head, path, listed=True)) for path in listed),
        ]

    def look(self, look: Look) -> None:
        """Take a look, unless its part is silent already."""
        if look.part in self.silent:
            return
        try:
            look.take()
        except PublishError as error:
            self.silent.setdefault(look.part, error.words)

    def seen(self) -> Seen:
        """Return what was seen."""
        return Seen(
            objects=self.objects,
            headers=self.headers,
            pages=self._in_order(self.pages),
            events=self._in_order(self.events),
            entries=self._in_order(self.entries),
            mails=self.mails,
            members=self.members,
            silent=self.silent,
        )

    def _in_order(self, found: Mapping[str, Found]) -> dict[str, Found]:
        """Return what was found of the bookings, in the order in which they were asked for, whichever came first."""
        return {booking: found[booking] for booking in self.wish.bookings if booking in found}

    def _list(self, site: Site, prefix: str) -> None:
        """See the ETag of every object of a folder."""
        found = listed(self.aws, self.target.sites[site].bucket, prefix)
        self.objects.update((f"{site.value}/{item['Key']}", item["ETag"]) for item in found)

    def _head(self, path: str, *, listed: bool = False) -> None:
        """See an object's headers; what is not there has none, unless it is `listed`."""
        site, key = split_path(path, place="state.json")
        bucket = self.target.sites[site].bucket
        with self.aws.in_words("HeadObject", f"s3://{bucket}/{key}"):
            try:
                answer: Any = self.aws.tried(lambda: _described(self.aws.s3.head_object(Bucket=bucket, Key=key)))
            except ClientError as error:
                if is_absent(error) and not listed:
                    self.absent.append(path)
                    return
                raise
        self.headers[path] = headers_digest(str(answer.get("ContentType", "")), str(answer.get("CacheControl", "")))

    def _page(self, booking: str) -> None:
        """See what a guest page's address shows beside what was written."""
        url, path = self.wish.pages[booking]
        answer = self.http.ask("GET", url, headers={"User-Agent": "castoff"})
        if isinstance(answer, str):
            raise PublishError(f"{url} did not answer: {answer}")
        if answer.status in PASSES:
            raise PublishError(f"{url} answered {answer.status}")
        if answer.status != 200:  # noqa: PLR2004 - HTTP's OK
            self.pages[booking] = Shown.MISSING
            return
        file = self.state.files.get(path)
        etag = (file.etag or "").strip('"') if file else ""
        told = answer.headers.get("etag", "").removeprefix("W/").strip('"')
        digest = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()  # what S3's ETag is of a plain write
        self.pages[booking] = Shown.LIVE if etag in {told, digest} else Shown.OTHER

    def _event(self, booking: str) -> None:
        event = one_event(events_of(self.crew, booking), booking)
        if event is not None:
            event_of(event)  # what is none is no answer
            self.events[booking] = event

    def _entries(self) -> None:
        """See the entries of all the days on which these bookings sail."""
        if self.wish.bookings:
            found = entries_between(self.calendar, *self.wish.days)
            self.entries.update((str(entry.get("booking_id")), entry) for entry in found)

    def _moved(self, booking: str) -> None:
        if entries := entries_of(self.calendar, booking):
            self.entries[booking] = entries[0]

    def _members(self) -> None:
        self.members = members_of(self.crew)

    def _mails(self) -> None:
        """See the mails by booking; where the service tells nothing about mail, there is nothing to see."""
        listed = mails_of(self.crew)
        self.mails = None if listed is None else by_booking(listed)


def by_booking(mails: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Return mails by the booking that they are about, each booking's in their order."""
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for mail in mails:
        booking = str(mail.get("booking_id"))
        found[booking] = (*found.get(booking, ()), mail)
    return found


def _described(answer: Answered) -> Answered:
    """Return an answer with the headers that S3 gives of every object: one that was cut looks like a good one."""
    if not answer.keys() >= _OF_EVERY_OBJECT:
        raise StrangeAnswerError
    return answer


def _few(service: Ask) -> Ask:
    """Return a service that is asked by so many at a time: more would wait for more of its Lambdas to start."""
    places = BoundedSemaphore(CALLS)

    def ask(method: str, path: str) -> Reply:
        with places:
            return service(method, path)

    return ask
