"""The Lambdas' zip is the same bytes on any machine: wherever, whenever and by whomever the sources were put there."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from castoff.cloud.lambda_packages import zipped
from castoff.cloud.package import lambda_files, zip_key

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.cloud.sources import Sources


def copied(sources: Sources, folder: Path, *, umask: int, when: float) -> Sources:
    """Copy sources as somebody else checked them out: other rights, another time, another order on disk."""
    before = os.umask(umask)
    try:
        for name, original in (("lambdas", sources.lambdas), ("castoff", sources.castoff)):
            files = [one for one in original.rglob("*") if one.is_file() and "__pycache__" not in one.parts]
            for path in sorted(files, reverse=umask == 0o077):
                new = folder / name / path.relative_to(original)
                new.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, new)
                os.utime(new, (when, when))
    finally:
        os.umask(before)
    return replace(sources, lambdas=folder / "lambdas", castoff=folder / "castoff")


def test_two_checkouts_are_one_zip(standing_sources: Sources, tmp_path: Path) -> None:
    """Folder, umask, times and the order of files make no difference, so neither machine changes the stack."""
    one = copied(standing_sources, tmp_path / "one", umask=0o077, when=86_400.0)
    other = copied(standing_sources, tmp_path / "a longer name", umask=0o002, when=1_900_000_000.0)
    (one.lambdas / "__pycache__").mkdir()
    (one.lambdas / "__pycache__" / "left.cpython-311.pyc").write_bytes(b"left over")

    first, second = zipped(lambda_files(one)), zipped([*lambda_files(other)][::-1])

    assert first == second
    assert zip_key(first) == zip_key(second)
