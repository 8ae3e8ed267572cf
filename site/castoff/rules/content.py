"""Rules about content: vessels, docks, crew, checklists and snippets."""

from __future__ import annotations

from typing import Final

from castoff.problems import Severity
from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "Content",
    (
        Rule(
            "tangled-text",
            "A text has more lines, or more brackets, lists and quotes within each other, than any page needs; to make"
            " one of it would take for ever.",
            "Write it plainly.",
        ),
        Rule(
            "unknown-checklist",
            "A vessel names a checklist that has no file in `content/checklists`.",
            "Correct the name, or write the checklist.",
        ),
        Rule(
            "not-an-item",
            "A line of a checklist is no item, so nobody could tick it.",
            "Write `- [ ] What to do {#short-name}`.",
        ),
        Rule(
            "missing-item-id",
            "An item has no id of its own, by which a tick is remembered when its words change.",
            "End it with one, such as `{#fuel}`.",
        ),
        Rule(
            "wrong-item-id",
            "An item's id has other signs than lower-case letters, digits and single hyphens.",
            "Write it like `{#fuel}`.",
        ),
        Rule(
            "repeated-item-id",
            "Two items of a checklist have the same id, and would be ticked as one.",
            "Give each item an id of its own.",
        ),
        Rule(
            "unused-vessel",
            "No booking is for this vessel, not even a draft. Of more than three, one is named for all.",
            "Delete the file, or keep it for bookings to come.",
            Severity.WARNING,
        ),
        Rule(
            "unused-dock",
            "No booking starts at this dock, not even a draft. Of more than three, one is named for all.",
            "Delete the file, or keep it for bookings to come.",
            Severity.WARNING,
        ),
        Rule(
            "unused-crew-member",
            "No booking has this captain or crew member aboard. Members with the role `ops` are not asked.",
            "Delete the file, or keep it for bookings to come.",
            Severity.WARNING,
        ),
        Rule(
            "unused-checklist",
            "No vessel has this checklist, so no crew ever sees it.",
            "Name it under `checklists` of a vessel, or delete the file.",
            Severity.WARNING,
        ),
        Rule(
            "unused-picture",
            "No page shows this picture, so it is not published.",
            "Name it as a `photo` or `logo`, or delete it.",
            Severity.WARNING,
        ),
        Rule(
            "same-address",
            "Two captains or crew members have one mail address. If they are one person, castoff cannot see that they"
            " are in two charters at once. Somebody who also works ashore may have an id of their own for that.",
            "Keep one file a person, or give each an address.",
            Severity.WARNING,
        ),
        Rule(
            "same-name",
            "Two vessels, or two docks, have one name, and neither guests nor crew can tell them apart.",
            "Add to one of the names.",
            Severity.WARNING,
        ),
        Rule(
            "empty-checklist",
            "A checklist has no items.",
            "Write one a line: `- [ ] What to do {#short-name}`.",
        ),
        Rule(
            "repeated-checklist",
            "A vessel names a checklist twice.",
            "Keep it once.",
        ),
        Rule(
            "empty-body",
            "A vessel, a dock or a snippet has no text beneath its fields, where guests read something.",
            "Write a line or two.",
            Severity.WARNING,
        ),
        Rule(
            "raw-html",
            "HTML stands in a text. It is shown as it is written, and never obeyed.",
            "Write Markdown, such as `**bold**`; a line break is two spaces at the end of a line.",
            Severity.WARNING,
        ),
        Rule(
            "picture-in-text",
            "A text has a picture in it. Pages show the pictures of fields only, so that each is there and has its"
            " size.",
            "Name it in the field `photo`.",
        ),
        Rule(
            "wrong-link",
            "A link in a text leads nowhere from a page: it is relative, or not a web, mail or phone address.",
            "Write it whole, from `https://` on.",
        ),
        Rule(
            "insecure-link",
            "A link in a text goes to a page without encryption, of which browsers warn.",
            "Write it with `https:`.",
            Severity.WARNING,
        ),
        Rule(
            "far-from-zone",
            "A dock's longitude is far from where clocks go by the time zone of the settings, so that sunset and"
            " the way there would be wrong. Most often the minus of the west is missing.",
            "Correct the longitude: west is negative.",
            Severity.WARNING,
        ),
    ),
)
