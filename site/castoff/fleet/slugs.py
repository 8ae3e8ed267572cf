"""Addresses of guest pages: each booking claims its id, its slug and its aliases, and none of them may be another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.fleet.sources import booking_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from castoff.fleet.carry import BoardRow
    from castoff.fleet.outlines import Outline
    from castoff.fleet.places import Places
    from castoff.problems import Problem


def claims(
    outlines: Iterable[Outline], *, ids: Iterable[str], reused: Mapping[str, BoardRow], places: Places
) -> tuple[dict[str, str], list[Problem]]:
    """Return whose each name is, and a problem for each slug or alias that is claimed already.

    Ids go first, then slugs, then aliases; of two bookings the one whose id comes first. `outlines` are of the bookings
    that were read; `reused` are those that were in order before and were not.
    """
    claimed = {booking: booking for booking in ids}
    claimed.update((row.slug, booking) for booking, row in reused.items())
    claimed.update((alias, booking) for booking, row in reused.items() for alias in row.aliases)
    problems: list[Problem] = []
    aliased: list[Outline] = []
    for outline in outlines:
        booking, slug = outline.booking, outline.slug
        if slug and (slug in claimed or claimed.setdefault(slug, booking) != booking):
            problems.append(_taken(places, booking, "slug", what=f"slug `{slug}`", owner=claimed[slug]))
        if outline.aliases:
            aliased.append(outline)
    for outline in aliased:
        for index, alias in enumerate(outline.aliases):
            if alias in claimed:
                what = f"alias `{alias}`"
                problems.append(_taken(places, outline.booking, "aliases", index, what=what, owner=claimed[alias]))
            elif alias:
                claimed[alias] = outline.booking
    return claimed, problems


def lost_to(outlines: Iterable[Outline], *, ids: Container[str], reused: Mapping[str, BoardRow]) -> set[str]:
    """Return the bookings of `reused` of whose former slugs another now has one, so that theirs leads here no more."""
    former = {name: booking for booking, row in reused.items() for name in row.former}
    if not former:
        return set()
    named = {name for outline in outlines for name in (outline.slug, *outline.aliases)}
    return {booking for name, booking in former.items() if name in named or name in ids}


def _taken(places: Places, booking: str, *steps: str | int, what: str, owner: str) -> Problem:
    words = f"{what} is taken by {'this booking itself' if owner == booking else booking_path(owner)}"
    return places.problem(booking, *steps, words=words, rule="taken-slug", hint="choose another, or remove it")
