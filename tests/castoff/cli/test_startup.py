"""How little stands between a command and its first word."""

from __future__ import annotations

import subprocess
import sys

import pytest

_HEAVY = ("boto3", "botocore", "pydantic", "jinja2", "yaml", "markdown")


@pytest.mark.parametrize("words", [["--help"], ["--version"]], ids=str)
def test_the_overview_imports_nothing_heavy(words: list[str]) -> None:
    """`castoff --help` and `--version` import no SDK, no validation, no templates: these come with the work."""
    program = f"import sys; from castoff.cli import main; main({words}, standalone_mode=False); print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    modules = done.stdout.splitlines()[-1].split()
    assert "click" in modules
    assert [module for module in modules if module.partition(".")[0] in _HEAVY] == []


def test_a_build_imports_no_sdk() -> None:
    """A build needs no cloud, so it waits for none of its libraries."""
    program = "import sys; import castoff.cli.build, castoff.cli.releasing; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert [name for name in done.stdout.split() if name.partition(".")[0] in ("boto3", "botocore", "urllib3")] == []


def test_a_publish_of_nothing_imports_nothing_heavy() -> None:
    """What it takes to see that a release is live already is there in a tenth of a second: no build, no SDK."""
    program = "import sys; from castoff.cli import main, publish; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    modules = done.stdout.split()
    assert "castoff.cli.glance" in modules
    assert [module for module in modules if module.partition(".")[0] in _HEAVY] == []
    assert not {"castoff.build", "castoff.fleet.sources", "publisher.publish"} & {*modules}
