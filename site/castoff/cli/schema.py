"""`castoff schema`: the JSON Schemas that editors check an operator's files with."""

from __future__ import annotations

import click

from castoff.cli.project import find_root
from castoff.cli.terminal import result
from castoff.schema import schemas


@click.command()
@click.pass_obj
def command(directory: str) -> None:
    """Write the JSON Schemas that editors check bookings, settings and content with, into schema/.

    \b
    Example:
      castoff schema
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    root = find_root(directory)
    for path, text in schemas().items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
        result(path)
