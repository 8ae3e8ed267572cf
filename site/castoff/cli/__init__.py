"""The command line: each command a module of its own, imported when it is asked for and not before."""

from __future__ import annotations

import gc
import importlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from castoff import __version__
from castoff.cli.terminal import TARGET

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS: Final = {
    "check": "Say everything that is wrong with bookings, content and settings.",
    "new": "Write the file of a new booking, from flags or from answers.",
    "serve": "Show the project as it will be seen, new with each saved file.",
    "build": "Make the pages, and the release that a publish makes true.",
    "plan": "Show what publishing would do, and do nothing.",
    "publish": "Make the committed bookings true: pages, crew calls, calendar.",
    "status": "Show each booking as it stands in file, page, event, calendar and mail.",
    "history": "Show what was published, when and by whom; or one booking's life.",
    "unlock": "Show who is publishing to a target, and take the lease away from them.",
    "mail": "List the crew's mail that is not out; send it again, or note that it arrived.",
    "doctor": "Say what is well with a target and what is not, and what to do.",
    "link": "Print a guest's link, with a message ready to send.",
    "keys": "Change the keys of the stack.",
    "scrub": "Remove lines about money from events that were stored before castoff.",
    "setup": "Make or change the AWS stack of a target.",
    "cloud": "Run the embedded cloud: all of AWS that castoff needs, on this machine.",
    "demo": "Try everything at once: an example site, published and served here.",
    "schema": "Write the JSON Schemas that editors check bookings with.",
}


class _Lazy(click.Group):
    """Knows its commands by name and a line each, so that `castoff --help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        with importing():
            module = importlib.import_module(f"castoff.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self,
        ctx: click.Context,
        args: list[str],
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib  # noqa: PLC0415 - only who mistypes pays for it

            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            raise click.UsageError(error.message + (f" Did you mean `{close[0]}`?" if close else ""), ctx) from None


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="castoff %(version)s")
@click.option(
    "-C",
    "--directory",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    help="Work in this folder; castoff.yaml is looked for here and above.",
)
@click.pass_context
def main(ctx: click.Context, directory: str) -> None:
    """One YAML file per charter: guest page, crew page, crew call and calendar entry, each exactly once.

    CASTOFF_TARGET in the environment is the target of whichever command is given none.

    \b
    Example:
      castoff check
      castoff publish --target local
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    ctx.obj = directory
    if target := os.environ.get(TARGET):
        of_all = {"target": target}
        ctx.default_map = dict.fromkeys(COMMANDS, of_all | {"rotate": of_all})


@contextmanager
def importing() -> Iterator[None]:
    """Spare what imports cost beside themselves: 60 ms of half a second.

    They make a hundred thousand objects and no garbage, and Pydantic asks every package there is for plugins.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
