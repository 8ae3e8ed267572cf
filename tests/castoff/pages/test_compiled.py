"""Layouts that were compiled before: taken as they were kept, or not at all."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader, Environment

from castoff.pages.compiled import Compiled

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "{% for word in words %}{{ word }} {% endfor %}"


def rendered(folder: Path) -> str:
    """Render a layout as another process would: nothing is known of it but what the folder holds."""
    environment = Environment(loader=DictLoader({"x": TEXT}), bytecode_cache=Compiled(folder), autoescape=True)
    return environment.get_template("x").render(words=["fair", "winds"])


def test_what_is_kept_is_nobody_elses(tmp_path: Path) -> None:
    """It is code that will be run."""
    rendered(tmp_path / "layouts")

    assert stat.S_IMODE((tmp_path / "layouts").stat().st_mode) == 0o700


def test_what_is_kept_is_taken_as_it_is(tmp_path: Path) -> None:
    """And is not written again."""
    first = rendered(tmp_path)
    (file,) = tmp_path.iterdir()
    before = file.stat()

    assert rendered(tmp_path) == first == "fair winds "
    assert file.stat().st_ino == before.st_ino


@pytest.mark.parametrize("at", [0, 31, 32, 60, 200, -1])
def test_what_was_changed_is_compiled_anew(at: int, tmp_path: Path) -> None:
    """A code of which a byte is another could end Python itself."""
    rendered(tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at:][1:], whole[:at]):
        file.write_bytes(damaged)

        assert rendered(tmp_path) == "fair winds "
        assert file.read_bytes() == whole
