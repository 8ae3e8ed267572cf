"""The course of a setup: packed, shown, agreed to, done, written down; each step finds what the last run left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from castoff.cloud.lambda_packages import AWS_PLATFORM, Target
from castoff.cloud.problems import CloudError, StackError
from castoff.cloud.settling import reasons, remove, settle
from castoff.cloud.setup.administrators import check_callers, with_caller
from castoff.cloud.setup.apis import deploy_stale
from castoff.cloud.setup.change_set import carry_out, discard, make_change_set
from castoff.cloud.setup.named import check_named
from castoff.cloud.setup.parameters import parameters
from castoff.cloud.setup.sender import with_sender
from castoff.cloud.setup.settings_text import conflicts, read_settings, with_values, write_settings
from castoff.cloud.setup.sites import edits
from castoff.cloud.setup.wanted import written_down
from castoff.cloud.stack import Deployed, make_keys, package
from castoff.cloud.standing import load_standing
from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from castoff.cloud.account import Account, Caller
    from castoff.cloud.progress import Progress
    from castoff.cloud.setup.change_set import ChangeSet
    from castoff.cloud.setup.changes import Change
    from castoff.cloud.setup.sites import Edit
    from castoff.cloud.setup.wanted import Wanted
    from castoff.cloud.sources import Sources
    from castoff.cloud.standing import Standing
    from castoff.cloud.template import Template

_BY_HAND: Final = ("UPDATE_ROLLBACK_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED", "CREATE_FAILED")


class Operator(Protocol):
    """Whoever decides, and whoever knows what castoff.yaml may say."""

    def agree_to_changes(self, change_set: ChangeSet) -> bool:
        """Show what CloudFormation would do, and say whether it may."""

    def agree_to_edits(self, found: Sequence[Edit]) -> bool:
        """Show what would change in distributions and buckets that are the operator's own, and say whether it may."""

    def check(self, text: str) -> None:
        """End where castoff.yaml could not be this text."""


@dataclass(frozen=True)
class Terms:
    """What a setup works with; `given` are parameters of the command line, `cache` keeps the Lambdas' packages."""

    wanted: Wanted
    given: Mapping[str, str]
    sources: Sources
    cache: Path
    settings: Path
    caller: Caller


@dataclass(frozen=True)
class Done:
    """What a setup did; `agreed` is False where the operator said no, and nothing more was done then."""

    agreed: bool
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]
    written: tuple[str, ...]
    outputs: Mapping[str, str]

    @property
    def nothing(self) -> bool:
        """Whether everything was as it should be."""
        return not (self.changes or self.edits or self.written)


def set_up(account: Account, terms: Terms, *, operator: Operator, progress: Progress) -> Done:
    """Bring an account to what castoff.yaml asks, and castoff.yaml to what the account has.

    Raises CloudError. Wherever it ends, the next run goes on from there.
    """
    wanted = terms.wanted
    progress.step("looking at what is there")
    standing = _mended(account, wanted.stack, progress=progress)
    _refuse_conflicts(terms, standing)
    check_named(account, wanted, standing)
    template = parse_template(terms.sources.template.read_text(encoding="utf-8"))
    asked = parameters(template, wanted, standing=standing, given=terms.given)
    check_callers(terms.caller, asked)
    asked |= with_caller(template, terms.caller, wanted=wanted, standing=standing, asked=asked)
    asked |= with_sender(account, standing, asked)

    change_set = _change_set(account, terms, asked, standing, progress=progress)
    changes = change_set.changes if change_set else ()
    if change_set and not _agreed(account, change_set, operator):
        return Done(agreed=False, changes=changes, edits=(), written=(), outputs={})
    if change_set:
        carry_out(account, change_set, progress=progress)

    standing = _there(load_standing(account, wanted.stack), wanted.stack)
    progress.step("making the keys")
    deployed = Deployed(standing.name, standing.outputs, changed=bool(change_set))
    make_keys(account, deployed, prefix=standing.parameters["Name"], unlisted=wanted.unlisted)
    progress.step("deploying the APIs")
    deploy_stale(account, standing)
    return _rest(account, terms, template, standing, changes, operator=operator, progress=progress)


def _rest(
    account: Account,
    terms: Terms,
    template: Template,
    standing: Standing,
    changes: tuple[Change, ...],
    *,
    operator: Operator,
    progress: Progress,
) -> Done:
    """Change what is the operator's own, and write down what the stack has made."""
    progress.step("looking at your own distributions and buckets")
    found = tuple(edits(account, template, terms.wanted, standing, owner=terms.caller.account))
    if found and not operator.agree_to_edits(found):
        return Done(agreed=False, changes=changes, edits=found, written=(), outputs=standing.outputs)
    for edit in found:
        progress.step(f"changing {edit.subject}")
        edit.apply(account)
    written = _write_down(terms, standing, operator)
    return Done(agreed=True, changes=changes, edits=found, written=written, outputs=standing.outputs)


def _mended(account: Account, name: str, *, progress: Progress) -> Standing | None:
    """Wait for what is under way, clear away a creation that failed, and return what stands."""
    cloudformation = account.session.client("cloudformation", **account.options)
    status = settle(cloudformation, name, progress=progress)
    if status == "ROLLBACK_COMPLETE":  # a creation that failed: CloudFormation only lets it be deleted
        progress.step(f"clearing away what a failed run left of `{name}`")
        remove(cloudformation, name, progress=progress)
        return None
    if status in _BY_HAND:
        raise StackError(name, status=status, reasons=reasons(cloudformation, name))
    return load_standing(account, name)


def _refuse_conflicts(terms: Terms, standing: Standing | None) -> None:
    """End where castoff.yaml names other things than the stack's: which are meant is not castoff's to guess."""
    wanted, text = terms.wanted, read_settings(terms.settings)
    if standing is None or "SccUrl" not in standing.outputs:
        for field, value in wanted.of_another:
            raise CloudError(
                f"castoff.yaml has `{value}` as `{field}`, and there is no stack `{wanted.stack}` that made it",
                hint="remove it, so that the stack makes one; whoever has services of their own needs no stack",
            )
        return
    for field, held, value in conflicts(text, wanted.target, written_down(wanted, standing.outputs)):
        raise CloudError(
            f"castoff.yaml has `{held}` as `{field}`, and the stack `{wanted.stack}` has `{value}`",
            hint="correct it, or name another stack with `stack` in the target",
        )


def _change_set(
    account: Account,
    terms: Terms,
    asked: Mapping[str, str | None],
    standing: Standing | None,
    *,
    progress: Progress,
) -> ChangeSet | None:
    sources, name = terms.sources, terms.wanted.stack
    deployed = standing.parameters.get("Runtime") if standing else None
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    runtime = asked.get("Runtime") or deployed or template["Parameters"]["Runtime"]["Default"]
    target = Target(runtime, None if account.endpoint else AWS_PLATFORM)  # embedded, they run on this machine
    _, body = package(account, sources, name=name, target=target, cache=terms.cache, progress=progress)
    return make_change_set(account, name, body=body, parameters=asked, progress=progress)


def _agreed(account: Account, change_set: ChangeSet, operator: Operator) -> bool:
    """Ask; a change set that nobody wants is thrown away, also where the question is broken off."""
    agreed = False
    try:
        agreed = operator.agree_to_changes(change_set)
    finally:
        if not agreed:
            discard(account, change_set)
    return agreed


def _write_down(terms: Terms, standing: Standing, operator: Operator) -> tuple[str, ...]:
    """Write what castoff.yaml does not say yet, and return the fields."""
    before = text = read_settings(terms.settings)
    fields: list[str] = []
    for path, value in written_down(terms.wanted, standing.outputs).items():
        after = with_values(text, terms.wanted.target, {path: value})
        if after != text:
            fields.append(".".join(path))
        text = after
    if text != before:
        operator.check(text)
        write_settings(terms.settings, text)
    return tuple(fields)


def _there(standing: Standing | None, name: str) -> Standing:
    if standing is None:
        raise CloudError(f"the stack `{name}` is gone: somebody removed it meanwhile", hint="run it again")
    return standing
