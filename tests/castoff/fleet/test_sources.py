"""A project's files: bookings are found by their names, and read when they are asked for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from castoff.fleet.batches import read_batch
from castoff.fleet.shelf import parse_shelf
from castoff.fleet.sources import BookingFiles, open_sources, read_sources, read_up_to
from castoff.problems import Problem

ROOT = Path(__file__).resolve().parents[3]
BASE = ROOT / "tests/invalid/_base"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project in order, to be changed."""
    return Path(shutil.copytree(BASE, tmp_path / "project"))


def test_files_that_are_read_later_say_what_they_say_then(project: Path) -> None:
    """Nothing is kept of a booking: who reads it twice reads its file twice."""
    sources = open_sources(project)
    file = project / "bookings/a7kq4wt.yaml"

    first = sources.read("a7kq4wt")
    file.write_bytes(b"id: other")

    assert first == (BASE / "bookings/a7kq4wt.yaml").read_bytes()
    assert sources.read("a7kq4wt") == sources.bookings["a7kq4wt"] == b"id: other"
    assert list(sources.bookings) == list(read_sources(project).bookings)


def test_a_file_that_is_gone_by_then_is_told_in_words(project: Path) -> None:
    """It was there when the folder was looked at, and has no bytes for whoever asks for its place."""
    sources = open_sources(project)
    (project / "bookings/a7kq4wt.yaml").unlink()

    batch = read_batch(sources.bookings, sources, parse_shelf(sources))

    assert [str(problem).partition("\n")[0] for problem in batch.problems] == [
        "bookings/a7kq4wt.yaml:1:1: the file cannot be read: no such file or directory [unreadable]"
    ]
    assert (batch.charters, batch.outlines) == ((), ())
    assert sources.bookings["a7kq4wt"] == b""


def test_only_files_that_were_found_are_there(tmp_path: Path) -> None:
    """As in any mapping, in order."""
    (tmp_path / "c7kq4wt.yaml").write_bytes(b"c")
    files = BookingFiles(tmp_path, ["a7kq4wt", "b7kq4wt"])

    assert (list(files), len(files)) == (["a7kq4wt", "b7kq4wt"], 2)
    assert ("a7kq4wt" in files, "c7kq4wt" in files, files.get("c7kq4wt")) == (True, False, None)
    assert isinstance(files.read("a7kq4wt"), Problem)


def test_everything_at_once_is_what_is_read_bit_by_bit(project: Path) -> None:
    """A booking that cannot be read is a problem then, and not among those that can."""
    (project / "bookings/b7kq4wt.yaml").symlink_to("nowhere")

    everything, opened = read_sources(project), open_sources(project)

    assert list(everything.bookings) == ["a7kq4wt"]
    assert everything.bookings["a7kq4wt"] == opened.read("a7kq4wt")
    assert {problem.path for problem in everything.problems} == {"bookings/b7kq4wt.yaml"}


def test_a_file_that_comes_in_pieces_is_read_whole() -> None:
    """What one read brings need not be all there is; more than is wanted is never taken."""
    reading, writing = os.pipe2(os.O_DIRECT)  # each read brings one of what was written
    for piece in (b"status: ", b"hold\n", b"slug: x\n"):
        os.write(writing, piece)
    os.close(writing)

    first, rest = read_up_to(reading, 10), read_up_to(reading, 100)
    os.close(reading)

    assert (first, rest) == (b"status: ho", b"slug: x\n")
