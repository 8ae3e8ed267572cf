"""Money where no line can be held back: a page that says why, and of which allergies, cannot do without the words.

Notes and requests have their money held back instead; content is the operator's own public word, prices included.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from castoff.contract.money import hold_back, names_a_sum, speaks_of_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.problems import Problem
    from castoff.reading.reader import Document

_HINT: Final = "take it out; figures belong under `finance`"
_PROMISE: Final = re.compile(
    r"\b(?:refund(?:s|ed|ing|able)?|deposits?|re?paid|payments?|pay|money|charged?|costs?|prices?|fees?|credit(?:ed)?)\b",
    re.IGNORECASE,
)
"""What guests are told of their own money when a charter is called off: that it comes back, though not how much."""


def indiscretions(document: Document) -> Iterator[Problem]:
    """Yield what speaks of money where a page shows it word for word; the words are not repeated.

    The plain values are looked at, so that it speaks up in the same run as whatever else is wrong with a booking.
    """
    values = document.fields.values
    allergies = _part(values.get("guests")).get("allergies")
    for index, allergy in enumerate(allergies if isinstance(allergies, list) else ()):
        if isinstance(allergy, str) and speaks_of_money(allergy):
            words = "this allergy speaks of money, and the crew would read it"
            yield document.problem("guests", "allergies", index, words=words, rule="money-in-words", hint=_HINT)
    waiver = values.get("waiver")
    if isinstance(waiver, str) and "=" in waiver and _asks_for_money(waiver):
        words = "this address speaks of money, and the guest page would show it"
        yield document.problem("waiver", words=words, rule="money-in-words", hint="ask for the address without it")
    cancelled = _part(values.get("cancelled"))
    why, said = cancelled.get("why"), cancelled.get("words")
    if isinstance(why, str) and speaks_of_money(why):
        words = "this reason speaks of money, and guest and crew would read it"
        yield document.problem("cancelled", "why", words=words, rule="money-in-words", hint=_HINT)
    if isinstance(said, str) and _tells_a_sum(said):
        words = "these words name a sum, or speak of your own books, on a page that anyone with its link can read"
        hint = "write that money comes back, and how much to the guest alone"
        yield document.problem("cancelled", "words", words=words, rule="money-in-words", hint=hint)


def _part(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tells_a_sum(text: str) -> bool:
    """Tell whether words to the guest say more of money than that it comes back."""
    return any(
        names_a_sum(line.text) or speaks_of_money(_PROMISE.sub(" ", line.text)) for line in hold_back(text).lines
    )


def _asks_for_money(address: str) -> bool:
    """Tell whether an address hands on a sum by its name, such as `?total=840`."""
    try:
        handed = parse_qsl(urlsplit(address).query)
    except ValueError:  # such as an address in open brackets; its form is refused elsewhere
        return False
    return any(names_a_sum(f"{name} {value}") and speaks_of_money(f"{name}: {value}") for name, value in handed)
