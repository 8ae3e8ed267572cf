"""Money in free text: lines about revenue, fees, margins or net are held back before any audience sees them.

The generator uses it when it projects a booking, and ShipCaptainCrew uses it again on arrival. What could be money
is matched loosely and what is harmless strictly: a line held back too many costs a phone call, one let through more.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line that was held back: its number within the text, from 1, and its words (for the operator only)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """A text without its money, and the lines that were held back."""

    text: str
    lines: tuple[HeldLine, ...]


def hold_back(text: str) -> Held:
    """Return `text` without the lines that speak of money; the other lines are untouched, in order."""
    kept: list[str] = []
    held: list[HeldLine] = []
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if speaks_of_money(line):
            held.append(HeldLine(number, line.strip()))
        else:
            kept.append(line)
    return Held("".join(kept), tuple(held))


def speaks_of_money(line: str) -> bool:
    """Tell whether a line is about money; letters, digits and signs count as what a reader takes them for."""
    plain = _HARMLESS.sub(" ", _as_read(line))
    is_split = _PERCENTAGE.search(plain) and _SHARE.search(plain)
    return bool(_MONEY.search(plain) or is_split or _TWO_PLACES.search(_MEASURED.sub(" ", plain)))


def _as_read(line: str) -> str:
    """Return a line in lower case with single spaces: field names as words, what nobody sees gone."""
    if not line.isascii():
        line = "".join(_sign(character) for character in unicodedata.normalize("NFKD", line))
    return " ".join(line.replace("_", " ").lower().split())


def _sign(character: str) -> str:
    match unicodedata.category(character):
        case "Sc":
            return "$"
        case "Pd":
            return "-"
        case "Cf" | "Mn":  # soft hyphens, zero-width characters, variation selectors, accents
            return ""
        case _:
            return character


def _one_of(*choices: str) -> str:
    return f"(?:{'|'.join(choices)})"


def _words(*choices: str) -> str:
    # Digits may touch a word (`revenue840`), letters may not.
    return f"(?<![a-z]){_one_of(*choices)}(?![a-z])"


# The tables. Possessive quantifiers (`*+`) keep a number whole: 28.5 ft is not 28.

_UNITS: Final = _one_of(
    r"am|pm|a\.m\.|p\.m\.|h|hrs?|hours?|minutes?|o'clock|sharp",
    r"m|meters?|metres?|ft|feet|foot|inch|inches|nm|miles?|km|kn|kts?|knots?",
    r"mhz|khz|degrees?|deg|volts?|psi|rpm|liters?|litres?|gal|gallons?|kg|lbs?",
)
_UNIT: Final = rf" *{_UNITS}(?!\w)"
_NOT_A_SUM: Final = rf"(?!{_UNIT}| *(?:%|people|guests|persons)|:\d)"
_SUM: Final = rf"\$? *\d{{2}}[\d.,]*+{_NOT_A_SUM}"
_LARGE_SUM: Final = rf"\$? *\d{{3}}[\d.,]*+{_NOT_A_SUM}"
_LINK: Final = (
    r"\.?(?: *(?:[-:=~>]|(?:to (?:the )?(?:captain|crew|owner)|due|is|was|will be|comes to|of|at|about|around)\b))* *"
)
_NO_SUM_BEHIND: Final = r"(?! *[-:=]? *\$? *\d)"

# Taken out before anything else is looked at.
_HARMLESS: Final = re.compile(
    _words(
        r"free of charge|no extra charge|(?:in|on|take|takes|full) charge",
        r"coast ?guard|cost guard",
        rf"(?:landing|fishing|safety|cargo|dip|bait|lazy) nets?{_NO_SUM_BEHIND}",
        rf"(?:bring|take|carry|hand|pass|stow|fetch|mend|rig|use) (?:the|a|our|your) nets?{_NO_SUM_BEHIND}",
        r"safety margins?|margin of (?:safety|error)",
        r"(?:heart|pulse|flow) rates?",
    )
)
_MONEY: Final = re.compile(
    _one_of(
        # About money wherever they stand.
        _words(
            r"revenues?|turnover|income|earnings?|profits?|margins?|gross|mark-?ups?",
            r"commissions?|pay[- ]?outs?|(?:un|pre|over|re)?paid|(?:pre|re|over|down )?payments?|pay(?= *[:=])",
            r"invoices?|deposits?|refunds?|prices?|rates?(?= *[:=])|surcharges?|discounts?|owe[sd]?",
            r"(?:captain|crew)?fees?|(?:captain|crew)?costs?|charges?(?! *(?:the|up|d|r)\b)",
            r"wages?|salary|salaries|tips?(?= *(?:pool|jar|[:=]))|gratuity|gratuities",
            r"dollars?|bucks|euros?|usd|eur|gbp|chf|cad|aud|mxn|pesos?|cents?",
            r"(?:remaining|outstanding|open|unpaid) balance|balance (?:due|owing|outstanding|to pay)",
            r"net (?:amount|total|result|figure)|net(?= *[:=])|net[- ]?to[- ]?(?:captain|skipper|crew|owner|broker)",
        ),
        # About money with a sum behind them only: there are landing nets, a guest's poor balance, and Rev. Miller.
        _words("net", "balance", "rev", "rates?", "tips?", "tipped", "quoted?", "bonus", "budget") + _LINK + _SUM,
        _words("totals?", "amounts?", "sum") + _LINK + _LARGE_SUM,
        rf"\d{{2}}[\d.,]*+ {_words('net')}",
        # Currencies, thousands and splits.
        r"\$ *\d|\d *\$|\d *k\b",
        r"\d\d *%? */ *\d\d *%? split|split:? \d\d *%? */ *\d\d|\d *% */ *\d",
        r"\d *% (?:(?:goes )?(?:to|for) (?:the )?)?(?:captain|skipper|crew|house)\b|\d *% off\b(?! the\b)",
    )
)
# A percentage is about money where its line has someone who gets it: rain has a chance of 10 %, and a broker 10 %.
_PERCENTAGE: Final = re.compile(r"\d *%")
_SHARE: Final = re.compile(
    _words(
        r"split|shares?|(?:our|my|his|her|their|your|the) cut|gets|receives|keeps",
        r"owners?|brokers?|operators?|platforms?|agency|agents?|tax|taxes|vat|bonus|tips?",
    )
)
# Two places behind the point are cents, except in dates, behind a word for time or measure, and before a unit.
_TWO_PLACES: Final = re.compile(r"\d[.,]\d{2}(?!\d)")
_CLOCK: Final = r"(?:[01]?\d|2[0-3])[.,][0-5]\d(?!\d)(?! *(?:each|per|pp|a head|/))"
_RANGE: Final = r" *(?:-|to|and|or|until|till) *"
_MEASURED: Final = re.compile(
    _one_of(
        r"(?<![\d.,])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:\d{4}|\d{2})(?!\d)",
        _words(
            r"at|by|from|until|till|before|after|around|about|between|since|call|back|starts?|ends?",
            r"board|boards|boarding|cast off|casting off|departs?|departure|leaves?|returns?|arrives?|sunset|sunrise",
            r"times?|breakfast|brunch|lunch|dinner",
        )
        + rf"[ :]*{_CLOCK}(?:{_RANGE}{_CLOCK})*",
        _words(
            r"tides?|high water|low water|depth|draft|draught|beam|length|height|clearance|wind|swell",
            r"slip|berth|gate|pier|dock|mooring|buoy|locker|section|chapter|page|version",
        )
        + rf"[ :]*-?\d{{1,2}}[.,]\d{{2}}(?!\d)(?:{_RANGE}\d{{1,2}}[.,]\d{{2}}(?!\d))*",
        _words("vhf|channel|frequency|lat|latitude|lon|longitude") + r"[ :]*-?\d{1,3}[.,]\d{2}(?!\d)",
        rf"(?<![\d.,])\d{{1,3}}[.,]\d{{2}}{_UNIT}",
    )
)
