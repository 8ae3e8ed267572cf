"""The folder that a command works in: it is found before anything else is imported."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from castoff import SETTINGS
from castoff.cli.terminal import fail

_MISNAMED: Final = ("castoff.yml", "castoff.yaml.txt", "Castoff.yaml")
"""What settings are called by mistake."""


def find_root(directory: str) -> Path:
    """Return the folder with castoff.yaml, here or above."""
    here = Path(directory).resolve()
    for folder in (here, *here.parents):
        if os.path.lexists(folder / SETTINGS):  # whether it can be read is for the reader to say
            return folder
    misnamed = next((name for name in _MISNAMED if (here / name).is_file()), None)
    if misnamed:
        fail(f"{here / misnamed} is not called {SETTINGS}", hint=f"rename it to `{SETTINGS}`")
    return fail(
        f"there is no {SETTINGS} in {here} or above",
        hint="go to your project's folder, or name it: `castoff -C FOLDER …`",
    )
