"""Plain words, which anybody would try first, and what looks like a word since it can be said."""

from __future__ import annotations

import re
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_OF_THE_TRADE: Final = """
    admin afternoon anchor and anniversary autumn bay beach birthday board boat boats book booked booking bookings
    bridal bride calendar cancel captain catamaran charter charters christmas client company confirmed corporate
    couple crew cruise customer day days deck demo dinner dock dolphin dolphins draft easter engagement evening
    event events example fall family first fish fishing for friday friend friends fun ghost gift good graduation
    group guest guests half happy harbor harbour hello hold holiday home honeymoon hour hours info island kids last
    link love luck lunch luxury marina meeting monday morning new next night noon number ocean office one our page
    party photo photos pier point port private proposal public reunion river row sail sailing sailor sails sample
    sand saturday sea seas season second secret ship ships skipper sloop snorkel special spring star summer sun
    sunday sunrise sunset surf surprise swim team test tests the third thursday tour tours trip trips tuesday two
    vessel vip visit voyage wave waves wedding wednesday week weekend welcome whale whales wind wine winter with
    yacht yachts year
"""

PLAIN_WORDS: Final = frozenset((*_OF_THE_TRADE.split(), *MONTHS, *LONG_MONTHS))

_VOWELS: Final = "[aeiou]|a[iuwy]|e[aeiuwy]|i[aeo]|o[aeiouwy]|u[aeioy]|iou|eau"
_CLUSTERS: Final = "[bcfgps]l|[bcdfgpt]r|[cgpstw]h|kn|qu|s[ckmnptw]|[st]w|s[cpt]r|spl|squ|shr|thr"
_OPENING: Final = f"[bcdfghjklmnprstvwyz]|{_CLUSTERS}"
_BETWEEN: Final = (
    f"[bcdfghklmnprstvw]|{_CLUSTERS}|bb|cc|ck|ckl|ct|dd|d[gl]|ff|ft|gg|g[hn]|kl|[lr][bcdfgkmnprstv]|ll|lt|mb|mm|mp|mpl"
    "|mpr|n[cdgknstv]|ndr|ngl|ngr|nst|ntr|p[pst]|rr|rl|rch|[nrst]th|s[hls]|st[lr]|t[lt]|tch|tr"
)
_CLOSING: Final = (
    "[bcdfgklmnprstwy]|[cgst]h|ck|ct|ff|ft|gh|l[dfkmpt]|ll|lth|m[bp]|n[cdgkt]|nch|pt|r[bdfgklmnpt]|rch|rth|s[kpst]"
    "|sh|tch|tt|[bcdfgklmnprtw]s|cks|cts|ngs|sts|ths|[bdfgklmnprstv]{1,2}y|[fr]lly|ndly|ntly|thy"
)
_SAYABLE: Final = re.compile(rf"(?:{_OPENING})?(?:(?:{_VOWELS})(?:{_BETWEEN}))*(?:{_VOWELS})(?:{_CLOSING})?")


def is_wordlike(text: str) -> bool:
    """Tell whether lower-case letters can be said: a word, or a name that could be one.

    It knows four English words in five; of texts that are drawn, one in three hundred looks like a word by chance.
    """
    return _SAYABLE.fullmatch(text) is not None


def has_vowels(text: str) -> bool:
    """Tell whether a quarter of the letters are vowels, as in words, also in several that were run together."""
    return 4 * sum(text.count(vowel) for vowel in "aeiou") >= len(text)
