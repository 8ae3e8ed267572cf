"""docs/reference/commands.md: what `castoff COMMAND --help` says, from click itself."""

from __future__ import annotations

from typing import Final

import click
from reference.markdown import page

from castoff.cli import main

_WIDTH: Final = 100


_BEGINNING: Final = """\
What `--help` says of each. Exit codes: 0 done, 1 problems or failure, 2 a command that cannot be meant so. What is
asked for goes to stdout, all else to stderr; where there is a result, `--json` gives it to programs."""


def commands() -> str:
    """Return the page."""
    return page("Commands", _BEGINNING, _help(main, "castoff"), *_below(main, "castoff"))


def _below(group: click.Group, path: str) -> list[str]:
    context, parts = click.Context(group), []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            parts += [f"{'#' * (path.count(' ') + 2)} {path} {name}", _help(command, f"{path} {name}")]
            parts += _below(command, f"{path} {name}") if isinstance(command, click.Group) else []
    return parts


def _help(command: click.Command, path: str) -> str:
    settings = {"help_option_names": ["-h", "--help"], "terminal_width": _WIDTH, "max_content_width": _WIDTH}
    context = click.Context(command, info_name=path, **settings)
    return f"```\n{command.get_help(context).rstrip()}\n```"
