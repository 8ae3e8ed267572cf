"""Numbers that say where, when and which: addresses, berths, flights, headings, years; never how much."""

from __future__ import annotations

import re
from typing import Final


def without_places(words: str) -> str:
    """Return a line with a semicolon for each number that stands for a place, a year, a time or a name."""
    return _PLACES.sub(" ; ", words)


_STREETS: Final = (
    r"st|street|dr|drive|ave|avenue|rd|road|blvd|boulevard|lane|ln|court|ct|place|pl|highway|hwy|pkwy|parkway|terrace"
    r"|quay|wharf|pier|plaza|way|embarcadero"
)
_NO_NAME: Final = r"(?!(?:on|for|in|at|to|from|by|the|a|of|and|per|off|each|is|with|all|half|cash|net)\b)"
_LABELS: Final = (
    r"slip|dock|berth|gate|pier|locker|mooring|buoy|channel|ch|vhf|flight|room|lot|bus|route|hwy|highway|mile|marker"
    r"|waypoint|chart|page|chapter|heading|course|bearing|hull|tail|plate|mmsi|imo|ext|extension|suite|apt|apartment"
    r"|seat|cabin|exit|wifi|pin|code|zip|zone|grid"
)
_AIRLINES: Final = "ua|dl|aa|lh|ba|af|kl|wn|b6|nk|ac|ib|lx|os|sk|ay|qr"
_STATES: Final = "ca|fl|ny|tx|wa|ma|ct|ri|nj|md|va|nc|sc|ga|mi|il"
_YEAR: Final = r"(?:19|20)\d\d(?![\d.,]\d|\d)"
_TIME: Final = r"(?:[01]?\d|2[0-3])[0-5][05](?!\d)"
_MEETS: Final = "arrives?|boards?|boarding|calls?|meets?|departs?|lands?|leaves?|returns?|starts?|guests"
_PLACES: Final = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(
        [
            rf"\d{{1,5}} (?:{_NO_NAME}[a-z.']{{2,20}} ){{1,3}}?(?:{_STREETS})(?![a-z])",
            rf"(?:{_STATES}) \d{{5}}(?!\d)",
            rf"(?:{_LABELS})[ :.#]*(?:is |no\.? |number )?[a-z]{{0,2}}[ -]?\d{{1,6}}(?![\d.,]\d|\d)",
            r"(?:number|no\.?) (?:is )?\d{4,6}(?![\d.,]\d|\d)",
            rf"(?:{_AIRLINES}) ?\d{{3,4}}(?!\d)",
            rf"(?:in|since|from|of|class|season|summer|winter|spring|built|year|until|regatta|cup) {_YEAR}",
            rf"(?:{_MEETS})(?: (?:at|@|by))? {_TIME}",
        ]
    )
    + ")"
)
