"""Rules about bookings: what one says, what it names, and what two of them cannot both have."""

from __future__ import annotations

from typing import Final

from castoff.problems import Severity
from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "Bookings",
    (
        Rule(
            "id-not-file-name",
            "A booking's `id` is not the name of its file, so it would have two.",
            "Write the one that guests already have.",
        ),
        Rule(
            "reserved-slug",
            "A slug stands where castoff's own pages are.",
            "Choose another slug.",
        ),
        Rule(
            "taken-slug",
            "Two bookings, or two fields of one, claim the same address.",
            "Choose another slug or alias, or remove one of them.",
        ),
        Rule(
            "former-slug",
            "A name that led to one booking's page now leads to another's, and guests may still have the old link.",
            "Choose another name, unless those guests may see this page.",
            Severity.WARNING,
        ),
        Rule(
            "public-slug",
            "A slug can be guessed, and the guest's page is open to whoever knows its address. Said when the booking is"
            " written and when it is published first: from then on guests have the link, and it should stay.",
            "Put the booking's id into the slug, or keep it knowingly.",
            Severity.WARNING,
        ),
        Rule(
            "guessable-id",
            "A booking's id can be guessed, and the guest's page is open to whoever knows its address. Said when the"
            " booking is published first: from then on guests have the link, and an id never changes.",
            "Let `castoff new` draw the id.",
            Severity.WARNING,
        ),
        Rule(
            "unknown-vessel",
            "A booking names a vessel that has no file in `content/vessels`.",
            "Correct the name, or write the vessel's file.",
        ),
        Rule(
            "unknown-dock",
            "A booking names a dock that has no file in `content/docks`.",
            "Correct the name, or write the dock's file.",
        ),
        Rule(
            "unknown-crew-member",
            "A booking names somebody who has no file in `content/crew`.",
            "Correct the name, or write the member's file.",
        ),
        Rule(
            "crew-member-gone",
            "A charter that is over names somebody who has no file in `content/crew` any more. It is shown without"
            " them.",
            "Leave it, or correct a name that was never right.",
            Severity.WARNING,
        ),
        Rule(
            "clock-skips",
            "The charter starts at a time that no clock shows: they jump over it that night.",
            "Write the time that clocks will show.",
        ),
        Rule(
            "clock-repeats",
            "The charter starts at a time that comes twice that night, and nobody could tell which is meant.",
            "Choose a time that comes once.",
        ),
        Rule(
            "long-past",
            "A charter that was never published is over for so long that it has no page any more, which is most often"
            " a wrong year. Said by `castoff plan` and `castoff publish`; of a whole history, for the first alone.",
            "Check the year.",
            Severity.WARNING,
        ),
        Rule(
            "far-ahead",
            "A charter starts in more than two years. Said when it is published first.",
            "Check the year.",
            Severity.WARNING,
        ),
        Rule(
            "long-charter",
            "A charter takes more than a day, which may be a figure too many. Said when it is published first.",
            "Check the duration.",
            Severity.WARNING,
        ),
        Rule(
            "day-gone-by",
            "A draft or a hold is for a day that has passed, and nothing was agreed on.",
            "Correct the day, confirm or cancel the booking, or remove its file.",
            Severity.WARNING,
        ),
        Rule(
            "unlikely-day",
            "A charter is cancelled on a day that is yet to come, that is after it, or years before it.",
            "Write the day on which it was cancelled.",
            Severity.WARNING,
        ),
        Rule(
            "unclear-name",
            "The guest who booked is written so that pages find no first name, or one that may be none: a phone number,"
            " a mail address, a family. Of a name they show first name and initial.",
            "Write first name and surname, such as `Dana Rivera`.",
            Severity.WARNING,
        ),
        Rule(
            "cancelled-without-details",
            "A booking is cancelled, and does not say when and why.",
            "Write `cancelled: {on: 2024-05-28, why: weather}`.",
        ),
        Rule(
            "details-without-cancelled",
            "A booking has `cancelled` and another status, so it cannot be told whether it takes place.",
            "Write `status: cancelled`, or remove `cancelled`.",
        ),
        Rule(
            "repeated-crew",
            "Somebody stands in the crew twice, or is the captain already.",
            "Name each member once.",
        ),
        Rule(
            "too-many-crew",
            "The crew has more members than ShipCaptainCrew takes.",
            "Name 20 at most beside the captain.",
        ),
        Rule(
            "wrong-role",
            "Somebody is asked for what they do not do by their own file: a captain who is none, or a crew member"
            " who works ashore.",
            "Choose somebody else, or correct the role in their file.",
            Severity.WARNING,
        ),
        Rule(
            "boarding-before-crew",
            "Guests board before the crew is called.",
            "Call the crew before guests board.",
            Severity.WARNING,
        ),
        Rule(
            "too-many-guests",
            "More guests come than the vessel carries.",
            "Choose another vessel, or split the charter.",
        ),
        Rule(
            "over-licence",
            "More guests come than the captain's licence says in their file: a warning, unless `checks: {licence: …}`"
            " in castoff.yaml says `error` or `off`. This is never legal advice.",
            "Make sure that the captain may carry them.",
            Severity.WARNING,
        ),
        Rule(
            "double-booked",
            "A vessel, a captain or a crew member is in two charters at once; holds count, drafts do not. A person is"
            " in a charter from its crew call on, so that nobody is called to one vessel while under way on another.",
            "Choose another, or another time.",
        ),
        Rule(
            "short-turnaround",
            "A vessel has less time between two charters than it needs, by its file or by settings.",
            "Start later, end earlier, or choose another vessel.",
        ),
        Rule(
            "called-too-soon",
            "Those who stay aboard for a vessel's next charter are called to it before this one has ended. Only the"
            " call is wrong: they are there already.",
            "Write a shorter `crew_call` for that booking.",
            Severity.WARNING,
        ),
        Rule(
            "boarding-too-soon",
            "Guests are asked aboard while their vessel is still out with others: it is given less time between"
            " charters than boarding takes.",
            "Write a shorter `boarding` for that booking, or a `turnaround` for the vessel.",
            Severity.WARNING,
        ),
        Rule(
            "money-held-back",
            "A line of notes or requests speaks of money, so no page, mail or calendar shows it. It is never repeated"
            " here.",
            "Take it out; figures belong under `finance`.",
            Severity.WARNING,
        ),
        Rule(
            "money-in-words",
            "Money stands where a page shows the words as they are: allergies, why a charter is cancelled and what its "
            "guest is told, the waiver's address. No line of them can be left out, so nothing is built.",
            "Take it out; that money comes back may be said, how much may not.",
        ),
    ),
)
