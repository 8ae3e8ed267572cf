"""A plan as people read it: the whole text of each thing that may happen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support.releases import booking, make, slot

from castoff.contract.plan import Reason, Refusal
from castoff.contract.state import PublishedEvent, State
from publisher.events import event_fields
from publisher.planning.diff import diff
from publisher.planning.supposed import state_of
from publisher.survey.drift import Drift
from publisher.telling import text
from publisher.telling.grouped import grouped
from publisher.telling.markdown import MOST, code, markdown
from publisher.telling.words import mailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from castoff.contract.plan import Plan
    from castoff.contract.release import Booking

KEY = "xhqgmdh"
OTHER = "b4nq9rv"
LATER = "2024-05-28T20:00:00-07:00"


def edited(wanted: Booking, *, status: str = "confirmed", facts: dict[str, str], **event: Any) -> Booking:
    """Return a booking with other facts, and another crew call where it has one."""
    call = None if status == "cancelled" else {**(wanted.event or {}), **event}
    return replace(
        wanted,
        status=status,
        event=call,
        calendar={**(wanted.calendar or {}), "status": status, **facts},
        facts={**wanted.facts, "status": status, **facts},
    )


def planned(root: Path, before: list[Booking] | None, after: list[Booking], **made: Any) -> Plan:
    """Return the plan from some bookings, or from nothing that was ever published, to others."""
    state = State() if before is None else state_of(make(root / "before", *before))
    folder = make(root / "after", *after, commit="3f2a9c1b2d3e4f5a", **made)
    return diff(folder.release, state, private={})


def shown(plan: Plan, *, whole: bool = False, width: int = 100) -> str:
    """Return the text of a plan without its digest."""
    told = grouped(plan)
    lines = [*text.title(told, width=width), *text.lines(told, width=width, whole=whole, more="castoff plan --whole")]
    return "\n".join(lines).replace(plan.digest[:12], "DIGEST")


FIRST = """\
test, 3f2a9c1b2d3e: 2 new; 6 mails to 3 members; plan DIGEST
+ b4nq9rv  Jada, 2024-05-30 09:00  new: guest page, crew page, calendar entry
    mails  captain-001, crew-001, crew-002: crew call
+ xhqgmdh  Jada, 2024-05-30 09:00  new: guest page, crew page, calendar entry
    mails  captain-001, crew-001, crew-002: crew call
also   3 crew members made known (captain-001, crew-001, crew-002)
also   1 asset, 1 board page; 6 files to write in all, 283 bytes"""

MOVED = """\
test, 3f2a9c1b2d3e: 1 changed; 3 mails to 3 members; plan DIGEST
~ xhqgmdh  Jada, 2024-05-30 10:00
    mails  captain-001, crew-001, crew-002: changed
    facts  starts 09:00 → 10:00
    pages  calendar entry changed"""

SWAPPED = """\
test, 3f2a9c1b2d3e: 1 changed; 2 mails to 2 members; plan DIGEST
~ xhqgmdh  Jada, 2024-05-30 09:00
    mails  crew-003: crew call; crew-002: not needed
    facts  crew crew-001, crew-002 → crew-001, crew-003
    pages  calendar entry changed"""

NOTED = """\
test, 3f2a9c1b2d3e: 1 changed; nobody is mailed; plan DIGEST
~ xhqgmdh  Jada, 2024-05-30 09:00
    facts  notes changed
    pages  calendar entry changed
    calls  crew call updated (notes), nobody is mailed"""

CANCELLED = """\
test, 3f2a9c1b2d3e: 1 cancelled; 3 mails to 3 members; plan DIGEST
- xhqgmdh  Jada, 2024-05-30 09:00  cancelled
    mails  captain-001, crew-001, crew-002: cancelled
    pages  guest page, crew page, calendar entry changed
also   2 files to write in all, 97 bytes"""

BACK = """\
test, 3f2a9c1b2d3e: 1 sails after all; 3 mails to 3 members; plan DIGEST
+ xhqgmdh  Jada, 2024-05-30 09:00  sails after all
    mails  captain-001, crew-001, crew-002: sails after all
    pages  guest page, crew page, calendar entry changed
also   2 files to write in all, 119 bytes"""

REMOVED = """\
test, 3f2a9c1b2d3e: 1 removed; 3 mails to 3 members; plan DIGEST
- b4nq9rv  Jada, 2024-05-30 09:00  removed
    mails  captain-001, crew-001, crew-002: cancelled
    gone   guest page, crew page, calendar entry; nobody tells the guest: `status: cancelled` would
also   1 board page; 1 file to write in all, 31 bytes"""

ONE, TWO = booking(KEY), booking(OTHER)
NAMED = {"captain": "captain-001", "crew": "crew-001, crew-002"}
CREWED = replace(ONE, facts={**ONE.facts, **NAMED})
OFF = edited(CREWED, status="cancelled", facts={})
TABLE: list[tuple[str, list[Booking] | None, list[Booking], str]] = [
    ("first publish", None, [ONE, TWO], FIRST),
    (
        "time moved",
        [ONE],
        [edited(ONE, facts={"starts": "2024-05-30 10:00"}, date="2024-05-30T10:00:00-07:00")],
        MOVED,
    ),
    (
        "member swapped",
        [CREWED],
        [edited(CREWED, facts={"crew": "crew-001, crew-003"}, crew_ids=["crew-001", "crew-003"])],
        SWAPPED,
    ),
    (
        "notes only",
        [replace(ONE, facts={**ONE.facts, "notes": "mark:1"})],
        [edited(ONE, facts={"notes": "mark:2"}, notes="Bring ice.")],
        NOTED,
    ),
    ("cancelled", [CREWED], [OFF], CANCELLED),
    ("back again", [OFF], [CREWED], BACK),
    ("removed", [ONE, TWO], [ONE], REMOVED),
]


@pytest.mark.parametrize(
    ("before", "after", "words"), [row[1:] for row in TABLE], ids=[row[0].replace(" ", "-") for row in TABLE]
)
def test_plans_are_told_by_booking(
    before: list[Booking] | None, after: list[Booking], words: str, tmp_path: Path
) -> None:
    """Who is mailed comes first, then what vanishes, which facts and which pages; the rest in a line."""
    plan = planned(tmp_path, before, after)

    assert shown(plan) == words


def test_night_that_renews_forms_is_one_line(tmp_path: Path) -> None:
    """A nightly run with nothing but forms to renew says so once, whatever it renews."""
    keys = [f"aaaaaa{letter}" for letter in "abcdefghij"]
    wanted, asked = [booking(key) for key in keys], tuple(map(slot, keys))
    state = state_of(make(tmp_path / "before", *wanted, slots=asked))
    dying = {path: replace(file, form_expires=file.form_expires and LATER) for path, file in state.files.items()}
    folder = make(tmp_path / "after", *wanted, slots=asked)

    words = shown(diff(folder.release, replace(state, files=dying), private={}))

    assert words == (
        "test, 1: upload forms of 10 bookings renewed; nobody is mailed; plan DIGEST\n"
        "also   upload forms of 10 bookings renewed (aaaaaaa, aaaaaab, aaaaaac, aaaaaad and 6 more)\n"
        "also   10 files to write in all, 830 bytes"
    )


def test_season_is_folded_unless_it_is_wanted_whole(tmp_path: Path) -> None:
    """Of three hundred bookings a screenful is shown, and how much is not; whole, every one and every action."""
    wanted = [booking(f"aa{number:05}") for number in range(300)]
    plan = planned(tmp_path, None, wanted)

    told = shown(plan).split("\n")

    assert len(told) == 12
    assert told[0].startswith("test, 3f2a9c1b2d3e: 300 new; 900 mails to 3 members; plan ")
    assert told[9] == "… 296 more new, 888 mails (`castoff plan --whole` shows all)"
    assert len(shown(plan, whole=True).split("\n")) == 1 + 600 + 2 + 2 + len(plan.actions)


@pytest.mark.parametrize("status", ["", "scheduled"], ids=["broken-off", "found-there"])
def test_what_nobody_knows_is_not_foretold(status: str, tmp_path: Path) -> None:
    """Of an event that a broken publish left, or another made, nobody knows what was told: a plan says so, and whom."""
    folder = make(tmp_path, booking(KEY))
    state = state_of(folder)
    lost = replace(state.bookings[KEY], event=PublishedEvent("e", 1, status, {}, ("captain-001", "crew-003")))

    told = shown(diff(folder.release, replace(state, bookings={KEY: lost}), private={}))

    assert "mails  captain-001, crew-001, crew-002, crew-003: perhaps (what they were told before" in told
    assert told.startswith("test, 1: 1 changed; perhaps 4 mails; plan ")


@pytest.mark.parametrize(
    ("mails", "perhaps", "words"),
    [(0, 0, ""), (3, 0, "3 mails"), (0, 1, "perhaps 1 mail"), (1_200, 2, "1,200 mails, perhaps 2 more")],
)
def test_only_mails_that_will_be_sent_are_counted_as_such(mails: int, perhaps: int, words: str) -> None:
    """Whoever may have been told already is not said to be mailed."""
    assert mailed(mails, perhaps) == words


def test_what_is_folded_counts_as_the_headline_does(tmp_path: Path) -> None:
    """Of many calls that a broken publish left, none is foretold for certain."""
    folder = make(tmp_path, *(booking(f"aa{number:05}") for number in range(20)))
    state = state_of(folder)
    lost = PublishedEvent("e", 1, "", {}, ("captain-001",))
    bookings = {key: replace(one, event=lost) for key, one in state.bookings.items()}

    told = shown(diff(folder.release, replace(state, bookings=bookings), private={}))

    assert "… 16 more changed, perhaps 48 mails (`castoff plan --whole` shows all)" in told


@pytest.mark.parametrize("width", [40, 80, 100])
def test_lines_are_no_wider_than_the_terminal(width: int, tmp_path: Path) -> None:
    """Whatever is typed, no line is wider, headings and title included, and none moves a terminal's cursor."""
    dock = "A very long pier \x1b[31mwith a name\u202e of its own and a half " * 4
    many = [booking(f"aa{number:05}") for number in range(300)]
    moved = edited(ONE, facts={"dock": dock, "vessel": "The Queen of all the Seas"}, dock=dock)
    plan = planned(tmp_path, [ONE], [moved, *many])

    told = shown(plan, width=width)

    assert max(map(len, told.split("\n"))) <= width
    assert all(line.isprintable() for line in told.split("\n"))


def test_whoever_pipes_a_plan_gets_whole_lines(tmp_path: Path) -> None:
    """A line a thought, however long: what is looked for is not cut in two."""
    dock = "A very long pier with a name of its own " * 9
    plan = planned(tmp_path, [ONE], [edited(ONE, facts={"dock": dock}, dock=dock)])

    [facts] = [line for line in shown(plan, width=10**9).split("\n") if "facts" in line]

    assert dock.strip() in facts


def test_the_soonest_comes_first(tmp_path: Path) -> None:
    """Of a season a screenful is shown: of each sort who sails first, whatever their ids."""
    starts = {f"aa{number:05}": f"2024-0{9 - number % 4}-{number % 28 + 1:02} 09:00" for number in range(60)}
    plan = planned(tmp_path, None, [edited(booking(key), facts={"starts": day}) for key, day in starts.items()])

    told = grouped(plan)

    assert [starts[group.booking] for group in told.groups] == sorted(starts.values())


def test_nobody_is_called_to_what_is_over_and_the_plan_says_why(tmp_path: Path) -> None:
    """A charter of a day gone by makes an event, and no mail: by the clock of the services, not by the build."""
    folder = make(tmp_path, ONE)

    told = shown(diff(folder.release, State(), private={}, now="2024-07-01T00:00:00+00:00"))

    assert "    calls  the charter is over, nobody is mailed\n" in told


def test_a_mail_that_no_fact_explains_is_explained(tmp_path: Path) -> None:
    """What ShipCaptainCrew was found to hold is put right later: the plan names the fields, as people call them."""
    folder = make(tmp_path, ONE)
    state = state_of(folder)
    event = PublishedEvent("e", 1, "scheduled", event_fields({**(ONE.event or {}), "date": "x"}), ("captain-001",))

    told = shown(
        diff(folder.release, replace(state, bookings={KEY: replace(state.bookings[KEY], event=event)}), private={})
    )

    assert "; captain-001: changed\n" in told
    assert told.endswith("    calls  crew call updated (starts)")


def test_title_says_what_is_in_no_commit(tmp_path: Path) -> None:
    """A commit that does not hold the file alone would be untrue."""
    told = grouped(planned(tmp_path, [ONE], [TABLE[1][2][0]]))

    [title] = text.title(told, width=100, expect=False, beside="2 uncommitted files")

    assert title == "test, 3f2a9c1b2d3e with 2 uncommitted files: 1 changed; 3 mails to 3 members"


def test_title_names_a_digest_only_where_one_is_taken(tmp_path: Path) -> None:
    """A plan against a commit has one that no publish will ever have."""
    told = grouped(planned(tmp_path, [ONE], [TABLE[1][2][0]]))

    assert text.title(told, width=100, expect=False) == ["test, 3f2a9c1b2d3e: 1 changed; 3 mails to 3 members"]


WITHHELD = """\
test, 3f2a9c1b2d3e: 1 withdrawn; 3 mails to 3 members; plan DIGEST
- b4nq9rv  Jada, 2024-05-30 09:00  withdrawn: its file is {}
    mails  captain-001, crew-001, crew-002: cancelled
    gone   guest page, crew page, calendar entry; nobody tells the guest
also   1 board page; 1 file to write in all, 31 bytes"""


@pytest.mark.parametrize(("status", "words"), [("draft", "a draft"), ("hold", "on hold")])
def test_a_booking_whose_file_is_there_is_not_removed(status: str, words: str, tmp_path: Path) -> None:
    """Its pages go, and its crew is told; the plan says why, and that nobody took the file away."""
    state = state_of(make(tmp_path / "before", ONE, TWO))
    folder = make(tmp_path / "after", ONE, commit="3f2a9c1b2d3e4f5a")
    release = replace(folder.release, withheld={OTHER: status})

    plan = diff(release, state, private={})

    assert shown(plan) == WITHHELD.format(words)
    assert {action.reason for action in plan.actions if getattr(action, "booking", None)} == {Reason.WITHDRAWN}


def test_a_guests_link_that_dies_is_named(tmp_path: Path) -> None:
    """Of a page at a former slug it is said that it goes; and what else goes with it."""
    folder = make(tmp_path, ONE)
    state = state_of(folder)
    page = state.files[f"guest/g/{KEY}-guest.html"]
    old = {f"guest/g/memorial-day{end}": page for end in (".html", ".ics")} | {f"guest/g/{KEY}.html": page}

    told = shown(diff(folder.release, replace(state, files={**state.files, **old}), private={}))

    assert "    gone   old guest page, calendar file, forwarding page" in told


def test_each_stray_that_goes_is_shown(tmp_path: Path) -> None:
    """What no publish wrote may be missed by somebody: each is named, and so is it in Markdown."""
    folder = make(tmp_path, ONE)
    state, strays = state_of(folder), {f"guest/g/hello-{number}.html": '"e"' for number in range(30)}
    drift = Drift({}, {}, {}, strays)

    plan = drift.marks.retold(diff(folder.release, drift.marked(state, take_strays=True), private={}))

    told = shown(plan).split("\n")
    assert told[0] == "test, 1: 30 stray files removed; nobody is mailed; plan DIGEST"
    assert sorted(told[1:31]) == sorted(f"gone   {path}, known to no publish" for path in strays)
    assert markdown(grouped(plan)).count("- **gone:** guest/g/hello") == 30


HOSTILE: list[Callable[[str], str]] = [
    lambda word: f"| {word} |",
    lambda word: f"</code></details><img src=x onerror={word}>",
    lambda word: f"``` {word} ```",
    lambda word: f"@{word} #{word} [{word}](https://example.com) www.example.com gh-12",
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_markdown_shows_what_was_typed_and_obeys_none_of_it(number: int, tmp_path: Path) -> None:
    """A pipe ends no cell, a tag opens nothing, nobody is mentioned and nothing is linked."""
    dock = HOSTILE[number]("word")
    plan = planned(tmp_path, [ONE], [edited(ONE, facts={"dock": dock}, dock=dock)])

    told = markdown(grouped(plan))

    [row] = [line for line in told.split("\n") if KEY in line and line.startswith("| **")]
    assert row.count("|") == 4
    assert not any(sign in row for sign in ("<img", "```", "@", "](", "://", "www.", "#w", "gh-1"))
    assert code(dock) in row


def test_markdown_fits_a_comment_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    """A season is under GitHub's limit; its last line says how much is not there, and folds are closed."""
    plan = planned(tmp_path, None, [booking(f"aa{number:05}") for number in range(1500)])

    told = markdown(grouped(replace(plan, refusals=(Refusal("too much", "less"),))), more="castoff plan --whole")

    assert MOST - 1000 < len(told) <= MOST
    assert told.count("<details>") == told.count("</details>") > 0
    assert "lines left out here: `castoff plan --whole` shows all._" in told.rstrip("\n").rpartition("\n")[2]


def test_markdown_counts_actions_that_nobody_reads_one_by_one(tmp_path: Path) -> None:
    """A comment is mailed to whoever follows it: of a season how often what is done, and why."""
    told = markdown(grouped(planned(tmp_path, None, [booking(f"aa{number:05}") for number in range(60)])))

    assert "| create event | 60 | new |" in told
    assert "| create event | <code>" not in told
    assert "left out here" not in told


def test_markdown_of_a_change(tmp_path: Path) -> None:
    """A reviewer sees a row a booking, how to publish just that, and each action behind a fold."""
    plan = planned(tmp_path, [ONE], [TABLE[1][2][0]])

    told = markdown(grouped(plan), notes=["Compared with `main`, not with what is live."])

    assert told == (
        "### castoff plan for <code>test</code>: 1 changed; 3 mails to 3 members\n\n"
        "Compared with `main`, not with what is live.\n\n"
        "| booking | who is mailed | what changes |\n|---|---|---|\n"
        "| **changed** <code>xhqgmdh</code><br><code>Jada, 2024-05-30 10:00</code> "
        "| captain-001, crew-001, crew-002: changed "
        "| starts <code>09:00</code> → <code>10:00</code><br>calendar entry changed |\n\n"
        f"To publish just this: `castoff publish --expect {plan.digest[:12]}`\n\n"
        "<details><summary>every action: 2</summary>\n\n"
        "| do | on what | why |\n|---|---|---|\n"
        "| update event | <code>xhqgmdh (date)</code> | changed |\n"
        "| put calendar | <code>xhqgmdh</code> | changed |\n\n</details>\n"
    )


def test_json_has_the_groups_and_every_action(tmp_path: Path) -> None:
    """A program reads what people read, and the rest of it."""
    plan = planned(tmp_path, [ONE], [TABLE[1][2][0]])

    told = grouped(plan).to_json()

    [group] = told["bookings"]
    assert group["facts"] == [{"label": "starts", "before": "2024-05-30 09:00", "after": "2024-05-30 10:00"}]
    assert [mail["kind"] for mail in group["mails"]] == ["changed"] * 3
    assert (told["mails"], len(told["actions"]), told["refused"]) == (3, 2, [])
