"""`castoff keys rotate`: a key of the stack changed for a new one, while everybody works on."""

from __future__ import annotations

from typing import Final

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root, load_settings
from castoff.cli.stacks import stack_of
from castoff.cli.terminal import Progress, result, result_json, say
from castoff.fleet.settings import CrewPages

_DONE: Final = {
    # kind: (what is done with it, what ends when the key before it does)
    "cookie": ("signs the crew's cookies", "crew members with an older cookie log in anew"),
    "ticket": ("signs upload tickets", "open pages with an older ticket are to be published again"),
    "service": ("opens ShipCaptainCrew to the publisher", "a publish that read the older key is to be run again"),
    "dashboard": ("opens the dashboard to the publisher", "a publish that read the older token is to be run again"),
    "upload-signer": ("signs upload forms", "forms in pages are dead until `castoff publish --full`"),
}


@click.group()
def command() -> None:
    """Change the keys of the stack.

    \b
    Example:
      castoff keys rotate cookie --target production
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines


@command.command()
@click.argument("kind", metavar="KIND", type=click.Choice([*_DONE]))
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--leaked", is_flag=True, help="End the present key at once: somebody else has it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def rotate(directory: str, kind: str, target: str, *, leaked: bool, as_json: bool) -> None:
    """Put a new key in the place of one in use; the one before it stays good until the next rotation.

    The key itself is never shown. A run that broke off is finished by running it again.

    \b
    KIND is whose key it is:
      cookie         signs the crew's cookies, which the edge checks
      ticket         signs upload tickets
      service        opens ShipCaptainCrew to the publisher
      dashboard      opens the dashboard to the publisher
      upload-signer  signs upload forms

    \b
    Example:
      castoff keys rotate service
      castoff keys rotate cookie --leaked
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    root = find_root(directory)
    settings = load_settings(root)
    progress = Progress()
    with told(progress, broken_off="run it again: it goes on where it was"):
        from castoff.cloud.keys.rotation import Hands, rotate  # noqa: PLC0415 - the cloud's code is heavy
        from castoff.cloud.keys.vault import open_vault  # noqa: PLC0415 - the cloud's code is heavy

        account, standing = stack_of(root, settings, target)
        hands = Hands(
            account,
            open_vault(account, prefix=standing.parameters.get("Name", "castoff")),
            standing.outputs["KeyValueStore"],
            leaked=leaked,
            unlisted=settings.crew_pages is CrewPages.UNLISTED,
        )
        rotate(kind, hands, progress=progress)
    if as_json:
        result_json({"target": target, "kind": kind, "leaked": leaked})
        return
    does, ends = _DONE[kind]
    result(f"{target}: a new {kind} key {does}")
    say(f"the one before it is ended: {ends}" if leaked else "the one before it stays good until the next rotation")
