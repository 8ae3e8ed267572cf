"""The contract of a target's services, tried and told clause by clause."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.lines import hanging, terminal_width
from castoff.cli.terminal import result, result_json, say
from publisher.adapters.plain import plain_services
from publisher.clauses import calendar, crew_service
from publisher.clauses.clause import Verdict
from publisher.clauses.run import PREFIX, Services, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from castoff.cli.releasing import Project
    from publisher.clauses.clause import Tried

_COLOURS: Final = {Verdict.HELD: "green", Verdict.BROKEN: "red", Verdict.UNTRIED: "yellow"}
_WIDEST: Final = max(len(name) for name in (*crew_service.NAMES, *calendar.NAMES))
_VERDICTS: Final = max(map(len, Verdict))


def try_contract(project: Project, members: bool, *, as_json: bool) -> bool:  # noqa: FBT001 - handed on as it was given
    """Try every clause and tell each as it comes out; return whether all that were tried hold, and nothing is left.

    Raises PublishError where the services' secrets cannot be had.
    """
    services = plain_services(project.destination())
    now = datetime.now(UTC).replace(microsecond=0)
    mark = secrets.token_hex(4)
    found: list[Tried] = []
    left: list[str] = []

    def tell(tried: Tried) -> None:
        if not as_json:
            if not found or found[-1].service != tried.service:
                result(click.style(tried.service, bold=True))
            for line in lines(tried, width=terminal_width()):
                result(line)
        found.append(tried)

    def leave(words: str) -> None:
        left.append(words)
        say(f"{click.style('left behind:', fg='red')} {words}")

    run(Services(services.crew, services.calendar, mark, now), told=tell, left=leave, members=members)
    broken = [tried for tried in found if tried.verdict is Verdict.BROKEN]
    if as_json:
        result_json({"booking": f"{PREFIX}{mark}", "clauses": [tried.to_json() for tried in found], "left": left})
    else:
        counts = {verdict: sum(tried.verdict is verdict for tried in found) for verdict in Verdict}
        told = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count)
        made = f"what it made for booking `{PREFIX}{mark}`"
        say(f"{project.target}: {told}; {made} is {'not all gone' if left else 'gone again, its event cancelled'}")
    return not broken and not left


def lines(tried: Tried, *, width: int) -> Iterator[str]:
    """Yield a clause as it came out, with what was expected and seen where it is broken."""
    head = f"  {tried.verdict.value:<{_VERDICTS}}  {tried.name:<{_WIDEST}}  "
    untried = tried.verdict is Verdict.UNTRIED
    first, *rest = hanging(head, tried.seen if untried else tried.says, width=width)
    yield first.replace(tried.verdict.value, click.style(tried.verdict.value, fg=_COLOURS[tried.verdict]), 1)
    yield from rest
    if tried.verdict is Verdict.BROKEN:
        indent = " " * (_VERDICTS + 4)
        yield from hanging(f"{indent}expected  ", tried.expected, width=width)
        yield from hanging(f"{indent}seen      ", tried.seen, width=width)
