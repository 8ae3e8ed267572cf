"""Which field may show where: the statement on privacy, as the table that a check holds every build against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from castoff.privacy.outputs import Audience

if TYPE_CHECKING:
    from castoff.privacy.planting import Steps

_A: Final = Audience
NOBODY: Final[frozenset[Audience]] = frozenset()
_ALL_OF_A_CHARTER: Final = frozenset({_A.GUEST_PAGE, _A.GUEST_CALENDAR, _A.CREW_PAGE, _A.CREW_CALENDAR})


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an operator writes, and who may read it.

    `template` is what is planted where `steps` lead, `{word}` and `{number}` being marks; a file's body has no steps.
    """

    name: str
    files: str
    steps: Steps
    template: str
    seen: frozenset[Audience]
    role: str | None = None


def _seen(*audiences: Audience) -> frozenset[Audience]:
    return frozenset(audiences)


_LEAD: Final = _seen(_A.GUEST_PAGE, _A.CREW_PAGE, _A.BOARD, _A.ENTRY, _A.CARRY)
FIELDS: Final = (
    Field("lead guest: first name and initial", "bookings", ("guests", "lead"), "{word} Q", _LEAD),
    Field("lead guest: the rest of the name", "bookings", ("guests", "lead"), "Dana Q{word}", NOBODY),
    Field("allergies", "bookings", ("guests", "allergies", 0), "{word}", _seen(_A.CREW_PAGE)),
    Field("requests", "bookings", ("requests",), "{word}", _seen(_A.GUEST_PAGE, _A.CREW_PAGE)),
    Field("requests: lines about money", "bookings", ("requests",), "Swim.\nRevenue: 840.75 {word}\n", NOBODY),
    Field("notes", "bookings", ("notes",), "{word}", _seen(_A.CREW_PAGE, _A.EVENT)),
    Field("notes: lines about money", "bookings", ("notes",), "Bring ice.\nPayment:\n {number} {word}\n", NOBODY),
    Field("waiver", "bookings", ("waiver",), "https://waiver.example.com/{word}", _seen(_A.GUEST_PAGE)),
    Field("why it is cancelled", "bookings", ("cancelled", "why"), "{word}", _seen(_A.GUEST_PAGE, _A.CREW_PAGE)),
    Field("words to the guest when it is", "bookings", ("cancelled", "words"), "{word}", _seen(_A.GUEST_PAGE)),
    Field("source", "bookings", ("source",), "{word}", _seen(_A.ENTRY)),
    Field(
        "vessel: name",
        "content/vessels",
        ("name",),
        "{word}",
        _ALL_OF_A_CHARTER | {_A.BOARD, _A.EVENT, _A.ENTRY, _A.CARRY, _A.TOLD},
    ),
    Field("vessel: text", "content/vessels", (), "{word}", _seen(_A.GUEST_PAGE)),
    Field(
        "dock: name",
        "content/docks",
        ("name",),
        "{word}",
        _ALL_OF_A_CHARTER | {_A.BOARD, _A.EVENT, _A.ENTRY, _A.CARRY, _A.TOLD},
    ),
    Field("dock: address", "content/docks", ("address",), "{word}", _ALL_OF_A_CHARTER),
    Field("dock: slip", "content/docks", ("slip",), "{word}", _seen(_A.GUEST_PAGE, _A.CREW_PAGE)),
    Field("dock: gate", "content/docks", ("gate",), "{word}", _seen(_A.GUEST_PAGE, _A.CREW_PAGE)),
    Field("dock: parking", "content/docks", ("parking",), "{word}", _seen(_A.GUEST_PAGE)),
    Field("dock: how to find it", "content/docks", (), "{word}", _seen(_A.GUEST_PAGE)),
    Field(
        "captain: first name",
        "content/crew",
        ("name",),
        "{word} Quinn",
        _seen(_A.GUEST_PAGE, _A.CREW_PAGE, _A.CREW_CALENDAR, _A.BOARD, _A.ENTRY, _A.MEMBERS, _A.CARRY),
        "captain",
    ),
    Field(
        "captain: last name",
        "content/crew",
        ("name",),
        "Maya {word}",
        _seen(_A.CREW_PAGE, _A.CREW_CALENDAR, _A.BOARD, _A.ENTRY, _A.MEMBERS, _A.CARRY),
        "captain",
    ),
    Field("captain: mail address", "content/crew", ("email",), "{word}@example.com", _seen(_A.MEMBERS), "captain"),
    Field("captain: phone", "content/crew", ("phone",), "+1 {number}", _seen(_A.CREW_PAGE, _A.MEMBERS), "captain"),
    Field("captain: text", "content/crew", (), "{word}", _seen(_A.GUEST_PAGE), "captain"),
    Field("crew: name", "content/crew", ("name",), "{word}", _seen(_A.CREW_PAGE, _A.ENTRY, _A.MEMBERS), "crew"),
    Field("crew: mail address", "content/crew", ("email",), "{word}@example.com", _seen(_A.MEMBERS), "crew"),
    Field("crew: phone", "content/crew", ("phone",), "+1 {number}", _seen(_A.MEMBERS), "crew"),
    Field("crew: text", "content/crew", (), "{word}", NOBODY, "crew"),
    Field("ops: name", "content/crew", ("name",), "{word}", _seen(_A.MEMBERS), "ops"),
    Field("ops: mail address", "content/crew", ("email",), "{word}@example.com", _seen(_A.MEMBERS), "ops"),
    Field("ops: phone", "content/crew", ("phone",), "+1 {number}", _seen(_A.MEMBERS), "ops"),
    Field("ops: text", "content/crew", (), "{word}", NOBODY, "ops"),
    Field("checklist: title", "content/checklists", ("title",), "{word}", _seen(_A.CREW_PAGE)),
    Field("checklist: items", "content/checklists", (), "- [ ] {word} {{#{word}}}", _seen(_A.CREW_PAGE)),
    Field("what every guest reads", "content/guest", (), "{word}", _seen(_A.GUEST_PAGE)),
    Field("where secrets are kept: ShipCaptainCrew", "castoff.yaml", ("scc", "key"), "secretsmanager:{word}", NOBODY),
    Field("where secrets are kept: dashboard", "castoff.yaml", ("dashboard", "token"), "secretsmanager:{word}", NOBODY),
    Field("where the state is kept", "castoff.yaml", ("state",), "s3://{word}/", NOBODY),
)
"""What is planted, and where it may be found; `finance` is apart, since it must not so much as change a byte."""
