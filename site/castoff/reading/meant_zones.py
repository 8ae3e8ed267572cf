"""Which time zone was most likely meant: zones as people say them, and cities whose zone bears another city's name."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import Final

from castoff.reading.zones import zone_names

_ABBREVIATIONS: Final = {
    **dict.fromkeys(("PST", "PDT", "PT", "PACIFIC"), "America/Los_Angeles"),
    **dict.fromkeys(("MST", "MDT", "MT", "MOUNTAIN"), "America/Denver"),
    **dict.fromkeys(("CST", "CDT", "CT", "CENTRAL"), "America/Chicago"),
    **dict.fromkeys(("EST", "EDT", "ET", "EASTERN"), "America/New_York"),
    **dict.fromkeys(("AKST", "AKDT"), "America/Anchorage"),
    "HST": "Pacific/Honolulu",
    "BST": "Europe/London",
    "CEST": "Europe/Berlin",
}
"""Zones as people say them. Of those that the database knows too, such as `EST`, none ever has summer time."""
_NOWHERE: Final = frozenset(
    {"Factory", "GMT", "GMT+0", "GMT-0", "GMT0", "Greenwich", "UCT", "UTC", "Universal", "Zulu", "localtime"}
)
"""Names of the zone database that are no place's clocks, as are all beneath `Etc/`."""
_SHARED: Final = {
    "America/Los_Angeles": """san diego, san francisco, oakland, berkeley, sausalito, san jose, sacramento, monterey,
        santa cruz, santa barbara, ventura, long beach, newport beach, marina del rey, dana point, oceanside, seattle,
        tacoma, bellingham, anacortes, portland, las vegas""",
    "America/Denver": "salt lake city, albuquerque, santa fe, colorado springs",
    "America/Chicago": """milwaukee, minneapolis, saint louis, st louis, new orleans, houston, galveston,
        corpus christi, dallas, austin, san antonio, memphis, nashville, mobile, pensacola, destin, biloxi, duluth""",
    "America/New_York": """boston, marblehead, newport, providence, mystic, new london, new haven, philadelphia,
        baltimore, annapolis, washington, washington dc, norfolk, virginia beach, wilmington, charleston, hilton head,
        savannah, atlanta, jacksonville, saint augustine, st augustine, fort lauderdale, miami, key west, key largo,
        naples, sarasota, tampa, clearwater, saint petersburg, st petersburg, orlando, buffalo, cleveland, portsmouth,
        bar harbor, camden""",
    "America/Detroit": "grand rapids, traverse city, ann arbor, mackinac island",
    "America/Phoenix": "tucson, scottsdale",
    "Pacific/Honolulu": "kona, lahaina, maui, oahu, hilo, kauai, waikiki",
    "America/Toronto": "montreal, ottawa, quebec",
    "America/Vancouver": "victoria, nanaimo",
    "America/Halifax": "lunenburg, charlottetown",
    "America/Mazatlan": "cabo san lucas, los cabos",
    "America/Cancun": "playa del carmen, cozumel, tulum, isla mujeres",
    "America/Nassau": "freeport, marsh harbour",
    "America/Puerto_Rico": "san juan, fajardo, culebra, vieques",
    "America/St_Thomas": "charlotte amalie, cruz bay, st john, saint john",
    "America/Tortola": "road town, virgin gorda, bvi",
    "America/Antigua": "english harbour, falmouth, st johns",
    "America/Lower_Princes": "sint maarten, st maarten, philipsburg",
    "America/Sao_Paulo": "rio de janeiro, rio, florianopolis, paraty",
    "Europe/London": "southampton, cowes, plymouth, glasgow, edinburgh, cardiff, liverpool",
    "Europe/Paris": "marseille, nice, cannes, antibes, saint tropez, st tropez, la rochelle, brest, ajaccio, toulon",
    "Europe/Madrid": "barcelona, palma, palma de mallorca, ibiza, mallorca, menorca, valencia, malaga, alicante",
    "Europe/Lisbon": "porto, cascais, faro",
    "Atlantic/Canary": "las palmas, tenerife, lanzarote, gran canaria",
    "Europe/Rome": "genoa, venice, milan, palermo, olbia, cagliari, amalfi, sorrento",
    "Europe/Berlin": "hamburg, kiel, munich, rostock, flensburg, lubeck, bremen, frankfurt, stralsund",
    "Europe/Amsterdam": "rotterdam, lemmer, enkhuizen, the hague",
    "Europe/Copenhagen": "aarhus, svendborg",
    "Europe/Stockholm": "gothenburg, malmo",
    "Europe/Oslo": "bergen, stavanger, tromso",
    "Europe/Zagreb": "split, dubrovnik, zadar, hvar, pula, sibenik",
    "Europe/Athens": "corfu, rhodes, lefkada, mykonos, santorini, piraeus, kos, crete, heraklion",
    "Europe/Istanbul": "bodrum, marmaris, gocek, fethiye, antalya, izmir",
    "Europe/Podgorica": "tivat, kotor, budva",
    "Asia/Dubai": "abu dhabi",
    "Asia/Bangkok": "phuket, koh samui, pattaya",
    "Australia/Sydney": "newcastle, byron bay, pittwater, port stephens",
    "Australia/Brisbane": "cairns, gold coast, airlie beach, whitsundays, hamilton island, townsville",
    "Australia/Perth": "fremantle, broome",
    "Australia/Melbourne": "geelong",
    "Pacific/Auckland": "wellington, christchurch, bay of islands, queenstown, opua",
    "Africa/Johannesburg": "cape town, durban",
}
"""Cities where people sail or that they name, by the zone whose clocks they have."""
_CITIES: Final = {
    city.strip(): zone for zone, cities in _SHARED.items() for city in re.sub(r"\s+", " ", cities).split(",")
}
_SPOKEN: Final = re.compile(r"^(?:us[/ ])?(\w+)(?: (?:standard|daylight))?(?: time)?(?: zone)?$")
_CLOSE: Final = 0.9
"""How much of a city's letters must be right: `San_Diego` is no `Santiago`."""
_NEARLY: Final = 0.83
"""The same where it is as long, give or take a letter: `Berlim`, `Cihcago`."""


def takes_timezone(name: str) -> bool:
    """Tell whether a zone of the database is the clocks of a place: not `EST`, without summer time, nor `UTC`."""
    return not (name.upper() in _ABBREVIATIONS or name in _NOWHERE or name.startswith("Etc/"))


def meant_zone(text: str) -> str | None:
    """Return the zone that a text speaks of: `PST`, `Pacific Time`, `America/San_Diego`, `los angeles`."""
    spoken = _SPOKEN.match(text.strip().lower())
    named = _ABBREVIATIONS.get(spoken[1].upper()) if spoken else None
    city = _plain(text.rpartition("/")[2])
    itself = next((name for name in zone_names() if name.lower() == text.strip().lower()), None)
    if itself is not None and takes_timezone(itself):
        return itself
    if named is not None or city in _CITIES:
        return named or _CITIES[city]
    zones = sorted(filter(takes_timezone, zone_names()), key=lambda name: (_region(name) != _region(text), name))
    likeness = {name: _likeness(city, _plain(name.rpartition("/")[2])) for name in zones}
    best = max(zones, key=lambda name: likeness[name])
    return best if likeness[best] else None


def _likeness(city: str, other: str) -> float:
    """Return how much two names are alike, from 0 to 1; 0 where one is hardly meant by the other."""
    if not {*city[:1]} & {*other[:1]}:
        return 0
    likeness = SequenceMatcher(None, city, other).ratio()
    nearly = likeness >= _NEARLY and abs(len(city) - len(other)) <= 1
    return likeness if likeness >= _CLOSE or nearly else 0


def _plain(city: str) -> str:
    """Return a city's name in small letters, without accents, with spaces between its words."""
    letters = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])|[_\s-]+", " ", city.strip()))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower().partition(",")[0]


def _region(name: str) -> str:
    return name.partition("/")[0].lower()
