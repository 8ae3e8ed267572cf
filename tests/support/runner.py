"""A runner: a workflow's jobs and steps run as GitHub does, each job in a folder of its own.

What needs GitHub itself (`uses:` and installing) is stood in for by name; a step that nobody knows is a failure.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml
from support.expressions import filled, holds
from support.projects import Ran

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_SHELL: Final = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
"""What `shell: bash` means; https://docs.github.com/actions/reference/workflow-syntax-for-github-actions."""
_PATIENCE: Final = 120.0


@dataclass(frozen=True, slots=True)
class Job:
    """How a job ended; `None` where it was skipped."""

    code: int | None
    summary: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    ran: Mapping[str, Ran] = field(default_factory=dict)


@dataclass(frozen=True)
class Runner:
    """Runs workflows; `programs` is a folder that comes first in PATH.

    `stand_ins` are by action or by a step's name: what is done in a job's folder with the step's inputs, and returns
    what is in the environment from then on.
    """

    folder: Path
    environment: Mapping[str, str]
    stand_ins: Mapping[str, Any]
    programs: Path

    def run(self, workflow: Path, *, github: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Job]:
        """Run every job in the order in which they are written, and return how each ended."""
        written = yaml.safe_load(workflow.read_text("utf-8"))
        assert written["defaults"] == {"run": {"shell": "bash"}}
        done: dict[str, Job] = {}
        for name, job in written["jobs"].items():
            needed = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            needs = {other: {"outputs": dict(done[other].outputs), "code": done[other].code} for other in needed}
            context = {
                "github": github,
                "vars": dict(variables),
                "needs": needs,
                "cancelled": lambda: False,
                "success": lambda needs=needs: all(one["code"] == 0 for one in needs.values()),
            }
            done[name] = self._job(name, job, context) if _is_due(job, context) else Job(None)
        return done

    def _job(self, name: str, job: Mapping[str, Any], context: dict[str, Any]) -> Job:
        place = self.folder / f"{len(list(self.folder.iterdir()))}-{name}"
        workspace = place / "workspace"
        workspace.mkdir(parents=True)
        context = {**context, "steps": {}}
        context["env"] = {key: filled(value, context) for key, value in job.get("env", {}).items()}
        lent: dict[str, str] = {}
        ran: dict[str, Ran] = {}
        code = 0
        for step in job["steps"]:
            what = step.get("uses", step.get("name", "")).partition("@")[0]
            if what in self.stand_ins:
                inputs = {key: filled(value, context) for key, value in step.get("with", {}).items()}
                lent |= self.stand_ins[what](workspace, inputs)
                continue
            assert "run" in step, f"nobody stands in for `{what}`"
            own = {key: filled(value, context) for key, value in step.get("env", {}).items()}
            ran[step["name"]] = self._step(step["run"], place, {**context["env"], **lent, **own}, context["github"])
            if "id" in step:
                context["steps"][step["id"]] = {"outputs": _outputs(place / "output")}
            code = ran[step["name"]].code
            if code:
                break
        outputs = {key: filled(value, context) for key, value in job.get("outputs", {}).items()}
        summary = place / "summary.md"
        return Job(code, summary.read_text("utf-8") if summary.exists() else "", outputs, ran)

    def _step(self, script: str, place: Path, own: Mapping[str, str], github: Mapping[str, Any]) -> Ran:
        assert "${{" not in script, "an expression in a script is filled in before bash reads it: hand it over by `env`"
        (place / "script.sh").write_text(script, "utf-8")
        given = {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_RUN_ID": str(github["run_id"]),
            "GITHUB_SHA": github["sha"],
            "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
            "GITHUB_OUTPUT": str(place / "output"),
            "PATH": f"{self.programs}{os.pathsep}{self.environment['PATH']}",
        }
        done = subprocess.run(
            [*_SHELL, place / "script.sh"],
            cwd=place / "workspace",
            env={**self.environment, **given, **own},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def _is_due(job: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Say whether a job runs: without a condition, or with one that names none of them, only where all before did."""
    condition = job.get("if", "success()")
    named = any(f"{function}()" in condition for function in ("success", "cancelled", "always", "failure"))
    return holds(condition, context) and (named or context["success"]())


def _outputs(file: Path) -> dict[str, str]:
    """Return what a step handed on: `name=value`, or `name<<END` with lines up to END."""
    found: dict[str, str] = {}
    lines = file.read_text("utf-8").split("\n") if file.exists() else []
    while lines:
        line = lines.pop(0)
        name, several, end = line.partition("<<")
        if several:
            last = lines.index(end)
            found[name] = "\n".join(lines[:last])
            del lines[: last + 1]
        elif line:
            name, _, value = line.partition("=")
            found[name] = value
    return found
