"""`castoff publish`: what is live already is known by a glance; only where it is not comes everything else."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from castoff.cli import importing
from castoff.cli.glance import glanced, program_stamp
from castoff.cli.limits import limits_option
from castoff.cli.root import find_root
from castoff.cli.terminal import fail, say


@click.command()
@click.option("--target", default="production", show_default=True, help="To which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option(
    "--full", is_flag=True, help="Build all anew and renew every upload form; what is as it should be is left."
)
@click.option("--adopt", is_flag=True, help="Take what was there before castoff for its own; crews hear what differs.")
@click.option("--repair", is_flag=True, help="Look at what really stands, and mend what was changed by hand.")
@click.option("--remove-strays", is_flag=True, help="With --repair: remove what stands there and no publish wrote.")
@click.option("--yes", is_flag=True, help="Do not ask: for CI.")
@click.option("--expect", metavar="DIGEST", help="Apply only the plan with this digest.")
@limits_option
@click.option("--force-from", metavar="REF", help="What is live is this commit of a history since rewritten.")
@click.option("--lease", type=click.FloatRange(0, min_open=True), hidden=True, help="Seconds.")
@click.option("--summary", metavar="FILE", help="Append what was done to FILE, as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    *,
    target: str,
    as_of: str | None,
    expect: str | None,
    max_removed: int,
    force_from: str | None,
    lease: float | None,
    full: bool,
    adopt: bool,
    repair: bool,
    remove_strays: bool,
    yes: bool,
    allow_empty: bool,
    summary: str | None,
    as_json: bool,
) -> None:
    """Make the committed bookings true: pages, crew calls, calendar; each exactly once, however often it is run.

    \b
    Example:
      castoff publish --target local
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    if remove_strays and not repair:
        raise click.UsageError("--remove-strays goes with --repair, which looks for them")
    if adopt and repair:
        raise click.UsageError("--adopt goes first, --repair in a publish after it")
    program = program_stamp()
    plain = not (full or adopt or repair or as_of or expect or force_from or as_json)
    if plain and _is_live(directory, target, program=program, summary=summary):
        return
    with importing():
        from castoff.cli.publishing import Asked, run  # noqa: PLC0415 - for a publish of nothing it need not be there
        from publisher.looks import Look  # noqa: PLC0415 - as above
        from publisher.planning.limits import Limits  # noqa: PLC0415 - as above

    mends = Look.SWEEP if remove_strays else Look.REPAIR
    asked = Asked(
        target=target,
        as_of=as_of,
        full=full,
        look=mends if repair else Look.ADOPT if adopt else Look.USUAL,
        yes=yes,
        expect=expect,
        limits=Limits(max_removed=max_removed, allow_empty=allow_empty),
        force_from=force_from,
        lease=lease,
        summary=summary,
        as_json=as_json,
    )
    run(directory, asked, program=program)


def _is_live(directory: str, target: str, *, program: str, summary: str | None) -> bool:
    """Say that there is nothing to do, where a glance tells so."""
    try:
        glance = glanced(find_root(directory), target, program=program, now=datetime.now(UTC))
    except KeyboardInterrupt:
        fail("broken off", hint="nothing was changed")
    if glance is None:
        return False
    for line in glance.lines:
        say(line)
    if summary is not None:
        with importing():
            from castoff.cli.errors import told  # noqa: PLC0415 - a summary is asked for in CI alone
            from castoff.cli.summaries import summarise_nothing  # noqa: PLC0415 - as above
        with told():
            summarise_nothing(summary, target, glance.commit)
    return True
