"""The embedded cloud as whoever signs forms: known by its process, so that another one is known as another."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from castoff.cli.forms import EmbeddedSigner
from castoff.cloud.place import Place
from castoff.cloud.processes import end, launch

if TYPE_CHECKING:
    from pathlib import Path


def test_each_start_of_the_cloud_is_another_signer(tmp_path: Path) -> None:
    """Nobody before it starts and after it stops; between them the same one, however often it is asked for."""
    place = Place(tmp_path)
    place.folder.mkdir(parents=True)
    place.facts.write_text("{}", "utf-8")
    signer = EmbeddedSigner(place)
    seen = [signer.present()]
    for _ in range(2):
        program = launch(
            [str(shutil.which("sleep")), "60"],
            port=1,
            mark=place.mark,
            environment={},
            log=place.log("cloud"),
            note=place.note("cloud"),
        )
        seen += [signer.present(), signer.present()]
        assert end(program.pid, mark=place.mark)
        seen.append(signer.present())
    before, first, still, between, second, _, after = seen

    assert (before, between, after) == (None, None, None)
    assert first == still
    assert None not in (first, second)
    assert first != second
