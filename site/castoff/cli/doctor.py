"""`castoff doctor`: what is well with a target and what is not, and what to do; with `--contract`, its services."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.errors import told
from castoff.cli.lines import hanging, terminal_width
from castoff.cli.project import find_root
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, fail, result, result_json, say
from castoff.cloud.doctor.checks import checks_of
from castoff.cloud.doctor.finding import Verdict
from castoff.cloud.doctor.round import examine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from castoff.cli.releasing import Project
    from castoff.cloud.doctor.finding import Check, Finding

_COLOURS: Final = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.WRONG: "red", Verdict.SKIPPED: None}
_MANY: Final = 2
_COUNTED: Final = {Verdict.OK: "ok", Verdict.WARN: "warning", Verdict.WRONG: "wrong", Verdict.SKIPPED: "not looked at"}


@click.command()
@click.option("--target", default="production", show_default=True, help="Which target of castoff.yaml.")
@click.option("--contract", is_flag=True, help="Try what ShipCaptainCrew and dashboard promise, clause by clause.")
@click.option("--yes", is_flag=True, help="With --contract: do not ask.")
@click.option("--with-a-member", "members", is_flag=True, help="With --contract: make a crew member, too.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, target: str, *, contract: bool, yes: bool, members: bool, as_json: bool) -> None:
    """Say what is well with a target and what is not, and what to do about it; it changes nothing.

    With --contract, castoff acts towards the services as a publish does, to see whether they keep what it relies
    on: it makes an event and an entry in 2099, which name nobody, and takes them away again. A service of your own
    may mail somebody about a new event, so it asks first.

    \b
    Example:
      castoff doctor --target local
      castoff doctor --target local --contract
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    if not contract and (yes or members):
        raise click.UsageError("--yes and --with-a-member go with --contract")
    if contract:
        from castoff.cli.contract import try_contract  # noqa: PLC0415 - whoever asks for the doctor needs none of it

        if not yes and not _agreed(target):
            raise SystemExit(1)
        with told(broken_off="what it made was taken away again, unless a line above says otherwise"):
            held = try_contract(open_project(find_root(directory), target=target, as_of=None), members, as_json=as_json)
        raise SystemExit(0 if held else 1)
    progress = Progress()
    with told(progress, broken_off="nothing was changed: a doctor only looks"):
        project = open_project(find_root(directory), target=target, as_of=None)
        checks, findings, seconds = _examined(project, progress)
    if as_json:
        result_json(_as_json(target, checks, findings))
    else:
        for line in report(checks, findings, width=terminal_width()):
            result(line)
        say(f"{target}: {summary(findings)} ({seconds:.1f} s)")
    raise SystemExit(1 if any(found.verdict is Verdict.WRONG for found in findings.values()) else 0)


def _agreed(target: str) -> bool:
    """Ask whether test events are well; without a terminal, end and name the flag that says so."""
    say(f"{target}: an event and a calendar entry on June 1, 2099, which name nobody, are made and taken away again;")
    say("a service of your own may mail somebody about any new event")
    if not sys.stdin.isatty():
        fail("nobody is there to ask", hint="say `--yes` where that is well")
    with told(broken_off="nothing was asked of a service"):
        return click.confirm("try it?", err=True)


def _examined(project: Project, progress: Progress) -> tuple[Sequence[Check], Mapping[str, Finding], float]:
    from castoff.cli.patient import patient_of  # noqa: PLC0415 - `--help` needs none of it

    begun = time.monotonic()
    patient = patient_of(project)
    checks = checks_of(patient)
    findings = examine(checks, patient, told=lambda done: progress.step("looking", done=done, total=len(checks)))
    return checks, findings, time.monotonic() - begun


def report(checks: Sequence[Check], findings: Mapping[str, Finding], *, width: int) -> Iterator[str]:
    """Yield the findings by their groups, a line each, with what to do beneath what is not well."""
    lines = [*_folded(checks, findings)]
    titles = max(len(title) for _, title, _ in lines)
    verdicts = max(map(len, Verdict))
    group = None
    for part, title, found in lines:
        if part != group:
            yield from ([] if group is None else [""])
            group = part
            yield click.style(part, bold=True)
        head = f"  {found.verdict.value:<{verdicts}}  {title:<{titles}}  "
        first, *rest = hanging(head, found.words, width=width)
        coloured = click.style(found.verdict.value, fg=_COLOURS[found.verdict], dim=found.verdict is Verdict.SKIPPED)
        yield first.replace(found.verdict.value, coloured, 1)
        yield from rest
        if found.hint:
            yield from hanging(f"{' ' * (verdicts + 4)}hint: ", found.hint, width=width)


def _folded(checks: Sequence[Check], findings: Mapping[str, Finding]) -> Iterator[tuple[str, str, Finding]]:
    """Yield group, title and finding of each line: what was not looked at for one reason is one line of its group."""
    for group, members in groupby(checks, key=lambda check: check.group):
        several = [*members]
        waiting: dict[str, list[str]] = {}
        for check in several:
            if findings[check.name].verdict is Verdict.SKIPPED:
                waiting.setdefault(findings[check.name].words, []).append(check.title)
        for check in several:
            found = findings[check.name]
            titles = waiting.get(found.words, []) if found.verdict is Verdict.SKIPPED else []
            if len(titles) < _MANY:
                yield group, check.title, found
            elif titles[0] == check.title:
                which = "all" if len(titles) == len(several) else ", ".join(titles)
                yield group, f"{len(titles)} checks", replace(found, words=f"{found.words} ({which})")


def summary(findings: Mapping[str, Finding]) -> str:
    """Return how many checks came out how."""
    counts = {verdict: sum(found.verdict is verdict for found in findings.values()) for verdict in Verdict}
    return ", ".join(f"{count} {_COUNTED[verdict]}" for verdict, count in counts.items() if count)


def _as_json(target: str, checks: Sequence[Check], findings: Mapping[str, Finding]) -> dict[str, object]:
    return {
        "target": target,
        "findings": [
            {
                "group": check.group,
                "check": check.name,
                "verdict": findings[check.name].verdict.value,
                "words": findings[check.name].words,
                "hint": findings[check.name].hint or None,
            }
            for check in checks
        ],
    }
