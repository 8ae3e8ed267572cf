"""The looks at what really stands: one list where a service gives one, some requests at a time where it does not."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from botocore.exceptions import ClientError

from castoff.contract.release import Site, headers_digest, split_path
from publisher.adapters.answers import code_of, whole
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.plain import plain_services
from publisher.adapters.services import one_event
from publisher.errors import PublishError
from publisher.seen import Part, Seen, Shown, Wish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from castoff.contract.state import State
    from publisher.adapters.http import Http
    from publisher.adapters.patience import Patience
    from publisher.adapters.plain import PlainApi
    from publisher.clauses.reply import Reply
    from publisher.target import Target

    Found = TypeVar("Found")

_THREADS: Final = 8
_CALLS: Final = 4
"""Calls to a service at a time: more would wait for more of its Lambdas to start than they have to ask."""
_FOLDERS: Final = ((Site.GUEST, "g/"), (Site.GUEST, "castoff/"), (Site.OPS, "ops/"), (Site.OPS, "castoff/"))
"""castoff's own folders, where nobody else writes; a listing tells a thousand ETags at a time."""
_NO_SUCH_ROUTE: Final = 404
_ABSENT: Final = {"NoSuchKey", "404", "NotFound"}


@dataclass(frozen=True, slots=True)
class TargetSurvey:
    """A target that is looked at."""

    target: Target
    patience: Patience

    def see(self, wish: Wish, state: State) -> Seen:
        """Return what stands of what is wished for."""
        return survey(self.target, wish, state, patience=self.patience)


def survey(target: Target, wish: Wish, state: State, *, patience: Patience) -> Seen:
    """Return what stands; a part that will not answer is silent, and the others are looked at all the same."""
    services, aws = plain_services(target, patience=patience), Aws(target, clock=SystemClock(), patience=patience)
    silent: dict[Part, str] = {}

    def tried(part: Part, look: Callable[[], Found], nothing: Found) -> Found:
        try:
            return look()
        except PublishError as error:
            silent[part] = error.words
            return nothing

    with ThreadPoolExecutor(5) as parts:
        objects = parts.submit(tried, Part.PAGE, lambda: dict(_objects(aws, target)), {})
        headers = parts.submit(tried, Part.PAGE, lambda: _headers(aws, target, wish.files), {})
        pages = parts.submit(tried, Part.PAGE, lambda: _pages(services.http, wish, state), {})
        events = parts.submit(tried, Part.EVENT, lambda: _events(services.crew, wish.bookings), {})
        entries = parts.submit(tried, Part.CALENDAR, lambda: _entries(services.calendar, wish), {})
        members = parts.submit(tried, Part.EVENT, lambda: _members(services.crew), None)
        mails = parts.submit(tried, Part.MAIL, lambda: _mails(services.crew), {})
        return Seen(
            objects=objects.result(),
            headers=headers.result(),
            pages=pages.result(),
            events=events.result(),
            entries=entries.result(),
            mails=mails.result(),
            members=members.result(),
            silent=silent,
        )


def _objects(aws: Aws, target: Target) -> Iterator[tuple[str, str]]:
    """Yield path and ETag of every object below the sites' prefixes."""
    for site, prefix in _FOLDERS:
        bucket, after = target.sites[site].bucket, ""
        while True:
            with aws.in_words("ListObjectsV2", f"s3://{bucket}/{prefix}"):
                more: Any = {"StartAfter": after} if after else {}
                answer = aws.tried(
                    lambda bucket=bucket, prefix=prefix, more=more: whole(  # type: ignore[misc]
                        aws.s3.list_objects_v2(Bucket=bucket, Prefix=prefix, **more), "KeyCount"
                    )
                )
            listed = answer.get("Contents", [])
            yield from ((f"{site.value}/{item['Key']}", item["ETag"]) for item in listed)
            if not answer.get("IsTruncated") or not listed:
                break
            after = listed[-1]["Key"]


def _headers(aws: Aws, target: Target, paths: Sequence[str]) -> dict[str, str]:
    """Return the digest of each object's headers; who is not there has none."""

    def look(path: str) -> tuple[str, str | None]:
        site, key = split_path(path, place="state.json")
        bucket = target.sites[site].bucket
        with aws.in_words("HeadObject", f"s3://{bucket}/{key}"):
            try:
                answer: Any = aws.tried(lambda: aws.s3.head_object(Bucket=bucket, Key=key))
            except ClientError as error:
                if code_of(error) in _ABSENT:
                    return path, None
                raise
        return path, headers_digest(str(answer.get("ContentType", "")), str(answer.get("CacheControl", "")))

    with ThreadPoolExecutor(_THREADS) as pool:
        return {path: digest for path, digest in pool.map(look, paths) if digest is not None}


def _pages(http: Http, wish: Wish, state: State) -> dict[str, Shown]:
    """Return what each guest page's address shows beside what was written."""

    def look(booking: str) -> tuple[str, Shown]:
        url, path = wish.pages[booking]
        answer = http.ask("GET", url, headers={"User-Agent": "castoff"})
        if isinstance(answer, str):
            raise PublishError(f"{url} did not answer: {answer}")
        if answer.status != 200:  # noqa: PLR2004 - HTTP's OK
            return booking, Shown.MISSING
        file = state.files.get(path)
        etag = (file.etag or "").strip('"') if file else ""
        told = answer.headers.get("etag", "").removeprefix("W/").strip('"')
        digest = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()  # what S3's ETag is of a plain write
        return booking, Shown.LIVE if etag in {told, digest} else Shown.OTHER

    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(pool.map(look, wish.pages))


def _events(crew: PlainApi, bookings: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    def look(booking: str) -> tuple[str, Mapping[str, Any] | None]:
        found = _listed(crew, "ShipCaptainCrew", f"/events?booking_id={quote(booking)}", "events")
        return booking, one_event(found, booking)

    with ThreadPoolExecutor(_CALLS) as pool:
        return {booking: event for booking, event in pool.map(look, bookings) if event is not None}


def _members(crew: PlainApi) -> frozenset[str] | None:
    """Return the ids of the crew as the service knows them; None from one of one's own that does not tell."""
    reply = crew("GET", "/crew-members")
    if reply.status == _NO_SUCH_ROUTE:
        return None
    found = (reply.value or {}).get("members") if reply.well else None
    if not isinstance(found, list):
        raise PublishError(f"ShipCaptainCrew, asked `GET /crew-members`: {reply}")
    return frozenset(map(str, found))


def _entries(calendar: PlainApi, wish: Wish) -> dict[str, Mapping[str, Any]]:
    """Return the entries, by pages of the days; one that is not there may have been moved to another day."""
    if not wish.bookings:
        return {}
    found = {str(entry.get("booking_id")): entry for entry in _range(calendar, *wish.days)}

    def look(booking: str) -> list[Mapping[str, Any]]:
        return _listed(calendar, "the dashboard", f"/calendar?booking_id={quote(booking)}", "entries")

    with ThreadPoolExecutor(_CALLS) as pool:
        missing = [booking for booking in wish.bookings if booking not in found]
        for booking, entries in zip(missing, pool.map(look, missing), strict=True):
            if entries:
                found[booking] = entries[0]
    return {booking: found[booking] for booking in wish.bookings if booking in found}


def _range(calendar: PlainApi, first: str, last: str) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a range of days; a dashboard may give them in pages, each of which names the next."""
    path = f"/calendar?from={first}&to={last}"
    reply = calendar("GET", path)
    yield from _paged(calendar, "the dashboard", path, "entries", reply)


def _paged(api: PlainApi, name: str, path: str, what: str, reply: Reply) -> Iterator[Mapping[str, Any]]:
    """Yield what the first page of a list holds, and the pages that it and each other names as the next."""
    after, joint = "", "&" if "?" in path else "?"
    while True:
        yield from _items(reply.value if reply.well else None, what, f"{name}, asked `GET {path}`: {reply}")
        following = (reply.value or {}).get("next")
        if not isinstance(following, str) or following <= after:
            return
        after = following
        reply = api("GET", f"{path}{joint}next={quote(after, safe='')}")


def mails_of(crew: PlainApi) -> list[Mapping[str, Any]] | None:
    """Return the mails of the last weeks as the service tells them; None where it tells nothing about mail."""
    reply = crew("GET", "/mail")
    if reply.status == _NO_SUCH_ROUTE:
        return None
    return [*_paged(crew, "ShipCaptainCrew", "/mail", "mails", reply)]


def _mails(crew: PlainApi) -> dict[str, tuple[Mapping[str, Any], ...]] | None:
    """Return the mails by booking; None where the service tells nothing about mail."""
    listed = mails_of(crew)
    if listed is None:
        return None
    mails: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for mail in listed:
        booking = str(mail.get("booking_id"))
        mails[booking] = (*mails.get(booking, ()), mail)
    return mails


def _listed(api: PlainApi, name: str, path: str, what: str) -> list[Mapping[str, Any]]:
    reply = api("GET", path)
    return _items(reply.value if reply.well else None, what, f"{name}, asked `GET {path}`: {reply}")


def _items(value: Mapping[str, Any] | None, name: str, otherwise: str) -> list[Mapping[str, Any]]:
    found = (value or {}).get(name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise PublishError(otherwise)
    return found
