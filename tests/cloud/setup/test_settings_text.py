"""castoff.yaml keeps its look when values are written into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from castoff.cloud.problems import CloudError
from castoff.cloud.setup.settings_text import conflicts, with_values, write_settings

if TYPE_CHECKING:
    from pathlib import Path

VALUES = {
    ("guest", "bucket"): "sails-guest",
    ("uploads",): "sails-uploads",
    ("scc", "url"): "https://a.example.com/prod",
    ("scc", "key"): "secretsmanager:x#k",
}

SAID = """\
targets:
  production:
    guest: {domain: a.example.com, bucket: 'sails-guest'}
    uploads: sails-uploads
    scc: {url: https://a.example.com/prod/, key: "secretsmanager:x#k"}
"""

TABLE = {
    "aligned braces, comments behind and between": (
        """\
targets:
  production:
    guest: {domain: a.example.com}   # the guests
    ops:   {domain: b.example.com}
    # photos

  # tried here
  local: {embedded: true}
""",
        """\
targets:
  production:
    guest: {domain: a.example.com, bucket: sails-guest}   # the guests
    ops:   {domain: b.example.com}
    uploads: sails-uploads
    scc: {url: "https://a.example.com/prod", key: "secretsmanager:x#k"}
    # photos

  # tried here
  local: {embedded: true}
""",
    ),
    "lines beneath lines, and fields without a value": (
        """\
targets:
  production:
    guest:
      domain: 'a.example.com'  # quoted
      # more to come
    uploads:   # where photos go
    scc:
        auth: sigv4
""",
        """\
targets:
  production:
    guest:
      domain: 'a.example.com'  # quoted
      bucket: sails-guest
      # more to come
    uploads: sails-uploads   # where photos go
    scc:
        auth: sigv4
        url: "https://a.example.com/prod"
        key: "secretsmanager:x#k"
""",
    ),
    "all in braces, over lines, a comma at the end": (
        "targets: {production: {guest: {domain: a.example.com,\n  }, scc: {}, }}",
        """\
targets: {production: {guest: {domain: a.example.com, bucket: sails-guest,
  }, scc: {url: "https://a.example.com/prod", key: "secretsmanager:x#k"}, uploads: sails-uploads, }}""",
    ),
    "no newline at the end": (
        "targets:\n  production:\n    guest: {domain: a.example.com}\n    scc: {auth: sigv4}",
        """\
targets:
  production:
    guest: {domain: a.example.com, bucket: sails-guest}
    scc: {auth: sigv4, url: "https://a.example.com/prod", key: "secretsmanager:x#k"}
    uploads: sails-uploads""",
    ),
    "values that are there, one with a slash more": (SAID, SAID),
    "nothing said, in words of YAML's": (
        """\
targets:
  production:
    guest: {domain: a.example.com, bucket: ""}
    uploads: ''  # where photos go
    scc: ~
""",
        """\
targets:
  production:
    guest: {domain: a.example.com, bucket: sails-guest}
    uploads: sails-uploads  # where photos go
    scc: {url: "https://a.example.com/prod", key: "secretsmanager:x#k"}
""",
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_values_go_where_they_belong(case: str) -> None:
    """Comments, order, quoting and alignment stay, and writing twice is writing once."""
    before, after = TABLE[case]

    written = with_values(before, "production", VALUES)

    assert written == after
    assert with_values(written, "production", VALUES) == after


@pytest.mark.parametrize("case", TABLE)
def test_line_ends_stay(case: str) -> None:
    """A file of Windows' stays one."""
    before, after = (text.replace("\n", "\r\n") for text in TABLE[case])

    assert with_values(before, "production", VALUES) == after


@given(ends=st.lists(st.sampled_from(["\n", "\r\n"]), min_size=8, max_size=8), case=st.sampled_from([*TABLE]))
def test_each_line_keeps_its_own_end(ends: list[str], case: str) -> None:
    """Where a file has both, no line takes another's, and none loses a character."""
    before, after = TABLE[case]
    lines = before.split("\n")
    mixed = "".join(line + end for line, end in zip(lines, ends, strict=False))

    written = with_values(mixed, "production", VALUES)

    assert written.replace("\r\n", "\n").rstrip() == after.rstrip()
    kept = [line + end for line, end in zip(lines, ends, strict=False) if line in after.split("\n")]
    assert not set(kept) - set(written.splitlines(keepends=True)) - {mixed.splitlines(keepends=True)[-1]}


def test_a_value_that_yaml_takes_for_a_number_is_quoted() -> None:
    """A bucket may be called like a year."""
    text = "targets:\n  production:\n    guest: {domain: a.example.com}\n"

    written = with_values(text, "production", {("uploads",): "20240501"})

    assert written == text + '    uploads: "20240501"\n'


@pytest.mark.parametrize(
    "production",
    [
        "{? guest : {domain: a.example.com}, uploads}",
        "\n    ? guest\n    : {domain: a.example.com}\n    ? uploads",
        "{guest: &site {domain: a.example.com}, ops: *site}",
        "{guest: {domain: a.example.com}, guest: {domain: b.example.com}}",
        "{guest: {domain: a.example.com}, made: !by hand}",
    ],
    ids=["a question mark in braces", "a question mark", "one site twice", "a name twice", "a kind of its own"],
)
def test_a_form_that_cannot_be_written_into_is_told(production: str) -> None:
    """Rather than writing something else than the values into it."""
    with pytest.raises(CloudError, match=r"setup cannot write `.*` into the form that target `production` has") as told:
        with_values(f"targets:\n  production: {production}\n", "production", VALUES)

    assert told.value.hint


@given(
    present=st.sets(st.sampled_from([*VALUES])),
    braces=st.booleans(),
    remarks=st.lists(st.sampled_from(["# a remark", "#", "  # é 🚤"]), max_size=3),
)
def test_what_was_there_is_still_there(present: set[tuple[str, ...]], braces: bool, remarks: list[str]) -> None:  # noqa: FBT001 - hypothesis names it
    """Whatever a target says already, afterwards it says that and the values, and every line of before is left."""
    target: dict[str, object] = {"guest": {"domain": "a.example.com"}}
    for path in sorted(present):
        held = target if len(path) == 1 else target.setdefault(path[0], {})
        held[path[-1]] = VALUES[path]  # type: ignore[index]  # a mapping by the line above
    text = yaml.safe_dump({"targets": {"production": target}}, default_flow_style=braces) + "\n".join(remarks)

    written = with_values(text, "production", VALUES)

    expected = {"guest": {"domain": "a.example.com", "bucket": VALUES["guest", "bucket"]}}
    scc = {"url": VALUES["scc", "url"], "key": VALUES["scc", "key"]}
    assert yaml.safe_load(written)["targets"]["production"] == {**expected, "uploads": VALUES["uploads",], "scc": scc}
    assert not set(remarks) - set(written.splitlines())


def test_another_value_is_told_and_not_written_over() -> None:
    """Each field that says something else is named, with both."""
    text = "targets:\n  production:\n    guest: {bucket: mine}\n"

    told = list(conflicts(text, "production", VALUES))

    assert told == [("guest.bucket", "mine", "sails-guest")]
    with pytest.raises(CloudError, match=r"castoff\.yaml has `mine`"):
        with_values(text, "production", VALUES)


def test_a_link_to_the_file_stays_one(tmp_path: Path) -> None:
    """What it leads to is written."""
    path, link = tmp_path / "shared" / "castoff.yaml", tmp_path / "castoff.yaml"
    path.parent.mkdir()
    path.write_text("before", encoding="utf-8")
    link.symlink_to(path)

    write_settings(link, "after")

    assert (link.is_symlink(), path.read_text(encoding="utf-8")) == (True, "after")


def test_the_file_is_put_in_place_in_one_step(tmp_path: Path) -> None:
    """Its rights stay, and nothing is left beside it."""
    path = tmp_path / "castoff.yaml"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o640)

    write_settings(path, "after\r\n")

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after\r\n", 0o640)
    assert list(tmp_path.iterdir()) == [path]
