"""What `castoff check --privacy` builds and says: the plan against nothing published, and every form of problems."""

from __future__ import annotations

import json
import secrets
import sys
from functools import partial
from typing import TYPE_CHECKING

from castoff.build import assemble
from castoff.cli.findings import annotated, counted_up, told
from castoff.cli.plans import plan_lines
from castoff.contract.counts import counted
from castoff.contract.facts import fact_changes
from castoff.contract.state import State
from castoff.fleet.settings import EMBEDDED
from castoff.fleet.sources import read_sources
from castoff.pages.theme import load_theme
from castoff.privacy.leaks import leaks
from castoff.problems import in_order
from castoff.wishes import NO_TARGET, Wishes
from publisher.planning.diff import diff
from publisher.telling.grouped import grouped
from publisher.telling.markdown import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from castoff.build import Build
    from castoff.problems import Problem


def check_privacy(root: Path, *, clock: datetime, seed: int | None = None) -> tuple[Problem, ...]:
    """Return everything that is wrong with a project and, where it can be built, whatever shows that must not."""
    sources, theme = read_sources(root), load_theme(root)
    make = partial(assemble, theme=theme, wishes=Wishes(target=NO_TARGET, clock=clock, addresses=EMBEDDED))
    seed = secrets.randbelow(10**6) if seed is None else seed
    return in_order((*make(sources)[1], *leaks(sources, make, said, seed=seed)))


def said(built: Build, problems: Sequence[Problem]) -> dict[str, str]:
    """Return what commands say of a build: by terminals, programs and GitHub."""
    plan = diff(built.release, State(), private={key: dict(money) for key, money in built.private.items()})
    told_plan, lines = grouped(plan), plan_lines(plan, width=sys.maxsize, whole=True)
    made = f"{counted(len(built.release.bookings), 'booking')}, {counted(len(built.release.files), 'file')}"
    return {
        "castoff plan": "\n".join((*lines, plan.digest)),
        "castoff plan, every fact": "\n".join(
            change.line for one in built.release.bookings.values() for change in fact_changes({}, one.facts)
        ),
        "castoff plan --json": json.dumps(told_plan.to_json(), sort_keys=True),
        "castoff plan --markdown": markdown(told_plan),
        "castoff build": "\n".join((made, *map(str, problems))),
        "castoff check": "\n".join((*told(problems), *counted_up(problems))),
        "castoff check --format github": "\n".join(annotated(problems)),
        "castoff check --format json": json.dumps([problem.to_json() for problem in problems]),
    }
