"""Publishing with the real command to a stand-in: every request with its reason, and when each step was reached."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from builds import CASTOFF
from paired import say, table, timed
from season import AS_OF, Season, one_more, write_project
from shore import standin

from castoff.cloud.facts import save_facts
from castoff.cloud.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from shore import Shore

MOST: Final = 20
"""Requests of one change of time, at any number of bookings."""

STEPS: Final = {
    "see what is live": (r"^HEAD \S+ /state/state\.json\.gz", "whether it is what this commit was published as"),
    "read the state": (r"^GET \S+ /state/state\.json\.gz", "what is live, and whether somebody is at work on it"),
    "write the state": (r"^PUT \S+ /state/state\.json\.gz", "lease and intents before the first effect; the end"),
    "read a secret": (r"^POST \S+ /$", "the keys of ShipCaptainCrew and of the dashboard, which no file holds"),
    "ask at the gate": (
        r"^GET (guest\.\S+ /g/\S+-crew|ops\.\S+ /ops/)$",
        "crew pages and the board, one a site, are written only where a stranger is sent to log in",
    ),
    "make a crew member known": (r"^PUT \S+ /prod/crew-members/", "before an event names them"),
    "put an object": (r"^PUT \S+ /(guest|ops)-pages/", "pages, calendar files and the board, each once"),
    "ask for an invalidation": (r"^POST \S+ /2020-05-31/distribution/[^/]+/invalidation$", "one for each site"),
    "look whether it is complete": (
        r"^GET \S+ /2020-05-31/distribution/[^/]+/invalidation/",
        "nobody is sent a link to what a cache still has",
    ),
    "see the page live": (r"^GET guest\.\S+ /g/", "by its bytes, at the guest's address"),
    "create the event": (r"^POST \S+ /prod/event$", "the crew call"),
    "change the event": (r"^PATCH \S+ /prod/events/", "the crew is told of the new time"),
    "put the calendar entry": (r"^PUT \S+ /prod/calendar/", "the dashboard's day"),
    "write the record": (r"^PUT \S+ /state/history/", "who did what, when, for `castoff history`"),
}
"""What a publish asks for, in its order: how each request looks at the server, and why it is made."""

_KINDS: Final = ("nothing", "one new", "one at another time")
_ENDED: Final = timedelta(days=80)
_DAYS: Final = 60
_IDENTITY: Final = ("-c", "user.name=castoff", "-c", "user.email=operator@example.com")


@dataclass
class Measured:
    """One project's figures by kind of publish: requests by step, seconds in all, seconds until each step began."""

    bookings: int
    requests: dict[str, Counter[str]] = field(default_factory=dict)
    taken: dict[str, list[float]] = field(default_factory=dict)
    reached: dict[str, list[dict[str, float]]] = field(default_factory=dict)


def measure(folder: Path, counts: Sequence[int], *, rounds: int, far: bool = False) -> str:
    """Return the tables of requests, of times, and of when a change of time had come how far."""
    measured = [measured_at(folder / f"publish-{count}", count, rounds=rounds, far=far) for count in counts]
    return "\n\n".join([_requests(measured), _times(measured), _split(measured)])


def measured_at(root: Path, count: int, *, rounds: int, far: bool = False) -> Measured:
    """Publish a season that has ended, so that no crew is called; then nothing, then bookings that lie ahead."""
    write_project(root, Season(count, first=AS_OF.replace(hour=0) - _ENDED, days=_DAYS))
    commit_project(root)
    found = Measured(count)
    with standin(far=far) as shore:
        save_facts(shore.facts(), Place(root).facts)
        say(f"publishing {count:,} bookings for the first time")
        timed(publish_command(root))
        _write(root, *one_more(0))
        timed(publish_command(root))
        for number in range(1, rounds + 1):
            booking, text = one_more(number)
            say(f"round {number} of {rounds}: publishing at {count:,} bookings")
            _counted(root, shore, found, "nothing")
            _write(root, booking, text)
            _counted(root, shore, found, "one new")
            _write(root, booking, _an_hour_later(text))
            _counted(root, shore, found, "one at another time")
    shutil.rmtree(root)
    return found


def _counted(root: Path, shore: Shore, found: Measured, kind: str) -> None:
    shore.calls()
    started = time.time()
    run = timed(publish_command(root))
    calls = [(at - started, step_of(call)) for at, call in shore.calls()]
    found.requests[kind] = Counter(step for _, step in calls)
    found.taken.setdefault(kind, []).append(run.wall)
    reached = {step: at for at, step in reversed(calls)}
    found.reached.setdefault(kind, []).append(reached | {calls[0][1]: calls[0][0], "end": run.wall})


def commit_project(root: Path) -> None:
    """Make a project a repository with one commit."""
    (root / ".gitignore").write_text(".castoff/\nbuild/\n", encoding="utf-8")
    _git(root, "init", "--quiet")
    _commit(root)


def publish_command(root: Path) -> list[str | Path]:
    """Return the command that publishes a project to the stand-in."""
    return [CASTOFF, "-C", root, "publish", "--target", "local", "--yes"]


def step_of(call: str) -> str:
    """Return the step that a request belongs to, itself where it belongs to none that is known."""
    return next((step for step, (form, _) in STEPS.items() if re.search(form, call)), f"`{call}`")


def _requests(measured: Sequence[Measured]) -> str:
    steps = [
        *STEPS,
        *sorted({step for one in measured for made in one.requests.values() for step in made} - set(STEPS)),
    ]
    head = ["request", *(f"{kind}, at {one.bookings:,}" for kind in _KINDS for one in measured), "because"]
    rows = []
    for step in steps:
        made = [one.requests[kind][step] for kind in _KINDS for one in measured]
        if any(made):
            rows.append([step, *(str(count or "") for count in made), STEPS.get(step, ("", ""))[1]])
    total = [f"**{one.requests[kind].total()}**" for kind in _KINDS for one in measured]
    return table(head, [*rows, ["**together**", *total, f"a change of time: at most {MOST}"]])


def _times(measured: Sequence[Measured]) -> str:
    rows = [
        [f"{kind}, at {one.bookings:,}", f"{statistics.median(taken):.2f}", f"{min(taken):.2f} to {max(taken):.2f}"]
        for one in measured
        for kind, taken in one.taken.items()
    ]
    return table(["publish of", "wall s, median", "from, to"], rows)


def _split(measured: Sequence[Measured]) -> str:
    """Return when a change of time had come to each step, in seconds from the command's start."""
    reached = [_median(one.reached["one at another time"]) for one in measured]
    steps = sorted({step for one in reached for step in one}, key=lambda step: reached[0].get(step, 0.0))
    rows = [[step, *(f"{one[step]:.2f}" if step in one else "" for one in reached)] for step in steps]
    return table(["a change of time, seconds until", *(f"at {one.bookings:,}" for one in measured)], rows)


def _median(reached: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {step: statistics.median(one[step] for one in reached if step in one) for step in reached[0]}


def _an_hour_later(text: str) -> str:
    return re.sub(r"^(starts: \S+ )09:00$", r"\g<1>10:00", text, count=1, flags=re.MULTILINE)


def _write(root: Path, booking: str, text: str) -> None:
    (root / "bookings" / f"{booking}.yaml").write_text(text, encoding="utf-8")
    _commit(root)


def _commit(root: Path) -> None:
    _git(root, "add", "--all")
    _git(root, *_IDENTITY, "commit", "--quiet", "--message", "As it stands")


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
