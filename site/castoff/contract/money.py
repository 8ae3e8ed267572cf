"""Money in free text: lines about revenue, fees, margins or net are held back before any audience sees them.

The generator uses it when it projects a booking, and ShipCaptainCrew uses it again on arrival.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_WORDS: Final = re.compile(
    r"""\b(
        revenue|turnover|income|earnings?|profits?|margins?|gross|net(?=\s*(?:[:=]|to\b|of\b|[$€£]?\d))|
        commissions?|pay[- ]?outs?|payments?|pay(?=\s*[:=])|paid|invoices?|deposits?|refunds?|balance\s+due|
        prices?|rates?(?=\s*[:=])|costs?(?!\s+guard)|fees?|charges?(?!\s*(?:the\b|up\b|d\b|r))|surcharges?|discounts?|
        wages?|salary|salaries|tips?(?=\s*(?:pool|jar|[:=]))|gratuity|gratuities|captain[ _]fee|crew[ _]cost|
        dollars?|bucks|euros?|usd|eur|gbp|cents?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FREE_OF_CHARGE: Final = re.compile(
    r"\b(?:free\s+of\s+charge|no\s+extra\s+charge|coast\s*guard|cost\s+guard)\b", re.IGNORECASE
)
_FIGURES: Final = re.compile(
    r"[$€£¥₹]\s*\d|\d\s*[$€£¥₹]|\b\d[\d,.]*\s*(?:usd|eur|gbp|k\b)|\b\d+(?:\.\d+)?\s*%|\b\d+[.,]\d{2}\b(?!\s*(?:h|am|pm|m\b|nm|ft|kn))",
    re.IGNORECASE,
)


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
    """Tell whether a line is about money; compatibility forms of letters and digits count as what they look like."""
    plain = unicodedata.normalize("NFKC", line)
    plain = _FREE_OF_CHARGE.sub(" ", plain)
    return bool(_WORDS.search(plain) or _FIGURES.search(plain))
