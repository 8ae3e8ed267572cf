"""`castoff build`: a project's files become a release."""

from __future__ import annotations

import time
from pathlib import Path

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root
from castoff.cli.releasing import BUILD, open_project
from castoff.cli.terminal import counted, result, result_json
from publisher.errors import PublishError


@click.command()
@click.option("--target", default="local", show_default=True, help="For which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option("--out", type=click.Path(file_okay=False), help="Into another folder than build/.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(directory: str, target: str, as_of: str | None, out: str | None, *, as_json: bool) -> None:
    """Make the pages, and the release that a publish makes true; the same files make the same bytes.

    \b
    Example:
      castoff build --as-of "2024-05-30 09:00"
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    started = time.perf_counter()
    root = find_root(directory)
    folder = Path(out) if out else root / BUILD
    with told():
        project = open_project(root, target=target, as_of=as_of)
        try:
            commit = project.git.head()
        except PublishError:
            commit = ""  # a build needs no repository; only a publish does
        release = project.write(commit=commit, prior={}, out=folder)
    took = time.perf_counter() - started
    if as_json:
        result_json({"out": str(folder), "bookings": len(release.bookings), "files": len(release.files)})
    else:
        bookings, files = counted(len(release.bookings), "booking"), counted(len(release.files), "file")
        result(f"{bookings}, {files} in {folder} ({took:.1f} s)")
