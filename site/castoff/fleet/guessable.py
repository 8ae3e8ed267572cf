"""Ids and slugs that can be guessed: the guest's page is open to whoever knows its address."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from castoff.fleet.guessing import guess, guess_part
from castoff.fleet.places import Places
from castoff.fleet.plain_words import LONG_MONTHS, MONTHS
from castoff.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from castoff.fleet.guessing import Guess
    from castoff.fleet.model import Booking
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem

_SHORTEST: Final = 3
"""Letters of the shortest name that counts as one: two stand in too many ids by chance."""
_WORDS: Final = re.compile("[a-z]+")


def facts_of(booking: Booking) -> dict[str, str]:
    """Return what a stranger may know or suspect of a charter, as an address would hold it, each with what it is."""
    facts = dict.fromkeys(_names(booking.source), "the source")
    facts |= dict.fromkeys(_names(booking.dock), "the dock's name")
    facts |= dict.fromkeys(_names(booking.vessel), "the vessel's name")
    facts |= dict.fromkeys(_names(booking.guests.lead), "the guest's name")
    facts |= dict.fromkeys((f"{booking.starts:%H%M}",), "the charter's hour")
    return facts | dict.fromkeys(_ways_to_write(booking.starts.date()), "the charter's date")


def guessable(sources: Sources, bookings: Iterable[Booking]) -> list[Problem]:
    """Return a warning for each id that can be guessed, and one for each booking whose slug or aliases can."""
    problems: list[Problem] = []
    for booking in bookings:
        facts = facts_of(booking)
        found = guess(booking.id, facts)
        slugs = ((("slug",), booking.slug), *((("aliases", at), slug) for at, slug in enumerate(booking.aliases)))
        public = {slug: steps for steps, slug in slugs if slug and _is_public(slug, booking, facts)}
        if found.easy or public:
            places = Places(sources.bookings)  # anew for each, so that no file is kept
            problems += [_guessable_id(booking, places, found)] if found.easy else []
            problems += [_public_slugs(booking, places, public)] if public else []
    return problems


def _is_public(slug: str, booking: Booking, facts: Mapping[str, str]) -> bool:
    """Tell whether a slug can be guessed: it has neither the id in it nor another part that is as good."""
    return booking.id not in slug and all(guess_part(part, facts).easy for part in slug.split("-"))


def _guessable_id(booking: Booking, places: Places, found: Guess) -> Problem:
    words = f"id `{booking.id}` can be guessed, and the guest's page with it: it has {found.words} in it"
    hint = "let `castoff new` draw the next one"
    return places.problem(booking.id, "id", words=words, rule="guessable-id", hint=hint, severity=Severity.WARNING)


def _public_slugs(booking: Booking, places: Places, public: Mapping[str, tuple[str | int, ...]]) -> Problem:
    """Return one warning for all of them, at the first: a choice of the operator's, to be told of once."""
    slugs = [f"`{slug}`" for slug in public]
    named = " and ".join(filter(None, (", ".join(slugs[:-1]), slugs[-1])))
    words = f"{named} can be guessed, and the guest's page with {'it' if len(public) == 1 else 'them'}"
    hint = f"put `{booking.id}` into the slug, or keep it if anybody may read that page"
    if booking.slug not in public:
        hint = "remove it when nobody goes by it any more, or keep it if anybody may read that page"
    steps = next(iter(public.values()))
    return places.problem(booking.id, *steps, words=words, rule="public-slug", hint=hint, severity=Severity.WARNING)


@lru_cache(maxsize=1024)
def _names(text: str) -> tuple[str, ...]:
    """Return the words of a name without their accents, and all of them in one."""
    words = _WORDS.findall(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())
    return tuple(word for word in (*words, "".join(words)) if len(word) >= _SHORTEST)


@lru_cache(maxsize=1024)
def _ways_to_write(day: date) -> tuple[str, ...]:
    """Return a day as people write it; a season's charters share their days."""
    ways = [f"{day:%Y}", f"{day:%m%d}", f"{day:%d%m}", f"{day.month}{day:%d}"]
    for month in (MONTHS[day.month - 1], LONG_MONTHS[day.month - 1]):
        for number in (f"{day.day}", f"{day.day:02}"):
            ways += (f"{month}{number}", f"{number}{month}")
    ways += (f"{day:%y%m%d}", f"{day:%m%d%y}", f"{day:%d%m%y}", f"{day:%Y%m%d}", f"{day:%m%d%Y}", f"{day:%d%m%Y}")
    return tuple(ways)
