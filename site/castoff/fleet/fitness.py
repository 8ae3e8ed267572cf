"""Whether a charter fits what it names: as many guests as vessel and captain carry, people in their roles, times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.fleet.content import Role
from castoff.fleet.settings import Strictness
from castoff.problems import Problem, Severity
from castoff.reading.forms import in_words
from castoff.reading.limits import YEARS

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.fleet.charter import Charter
    from castoff.reading.reader import Document


def too_many_guests(charter: Charter, document: Document, *, licence: Strictness = Strictness.WARNING) -> list[Problem]:
    """Return the problem with more guests than the vessel carries, and one beyond the captain's licence.

    How strict the latter is, settings say: what a licence allows depends on more than a number.
    """
    vessel, captain = charter.vessel, charter.captain
    count, place = charter.booking.guests.count, document.place_of("guests", "count")
    if count > vessel.capacity:
        words = f"{count} guests are more than `{vessel.id}` carries, which is {vessel.capacity}"
        hint = "choose another vessel, or split the charter"
        return [Problem(document.path, *place, words, "too-many-guests", hint)]
    if captain.licence is None or count <= captain.licence.passengers or licence is Strictness.OFF:
        return []
    words = f"{count} guests are more than the licence of `{captain.id}` says, which is {captain.licence.passengers}"
    hint = "make sure that the captain may carry them"
    return [Problem(document.path, *place, words, "over-licence", hint, Severity(licence.value))]


def wrong_roles(charter: Charter, document: Document) -> list[Problem]:
    """Return a warning where a captain is none by their own file, and where one of the crew works ashore."""
    captain, problems = charter.captain, list[Problem]()
    if captain.role is not Role.CAPTAIN:
        words = f"`{captain.id}` is to be the captain, and has the role `{captain.role.value}`"
        hint = f"choose a captain, or write `role: captain` in content/crew/{captain.id}.md"
        problems.append(
            document.problem("captain", words=words, rule="wrong-role", hint=hint, severity=Severity.WARNING)
        )
    for index, member in enumerate(charter.crew):
        if member.role is Role.OPS:
            words = f"`{member.id}` is to be of the crew, and has the role `ops`"
            hint = f"choose another crew member, or write `role: crew` in content/crew/{member.id}.md"
            problems.append(
                document.problem("crew", index, words=words, rule="wrong-role", hint=hint, severity=Severity.WARNING)
            )
    return problems


def boards_before_crew(charter: Charter, document: Document) -> list[Problem]:
    """Return a warning where guests board before the crew is called; the booking's own times go before the vessel's."""
    if charter.boards >= charter.calls:
        return []
    booking, boarding, crew_call = charter.booking, charter.starts - charter.boards, charter.starts - charter.calls
    field = next((name for name in ("boarding", "crew_call") if getattr(booking, name) is not None), "vessel")
    words = f"guests board {in_words(boarding)} before the start, and the crew is called {in_words(crew_call)} before"
    hint = "call the crew before guests board"
    return [document.problem(field, words=words, rule="boarding-before-crew", hint=hint, severity=Severity.WARNING)]


def out_of_years(document: Document, *instants: datetime) -> list[Problem]:
    """Return a problem where a charter that starts within the years that services know reaches out of them."""
    if all(instant.year in YEARS for instant in instants):
        return []
    words = f"the charter reaches out of the years {YEARS[0]} to {YEARS[-1]}"
    return [document.problem("starts", words=words, rule="wrong-time", hint="correct the year")]
