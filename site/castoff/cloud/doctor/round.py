"""A round of checks: some at a time, each once what it needs is there, all of it within seconds."""

from __future__ import annotations

import queue
import time
from threading import Thread
from typing import TYPE_CHECKING, Final

from castoff.cloud.doctor.finding import Finding, UnseenError, Verdict, skipped, warn, wrong
from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from castoff.cloud.doctor.finding import Check
    from castoff.cloud.doctor.patient import Patient

THREADS: Final = 10
SECONDS: Final = 25.0


def examine(
    checks: Sequence[Check],
    patient: Patient,
    *,
    told: Callable[[int], None] = lambda _done: None,
    threads: int = THREADS,
    seconds: float = SECONDS,
) -> dict[str, Finding]:
    """Return what each check found, by its name; `told` hears how many are done.

    A check whose need found nothing is skipped and says which one, so that one fault is one line. What has not
    answered in time is left behind: its thread is a daemon and keeps nobody.
    """
    findings: dict[str, Finding] = {}
    waiting = {check.name: check for check in checks}
    running: set[str] = set()
    done: queue.SimpleQueue[tuple[str, Finding]] = queue.SimpleQueue()
    ends = time.monotonic() + seconds
    while waiting or running:
        for check in [*waiting.values()]:
            if missing := [name for name in check.needs if name in findings and findings[name].found is None]:
                findings[waiting.pop(check.name).name] = _held_up(missing[0], checks, findings)
            elif len(running) < threads and all(name in findings for name in check.needs):
                running.add(waiting.pop(check.name).name)
                Thread(target=_look, args=(check, patient, dict(findings), done), daemon=True).start()
        if not running:
            continue
        try:
            name, finding = done.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            late = wrong(f"nothing came within {seconds:g} s", "check the network, then run it again")
            findings |= dict.fromkeys(running, late)
            running.clear()
            findings |= {name: skipped("there was no time left") for name in waiting}
            waiting.clear()
            continue
        running.discard(name)
        findings[name] = finding
        told(len(findings))
    return {check.name: findings[check.name] for check in checks}


def _look(
    check: Check, patient: Patient, findings: dict[str, Finding], done: queue.SimpleQueue[tuple[str, Finding]]
) -> None:
    try:
        finding = check.look(patient, {name: findings[name].found for name in check.needs})
    except UnseenError as unseen:
        words = f"not allowed to look at {unseen.what}"
        finding = warn(words, f"allow `{unseen.action}` to whoever runs this", found=None)
    except CloudError as error:
        finding = wrong(error.message, error.hint or "run it again")
    except Exception as error:  # noqa: BLE001 - a fault of one check is told in its line, and hides none of the others
        finding = wrong(
            f"this check failed: {type(error).__name__}: {error}", "please report it: it is castoff's fault"
        )
    done.put((check.name, finding))


def _held_up(need: str, checks: Sequence[Check], findings: Mapping[str, Finding]) -> Finding:
    """Say what is waited for: where that was not looked at itself, what it waits for."""
    if findings[need].verdict is Verdict.SKIPPED:
        return Finding(Verdict.SKIPPED, findings[need].words)
    title = next(check.title for check in checks if check.name == need)
    return Finding(Verdict.SKIPPED, f"not looked at: it needs `{title}`")
