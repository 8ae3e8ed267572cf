"""How history reads: publishes, newest first, and one booking's life, at eighty columns and through a pipe."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from castoff.cli.history import life_lines, release_lines
from castoff.contract.facts import FactChange
from castoff.contract.state import Published
from publisher.fates import Fate
from publisher.history import Moment
from publisher.record import Deed, Record

ZONE: Final = ZoneInfo("America/Los_Angeles")
ADDED, MOVED, LOST = (letter * 40 for letter in "abc")
SUBJECTS: Final = {
    ADDED: "Two charters for Memorial Day",
    MOVED: "The Ramos party sails at ten, as they asked on the phone",
}

LINES: Final = [
    Published(9, LOST, "2024-05-29T04:00:00+00:00", 0, "nightly, process 9"),
    Published(8, MOVED, "2024-05-28T20:00:00+00:00", 7, "publish, process 8", {"changed": 1, "mailed": 2}),
    Published(7, ADDED, "2024-05-28T19:05:00+00:00", 0, "publish, process 7", {}, broke_off=True),
    Published(6, ADDED, "2024-05-28T19:00:00+00:00", 3, "publish, process 6", {"new": 1}, broke_off=True),
    Published(
        5,
        ADDED,
        "2024-05-28T18:00:00+00:00",
        40,
        "publish, process 5",
        {"new": 1_200, "rewritten": 3, "forms renewed": 2, "mailed": 4},
    ),
    Published(4, ADDED, "2024-05-28T17:00:00+00:00", 2, "publish, process 4"),
]

TOLD: Final = """\
2024-05-28 21:00 PDT  cccccccccc  a commit that this clone does not know
                      nothing to do, by nightly
2024-05-28 13:00 PDT  bbbbbbbbbb  The Ramos party sails at ten, as they asked on
                                  the phone
                      1 changed, crew mailed: 2, by publish
2024-05-28 12:05 PDT  aaaaaaaaaa  Two charters for Memorial Day
                      broke off, by publish
2024-05-28 12:00 PDT  aaaaaaaaaa  Two charters for Memorial Day
                      stopped after 3 actions: 1 new, by publish
2024-05-28 11:00 PDT  aaaaaaaaaa  Two charters for Memorial Day
                      1,200 new, 3 rewritten, upload forms of 2 bookings
                      renewed, crew mailed: 4, by publish
2024-05-28 10:00 PDT  aaaaaaaaaa  Two charters for Memorial Day
                      2 actions, of no booking, by publish
"""


def moment(serial: int, deed: Deed, *, broke_off: bool = False, commit: str = ADDED) -> Moment:
    """Return what a publish did to one booking, an hour after the one before."""
    at = f"2024-05-28T{serial:02}:00:00+00:00"
    return Moment(Record(serial, at, "publish", commit, at, broke_off, 1, {"xhqgmdh": deed}), deed)


CHANGED: Final = (FactChange("starts", "2024-05-30 09:00", "2024-05-30 10:00"), FactChange("notes", None, None))
MENDED: Final = (FactChange("dock", "Shelter Island", "Sheraton Marina"),)
LIFE: Final = [
    moment(11, Deed(Fate.NEW, "confirmed", mailed=(("captain-001", "crew call"), ("crew-001", "crew call")))),
    moment(12, Deed(Fate.RENEWED, "confirmed", "confirmed", pages={"form expires": 2})),
    moment(13, Deed(Fate.RENEWED, "confirmed", "confirmed", pages={"form expires": 2})),
    moment(14, Deed(Fate.REWRITTEN, "confirmed", "confirmed", pages={"body changed": 2, "form expires": 1})),
    moment(16, Deed(Fate.RENEWED, "confirmed", "confirmed", pages={"form expires": 2})),
    moment(17, Deed(Fate.CHANGED, "confirmed", "confirmed", changed=CHANGED), broke_off=True, commit=MOVED),
    moment(
        18,
        Deed(Fate.CHANGED, "confirmed", "confirmed", changed=CHANGED, mailed=(("captain-001", "changed"),)),
        commit=MOVED,
    ),
    moment(19, Deed(Fate.CANCELLED, "cancelled", "confirmed", mailed=(("captain-001", "cancelled"),)), broke_off=True),
    moment(20, Deed(Fate.REINSTATED, "confirmed", "cancelled", mailed=(("captain-001", "sails after all"),))),
    moment(21, Deed(Fate.MENDED, "confirmed", "confirmed", mended=MENDED)),
    moment(22, Deed(Fate.RETIRED, "confirmed", "confirmed", pages={"retention passed": 5})),
    moment(23, Deed(Fate.WITHDRAWN, "hold", "confirmed", mailed=(("captain-001", "cancelled"),))),
]

LIVED: Final = """\
2024-05-28 04:00 PDT  published; mailed crew call: captain-001, crew-001
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 06:00 PDT  upload forms renewed, 2 times since 2024-05-28
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 07:00 PDT  pages rewritten
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 09:00 PDT  upload forms renewed
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 10:00 PDT  a publish stopped midway
                      bbbbbbbbbb  The Ramos party sails at ten, as they asked on
                                  the phone, by publish
2024-05-28 11:00 PDT  starts 09:00 → 10:00; notes changed; mailed changed:
                      captain-001
                      bbbbbbbbbb  The Ramos party sails at ten, as they asked on
                                  the phone, by publish
2024-05-28 12:00 PDT  cancelled; mailed cancelled: captain-001; it stopped here
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 13:00 PDT  sails after all; mailed sails after all: captain-001
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 14:00 PDT  mended what was changed by hand; dock Shelter Island →
                      Sheraton Marina
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 15:00 PDT  its pages are gone: retention passed
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
2024-05-28 16:00 PDT  withdrawn: its file is on hold; mailed cancelled:
                      captain-001
                      aaaaaaaaaa  Two charters for Memorial Day, by publish
"""

_BOTH: Final = ("captain-001", "crew-001")


def plain(lines: list[str]) -> str:
    """Return lines without bold."""
    return "".join(f"{line}\n" for line in lines).replace("\x1b[1m", "").replace("\x1b[0m", "")


def test_publishes_read_well_at_eighty_columns() -> None:
    """When by the clock at the dock, from which commit, what it did, by whom; nothing is wider."""
    shown = plain([*release_lines(LINES, SUBJECTS, zone=ZONE, width=80)])

    assert shown == TOLD
    assert max(map(len, shown.splitlines())) <= 80


def test_a_life_reads_well_at_eighty_columns() -> None:
    """What became of it, in its order, whom that mailed, where it broke off; nights that kept it up come together."""
    shown = plain([*life_lines(LIFE, SUBJECTS, zone=ZONE, width=80)])

    assert shown == LIVED
    assert max(map(len, shown.splitlines())) <= 80


def test_what_was_mended_is_told_although_it_stopped_there() -> None:
    """The publish after it knows nothing of what somebody had written."""
    broken = Deed(Fate.MENDED, "confirmed", "confirmed", mended=MENDED)
    moments = [moment(10, broken, broke_off=True), moment(11, Deed(Fate.CHANGED, "confirmed", "confirmed"))]

    told = plain([*life_lines(moments, SUBJECTS, zone=ZONE, width=10**9)])

    assert "mended what was changed by hand; dock Shelter Island → Sheraton Marina; it stopped here\n" in told


def test_what_was_settled_since_is_not_left_open() -> None:
    """Where nobody knew what the crew had been told before, they are told by now: nothing more will come."""
    mailed = tuple((who, "perhaps") for who in _BOTH)
    settled = Deed(Fate.CHANGED, "confirmed", "confirmed", event=("update event", "x"), mailed=mailed)

    told = plain([*life_lines([moment(15, settled)], SUBJECTS, zone=ZONE, width=10**9)])

    assert "; mailed now, if not before: captain-001, crew-001\n" in told
    assert "perhaps" not in told
    assert moment(15, settled).record.counts == {"changed": 1}


def test_through_a_pipe_each_thing_is_one_line() -> None:
    """Two lines a publish, however long."""
    long = [replace(line, commit=MOVED) for line in LINES]

    assert len([*release_lines(long, SUBJECTS, zone=ZONE, width=10**9)]) == 2 * len(LINES)
