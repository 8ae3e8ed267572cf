"""`castoff mail`: the crew's mail that is not out or in doubt, and what the operator's word makes of it."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.errors import told
from castoff.cli.lines import hanging, terminal_width
from castoff.cli.project import find_root, this_instant
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress, fail, result, result_json, say
from castoff.contract.counts import counted
from castoff.pages.wording import clock
from castoff.problems import nearest
from publisher.adapters.mails import crew_mails
from publisher.survey.mails import Stand

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from publisher.adapters.mails import CrewMails
    from publisher.survey.mails import CrewMail

_KINDS: Final = {
    "invited": "crew call",
    "changed": "changed",
    "released": "not needed",
    "cancelled": "cancelled",
    "reinstated": "sails after all",
    "reminder": "reminder",
    "summary": "at a glance",
}
_SETTLED: Final = {Stand.OUT, Stand.LAPSED}
"""About these there is nothing to do."""
_COLOURS: Final = {Stand.DOUBTFUL: "red", Stand.BOUNCED: "red", Stand.WAITS: "yellow"}
_WHY: Final = {
    Stand.WAITS: "not out yet: SES refused it for now, or was not asked",
    Stand.FLIES: "it was handed to SES this very minute",
    Stand.DOUBTFUL: "SES was asked and never answered: it may have arrived",
    Stand.BOUNCED: "nothing arrives at the address on file",
}
_REASONS: Final = {
    "member_gone": "the crew member is not here any more",
    "charter_over": "the charter was over",
    "event_cancelled": "the charter was cancelled before it went out",
    "not_aboard": "the crew member was taken off before it went out",
    "moved": "things changed again, and a newer mail tells how",
    "told_lately": "another mail about the charter went out within twelve hours before",
    "never_confirmed": "nobody knows whether it went out, and the charter is over",
    "never_called": "the crew member never heard that they were called",
}
_TODO: Final = {
    Stand.WAITS: "nothing to do, it is tried again every quarter of an hour",
    Stand.DOUBTFUL: "ask the reader; if it came, `castoff mail --arrived ID{at}`, else `castoff mail --resend ID{at}`",
    Stand.BOUNCED: (
        "correct the address in content/crew and publish, then `castoff mail --resend ID{at}`; "
        "who was told otherwise needs none: `castoff mail --arrived ID{at}`"
    ),
}


@click.command()
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--all", "everything", is_flag=True, help="List every mail of the last weeks.")
@click.option("--resend", metavar="MAIL_ID", help="Send a mail again, with a fresh link.")
@click.option("--arrived", metavar="MAIL_ID", help="Note that its reader knows what it says: nothing is sent.")
@click.option("--yes", is_flag=True, help="With --resend: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    *,
    target: str,
    everything: bool,
    resend: str | None,
    arrived: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """List the crew's mail that is not out or in doubt; send a mail again, or note that it arrived.

    It shows who was to be told what, since when each mail stands where it does, and what to do about it. Addresses and
    texts are never shown.

    \b
    Example:
      castoff mail
      castoff mail --all --target local
      castoff mail --resend ev-xhqgmdh-5d0c1f7a.00000001.crew-001
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    if sum([everything, resend is not None, arrived is not None]) > 1:
        raise click.UsageError("ask for one thing: --all, --resend or --arrived")
    if yes and resend is None:
        raise click.UsageError("--yes goes with --resend")
    progress = Progress()
    with told(progress, broken_off="`castoff mail` says how it stands"):
        project = open_project(find_root(directory), target=target, as_of=None)
        mails, zone = crew_mails(project.destination()), project.settings.zone
        progress.step("reading the mails")
        listed = mails.all()
        progress.clear()
        if resend is None and arrived is None:
            _list(listed, target=target, zone=zone, everything=everything, as_json=as_json)
            return
        mail = _one(resend or arrived or "", listed, target)
        done = _resent(mails, mail, yes=yes) if resend is not None else mails.arrived(mail.id)
    if as_json:
        result_json(_as_json(done, zone=zone))
    stand = done.stand(this_instant())
    if stand is not Stand.OUT:
        words = _WHY.get(stand, stand.value)
        fail(f"the mail is not known to be out: {words}", hint=_todo(stand, target) or "look with `castoff mail`")
    say(f"the {_what(mail)} is {'on its way' if resend is not None else 'noted as arrived'}")


def table(mails: Sequence[CrewMail], *, zone: ZoneInfo, width: int) -> Iterator[str]:
    """Yield the mails as a table, beneath each why it is not out, and its id where something can be done about it."""
    now = this_instant()
    rows = [(mail, mail.stand(now)) for mail in mails]
    cells = [
        {
            "booking": mail.booking,
            "member": mail.member,
            "mail": _KINDS.get(mail.kind, mail.kind),
            "stands": stand.value,
            "since": _when(mail.since, zone),
        }
        for mail, stand in rows
    ]
    columns = {name: max(len(name), *(len(row[name]) for row in cells)) for name in cells[0]}
    yield click.style(_line({name: name for name in columns}, columns), bold=True)
    for (mail, stand), shown in zip(rows, cells, strict=True):
        yield click.style(_line(shown, columns), fg=_COLOURS.get(stand))
        if stand is not Stand.OUT:
            yield from hanging("  ", _why(mail, stand), width=width)
        if stand not in _SETTLED:
            yield f"  id: {mail.id}"


def _list(listed: Sequence[CrewMail], *, target: str, zone: ZoneInfo, everything: bool, as_json: bool) -> None:
    now = this_instant()
    shown = sorted(
        (mail for mail in listed if everything or mail.stand(now) not in _SETTLED),
        key=lambda mail: (mail.since is not None, mail.since or now, mail.id),
    )
    if as_json:
        result_json({"mails": [_as_json(mail, zone=zone) for mail in shown]})
        return
    if not shown:
        say("no mail was written in the last weeks" if everything else "every mail is out")
        return
    width = terminal_width()
    for line in table(shown, zone=zone, width=width):
        result(line)
    stands = [mail.stand(now) for mail in shown]
    counts = {stand: stands.count(stand) for stand in Stand if stand in stands}
    say(f"{counted(len(shown), 'mail')}: {', '.join(f'{count:,} {stand.value}' for stand, count in counts.items())}")
    for stand in counts:
        todo = _todo(stand, target)
        if todo:
            for line in hanging(f"  {stand.value}: ", todo, width=width):
                say(line)


def _one(mail_id: str, listed: Sequence[CrewMail], target: str) -> CrewMail:
    known = {mail.id: mail for mail in listed}
    if mail_id in known:
        return known[mail_id]
    meant = nearest(mail_id, known)
    hint = f"did you mean `{meant}`?" if meant else f"`castoff mail --target {target}` lists those that are not out"
    return fail(f"there is no mail `{mail_id}`", hint=hint)


def _resent(mails: CrewMails, mail: CrewMail, *, yes: bool) -> CrewMail:
    """Ask, and send a mail again; one that is out is refused before, and by the service too."""
    if mail.stand(this_instant()) is Stand.OUT:
        fail("this mail is out", hint=f"a fresh link: `castoff link {mail.booking} --crew {mail.member}`")
    if not yes and not sys.stdin.isatty():
        fail("there is no terminal to ask at", hint="look at it with `castoff mail`, then say `--yes`")
    if not yes and not click.confirm(f"send {mail.member} the {_what(mail)} again?", err=True):
        fail("nothing was sent")
    return mails.resend(mail.id, word=secrets.token_hex(16))


def _what(mail: CrewMail) -> str:
    return f"mail `{_KINDS.get(mail.kind, mail.kind)}` of {mail.booking} to {mail.member}"


def _why(mail: CrewMail, stand: Stand) -> str:
    return (
        _REASONS.get(mail.reason, mail.reason or "it is not needed any more") if stand is Stand.LAPSED else _WHY[stand]
    )


def _todo(stand: Stand, target: str) -> str | None:
    todo = _TODO.get(stand)
    return todo.format(at="" if target == "production" else f" --target {target}") if todo else None


def _when(since: datetime | None, zone: ZoneInfo) -> str:
    """Return `Sat, Nov 21, 11:05 AM PST`, by the clock at the dock."""
    if since is None:
        return "?"
    local = since.astimezone(zone)
    return f"{local:%a, %b} {local.day}, {clock(local)} {local:%Z}"


def _line(cells: dict[str, str], columns: dict[str, int]) -> str:
    return "  ".join(f"{cells[name]:<{width}}" for name, width in columns.items()).rstrip()


def _as_json(mail: CrewMail, *, zone: ZoneInfo) -> dict[str, object]:
    return {
        "mail_id": mail.id,
        "booking_id": mail.booking,
        "member_id": mail.member,
        "kind": mail.kind,
        "state": mail.state,
        "stands": mail.stand(this_instant()).value,
        "since": mail.since.astimezone(zone).isoformat() if mail.since is not None else None,
        "reason": mail.reason or None,
    }
