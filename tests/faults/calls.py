"""The calls of a publish: what each is for, how its message names it, and by what it is known on its way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from faults.places import Place
from faults.scenes import (
    BOOKED,
    BOOKED_OVER_A_PAGE,
    BROKE_OFF_AT_ENTRY,
    BROKE_OFF_AT_EVENT,
    BROKE_OFF_AT_PAGES,
    CALLED_OFF,
    FAREWELL,
    MOVED,
    OPEN_FOR_PHOTOS,
    REMOVED,
    WITH_A_NEW_HAND,
    Scene,
)
from support.warm import Way

from publisher.fence.lease import SECONDS

_STATE: Final = r"/state\.json\.gz$"
_CREW: Final = "ShipCaptainCrew, asked"
_DASHBOARD: Final = "the dashboard, asked"


class Speech(Enum):
    """How whoever is asked says no."""

    S3 = "S3"
    HEAD = "S3 without a body"
    CLOUDFRONT = "CloudFront"
    SECRETS = "Secrets Manager"
    STS = "STS"
    SERVICE = "a service"
    SITE = "a site"


@dataclass(frozen=True, slots=True)
class Call:
    """One call; in its texts `{booking}` is the booking that is published.

    `purpose` is what it is for, `meanwhile` what holds from where it stops until the next publish.
    `pattern` is how the turnstile at `place` knows it, the first `after` of those not counted. `so_far` is what a
    refusal says of the plan: `N` is a number, `…` anything, empty where there is no plan yet. With a short `lease`
    the publish is slow enough to renew it; `way` is how it is published, where that is not as ever.
    """

    name: str
    purpose: str
    meanwhile: str
    asked: str
    place: Place
    pattern: str
    speech: Speech
    so_far: str = ""
    scene: Scene = BOOKED
    after: int = 0
    lease: float = SECONDS
    way: Way = Way.USUAL


_LAST: Final = "{booking} (put calendar)"
_CALLS: Final = "{booking} (create event, put calendar)"
_CHANGE: Final = "{booking} (update event, put calendar)"
_WHERE: Final = "N of N actions done; left"
_UNTOUCHED: Final = "Nothing was changed."

CALLS: Final = (
    Call(
        "state read",
        "Reading what is published: the first call of every publish",
        "Nothing was changed.",
        "GetObject on s3://<StateBucket>/state.json.gz",
        Place.AWS,
        rf"^GET .*{_STATE}",
        Speech.S3,
    ),
    Call(
        "state begin",
        "Taking the lease, and writing down what is about to be done",
        "Nothing was changed. Where the answer did not come, the lease may be taken: the next publish on this "
        "machine takes it over at once, another after two minutes.",
        "PutObject on s3://<StateBucket>/state.json.gz",
        Place.AWS,
        rf"^PUT .*{_STATE}",
        Speech.S3,
        so_far="none of N actions done; left: …",
    ),
    Call(
        "gate",
        "Asking for a crew page as a stranger, who has to be led to the login, before any is written",
        "Nothing was changed.",
        "http://guest.localhost:<edge>/g/{booking}-crew",
        Place.EDGE,
        r"^GET \S+ /g/{booking}-crew$",
        Speech.SITE,
        so_far="none of N actions done; left: …",
    ),
    Call(
        "state renew",
        "Renewing the lease of a publish that takes long",
        "What is done is done, and nothing else begins. Here pages are written, and nobody was called.",
        "PutObject on s3://<StateBucket>/state.json.gz",
        Place.AWS,
        rf"^PUT .*{_STATE}",
        Speech.S3,
        so_far=f"{_WHERE}: {_CALLS}; caches of ops",
        after=1,
        lease=4.0,
    ),
    Call(
        "state finish",
        "Writing down what is done: the last call",
        "Everything is done: pages are live, the crew is called, the calendar is right. Only the state does "
        "not say so, and the next publish writes the pages once more to know it.",
        "PutObject on s3://<StateBucket>/state.json.gz",
        Place.AWS,
        rf"^PUT .*{_STATE}",
        Speech.S3,
        so_far="all of N actions done, but not written down",
        after=1,
    ),
    Call(
        "role",
        "Assuming the role that a target names, before anything else is asked of AWS",
        _UNTOUCHED,
        "GetObject on s3://<StateBucket>/state.json.gz",
        Place.AWS,
        r"^POST \S+ /$",
        Speech.STS,
        way=Way.ROLE,
    ),
    Call(
        "secret",
        "Reading a service's key",
        "Pages are live, and nobody was called.",
        "GetSecretValue on <SccSecret>",
        Place.AWS,
        r"^POST \S+ /$",
        Speech.SECRETS,
        so_far=f"{_WHERE}: {_CALLS}",
    ),
    Call(
        "crew member put",
        "Making a crew member known, before the events that name them",
        "Nothing else was changed: no page and no call names somebody whom ShipCaptainCrew does not know.",
        f"{_CREW} `PUT /crew-members/hand-{{booking}}`,",
        Place.SCC,
        r"^PUT .*/crew-members/hand-{booking}$",
        Speech.SERVICE,
        so_far="none of N actions done; left: …; crew hand-{booking}; …",
        scene=WITH_A_NEW_HAND,
    ),
    Call(
        "crew member delete",
        "Forgetting a crew member who left",
        "Everything else is done. Whoever left still has their links.",
        f"{_CREW} `DELETE /crew-members/hand-{{booking}}`,",
        Place.SCC,
        r"^DELETE .*/crew-members/hand-{booking}$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: crew hand-{{booking}}",
        scene=FAREWELL,
    ),
    Call(
        "presign",
        "Asking for a page's upload form",
        "Pages without a form are written, and a cache may show the old ones. A page that wants a form is as "
        "it was. Nobody was called.",
        f"{_CREW} `POST /g/PRESIGN` for the guest form of booking {{booking}},",
        Place.SCC,
        r"^POST .*/g/PRESIGN$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: …",
        scene=OPEN_FOR_PHOTOS,
    ),
    Call(
        "object put",
        "Writing a page",
        "Some pages are new, some as they were, and a cache may show the old ones. Nobody was called.",
        "PutObject on s3://<GuestBucket>/g/jada-guest-{booking}.html",
        Place.AWS,
        r"^PUT .*/g/jada-guest-{booking}\.html$",
        Speech.S3,
        so_far=f"{_WHERE}: {{booking}} (1 file, create event, put calendar); caches of ops",
    ),
    Call(
        "object delete",
        "Deleting a page that is no longer part of the site",
        "The new pages are written, and a cache may show the old ones. The page that should be gone is still "
        "there. Nobody was called.",
        "DeleteObject on s3://<GuestBucket>/g/early-{booking}.html",
        Place.AWS,
        r"^DELETE .*/g/early-{booking}\.html$",
        Speech.S3,
        so_far=f"{_WHERE}: {{booking}} (1 file, update event, put calendar); caches of guest and ops",
        scene=MOVED,
    ),
    Call(
        "object head",
        "Looking what stands at a key, after a publish that broke off",
        "Nothing was changed since the publish that broke off; its lease is taken over, so that nothing of it "
        "can arrive late.",
        "HeadObject on s3://<GuestBucket>/g/jada-guest-{booking}.html",
        Place.AWS,
        r"^HEAD .*/g/jada-guest-{booking}\.html$",
        Speech.HEAD,
        scene=BROKE_OFF_AT_PAGES,
    ),
    Call(
        "invalidation create",
        "Asking CloudFront to forget the old pages",
        "The new pages are written, and a cache may show the old ones for a day. Nobody was called.",
        "CreateInvalidation on distribution <GuestDistribution>",
        Place.AWS,
        r"^POST .*/invalidation$",
        Speech.CLOUDFRONT,
        so_far=f"{_WHERE}: {_CHANGE}; caches of guest and ops",
        scene=MOVED,
    ),
    Call(
        "invalidation wait",
        "Waiting until CloudFront has forgotten them",
        "The new pages are written, and the caches are about to forget the old ones. Nobody was called.",
        "GetInvalidation on <invalidation> of distribution <GuestDistribution>",
        Place.AWS,
        r"^GET .*/invalidation/\w+$",
        Speech.CLOUDFRONT,
        so_far=f"{_WHERE}: {_CHANGE}; caches of guest and ops",
        scene=MOVED,
    ),
    Call(
        "see live",
        "Seeing the page as a guest does, before anybody is called to it",
        "The new pages are written, but the site does not show them. Nobody was called.",
        "http://guest.localhost:<edge>/g/jada-guest-{booking}",
        Place.EDGE,
        r"^GET \S+ /g/jada-guest-{booking}$",
        Speech.SITE,
        so_far=f"{_WHERE}: {_CALLS}; caches of ops",
    ),
    Call(
        "event create",
        "Calling the crew",
        "Pages are live. The crew was called, or not, where no answer came; never twice.",
        f"{_CREW} `POST /event` for booking {{booking}},",
        Place.SCC,
        r"^POST .*/event$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: {_CALLS}",
    ),
    Call(
        "event find",
        "Looking for a booking's event, after a publish that broke off",
        "Nothing was changed since the publish that broke off; its lease is taken over, so that nothing of it "
        "can arrive late.",
        f"{_CREW} `GET /events?booking_id={{booking}}`,",
        Place.SCC,
        r"^GET .*/events\?booking_id={booking}$",
        Speech.SERVICE,
        scene=BROKE_OFF_AT_EVENT,
    ),
    Call(
        "event update",
        "Telling the crew of a change",
        "Pages show what is new. The crew was told of it, or not, where no answer came; never twice.",
        f"{_CREW} `PATCH /events/<event>`,",
        Place.SCC,
        r"^PATCH .*/events/ev-{booking}-\w+$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: {_CHANGE}",
        scene=MOVED,
    ),
    Call(
        "event cancel",
        "Telling the crew that it is called off",
        "Pages say that it is called off. The crew was told, or not, where no answer came; never twice.",
        f"{_CREW} `DELETE /events/<event>`,",
        Place.SCC,
        r"^DELETE .*/events/ev-{booking}-\w+$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: {{booking}} (cancel event, put calendar)",
        scene=CALLED_OFF,
    ),
    Call(
        "calendar put",
        "Writing the calendar entry",
        "Pages are live and the crew is called. The calendar shows what was before, or already what is new, "
        "where no answer came.",
        f"{_DASHBOARD} `PUT /calendar/{{booking}}`,",
        Place.DASHBOARD,
        r"^PUT .*/calendar/{booking}$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: {_LAST}",
    ),
    Call(
        "calendar find",
        "Looking for a booking's entry, after a publish that broke off",
        "Nothing was changed since the publish that broke off; its lease is taken over, so that nothing of it "
        "can arrive late.",
        f"{_DASHBOARD} `GET /calendar?booking_id={{booking}}`,",
        Place.DASHBOARD,
        r"^GET .*/calendar\?booking_id={booking}$",
        Speech.SERVICE,
        scene=BROKE_OFF_AT_ENTRY,
    ),
    Call(
        "calendar delete",
        "Removing the entry of a booking that is gone",
        "Pages are gone and the crew is told. The entry may still be in the calendar.",
        f"{_DASHBOARD} `DELETE /calendar/{{booking}}`,",
        Place.DASHBOARD,
        r"^DELETE .*/calendar/{booking}$",
        Speech.SERVICE,
        so_far=f"{_WHERE}: {{booking}} (delete calendar)",
        scene=REMOVED,
    ),
    Call(
        "adopt head",
        "Looking with `--adopt` whether something stands where a page is to go",
        _UNTOUCHED,
        "HeadObject on s3://<GuestBucket>/g/jada-guest-{booking}.html",
        Place.AWS,
        r"^HEAD .*/g/jada-guest-{booking}\.html$",
        Speech.HEAD,
        scene=BOOKED_OVER_A_PAGE,
        way=Way.ADOPT,
    ),
    Call(
        "adopt event",
        "Looking with `--adopt` for an event that castoff did not make",
        _UNTOUCHED,
        f"{_CREW} `GET /events?booking_id={{booking}}`,",
        Place.SCC,
        r"^GET .*/events\?booking_id={booking}$",
        Speech.SERVICE,
        way=Way.ADOPT,
    ),
    Call(
        "adopt entry",
        "Looking with `--adopt` for a calendar entry that castoff did not write",
        _UNTOUCHED,
        f"{_DASHBOARD} `GET /calendar?booking_id={{booking}}`,",
        Place.DASHBOARD,
        r"^GET .*/calendar\?booking_id={booking}$",
        Speech.SERVICE,
        way=Way.ADOPT,
    ),
    Call(
        "repair list",
        "Listing with `--repair` what stands in castoff's folders",
        _UNTOUCHED,
        "ListObjectsV2 on s3://<GuestBucket>/g/",
        Place.AWS,
        r"^GET .*[?&]prefix=g(%2F|/)",
        Speech.S3,
        way=Way.REPAIR,
    ),
    Call(
        "repair event",
        "Looking with `--repair` at a booking's event as it is",
        _UNTOUCHED,
        "ShipCaptainCrew, asked `GET /events?booking_id={booking}`",
        Place.SCC,
        r"^GET .*/events\?booking_id={booking}$",
        Speech.SERVICE,
        way=Way.REPAIR,
    ),
    Call(
        "repair calendar",
        "Looking with `--repair` at the calendar as it is",
        _UNTOUCHED,
        "the dashboard, asked `GET /calendar?from=<day>&to=<day>`",
        Place.DASHBOARD,
        r"^GET .*/calendar\?from=",
        Speech.SERVICE,
        way=Way.REPAIR,
    ),
    Call(
        "repair head",
        "Asking with `--repair` for an object's headers, which no listing tells",
        _UNTOUCHED,
        "HeadObject on s3://<GuestBucket>/g/jada-guest-{booking}.html",
        Place.AWS,
        r"^HEAD .*/g/jada-guest-{booking}\.html$",
        Speech.HEAD,
        scene=MOVED,
        way=Way.REPAIR,
    ),
    Call(
        "repair page",
        "Seeing with `--repair` a page as a guest does",
        "Nothing was changed. Where the site shows another page, or says that it has none, the page is written once "
        "more, and nobody is called to it before it is seen.",
        "http://guest.localhost:<edge>/g/jada-guest-{booking}",
        Place.EDGE,
        r"^GET \S+ /g/jada-guest-{booking}$",
        Speech.SITE,
        scene=MOVED,
        way=Way.REPAIR,
    ),
    Call(
        "repair crew",
        "Asking with `--repair` whom ShipCaptainCrew knows, which one of your own need not tell",
        _UNTOUCHED,
        "ShipCaptainCrew, asked `GET /crew-members`",
        Place.SCC,
        r"^GET .*/crew-members$",
        Speech.SERVICE,
        way=Way.REPAIR,
    ),
    Call(
        "repair mail",
        "Asking with `--repair` for the crew's mail, of which a repair mends nothing",
        "Everything is done.",
        "ShipCaptainCrew, asked `GET /mail`",
        Place.SCC,
        r"^GET .*/mail$",
        Speech.SERVICE,
        way=Way.REPAIR,
    ),
)
