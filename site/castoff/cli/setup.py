"""`castoff setup`: the stack in the operator's own AWS account, shown, made, and written into castoff.yaml."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root
from castoff.cli.terminal import Progress, fail, result, result_json, say
from castoff.cli.unfinished import check_settings, load_wanted
from castoff.cloud.account import caller_of, own_account
from castoff.cloud.place import place_of
from castoff.cloud.setup.changes import change_lines, losses, summary
from castoff.cloud.setup.course import Terms, set_up
from castoff.cloud.sources import own_sources
from castoff.fleet.sources import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from castoff.cloud.account import Account, Caller
    from castoff.cloud.setup.change_set import ChangeSet
    from castoff.cloud.setup.course import Done
    from castoff.cloud.setup.sites import Edit
    from castoff.cloud.setup.wanted import Wanted

_NOBODY: Final = "there is no terminal to ask at"


@click.command()
@click.option("--target", default="production", show_default=True, help="Which target of castoff.yaml.")
@click.option("--set", "given", metavar="NAME=VALUE", multiple=True, help="A parameter of the stack; it is kept.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--allow-loss", is_flag=True, help="With --yes: also replace or remove what holds data.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    *,
    target: str,
    given: tuple[str, ...],
    yes: bool,
    allow_loss: bool,
    as_json: bool,
) -> None:
    """Make or change the AWS stack of a target: shown first, done when you agree, written into castoff.yaml.

    It can be broken off and run again at any time. Credentials and region are those of AWS's own tools,
    unless the target names a `profile` and a `region`.

    \b
    Example:
      castoff setup --target production --set OperatorAddresses=203.0.113.7/32
      castoff setup --set Certificate=arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    chosen, progress = _given(given), Progress()
    with told(progress, broken_off="run it again: it goes on from what is there"):
        root = find_root(directory)
        wanted = load_wanted(root, target)
        if wanted is None:
            fail(f"`{target}` is the embedded cloud", hint="`castoff cloud start` sets that up")
        account = own_account(os.environ, region=wanted.region, profile=wanted.profile, endpoint=wanted.endpoint)
        caller = caller_of(account)
        terms = Terms(
            wanted=wanted,
            given=chosen,
            sources=own_sources(),
            cache=place_of(root).packages,
            settings=root / SETTINGS,
            caller=caller,
        )
        operator = _AtTheTerminal(wanted, account, caller, progress, yes=yes, allow_loss=allow_loss)
        done = set_up(account, terms, operator=operator, progress=progress)
    if as_json:
        result_json(_as_json(wanted, done))
    else:
        _tell(wanted, done)
    raise SystemExit(0 if done.agreed else 1)


class _AtTheTerminal:
    """The person at the keyboard, or their `--yes`."""

    def __init__(
        self, wanted: Wanted, account: Account, caller: Caller, progress: Progress, *, yes: bool, allow_loss: bool
    ) -> None:
        self._wanted, self._progress, self._yes, self._allow_loss = wanted, progress, yes, allow_loss
        self._where = f"stack `{wanted.stack}` in {account.region}, account {caller.account}"

    def agree_to_changes(self, change_set: ChangeSet) -> bool:
        self._progress.clear()
        say(f"{self._wanted.target}, {self._where}: {summary(change_set.changes)}")
        for line in change_lines(change_set.changes):
            say(line)
        lost = losses(change_set.changes)
        if lost and self._yes and not self._allow_loss:
            names = ", ".join(f"`{one.name}`" for one in lost)
            fail(
                f"{names} would go out of use with what it holds" if len(lost) == 1 else f"{names} would go out of use",
                hint="run it at a terminal and look, or add `--allow-loss`",
            )
        return self._asked("make these changes?")

    def agree_to_edits(self, found: Sequence[Edit]) -> bool:
        self._progress.clear()
        say("your own, which the stack does not make:")
        for edit in found:
            say(f"  {edit.subject}")
            for line in edit.lines:
                say(f"    {line}")
        return self._asked("change them?")

    def check(self, text: str) -> None:
        check_settings(text)

    def _asked(self, question: str) -> bool:
        if self._yes:
            return True
        if not sys.stdin.isatty():
            fail(_NOBODY, hint="read what is above, then run it again with `--yes`")
        return click.confirm(question, err=True)


def _given(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise click.UsageError(f"`--set {text}`: write NAME=VALUE")
        found[name] = value
    return found


def _tell(wanted: Wanted, done: Done) -> None:
    if not done.agreed:
        say("nothing was changed" if not done.outputs else "the stack stands; your own distributions are as they were")
        return
    if done.nothing:
        say(f"nothing to do: {wanted.target} is as castoff.yaml asks")
        return
    if done.written:
        say(f"castoff.yaml now says {', '.join(f'`{field}`' for field in done.written)} of {wanted.target}")
    for name, site in (("GuestDistributionDomain", wanted.guest), ("OpsDistributionDomain", wanted.ops)):
        if name in done.outputs:
            result(f"{site.domain}  {done.outputs[name]}")
    result(f"publisher's role  {done.outputs['PublisherRole']}")
    say(f"done: look with `castoff doctor --target {wanted.target}`, commit castoff.yaml, then publish")


def _as_json(wanted: Wanted, done: Done) -> dict[str, object]:
    return {
        "target": wanted.target,
        "stack": wanted.stack,
        "agreed": done.agreed,
        "changes": [one.to_json() for one in done.changes],
        "edits": [{"subject": one.subject, "lines": list(one.lines)} for one in done.edits],
        "written": list(done.written),
        "outputs": dict(done.outputs),
    }
