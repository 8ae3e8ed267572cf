"""Whether a guest's name is one: pages show first name and initial of it, and nothing where there is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from castoff.fleet.places import Places
from castoff.pages.wording import short_name
from castoff.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from castoff.fleet.charter import Charter
    from castoff.fleet.sources import Sources
    from castoff.problems import Problem

_NO_NAME: Final = re.compile(r"[@,\d]")
"""What stands in a mail address, a name turned round, a phone number and a count of guests."""


def unclear_names(sources: Sources, charters: Iterable[Charter], *, as_of: datetime) -> list[Problem]:
    """Return a warning for each charter yet to end whose guest pages cannot name, or name by what may be no name."""
    problems = []
    for charter in charters:
        lead = charter.booking.guests.lead
        shown = short_name(lead)
        if (not shown or _NO_NAME.search(lead)) and charter.ends.timestamp() > as_of.timestamp():
            words = f"this may be no name: pages show `{shown}` of it" if shown else "pages find no first name in this"
            problem = Places(sources.bookings).problem(  # anew for each, so that no file is kept
                charter.id,
                *("guests", "lead"),
                words=words,
                rule="unclear-name",
                hint="write first name and surname, such as `Dana Rivera`",
                severity=Severity.WARNING,
            )
            problems.append(problem)
    return problems
