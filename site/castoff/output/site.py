"""A project's built site, made to be judged and thrown away: what `castoff check --output` looks at."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from castoff.build import check
from castoff.fleet.settings import Addresses, settings_of
from castoff.fleet.sources import PICTURES, read_sources
from castoff.output.folder import Bodies, read_release
from castoff.output.grounds import OURS, Grounds, hosts_named
from castoff.output.inspection import inspect
from castoff.pages.assets import STYLESHEET
from castoff.pages.theme import ASSETS, load_theme
from castoff.problems import in_order, stops
from castoff.wishes import NO_TARGET, Wishes
from castoff.writing import build_into

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.fleet.sources import Sources
    from castoff.pages.theme import Theme
    from castoff.problems import Problem

ADDRESSES: Final = Addresses(guest="https://guest.castoff.invalid", ops="https://ops.castoff.invalid")
"""Names that nobody can have: whoever wrote an address of their own by hand into a layout is seen to have."""


def check_site(root: Path, *, clock: datetime) -> tuple[Problem, ...]:
    """Return everything that is wrong with a project and, where nothing of that is an error, with its built site.

    Raises NoParserError where the parser of HTML is not installed.
    """
    problems = check(root, clock=clock)
    return problems if stops(problems) else in_order((*problems, *site_problems(root, clock=clock)))


def site_problems(root: Path, *, clock: datetime, as_of: datetime | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with the site that a project makes, or what keeps it from being made; raises as above."""
    wishes = Wishes(target=NO_TARGET, clock=clock, as_of=as_of, addresses=ADDRESSES)
    with TemporaryDirectory(prefix="castoff-") as above:
        folder = Path(above) / "build"
        written, problems = build_into(folder, root, wishes)
        if written is None:
            return problems
        release, sources = read_release(folder), read_sources(root)
        grounds = Grounds(
            guest=ADDRESSES.guest,
            ops=ADDRESSES.ops,
            files=release.files.keys(),
            hosts=OURS | own_hosts(sources),
            domains=own_domains(sources),
        )
        theme = load_theme(root)
        return in_order(at_its_source(problem, theme) for problem in inspect(release, Bodies(folder), grounds))


def at_its_source(problem: Problem, theme: Theme) -> Problem:
    """Return a problem of an asset as one of the file that it was made of, as far as one is of the same lines."""
    made = _ASSET.fullmatch(problem.path)
    if made is None:
        return problem
    name = f"{made['stem']}{made['ending']}"
    file = theme.files.get(f"{ASSETS}{name}")
    path = file.path if file is not None else f"{PICTURES}/{name}"
    if name == STYLESHEET:  # the brand's colours stand above
        return replace(problem, path=path, line=1, column=1)
    return replace(problem, path=path)


_ASSET: Final = re.compile(r"(?:guest|ops)/castoff/(?P<stem>.+)\.[0-9a-f]{10}(?P<ending>\.[A-Za-z0-9]+)")


def own_hosts(sources: Sources) -> frozenset[str]:
    """Return the hosts that settings, bookings and content lead to; what a layout alone names is to be judged."""
    return hosts_named((sources.settings or b"", *sources.bookings.values(), *sources.content.values()))


def own_domains(sources: Sources) -> frozenset[str]:
    """Return the domains on which the sites will be seen, whatever the target."""
    settings = None if sources.settings is None else settings_of(sources.settings).value
    targets = () if settings is None else settings.targets.values()
    return frozenset(site.domain for target in targets for site in (target.guest, target.ops) if site is not None)
