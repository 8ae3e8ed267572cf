"""castoff.yaml and front matter, whole, at their least and wrong: an edit, and whether it is in order."""

from __future__ import annotations

import re
from typing import Final

from support.beyond import SETTINGS

STATED: Final = {
    # castoff.yaml: an edit, and whether it is in order.
    "the least there can be": ("brand: {name: A}\ntimezone: GB\n", True),
    "no brand": ("timezone: GB\n", False),
    "no zone": ("brand: {name: A}\n", False),
    "a brand without a name": ("brand: {phone: 6195550142}\ntimezone: GB\n", False),
    "a colour without quotes": ("brand:\n  name: A\n  colour: #0b4f6c\ntimezone: GB\n", False),
    "the embedded cloud": ("brand: {name: A}\ntimezone: GB\ntargets: {local: {embedded: true}}\n", True),
    "yes, embedded": ("brand: {name: A}\ntimezone: GB\ntargets: {local: {embedded: yes}}\n", True),
    "embedded and more": (
        "brand: {name: A}\ntimezone: GB\ntargets: {local: {embedded: yes, uploads: abc}}\n",
        False,
    ),
    "not embedded, and nothing else": (
        "brand: {name: A}\ntimezone: GB\ntargets: {local: {embedded: no}}\n",
        False,
    ),
    "an empty target": ("brand: {name: A}\ntimezone: GB\ntargets: {local: {}}\n", False),
    "no targets": ("brand: {name: A}\ntimezone: GB\ntargets: {}\n", True),
    "a target without a value": ("brand: {name: A}\ntimezone: GB\ntargets: {local: }\n", False),
    "targets in a list": ("brand: {name: A}\ntimezone: GB\ntargets: [local]\n", False),
    "a target in capitals": ("brand: {name: A}\ntimezone: GB\ntargets: {Local: {embedded: true}}\n", False),
    "a target by number": ("brand: {name: A}\ntimezone: GB\ntargets: {1: {embedded: true}}\n", True),
    "a whole target": (SETTINGS, True),
    "not embedded, and whole": (SETTINGS.replace("  production:\n", "  production:\n    embedded: false\n"), True),
    **{
        f"a target without {part}": (re.sub(rf"    {part}: .*\n", "", SETTINGS), part not in ("guest", "ops"))
        for part in ("guest", "ops", "uploads", "state", "scc", "dashboard")
    },
    "a way in that there is not": (SETTINGS.replace("key: ", "auth: password, key: "), False),
    "signed": (SETTINGS.replace("key: ", "auth: sigv4, key: "), True),
    "everything": (
        (
            "brand: {name: A, phone: 6195550142, text: '6195550142', email: a@b.c, colour: '#0b4f6c', logo: a.svg}\n"
            "timezone: Europe/Berlin\nas_of: 2024-05-28 12:00\nturnaround: 90m\n"
            "uploads: {opens: 1d before start, closes: 14d after end, max_size: 25 MB, max_count: 200, next_run: 26h}\n"
            "retention: {pages: 90d after end}\ncrew_pages: unlisted\ndashboard: {finance: yes}\n"
            "checks: {licence: off}\n"
        ),
        True,
    ),
    "a size without a unit": ("brand: {name: A}\ntimezone: GB\nuploads: {max_size: 25}\n", False),
    "a zone of no name": ("brand: {name: A}\ntimezone: PST\n", False),
    "a strictness that there is not": ("brand: {name: A}\ntimezone: GB\nchecks: {licence: loud}\n", False),
    "crew pages for all": ("brand: {name: A}\ntimezone: GB\ncrew_pages: public\n", False),
}
CONTENT: Final = [
    ("vessel", "name: Lark\ncapacity: 12\n", True),
    (
        "vessel",
        "name: 12\ncapacity: '12'\nboarding: 15m\ncrew_call: 1h\nturnaround: 0m\nphoto: a.jpg\nchecklists: [a, b]\n",
        True,
    ),
    ("vessel", "name: Lark\n", False),
    ("vessel", "capacity: 12\n", False),
    ("vessel", "name: Lark\ncapacity: 0\n", False),
    ("vessel", "name: Lark\ncapacity: twelve\n", False),
    ("vessel", "name: Lark\ncapacity: 12\nchecklists: departure\n", False),
    ("vessel", "name: Lark\ncapacity: 12\nchecklists: [a, a]\n", False),
    ("vessel", "name: Lark\ncapacity: 12\nchecklists: [A]\n", False),
    ("vessel", "name: Lark\ncapacity: 12\nboarding: 15\n", False),
    ("vessel", "name: Lark\ncapacity: 12\ncrew_call: 3d\n", False),
    ("vessel", "name: Lark\ncapacity: 12\ncolor: red\n", False),
    ("dock", "name: Pier\naddress: 1 Way\n", True),
    (
        "dock",
        "name: Pier\naddress: 1 Way\nslip: 14\ngate: true\nparking: |\n  One.\n  Two.\ntide_station: 9410170\n",
        True,
    ),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: {lat: 32.7, lon: -117}\nforecast: https://a.b/c?d=1&e=2\n", True),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: {lat: 32.7}\n", False),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: {lat: 91, lon: 0}\n", False),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: {lat: 0, lon: 0}\n", False),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: {lat: 0, lon: 1}\n", True),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: {lat: '32.7', lon: 181}\n", False),
    ("dock", "name: Pier\naddress: 1 Way\nlocation: 32.7, -117\n", False),
    ("dock", "name: Pier\naddress: 1 Way\nforecast: http://a.b/\n", False),
    ("dock", "name: Pier\naddress: |\n  1 Way\n  Town\n", False),
    ("dock", "name: Pier\n", False),
    ("crew-member", "name: Maya\nrole: captain\nemail: maya@example.com\n", True),
    (
        "crew-member",
        "name: Maya\nrole: ops\nemail: maya@example.com\nphone: 6195550142\nlicence: {passengers: 6}\nphoto: a.jpg\n",
        True,
    ),
    ("crew-member", "name: Maya\nrole: skipper\nemail: maya@example.com\n", False),
    ("crew-member", "name: Maya\nemail: maya@example.com\n", False),
    ("crew-member", "name: Maya\nrole: captain\nemail: maya\n", False),
    ("crew-member", "name: Maya\nrole: captain\nemail: maya@example.com\nlicence: {}\n", False),
    ("crew-member", "name: Maya\nrole: captain\nemail: maya@example.com\nlicence: 6\n", False),
    ("crew-member", "name: Maya\nrole: captain\nemail: maya@example.com\nphone: call\n", False),
    ("crew-member", "name: Maya\nrole: [captain]\nemail: maya@example.com\n", False),
    ("checklist", "title: Departure\nphase: prepare\n", True),
    ("checklist", "title: Departure\nphase: before\n", False),
    ("checklist", "title: Departure\n", False),
    ("checklist", "title: {}\nphase: prepare\n", False),
    ("snippet", "title: What to bring\n", True),
    ("snippet", "title:\n", False),
    ("snippet", "title: ~\n", False),
    ("snippet", "title: a\nbody: b\n", False),
]
