"""`castoff cloud`: the embedded cloud, started, looked at, stopped and emptied."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from castoff.cli.errors import told
from castoff.cli.project import find_root, load_settings
from castoff.cli.terminal import Progress, result, result_json, say
from castoff.cloud import embedded
from castoff.cloud.place import place_of
from castoff.cloud.sources import own_sources
from castoff.fleet.settings import CrewPages
from castoff.fleet.targets import Authentication

if TYPE_CHECKING:
    from castoff.cloud.embedded import Status
    from castoff.cloud.facts import Facts
    from castoff.cloud.place import Place

_PORT: Final = click.IntRange(1, 65535)


@click.group()
def command() -> None:
    """Run the embedded cloud: all of AWS that castoff needs, on this machine.

    \b
    Example:
      castoff cloud start
      castoff publish --target local
      castoff cloud stop
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines


@command.command(short_help="Start it, and keep it running.")
@click.option("--port", type=_PORT, help="Where AWS answers: 4566, or where it did before.")
@click.option("--edge-port", type=_PORT, help="Where the sites answer: 8080, or where they did before.")
@click.option(
    "--operator-auth",
    type=click.Choice([known.value for known in Authentication]),
    default=Authentication.SERVICE_KEY.value,
    help="How the services know the operator: by address unless `sigv4`, by the publisher's role.",
)
@click.pass_obj
def start(directory: str, port: int | None, edge_port: int | None, operator_auth: str) -> None:
    """Start it, deploy the stack, and keep it running; what runs already is brought up to date."""
    root = find_root(directory)
    settings = load_settings(root)
    wishes = embedded.Wishes(
        port=port,
        edge_port=edge_port,
        time_zone=settings.timezone,
        mail_from=settings.brand.email or "crew@example.com",
        brand_name=settings.brand.name,
        brand_contact=settings.brand.contact,
        operator_auth=operator_auth,
        unlisted=settings.crew_pages is CrewPages.UNLISTED,
    )
    progress = Progress()
    place = _place(directory)
    if embedded.was_killed(place):
        say("the cloud was killed: what it held is lost, save the buckets' objects; it starts afresh")
    with told(progress):
        facts = embedded.start(
            place,
            own_sources(),
            wishes=wishes,
            environment=os.environ,
            progress=progress,
        )
    for line in places(facts):
        result(line)


@command.command()
@click.pass_obj
def stop(directory: str) -> None:
    """Stop it; its data stays for the next start."""
    with told():
        ended = embedded.stop(_place(directory))
    say("stopped" if ended else "nothing was running")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def status(directory: str, *, as_json: bool) -> None:
    """Say what runs, and where; 1 where it is not ready."""
    with told():
        found = embedded.status(_place(directory))
    if as_json:
        result_json(_as_json(found))
    elif found.facts is not None:
        for line in places(found.facts):
            result(line)
        if found.edge is None:
            say("the edge does not run: `castoff cloud start` starts it")
    else:
        say("no embedded cloud runs here; `castoff cloud start` starts one")
    raise SystemExit(0 if found.ready and found.edge else 1)


@command.command(short_help="Stop it, and remove its data.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def reset(directory: str, *, yes: bool) -> None:
    """Stop it and remove its data: buckets, events, mail, and what was published."""
    place = _place(directory)
    if not yes:
        with told(broken_off="nothing was removed"):
            click.confirm("remove everything that the embedded cloud holds?", abort=True, err=True)
    with told():
        embedded.reset(place)
    say("the embedded cloud is empty")


def places(facts: Facts) -> list[str]:
    """Return where a running cloud's parts are opened, one line each."""
    port = facts.edge.rpartition(":")[2]
    return [
        f"guest site  http://guest.localhost:{port}",
        f"ops board   http://ops.localhost:{port}/ops/",
        f"mailbox     http://desk.localhost:{port}/mail",
        f"calendar    http://desk.localhost:{port}/calendar",
        f"AWS         {facts.endpoint}",
    ]


def _place(directory: str) -> Place:
    return place_of(find_root(directory))


def _as_json(found: Status) -> dict[str, object]:
    """Return the status without a key in it."""
    facts = found.facts
    return {
        "ready": found.ready,
        "cloud": found.cloud and {"pid": found.cloud.pid, "port": found.cloud.port},
        "edge": found.edge and {"pid": found.edge.pid, "port": found.edge.port},
        "outputs": dict(facts.outputs) if facts else {},
    }
