"""The README's first booking, typed as it stands there."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.harbour import Harbour

HARBOUR_HAS_DONE = {"make setup", ". .venv/bin/activate", "castoff cloud start"}


@pytest.fixture
def commands(checkout: Path) -> list[str]:
    """Return the commands of the README's section on a first booking, in order."""
    section = (checkout / "README.md").read_text().partition("## A first booking\n")[2].partition("\n## ")[0]
    return re.findall(r"^    (\S.*)$", section, re.MULTILINE)


def test_first_booking_goes_as_the_readme_says(
    harbour: Harbour, commands: list[str], free_port: Callable[[], int]
) -> None:
    """Each command does what the text around it promises: a file, a preview, a commit, pages, one mail a member."""
    project = harbour.project
    ran = []
    for command in commands:
        if command in HARBOUR_HAS_DONE:
            continue
        if command.startswith("export "):
            name, _, value = command.removeprefix("export ").partition("=")
            project = replace(project, environment={**project.environment, name: value})
            continue
        ran.append(command.split(" --")[0])
        if command == "castoff serve":
            with project.running("serve", "--port", str(free_port())) as preview:
                assert preview.stdout
                assert preview.stderr
                assert "http://localhost:" in preview.stderr.readline() + preview.stdout.readline()
                preview.send_signal(signal.SIGINT)
                assert preview.wait(10) == 0
        elif command.startswith("castoff publish"):
            shown = project.at_terminal(*shlex.split(command)[1:], answer="y")
            assert shown.code == 0, shown.screen
            assert "Hi Robin, everything for Thursday, May 30" in shown.screen
        elif command.startswith("castoff "):
            done = project.castoff(*shlex.split(command)[1:])
            assert done.code == 0, done.err
        else:
            subprocess.run(["bash", "-ec", command], cwd=project.root, env=project.environment, check=True)

    assert ran == ["castoff new", "castoff serve", "castoff check", *ran[3:4], "castoff publish"]
    assert ran[3].startswith("git add")
    (booking,) = [path.stem for path in (project.root / "bookings").glob("*.yaml") if "Robin" in path.read_text()]
    assert len(harbour.witness.events(booking)) == 1
    assert len(harbour.witness.entries(booking)) == 1
    mails = harbour.witness.mails(f"/crew/{booking}?token=")
    assert sorted(mail.to for mail in mails) == ["leo@example.com", "maya@example.com"]
