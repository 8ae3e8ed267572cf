"""The facts file: what other programs of the project read."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.facts import Credentials, Facts, facts_text, load_facts, parse_facts, save_facts
from castoff.cloud.problems import FactsError

if TYPE_CHECKING:
    from pathlib import Path

FACTS = Facts(
    endpoint="http://127.0.0.1:4566",
    region="us-west-2",
    edge="http://127.0.0.1:8080",
    pids={"cloud": 1, "edge": 2},
    stack="castoff",
    outputs={"GuestBucket": "guest"},
    credentials={
        "admin": Credentials(key="A", secret="s"),
        "publisher": Credentials("P", "s", token="t", expires=datetime(2024, 5, 30, 12, tzinfo=UTC)),
    },
)


def test_facts_survive_the_file() -> None:
    """What is written is what is read."""
    assert parse_facts(facts_text(FACTS)) == FACTS


def test_the_form_others_rely_on() -> None:
    """Version, places and credentials stand where they are looked for."""
    document = json.loads(facts_text(FACTS))

    assert document["format"] == 1
    assert document["credentials"] == {
        "admin": {"key": "A", "secret": "s"},
        "publisher": {"expires": "2024-05-30T12:00:00+00:00", "key": "P", "secret": "s", "token": "t"},
    }


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    """The file holds keys, so it is the owner's alone."""
    path = tmp_path / ".castoff" / "cloud.json"

    save_facts(FACTS, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["cloud.json"]


def test_no_key_is_shown() -> None:
    """A traceback or a log line that shows the facts shows no secret."""
    shown = repr(FACTS)

    assert "secret=" not in shown
    assert "token=" not in shown


def test_no_file_is_no_cloud(tmp_path: Path) -> None:
    """Nothing runs where nothing was written."""
    assert load_facts(tmp_path / "cloud.json") is None


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1}', '{"format": 1, "endpoint": '])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """A file of another form is named, with what to do."""
    path = tmp_path / "cloud.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FactsError, match=r"cloud\.json: not the facts of a running cloud(.|\n)*castoff cloud reset"):
        load_facts(path)
