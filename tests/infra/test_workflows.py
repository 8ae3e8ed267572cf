"""The workflows as they are written: sound by actionlint and zizmor, and with no more rights than each needs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
WORKFLOWS: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ZIZMOR: Final = Path(sys.executable).with_name("zizmor")

SOUND: Final = """\
name: sound
on: push
permissions: {}
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$TARGET"
"""

# description, what becomes of the sound one, what is said of it
UNSOUND: Final = [
    ("an event that there is not", ("on: push", "on: pushed"), 'unknown Webhook event "pushed"'),
    ("a field that there is not", ("    steps", "    staps"), 'unexpected key "staps"'),
    ("a variable of no context", ('"$TARGET"', "${{ var.X }}"), 'undefined variable "var"'),
    ("a stranger's words in a script", ('"$TARGET"', "${{ github.head_ref }}"), "potentially untrusted"),
    ("a right that there is not", ("permissions: {}", "permissions: {id-tokens: write}"), "unknown permission scope"),
]


def actionlint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Hold workflows against actionlint."""
    assert (ROOT / ".castoff" / "actionlint" / "package" / "main.wasm").exists(), "`make test` installs actionlint"
    return subprocess.run(
        ["node", ROOT / ".ci" / "actionlint.cjs", *files], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_actionlint_finds_nothing_in_ours() -> None:
    """Events, fields, contexts and expressions are such as GitHub knows."""
    done = actionlint(*WORKFLOWS)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_actionlint_would_find_what_is_wrong(tmp_path: Path) -> None:
    """It looks for each kind of mistake, and says where it is."""
    files = []
    for place, (_, (old, new), _) in enumerate(UNSOUND):
        files.append(tmp_path / f"{place}.yml")
        files[-1].write_text(SOUND.replace(old, new), "utf-8")
    (tmp_path / "sound.yml").write_text(SOUND, "utf-8")

    done = actionlint(*files, tmp_path / "sound.yml")

    assert done.returncode == 1
    for file, (description, _, words) in zip(files, UNSOUND, strict=True):
        assert re.search(rf"{re.escape(str(file))}:\d+:\d+: .*{re.escape(words)}", done.stdout), description
    assert "sound.yml" not in done.stdout


def test_zizmor_finds_nothing_in_ours() -> None:
    """No credential is left lying about, no action may change beneath us, and no right is too many."""
    done = subprocess.run(
        [ZIZMOR, "--offline", "--quiet", "--no-progress", *WORKFLOWS], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_of_github_and_aws_alone_and_stay_what_they_are(workflow: Path) -> None:
    """Each is named by a whole commit, with its version beside it for whoever reads."""
    lines = [line for line in workflow.read_text("utf-8").splitlines() if "uses:" in line]

    for line in lines:
        assert re.fullmatch(
            r" +- uses: (actions/[\w-]+|aws-actions/configure-aws-credentials)@[0-9a-f]{40} # v\d+\.\d+\.\d+", line
        ), line


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_nothing_of_a_pull_request_runs_with_more_than_its_own_rights(workflow: Path) -> None:
    """No `pull_request_target`, and where a token may write, no file of the pull request is checked out."""
    written = yaml.safe_load(workflow.read_text("utf-8"))

    assert "pull_request_target" not in workflow.read_text("utf-8")
    for job in written["jobs"].values():
        rights = job.get("permissions", written["permissions"])
        if any(right == "write" for right in rights.values()) and "pull_request" in written[True]:
            assert not [step for step in job["steps"] if "uses" in step]


def test_a_publish_waits_for_the_one_before_it_and_knows_the_whole_history() -> None:
    """One at a time and none cut short; a shallow clone could not tell forwards from backwards."""
    written = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
    (job,) = written["jobs"].values()
    checkout = next(step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@"))

    assert written["concurrency"]["cancel-in-progress"] is False
    assert "sha" not in written["concurrency"]["group"]
    assert checkout["with"]["fetch-depth"] == 0
    assert [cron["cron"].split()[0] != "0" for cron in written[True]["schedule"]] == [True]
    assert job["permissions"] == {"contents": "read", "id-token": "write"}


def test_each_workflow_installs_what_the_lock_says() -> None:
    """Every package by its hash, and castoff as the repository has it: as `make setup` does."""
    made = (ROOT / "Makefile").read_text("utf-8")
    scripts = [script for workflow in WORKFLOWS for script in _installing(workflow)]

    assert len(scripts) == 2
    assert len(set(scripts)) == 1
    for words in ("--require-hashes -r locks/run.txt", "--no-deps --no-build-isolation --editable ."):
        assert words in scripts[0]
        assert words in made


def _installing(workflow: Path) -> Iterator[str]:
    written: Any = yaml.safe_load(workflow.read_text("utf-8"))
    for job in written["jobs"].values():
        yield from (step["run"] for step in job["steps"] if step.get("name") == "install castoff")
