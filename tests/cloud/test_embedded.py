"""The embedded cloud's life: started, found again, stopped, reset; and nobody else's programs touched."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from castoff.cloud import embedded
from castoff.cloud.account import account_in
from castoff.cloud.facts import load_facts
from castoff.cloud.place import Place
from castoff.cloud.problems import NotHealthyError, PortTakenError, ProgramMissingError, RunsElsewhereError
from castoff.cloud.processes import is_ours
from castoff.cloud.progress import Silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from castoff.cloud.facts import Facts
    from castoff.cloud.sources import Sources

# Another castoff, which starts the cloud and is killed before it can say so.
STARTER = """
import os, sys
from pathlib import Path
from castoff.cloud import embedded, sources
from castoff.cloud.place import Place
class Stall:
    def step(self, text):
        if text.startswith("deploying"):
            print("up", flush=True)
            sys.stdin.read()
embedded.start(
    Place(Path(sys.argv[1]), Path(sys.argv[4])),
    sources.own_sources(),
    wishes=embedded.Wishes(port=int(sys.argv[2]), edge_port=int(sys.argv[3])),
    environment=dict(os.environ),
    progress=Stall(),
)
"""


@pytest.fixture
def start(
    sources: Sources, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Callable[[Place], Facts]:
    """Return a function that starts a project's cloud on ports of its own, and where it runs leaves it there."""

    def start_at(place: Place) -> Facts:
        runs = embedded.status(place)
        wishes = embedded.Wishes(port=None if runs.cloud else free_port(), edge_port=None if runs.edge else free_port())
        return embedded.start(place, sources, wishes=wishes, environment=cloud_environment, progress=Silent())

    return start_at


def test_its_life(
    new_place: Callable[[], Place], start: Callable[[Place], Facts], sources: Sources, cloud_environment: dict[str, str]
) -> None:
    """Started it is ready, started again it is the same, and stays where it is; stopped it keeps, reset it forgets."""
    place = new_place()
    facts = start(place)
    s3 = account_in(facts, "publisher")
    s3_client = s3.session.client("s3", **s3.options)
    s3_client.put_object(Bucket=facts.outputs["StateBucket"], Key="state.json.gz", Body=b"kept")

    assert _come(place, "tmp/ministack-lambda-castoff-scc-*")  # without anybody's having asked them
    assert _come(place, "tmp/ministack-lambda-castoff-dashboard-*")
    again = start(place)
    assert again.pids == facts.pids
    assert embedded.status(place).ready
    assert stat.S_IMODE(place.facts.stat().st_mode) == 0o600
    assert load_facts(place.facts) == again

    with pytest.raises(RunsElsewhereError, match="it runs already, at port"):
        embedded.start(place, sources, wishes=embedded.Wishes(port=1), environment=cloud_environment, progress=Silent())

    ended = embedded.stop(place)
    assert set(ended) == set(facts.pids.values())
    assert not any(is_ours(pid, mark=place.mark) for pid in ended)
    assert embedded.status(place) == embedded.Status(cloud=None, edge=None, facts=None)
    assert embedded.stop(place) == ()

    revived = start(place)
    assert revived.outputs["StateBucket"] == facts.outputs["StateBucket"]
    publisher = account_in(revived, "publisher")
    body = publisher.session.client("s3", **publisher.options).get_object(
        Bucket=revived.outputs["StateBucket"], Key="state.json.gz"
    )["Body"]
    assert body.read() == b"kept"

    embedded.reset(place)
    assert not place.folder.exists()
    assert not place.facts.exists()


def test_a_changed_stack_has_a_new_edge_before_it(
    new_place: Callable[[], Place], start: Callable[[Place], Facts], sources: Sources, cloud_environment: dict[str, str]
) -> None:
    """Brought up to date while it runs, it keeps its cloud and gets an edge that is allowed what the new one needs."""
    place = new_place()
    before = start(place)
    admin = account_in(before, "admin")
    iam = admin.session.client("iam", **admin.options)
    iam.delete_user_policy(UserName="castoff-edge", PolicyName="castoff")  # as if an earlier castoff had allowed less
    changed = place.root / "infra" / "stack.yaml"
    changed.parent.mkdir()
    changed.write_text(sources.template.read_text(encoding="utf-8").replace("the ops board", "the board"))

    facts = embedded.start(
        place,
        replace(sources, template=changed),
        wishes=embedded.Wishes(),
        environment=cloud_environment,
        progress=Silent(),
    )

    edge = account_in(facts, "edge")
    [described] = edge.session.client("cloudfront", **edge.options).list_distributions()["DistributionList"]["Items"][
        :1
    ]
    assert described["Enabled"]
    assert facts.pids["cloud"] == before.pids["cloud"]
    assert facts.pids["edge"] != before.pids["edge"]
    embedded.stop(place)


def test_found_again_after_its_starter_was_killed(
    new_place: Callable[[], Place],
    start: Callable[[Place], Facts],
    free_port: Callable[[], int],
    cloud_environment: dict[str, str],
) -> None:
    """A starter that is killed on the way leaves a cloud that the next start finds, finishes and can stop."""
    place = new_place()
    ports = [str(free_port()), str(free_port())]
    command = [sys.executable, "-c", STARTER, str(place.root), *ports, str(place.tools)]
    with subprocess.Popen(
        command, env=cloud_environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "up\n"
        starter.send_signal(signal.SIGKILL)
    left = embedded.status(place)

    facts = start(place)

    assert left.cloud is not None
    assert left.facts is None
    assert facts.pids["cloud"] == left.cloud.pid
    assert left.cloud.pid in embedded.stop(place)


def test_after_the_cloud_itself_was_killed_it_starts_afresh(
    new_place: Callable[[], Place],
    start: Callable[[Place], Facts],
    sources: Sources,
    cloud_environment: dict[str, str],
) -> None:
    """A cloud that could not save its state says so until it starts: deployed anew, where it was, a new edge before it.

    Stopping what is gone does not make the loss forgotten.
    """
    place = new_place()
    before = start(place)
    assert not embedded.was_killed(place)
    killed = before.pids["cloud"]
    os.kill(killed, signal.SIGKILL)
    wait_until_gone(killed, place)
    assert not embedded.status(place).ready
    assert embedded.was_killed(place)
    embedded.stop(place)
    assert embedded.was_killed(place)

    again = embedded.Wishes(edge_port=int(before.edge.rpartition(":")[2]))
    facts = embedded.start(place, sources, wishes=again, environment=cloud_environment, progress=Silent())

    assert not set(facts.pids.values()) & set(before.pids.values())
    assert facts.endpoint == before.endpoint
    assert embedded.status(place).ready
    assert not embedded.was_killed(place)
    embedded.stop(place)
    assert not embedded.was_killed(place)


def test_a_cloud_that_was_told_to_end_lost_nothing(
    new_place: Callable[[], Place], start: Callable[[Place], Facts], sources: Sources, cloud_environment: dict[str, str]
) -> None:
    """A machine that shuts down in order lets the cloud save its state, and the next start finds it on its ports."""
    place = new_place()
    before = start(place)
    for pid in before.pids.values():
        os.kill(pid, signal.SIGTERM)
        wait_until_gone(pid, place)

    lost = embedded.was_killed(place)
    facts = embedded.start(place, sources, wishes=embedded.Wishes(), environment=cloud_environment, progress=Silent())

    assert not lost
    assert (facts.endpoint, facts.edge, facts.outputs) == (before.endpoint, before.edge, before.outputs)
    embedded.stop(place)


def wait_until_gone(pid: int, place: Place) -> None:
    """Wait until a program of a place has ended."""
    deadline = time.monotonic() + 20
    while is_ours(pid, mark=place.mark):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("taken", ["by another program", "by the cloud itself"])
def test_a_taken_edge_port_leaves_no_cloud(
    new_place: Callable[[], Place],
    sources: Sources,
    free_port: Callable[[], int],
    cloud_environment: dict[str, str],
    taken: str,
) -> None:
    """Where the edge cannot listen nothing starts, and the message names the option of its port."""
    place = new_place()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        edge_port = other.getsockname()[1]
        port = free_port()
        wishes = embedded.Wishes(port=port, edge_port=edge_port if taken == "by another program" else port)

        with pytest.raises(PortTakenError, match="`--edge-port`"):
            embedded.start(place, sources, wishes=wishes, environment=cloud_environment, progress=Silent())

    assert [place.program(name) for name in ("cloud", "edge")] == [None, None]
    assert not place.facts.exists()


def test_a_taken_port_is_named(
    new_place: Callable[[], Place], sources: Sources, cloud_environment: dict[str, str]
) -> None:
    """Another program's port is left to it, and the message says what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTakenError) as refused:
            embedded.start(
                new_place(),
                sources,
                wishes=embedded.Wishes(port=port),
                environment=cloud_environment,
                progress=Silent(),
            )

    assert str(refused.value) == (
        f"port {port} on 127.0.0.1 is taken by another program\n"
        "  hint: stop that program, or choose another port with `--port`"
    )


def test_without_the_program_it_says_how_to_get_it(tmp_path: Path, sources: Sources) -> None:
    """The message names the command that installs it."""
    place = Place(tmp_path)

    with pytest.raises(ProgramMissingError) as refused:
        embedded.start(place, sources, wishes=embedded.Wishes(), environment={"PATH": ""}, progress=Silent())

    assert str(refused.value) == (
        f"no embedded cloud is installed (looked at {place.installed}, CASTOFF_MINISTACK, PATH)\n"
        "  hint: `make setup` installs it"
    )


def test_a_program_that_ends_at_once_shows_its_last_words(
    new_place: Callable[[], Place], sources: Sources, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """What it said before it ended is in the error, and as it never stood it was not killed either."""
    place, program = new_place(), tmp_path / "ministack"
    program.write_text("#!/bin/sh\necho no room left >&2\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "CASTOFF_MINISTACK": str(program)}

    with pytest.raises(NotHealthyError, match="the embedded cloud did not come up:\nno room left"):
        embedded.start(
            place,
            sources,
            wishes=embedded.Wishes(port=free_port(), edge_port=free_port()),
            environment=environment,
            progress=Silent(),
        )

    assert not embedded.was_killed(place)


def test_facts_do_not_name_an_edge_that_is_not_there(
    new_place: Callable[[], Place],
    start: Callable[[Place], Facts],
    sources: Sources,
    free_port: Callable[[], int],
    cloud_environment: dict[str, str],
) -> None:
    """An edge that does not come up leaves no facts and no note, and the next start finds the cloud and finishes."""
    place = new_place()
    wishes = embedded.Wishes(port=free_port(), edge_port=free_port())
    broken = {**cloud_environment, "PYTHONHOME": str(place.root / "nothing")}  # of the two only the edge inherits it

    with pytest.raises(NotHealthyError, match="the edge did not come up"):
        embedded.start(place, sources, wishes=wishes, environment=broken, progress=Silent())
    left = embedded.status(place)
    facts = start(place)

    assert (left.facts, left.edge, left.ready) == (None, None, False)
    assert left.cloud is not None
    assert facts.pids["cloud"] == left.cloud.pid
    assert embedded.status(place).edge is not None
    embedded.stop(place)


def test_a_pid_that_went_to_another_program_is_left_alone(new_place: Callable[[], Place]) -> None:
    """Stopping ends what carries the project's mark, whatever a stale note says."""
    place = new_place()
    place.folder.mkdir(parents=True)
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        place.note("cloud").write_text(f"{stranger.pid} 4566\n", encoding="utf-8")

        ended = embedded.stop(place)

        assert ended == ()
        assert stranger.poll() is None
        stranger.kill()


def test_credentials_about_to_expire_are_lent_anew(
    new_place: Callable[[], Place], start: Callable[[Place], Facts]
) -> None:
    """A publish in the thirteenth hour of a running cloud has keys that work."""
    place = new_place()
    facts = start(place)
    expires = facts.credentials["publisher"].expires
    assert expires is not None

    early = embedded.fresh_facts(place, now=expires - timedelta(hours=1))
    late = embedded.fresh_facts(place, now=expires - timedelta(minutes=1))

    assert early == facts
    assert late is not None
    assert late.credentials["publisher"].key != facts.credentials["publisher"].key
    assert replace(late, credentials=facts.credentials) == facts
    embedded.stop(place)


def _come(place: Place, what: str) -> bool:
    """Say whether something comes to be in the cloud's folder before long."""
    until = time.monotonic() + 20
    while not any(place.folder.glob(what)):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
