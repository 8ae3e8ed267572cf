"""`castoff serve`: the project as it will be seen, built anew and loaded again whenever a file changes."""

from __future__ import annotations

import ipaddress

import click

from castoff.cli.project import find_root, load_settings, parse_instant
from castoff.cli.terminal import fail


def _address(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is None or text == "localhost":
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise click.BadParameter(f"`{text}` is not an address; `0.0.0.0` is every one of this computer") from None


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen: 4747, or the next port that is free.")
@click.option("--host", metavar="ADDRESS", callback=_address, help="Let phones in: `0.0.0.0` for this whole network.")
@click.option("--as-of", help="As of another instant than now, such as `2024-05-30 09:00`.")
@click.option("--open", "browse", is_flag=True, help="Open the home page in a browser.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of builds that are well.")
@click.pass_obj
def command(
    directory: str, *, port: int | None, host: str | None, as_of: str | None, browse: bool, quiet: bool
) -> None:
    """Show the project as it will be seen: every booking, its guest and its crew page, new with each saved file.

    Nothing is written and nothing is published. Ctrl-C ends it.

    \b
    Example:
      castoff serve
      castoff serve --as-of "2024-05-30 09:00"
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    root = find_root(directory)
    instant = parse_instant(as_of, load_settings(root).zone) if as_of else None
    try:
        from castoff.cli.preview import preview  # noqa: PLC0415 - it needs an extra, which not everybody has installed
    except ImportError as error:
        fail(f"there is no package `{error.name}`", hint="install castoff with what previews need: `castoff[preview]`")
    preview(root, host=host, port=port, as_of=instant, browse=browse, quiet=quiet)
