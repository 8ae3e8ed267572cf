"""The embedded cloud of a project: started with the stack deployed, found again, stopped, reset."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import castoff
from castoff.cloud import identities, ministack
from castoff.cloud.account import Account, account_in, account_of
from castoff.cloud.facts import Facts, load_facts, save_facts
from castoff.cloud.health import answers, wait_for
from castoff.cloud.lambda_packages import Target
from castoff.cloud.problems import PortTakenError
from castoff.cloud.processes import Program, end, is_free, is_ours, launch
from castoff.cloud.stack import deploy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.facts import Credentials
    from castoff.cloud.place import Place
    from castoff.cloud.progress import Progress
    from castoff.cloud.sources import Sources
    from castoff.cloud.stack import Deployed

EDGE_HEALTH: Final = "/__edge/health"
STACK: Final = "castoff"

# A publish takes minutes: what is lent for less than this is lent anew before it starts.
_LEAST_LEFT: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Wishes:
    """What a project may ask of its embedded cloud."""

    port: int = 4566
    edge_port: int = 8080
    time_zone: str = "America/Los_Angeles"
    mail_from: str = "crew@example.com"
    operator_addresses: tuple[str, ...] = ("127.0.0.1/32",)


@dataclass(frozen=True)
class Status:
    """Which of the project's programs live, and what is known of them."""

    cloud: Program | None
    edge: Program | None
    facts: Facts | None

    @property
    def ready(self) -> bool:
        """Whether everything is there that a publish needs."""
        return self.cloud is not None and self.facts is not None


def start(
    place: Place, sources: Sources, *, wishes: Wishes, environment: Mapping[str, str], progress: Progress
) -> Facts:
    """Bring up the cloud with the stack deployed, and the edge; what runs already is kept and brought up to date.

    Raises CloudError: ProgramMissingError, PortTakenError, NotHealthyError, PackagingError, StackError.
    """
    with place.alone():
        found = ministack.find(place, environment)
        cloud = _alive(place, "cloud", ministack.HEALTH)
        known = load_facts(place.facts) if cloud else None
        if cloud is None:
            cloud = _start_cloud(place, found, port=wishes.port, environment=environment, progress=progress)
        edge = _alive(place, "edge", EDGE_HEALTH)
        wishes = replace(wishes, port=cloud.port, edge_port=edge.port if edge else wishes.edge_port)

        endpoint = f"http://127.0.0.1:{cloud.port}"
        admin = (known and known.credentials.get("admin")) or identities.open_admin(
            endpoint=endpoint, region=ministack.REGION
        )
        account = account_of(admin, region=ministack.REGION, endpoint=endpoint)
        deployed = _deploy(account, place, sources, wishes=wishes, runtime=found.runtime(), progress=progress)
        facts = Facts(
            endpoint=endpoint,
            region=ministack.REGION,
            edge=f"http://127.0.0.1:{wishes.edge_port}",
            pids={"cloud": cloud.pid},
            stack=deployed.name,
            outputs=deployed.outputs,
            credentials=_credentials(account, deployed, admin=admin, known=known),
        )
        save_facts(facts, place.facts)
        # An edge read its key and the stack once, at its own start.
        if has_edge() and (edge is None or known is None or deployed.changed):
            edge = _start_edge(place, port=wishes.edge_port, environment=environment, progress=progress)
        if edge is not None:
            facts = replace(facts, pids={**facts.pids, "edge": edge.pid})
            save_facts(facts, place.facts)
        return facts


def stop(place: Place) -> tuple[int, ...]:
    """End the project's own programs, edge first, and return their pids; the data stays for the next start."""
    with place.alone():
        return _stop(place)


def reset(place: Place) -> tuple[int, ...]:
    """Stop, and remove everything that was kept; installed packages stay."""
    with place.alone():
        ended = _stop(place)
        shutil.rmtree(place.folder, ignore_errors=True)
        return ended


def status(place: Place) -> Status:
    """Say what lives, by pid, mark and health, whoever started it."""
    cloud = _alive(place, "cloud", ministack.HEALTH)
    return Status(
        cloud=cloud,
        edge=_alive(place, "edge", EDGE_HEALTH),
        facts=load_facts(place.facts) if cloud else None,
    )


def fresh_facts(place: Place, *, now: datetime | None = None) -> Facts | None:
    """Load the running cloud's facts, the publisher's credentials lent anew if they are about to expire.

    None where no cloud runs.
    """
    facts = status(place).facts
    if facts is None:
        return None
    expires = facts.credentials["publisher"].expires
    if expires is not None and expires - (now or datetime.now(UTC)) > _LEAST_LEFT:
        return facts
    account = account_in(facts, "admin")
    lent = identities.lend_publisher(account, facts.outputs)
    facts = replace(facts, credentials={**facts.credentials, "publisher": lent})
    save_facts(facts, place.facts)
    return facts


def has_edge() -> bool:
    """Say whether the edge's program is part of this installation."""
    try:
        return importlib.util.find_spec("castoff.edge.__main__") is not None
    except ModuleNotFoundError:
        return False


def _alive(place: Place, name: str, health: str) -> Program | None:
    program = place.program(name)
    if program and is_ours(program.pid, mark=place.mark) and answers(program.port, health):
        return program
    return None


def _start_cloud(
    place: Place, found: ministack.Ministack, *, port: int, environment: Mapping[str, str], progress: Progress
) -> Program:
    _end(place, "cloud")  # one of ours that lives and does not answer
    if not is_free(port):
        raise PortTakenError(port, option="--port")
    progress.step("starting the embedded cloud")
    path = environment.get("PATH", os.defpath)
    variables = ministack.prepare(place.folder, port=port, path=path)
    command = [str(found.program)]
    return _launch(place, "cloud", command, variables=variables, port=port, health=ministack.HEALTH)


def _start_edge(place: Place, *, port: int, environment: Mapping[str, str], progress: Progress) -> Program:
    _end(place, "edge")
    if not is_free(port):
        raise PortTakenError(port, option="--edge-port")
    progress.step("starting the edge")
    command = [sys.executable, "-m", "castoff.edge", "--facts", str(place.facts), "--port", str(port)]
    variables = {**environment, "PYTHONPATH": _own_path(environment)}
    return _launch(place, "edge", command, variables=variables, port=port, health=EDGE_HEALTH)


def _own_path(environment: Mapping[str, str]) -> str:
    """Let the edge be of the very castoff that starts it, installed or not."""
    own = str(Path(castoff.__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, (own, environment.get("PYTHONPATH", ""))))


def _launch(
    place: Place, name: str, command: list[str], *, variables: Mapping[str, str], port: int, health: str
) -> Program:
    log = place.log(name)
    program = launch(command, port=port, mark=place.mark, environment=variables, log=log, note=place.note(name))
    what = f"the {'embedded cloud' if name == 'cloud' else name}"
    wait_for(what, pid=program.pid, mark=place.mark, port=port, path=health, log=log)
    return program


def _deploy(
    account: Account, place: Place, sources: Sources, *, wishes: Wishes, runtime: str, progress: Progress
) -> Deployed:
    parameters = {
        "Name": STACK,
        "GuestUrl": f"http://guest.localhost:{wishes.edge_port}",
        "OpsUrl": f"http://ops.localhost:{wishes.edge_port}",
        "MailFrom": wishes.mail_from,
        "OperatorAddresses": ",".join(wishes.operator_addresses),
        "TimeZone": wishes.time_zone,
        "Runtime": runtime,
        "PublisherPrincipal": identities.admin_arn(account),
    }
    return deploy(
        account,
        sources,
        name=STACK,
        parameters=parameters,
        target=Target(runtime),
        cache=place.packages,
        progress=progress,
    )


def _credentials(
    account: Account, deployed: Deployed, *, admin: Credentials, known: Facts | None
) -> dict[str, Credentials]:
    """Keep the edge's key while it runs, since it read it once; the publisher's is lent each time."""
    edge = known.credentials.get("edge") if known else None
    return {
        "admin": admin,
        "edge": edge or identities.open_edge(account, deployed.outputs),
        "publisher": identities.lend_publisher(account, deployed.outputs),
    }


def _stop(place: Place) -> tuple[int, ...]:
    ended = tuple(pid for name in ("edge", "cloud") if (pid := _end(place, name)) is not None)
    place.facts.unlink(missing_ok=True)
    return ended


def _end(place: Place, name: str) -> int | None:
    program = place.program(name)
    was_there = program is not None and end(program.pid, mark=place.mark)
    place.note(name).unlink(missing_ok=True)
    return program.pid if program and was_there else None
