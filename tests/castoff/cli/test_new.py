"""`castoff new`: a booking from flags or from answers, checked among all others, written whole or not at all."""

from __future__ import annotations

import os
import re
import resource
import shlex
import signal
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from support.projects import PROGRAM, ROOT, Project, Ran

from castoff.build import build
from castoff.cli.choices import chosen, listing, several
from castoff.cli.office import save
from castoff.cloud.facts import Facts, facts_text
from castoff.drafts import draft
from castoff.folder import UnwritableFolderError
from castoff.reading.forms import FormError
from castoff.wishes import Wishes

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {
    "vessel": "jada",
    "starts": "2024-05-31 09:00",
    "duration": "3h",
    "dock": "sheraton-marina",
    "captain": "captain-001",
    "guests": "6",
    "lead": "Dana R.",
    "source": "direct",
}
_ID = re.compile(r"\b[bcdfghjkmnpqrstvwxz2-9]{7}\b(?=[.'-]|$)", re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Lay out the example with its bookings, its clock at noon on May 28, 2024."""
    return lay_out(tmp_path / "charters")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Lay out the same, for tests that leave it as it is."""
    return lay_out(tmp_path_factory.mktemp("still") / "charters")


def lay_out(root: Path) -> Project:
    """Lay out the example with its bookings."""
    laid = Project.lay_out(root, os.environ)
    for path in ("castoff.yaml", *(f"bookings/{file.name}" for file in (ROOT / "bookings").glob("*.yaml"))):
        laid.write(path, (ROOT / path).read_text("utf-8"))
    laid.commit()
    return laid


def flags(**changed: str | None) -> list[str]:
    """Return the flags of a whole booking, some of them changed; None is for one that is not said."""
    said = {**ANSWERS, **changed}
    return [word for name, value in said.items() if value is not None for word in (f"--{name}", value)]


def new(project: Project, **changed: str | None) -> Ran:
    """Run `castoff new` with the flags of a whole booking, where nobody is at a terminal."""
    return project.castoff("new", *flags(**changed))


def written(project: Project) -> list[str]:
    """Return the names of whatever git does not know yet."""
    return project.git("status", "--short", "--untracked-files=all", "--ignored").split()[1::2]


def without_id(text: str) -> str:
    """Return a text in which a drawn id is named instead."""
    return _ID.sub("<id>", text)


def test_flags_become_a_file(project: Project) -> None:
    """Its name is the result, and the last thing said is what publishing would do and what to do next."""
    ran = project.castoff("new", *flags(), "--crew", "crew-001", "--crew", "crew-002", "--requests", "a cake: please")

    assert ran.code == 0, ran.err
    assert written(project) == [ran.out.strip()]
    assert without_id((project.root / ran.out.strip()).read_text("utf-8")) == (
        "# yaml-language-server: $schema=../schema/booking.json\n"
        "id: <id>\n"
        "source: direct\n"
        "status: confirmed\n"
        "vessel: jada\n"
        "dock: sheraton-marina\n"
        "starts: 2024-05-31 09:00\n"
        "duration: 3h\n"
        "captain: captain-001\n"
        "crew: [crew-001, crew-002]\n"
        "guests:\n"
        "  count: 6\n"
        "  lead: Dana R.\n"
        "requests: 'a cake: please'\n"
    )
    assert without_id(ran.err) == (
        "the clock at the dock stands at 2024-05-28 12:00: `as_of` in castoff.yaml\n"
        "\n"
        "publishing it would make\n"
        "  guest page  https://queenofsandiego.com/g/jada-guest-<id>\n"
        "  crew page   https://queenofsandiego.com/g/<id>-crew\n"
        "  crew call   Maya Torres, Leo Park and Ines Ferreira, by mail: "
        "8 AM on Friday, May 31, 2024, Sheraton Marina\n"
        "  calendar    Jada, Dana R.: Friday, May 31, 2024, 9 AM to noon\n"
        "\n"
        "next\n"
        "  castoff serve\n"
        "  git add bookings/<id>.yaml && git commit -m 'Booking <id>'\n"
        "  castoff publish\n"
    )
    assert (project.castoff("check").code, new(project, starts="2024-06-03 09:00").code) == (0, 0)


DIALOGUE = """\
the clock at the dock stands at 2024-05-28 12:00: `as_of` in castoff.yaml
A new booking: Enter takes what stands in brackets, Ctrl-C writes nothing.

   1  jada      Jada, up to 12 guests
   2  sea-lark  Sea Lark, up to 6 guests
vessel: titanic
  unknown vessel `titanic`
  hint: write content/vessels/titanic.md
vessel: 1
day and time, such as 30 May 9:00: friday
  `friday` is not a date and a time
  hint: write date and time, such as `2024-05-30 09:00`
day and time, such as 30 May 9:00: 27 may 2024 9:00
  Monday, May 27, 2024, 9 AM
  that is past
write it all the same [no]: n
day and time, such as 30 May 9:00: 30 may 9:00
  Thursday, May 30, 2024, 9 AM
duration [3h]: three hours
  `three hours` is not a duration
  hint: write hours and minutes, such as `3h` or `1h 30m`
duration [3h]: 2h
   1  harbor-steps     Harbor Steps
   2  shelter-island   Shelter Island Landing
   3  sheraton-marina  Sheraton Marina
dock [sheraton-marina]: sh
  `sh` may be `shelter-island` or `sheraton-marina`
  hint: type more of it, or its number
dock [sheraton-marina]: shelter
   1  captain-001  Maya Torres
   2  captain-002  Anders Holm
captain: 3
  there is no 3 in the list
  hint: type 1 to 2
captain: maya
   1  captain-002  Anders Holm
   2  crew-001     Leo Park
   3  crew-002     Ines Ferreira
   4  crew-003     Sam Okafor
crew, with commas between [none]: leo, ines, leo
  `crew-001` stands in the crew twice
  hint: name each member once
crew, with commas between [none]: leo, 3
how many guests: 40
  40 guests are more than `jada` carries, which is 12
  hint: choose another vessel, or split the charter
how many guests: 6
lead guest, first name and initial:
  a booking has to have this
lead guest, first name and initial: Dana R.
source [direct]: Boatsetter!
  `Boatsetter!` is not made of lower-case letters, digits and single hyphens
  hint: write it like `boatsetter`
source [direct]: boatsetter
requests of the guests [none]: it's a birthday
status: draft, hold or confirmed [confirmed]: perhaps
  `perhaps` is not `draft`, `hold`, `confirmed` or `cancelled`
  hint: write `draft`, `hold`, `confirmed` or `cancelled`
status: draft, hold or confirmed [confirmed]: c
  `jada`, `captain-001`, `crew-001` and 1 more of the crew are in two charters at once: bookings/xhqgmdh.yaml:7:9 goes \
from 2024-05-30 09:00 to 2024-05-30 12:00
  hint: choose another vessel and crew, or another time
   1  jada      Jada, up to 12 guests
   2  sea-lark  Sea Lark, up to 6 guests
vessel [jada]:
day and time [2024-05-30 09:00]: tomorrow 9am
  Wednesday, May 29, 2024, 9 AM
bookings/<id>.yaml

publishing it would make
  guest page  https://queenofsandiego.com/g/jada-guest-<id>
  crew page   https://queenofsandiego.com/g/<id>-crew
  crew call   Maya Torres, Leo Park and Ines Ferreira, by mail: 8 AM on Wednesday, May 29, 2024, Shelter Island Landing
  calendar    Jada, Dana R.: Wednesday, May 29, 2024, 9 AM to 11 AM

next
  castoff serve
  git add bookings/<id>.yaml && git commit -m 'Booking <id>'
  castoff publish
"""


ANSWERED = [
    *("titanic", "1"),
    *("friday", "27 may 2024 9:00", "n", "30 may 9:00"),
    *("three hours", "2h"),
    *("sh", "shelter"),
    *("3", "maya"),
    *("leo, ines, leo", "leo, 3"),
    *("40", "6"),
    *("", "Dana R."),
    *("Boatsetter!", "boatsetter"),
    "it's a birthday",
    *("perhaps", "c"),
    *("", "tomorrow 9am"),
]


def test_whole_dialogue(project: Project) -> None:
    """Each answer is looked at before the next question, with the words of `check`; what is wrong is asked again."""
    shown = project.in_dialogue("new", answers=ANSWERED)

    assert shown.code == 0
    assert without_id(shown.screen) == without_id(DIALOGUE)


def test_questions_are_asked_for_what_flags_did_not_say(project: Project) -> None:
    """The only vessel, dock or captain is taken; what a flag said is not asked for, and the rest has its defaults."""
    for path in ("vessels/sea-lark", "docks/harbor-steps", "docks/shelter-island", "crew/captain-002"):
        (project.root / f"content/{path}.md").unlink()
    for booking in ("b4nq9rv", "h5kbr7z", "m2zc8yd", "p3hv6xs"):
        (project.root / f"bookings/{booking}.yaml").unlink()

    shown = project.in_dialogue("new", "--starts", "May 31 9am", "--guests", "6", "--lead", "Dana R.", answers=[""] * 5)

    assert shown.code == 0
    assert shown.screen.startswith(
        "the clock at the dock stands at 2024-05-28 12:00: `as_of` in castoff.yaml\n"
        "A new booking: Enter takes what stands in brackets, Ctrl-C writes nothing.\n"
        "\n"
        "  Friday, May 31, 2024, 9 AM\n"
        "vessel: jada, the only one\n"
        "duration [3h]:\n"
        "dock: sheraton-marina, the only one\n"
        "captain: captain-001, the only one\n"
        "   1  crew-001  Leo Park\n"
        "   2  crew-002  Ines Ferreira\n"
        "   3  crew-003  Sam Okafor\n"
        "crew, with commas between [none]:\n"
        "source [direct]:\n"
        "requests of the guests [none]:\n"
        "status: draft, hold or confirmed [confirmed]:\n"
    )


@pytest.mark.parametrize("end", [signal.SIGINT, "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_broken_off_nothing_is_written(project: Project, end: str | signal.Signals) -> None:
    """At whichever question, with exit code 1."""
    shown = project.in_dialogue("new", "--vessel", "jada", answers=["tomorrow 9am", "3h", end], NO_COLOR="1")

    assert (shown.code, written(project)) == (1, [])
    assert shown.screen.rstrip().endswith("error: broken off\n  hint: nothing was written")


def test_no_terminal_names_every_flag_that_is_missing(project: Project) -> None:
    """Usage, so exit code 2; a vessel that is the only one is not missing."""
    ran = project.castoff("new", "--vessel", "jada", "--starts", "2024-05-31 09:00", "--lead", "")
    asked = project.in_dialogue("new", "--yes", answers=[])

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        "Error: missing --duration, --dock, --captain, --guests, --lead and --source, and no terminal to ask at\n"
    )
    assert asked.code == 2
    assert asked.screen.endswith("--lead and --source, and --yes asks nothing\n")
    assert written(project) == []


REFUSED = [
    ("a duration", {"duration": "3 hours"}, "--duration: `3 hours` is not a duration [wrong-duration]"),
    ("a time", {"starts": "soon"}, "--starts: `soon` is not a date and a time [wrong-time]"),
    ("an hour that clocks skip", {"starts": "2025-03-09 02:30"}, "--starts: `2025-03-09 02:30` does not exist: "),
    (
        "a vessel",
        {"vessel": "jadda"},
        "--vessel: unknown vessel `jadda` [unknown-vessel]\n  hint: did you mean `jada`?",
    ),
    ("a captain", {"captain": "Maya Torres"}, "--captain: `Maya Torres` is not made of "),
    ("who is no captain", {"captain": "nobody"}, "--captain: unknown crew member `nobody` [unknown-crew-member]"),
    ("guests", {"guests": "13"}, "--guests: 13 guests are more than `jada` carries, which is 12 [too-many-guests]"),
    (
        "the time of another",
        {"starts": "30 May 10:00"},
        "--vessel: `jada` and `captain-001` are in two charters at once: ",
    ),
    ("a slug", {"slug": "boatsetter-may30"}, "--slug: slug `boatsetter-may30` is taken by bookings/xhqgmdh.yaml"),
    ("a status", {"status": "cancelled"}, "--status: a cancelled booking says when and why"),
    ("crew", {"crew": "leo, x]"}, "--crew: `leo, x]` is not made of lower-case letters, digits and single hyphens"),
    ("a call", {"crew-call": "60h"}, "--crew-call: `60h` is too early to call the crew [early-crew-call]"),
    ("an address", {"waiver": "http://example.com"}, "--waiver: `http://example.com` is not a web address"),
    ("a text", {"lead": "Dana\nR."}, "--lead: this text has more than one line [more-than-a-line]"),
    ("bytes", {"requests": "a \udcff b"}, "--requests: this byte is not UTF-8 text [not-utf-8]"),
    ("a sign", {"requests": "a \x07 b"}, "--requests: a sign that cannot be printed stands here"),
    ("the past", {"starts": "2024-05-27 09:00"}, "error: `2024-05-27 09:00` is past\n  hint: `--yes` writes it"),
]


@pytest.mark.parametrize(("description", "changed", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_check_would_refuse_is_not_written(
    unchanged: Project, description: str, changed: dict[str, str], words: str
) -> None:
    """With the words of `check` and the flag for a place, exit code 1, and no result."""
    ran = new(unchanged, **changed)

    assert (ran.code, ran.out, written(unchanged)) == (1, "", []), description
    assert ran.err.startswith(words), ran.err


def test_refusal_has_the_words_of_check(project: Project) -> None:
    """The same file, written by hand, is refused for the same reasons: only the place is another."""
    refused = new(project, starts="2024-05-30 10:00", guests="14")
    said = {name: value for name, value in ANSWERS.items() if name != "guests"}
    by_hand = draft("k4m7qtx", said | {"count": "14", "starts": "2024-05-30 10:00", "status": "confirmed"})
    project.write("bookings/k4m7qtx.yaml", by_hand.text)
    checked = project.castoff("check")

    places = ("bookings/k4m7qtx.yaml:5:9: ", "bookings/k4m7qtx.yaml:11:10: ")
    told = refused.err
    for flag, place in zip(("--vessel: ", "--guests: "), places, strict=True):
        told = told.replace(flag, place)

    assert checked.out.startswith(told.removesuffix("2 errors\n"))
    assert told.endswith("2 errors\n")


def test_many_wrong_flags_are_told_of_at_once(project: Project) -> None:
    """Every problem in one run, in the order of the file."""
    ran = new(project, duration="3", guests="0", dock="pier")

    assert [line.partition(":")[0] for line in ran.err.splitlines() if line.startswith("--")] == [
        *("--dock", "--duration", "--guests")
    ]


def test_past_is_written_where_it_is_meant(project: Project) -> None:
    """For the record: who would be called is nobody, and what is long gone has no page."""
    over = project.castoff("new", *flags(starts="2024-05-26 09:00"), "--yes")
    gone = project.castoff("new", *flags(starts="2023-05-27 09:00"), "--yes")

    assert (over.code, gone.code) == (0, 0)
    assert "  crew call   nobody: the charter is over\n  calendar    nothing: the charter is over\n" in over.err
    assert "  guest page  https://queenofsandiego.com/g/jada-guest-" in over.err
    assert "  guest page  none: it is gone by now, as castoff.yaml has it\n" in gone.err


def test_draft_and_hold_change_nothing_yet(project: Project) -> None:
    """A draft may lie where another charter is; nothing is said of publishing either."""
    drafted = new(project, status="draft", starts="2024-05-30 10:00")
    held = new(project, status="hold")

    assert (drafted.code, held.code) == (0, 0)
    assert "publishing it would change nothing yet: a draft leaves no trace\n" in drafted.err
    assert "publishing it would change nothing yet: a hold leaves no trace\n" in held.err
    assert "castoff publish" not in drafted.err + held.err


def test_what_is_foretold_is_what_a_build_makes(project: Project) -> None:
    """Before and after, the release differs by what was said: these files, this call, this entry, and the board."""
    wishes = Wishes(target="", clock=datetime(2024, 5, 28, 19, tzinfo=UTC))
    before, _ = build(project.root, wishes)
    told = project.castoff("new", *flags(), "--json").json()
    after, _ = build(project.root, wishes)
    assert before is not None
    assert after is not None

    old, made = before.release.files, after.release.files
    booking = after.release.bookings[told["id"]]

    assert told["path"] == f"bookings/{told['id']}.yaml"
    assert told["slug"] == f"jada-guest-{told['id']}"
    assert told["status"] == "confirmed"
    assert told["guest_url"] == booking.guest_url.replace("http://guest.localhost:8080", "https://queenofsandiego.com")
    assert told["crew_url"] == booking.crew_url.replace("http://guest.localhost:8080", "https://queenofsandiego.com")
    assert told["warnings"] == []
    assert told["publishes"] == {"files": sorted(made.keys() - old.keys()), "crew_call": True, "calendar": True}
    assert [path for path in old if made[path] != old[path]] == ["ops/ops/index.html"]


def test_warnings_come_with_the_file(project: Project) -> None:
    """What `check` only warns of is written, and told of with its place in the file that is there now."""
    ran = new(project, slug="danas-party", guests="8", notes="Guest paid $987 in full.")
    path = ran.out.strip()

    assert ran.code == 0, ran.err
    assert [line.removeprefix(path) for line in ran.err.splitlines() if line.startswith("bookings/")] == [
        ":3:7: warning: `danas-party` can be guessed, and the guest's page with it [public-slug]",
        ":12:10: warning: 8 guests are more than the licence of `captain-001` says, which is 6 [over-licence]",
        ":14:8: warning: this line of `notes` speaks of money, and nobody gets to see it [money-held-back]",
    ]
    checked = project.castoff("check").out
    assert f"{path}:12:10: warning: 8 guests" in checked
    assert "can be guessed" not in checked  # which is said when it is written, and when it is published first


def test_target_says_whose_addresses_are_shown(project: Project) -> None:
    """Production's unless it is said, or no cloud runs here; without any target, those of the embedded edge."""
    local = project.castoff("new", *flags(), "--target", "local", "--json").json()
    unknown = project.castoff("new", *flags(starts="2024-06-03 09:00"), "--target", "prod")
    text = (project.root / "castoff.yaml").read_text("utf-8")
    project.write("castoff.yaml", text.partition("targets:")[0])
    none = project.castoff("new", *flags(starts="2024-06-04 09:00"), "--json").json()

    assert local["guest_url"] == f"http://guest.localhost:8080/g/jada-guest-{local['id']}"
    assert unknown.refusal.startswith("error: unknown target `prod`; castoff.yaml has `production`, `local`\n")
    assert none["crew_url"] == f"http://guest.localhost:8080/g/{none['id']}-crew"


def test_embedded_cloud_that_runs_is_what_one_works_with(project: Project) -> None:
    """Its addresses and its publish are shown while it runs, unless another target is named; then production's."""
    facts = Facts("http://127.0.0.1:4566", "us-west-2", "http://127.0.0.1:8123", {}, "castoff", {}, {})
    project.write(".castoff/cloud.json", facts_text(facts))
    local = new(project)
    named = project.castoff("new", *flags(starts="2024-06-03 09:00"), "--target", "production")
    project.write(".castoff/cloud.json", "{")
    broken = new(project, starts="2024-06-04 09:00")

    assert "  guest page  http://guest.localhost:8123/g/jada-guest-" in local.err
    assert local.err.endswith("\n  castoff publish --target local\n")
    for ran in (named, broken):
        assert "  guest page  https://queenofsandiego.com/g/jada-guest-" in ran.err
        assert ran.err.endswith("\n  castoff publish\n")


def test_project_with_problems_is_put_right_first(project: Project) -> None:
    """Nobody answers ten questions to hear of somebody else's typing slip; also not where a layout is broken."""
    project.replace("bookings/t8dqm4w.yaml", "vessel: jada", "vessel: jadda")
    asked = project.in_dialogue("new", answers=[])
    project.replace("bookings/t8dqm4w.yaml", "vessel: jadda", "vessel: jada")
    project.write("layouts/guest.html", "{% if %}")
    flagged = new(project)

    assert asked.code == 1
    assert "\nbookings/t8dqm4w.yaml:5:9: unknown vessel `jadda` [unknown-vessel]\n" in f"\n{asked.screen}"
    assert (flagged.code, flagged.out) == (1, "")
    assert flagged.err.startswith("layouts/guest.html:1:")
    assert [path for path in written(project) if path.startswith("bookings/")] == []


def test_first_booking_makes_the_folder(project: Project) -> None:
    """A project without bookings has no folder for them yet, which is no problem of the first one's."""
    for file in (project.root / "bookings").iterdir():
        file.unlink()
    (project.root / "bookings").rmdir()

    ran = new(project)

    assert (ran.code, "warning" in ran.err) == (0, False), ran.err
    assert [file.name for file in (project.root / "bookings").iterdir()] == [ran.out.strip().removeprefix("bookings/")]


def test_two_at_once_write_two_files(project: Project) -> None:
    """Neither waits for the other, and neither writes over the other's."""
    commands = [[PROGRAM, "new", *flags(starts=starts)] for starts in ("2024-05-31 09:00", "2024-06-03 09:00")]
    running = [
        subprocess.Popen(
            command, cwd=project.root, env=project.environment, stdin=subprocess.DEVNULL, stdout=-1, stderr=-1
        )
        for command in commands
    ]
    paths = [program.communicate()[0].decode().strip() for program in running]

    assert [program.returncode for program in running] == [0, 0]
    assert sorted(written(project)) == sorted(paths)
    assert len(set(paths)) == 2
    assert project.castoff("check").code == 0


def test_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    """Whatever made it meanwhile, it stays, and nothing is left beside it."""
    (tmp_path / "bookings").mkdir()
    (tmp_path / "bookings/k4m7qtx.yaml").write_text("mine")

    with pytest.raises(UnwritableFolderError):
        save(tmp_path, draft("k4m7qtx", {"vessel": "jada"}))

    assert [file.read_text() for file in (tmp_path / "bookings").iterdir()] == ["mine"]


def test_file_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    """A full disk leaves no half of a booking, which a publish would take for one."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, most[1]))
    try:
        with pytest.raises(UnwritableFolderError, match="file too large"):
            save(tmp_path, draft("k4m7qtx", {"vessel": "jada"}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)

    assert [*(tmp_path / "bookings").iterdir()] == []


def test_colour_only_at_a_terminal_that_wants_it(project: Project) -> None:
    """A pipe has none, and the dialogue reads the same without."""
    piped = new(project, starts="2024-05-27 09:00")
    plain = project.in_dialogue("new", "--vessel", "jada", answers=[signal.SIGINT], NO_COLOR="1")

    assert "\x1b" not in piped.out + piped.err + plain.signs


def test_guide_s_commands_do_what_it_says(project: Project, checkout: Path) -> None:
    """The command with flags is run as it stands on the page, and writes a booking that `check` takes."""
    page = (checkout / "docs/how-to/new-booking.md").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in page.splitlines() if line.startswith("    castoff ")]

    ran = project.castoff(*shlex.split(lines[1])[1:])

    assert lines[0] == "castoff new"
    assert ran.code == 0, ran.err
    assert project.castoff("check").code == 0


CHOICES = {"captain-001": "Maya Torres", "captain-002": "Anders Holm", "2": "Two", "maya": "Maya's boat"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("captain-001", "captain-001"),
        ("2", "2"),
        ("1", "captain-001"),
        ("4", "maya"),
        ("and", "captain-002"),
        ("ANDERS H", "captain-002"),
        ("maya", "maya"),
        ("maya t", "captain-001"),
        ("someone", "someone"),
    ],
)
def test_choice_is_an_id_a_number_or_a_beginning(text: str, key: str) -> None:
    """An id goes before a number, and both before a beginning; what begins nothing is for `check` to refuse."""
    assert chosen(text, CHOICES) == key


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("captain", "`captain` may be `captain-001` or `captain-002`"),
        ("5", "there is no 5 in the list"),
        ("0", "there is no 0"),
    ],
)
def test_unclear_choice_is_asked_again(text: str, words: str) -> None:
    """Nobody is put on a boat by a guess."""
    with pytest.raises(FormError, match=words):
        chosen(text, CHOICES)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("maya t, 2", ("captain-001", "2")),
        ("1 and", ("captain-001", "captain-002")),
        ("Anders Holm", ("captain-002",)),
        (" , 1,", ("captain-001",)),
        ("nobody", ("nobody",)),
    ],
)
def test_several_choices_have_commas_or_spaces_between(text: str, keys: tuple[str, ...]) -> None:
    """A name with a space in it is one choice all the same."""
    assert several(text, CHOICES) == keys


def test_long_list_is_cut() -> None:
    """Of forty people, twenty are shown: the rest is found by its beginning."""
    lines = [*listing({f"crew-{number:03}": f"Somebody {number}" for number in range(1, 41)})]

    assert len(lines) == 21
    assert lines[0] == "   1  crew-001  Somebody 1"
    assert lines[-1] == "      and 20 more: type how one begins"
