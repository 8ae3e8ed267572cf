"""`castoff build`: a project's files become a release."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from castoff.cli.root import find_root
from castoff.cli.terminal import fail, result, result_json
from castoff.contract.counts import counted
from castoff.lookout import Lookout

if TYPE_CHECKING:
    from castoff.upkeep import Kept

BUILD = "build"
_SOURCES: Final = ("bookings", "content", "layouts")


@click.command()
@click.option("--target", default="local", show_default=True, help="For which target of castoff.yaml.")
@click.option("--as-of", help="For another instant than now, such as `2024-05-30 09:00`.")
@click.option("--out", type=click.Path(file_okay=False), help="Into another folder than build/.")
@click.option("--full", is_flag=True, help="Make everything anew, changed or not.")
@click.option("--explain", metavar="ID", multiple=True, help="Say why a booking is rendered again, or why not.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    *,
    target: str,
    as_of: str | None,
    out: str | None,
    explain: tuple[str, ...],
    full: bool,
    as_json: bool,
) -> None:
    """Make the pages, and the release that a publish makes true; the same files make the same bytes.

    What has not changed since the last build into the same folder stays there as it is.

    \b
    Example:
      castoff build --as-of "2024-05-30 09:00"
      castoff build --explain xhqgmdh
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    started = time.perf_counter()
    root = find_root(directory)
    folder = Path(out) if out else root / BUILD
    _refuse_within_sources(root, folder)
    with Lookout(root / "bookings", folder) as lookout:
        from castoff.cli.errors import told  # noqa: PLC0415 - while a child looks at what stands, as here below
        from castoff.cli.releasing import open_project  # noqa: PLC0415
        from publisher.errors import PublishError  # noqa: PLC0415

        with told():
            project = open_project(root, target=target, as_of=as_of, full=full)
            try:
                commit = project.git.head()
            except PublishError:
                commit = ""  # a build needs no repository; only a publish does
            kept = project.keep(commit=commit, out=folder, explain=explain, lookout=lookout)
    if as_json:
        result_json(_as_json(kept, folder))
    else:
        for explanation in kept.explained:
            result(str(explanation))
        result(f"{_summary(kept)} in {folder} ({time.perf_counter() - started:.1f} s)")


def _refuse_within_sources(root: Path, folder: Path) -> None:
    """End where a release would lie among the files that it is made from."""
    place = folder.resolve()
    for name in _SOURCES:
        if place.is_relative_to((root / name).resolve()):
            fail(f"{folder} lies in `{name}`, from which releases are made", hint="build into a folder beside it")


def _summary(kept: Kept) -> str:
    """Return how many bookings and files there are, and how many of them are new where that is not all."""
    bookings, files = counted(kept.bookings, "booking"), counted(kept.files, "file")
    if kept.rendered < kept.bookings:
        bookings += f" ({kept.rendered:,} rendered)"
    if kept.written < kept.files:
        files += f" ({kept.written:,} written)"
    return f"{bookings}, {files}"


def _as_json(kept: Kept, folder: Path) -> dict[str, Any]:
    return {
        "out": str(folder),
        "bookings": kept.bookings,
        "rendered": kept.rendered,
        "files": kept.files,
        "written": kept.written,
        "explained": {explanation.booking: explanation.to_json() for explanation in kept.explained},
    }
