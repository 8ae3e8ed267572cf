"""`castoff scrub`: lines about money, removed from what ShipCaptainCrew stored before castoff did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root, load_settings
from castoff.cli.stacks import stack_of
from castoff.cli.terminal import Progress, fail, result, result_json, say
from castoff.cloud.scrub import Kind, scrub
from castoff.contract.counts import counted

if TYPE_CHECKING:
    from castoff.cloud.account import Account
    from castoff.cloud.scrub import Findings

_WORDS: Final = {Kind.EVENT: "event", Kind.MAIL: "mail", Kind.REQUEST: "request", Kind.OTHER: "other item"}


@click.command()
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--apply", is_flag=True, help="Remove them; without it they are only counted.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, target: str, *, apply: bool, as_json: bool) -> None:
    """Remove lines about money from events that were stored before castoff.

    It looks through the notes in ShipCaptainCrew's table, and counts; with --apply it removes the lines. No line is
    ever shown, and nobody is mailed. Broken off, it is run again: what was done stays done.

    \b
    Example:
      castoff scrub --target production
      castoff scrub --target production --apply
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    progress = Progress()
    with told(progress, broken_off="run it again; what was done stays done"):
        account, table = _table(directory, target)
        found = scrub(account, table, apply=apply, progress=progress)
    if as_json:
        result_json(_as_json(found, apply=apply))
        return
    for booking, lines in sorted(found.bookings.items()):
        result(f"{booking or '(no booking)'}  {counted(lines, 'line')}")
    for words in summary(found, apply=apply):
        say(words)
    if found.bookings and not apply:
        say(f"  hint: `castoff scrub --target {target} --apply` removes them")


def summary(found: Findings, *, apply: bool) -> list[str]:
    """Return what was found and done, a line for each kind of which there is any, and nothing of what the lines say."""
    lines = [
        f"{counted(count.seen, _WORDS[kind])} with notes: {counted(count.lines, 'line')} about money in {count.held:,}"
        + (f", {count.changed:,} changed" if apply else "")
        for kind, count in found.kinds.items()
        if count.seen
    ]
    if not found.bookings:
        return [*lines, "no line about money is stored"]
    return lines if apply else [*lines, "nothing was changed"]


def _table(directory: str, target: str) -> tuple[Account, str]:
    """Return the account that a target is in, and the name of ShipCaptainCrew's table there."""
    root = find_root(directory)
    account, stack = stack_of(root, load_settings(root), target)
    table = stack.outputs.get("SccTable")
    if table is None:
        fail(f"stack `{stack.name}` names no table of ShipCaptainCrew", hint="bring it up to date with `castoff setup`")
    return account, table


def _as_json(found: Findings, *, apply: bool) -> dict[str, Any]:
    return {
        "applied": apply,
        "kinds": {
            str(kind): {"seen": count.seen, "held": count.held, "lines": count.lines, "changed": count.changed}
            for kind, count in found.kinds.items()
        },
        "bookings": dict(found.bookings),
    }
