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
from castoff.cloud.problems import CloudError, NotHealthyError, PortTakenError, RunsElsewhereError
from castoff.cloud.processes import PATIENCE, Program, end, is_free, is_ours, launch
from castoff.cloud.stack import deploy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from castoff.cloud.facts import Credentials
    from castoff.cloud.place import Place
    from castoff.cloud.progress import Progress
    from castoff.cloud.sources import Sources
    from castoff.cloud.stack import Deployed

EDGE_HEALTH: Final = "/__edge/health"
PORT: Final = 4566
EDGE_PORT: Final = 8080
STACK: Final = "castoff"

# A publish takes minutes: what is lent for less than this is lent anew before it starts.
_LEAST_LEFT: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Wishes:
    """What a project may ask of its embedded cloud; a port that is None is the one it had, else PORT or EDGE_PORT."""

    port: int | None = None
    edge_port: int | None = None
    time_zone: str = "America/Los_Angeles"
    mail_from: str = "crew@example.com"
    brand_name: str = ""
    brand_contact: str = ""
    operator_addresses: tuple[str, ...] = ("127.0.0.1/32",)
    operator_auth: str = "service-key"
    """How the operator's calls are known: `service-key`, by address, or `sigv4`, by the publisher's role."""
    unlisted: bool = False
    """Whether crew pages ask for no cookie."""


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

    Raises CloudError: ProgramMissingError, PortTakenError, RunsElsewhereError, NotHealthyError, PackagingError,
    StackError.
    """
    with place.alone():
        found = ministack.find(place, environment)
        cloud, edge = _alive(place, "cloud", ministack.HEALTH), _alive(place, "edge", EDGE_HEALTH)
        _same_port(cloud, wishes.port, option="--port")
        _same_port(edge, wishes.edge_port, option="--edge-port")
        known = load_facts(place.facts) if cloud else None
        port = cloud.port if cloud else _port(place, "cloud", asked=wishes.port, usual=PORT)
        edge_port = edge.port if edge else _port(place, "edge", asked=wishes.edge_port, usual=EDGE_PORT)
        # Both are looked at before either starts: a taken edge port is not to leave a cloud behind.
        if cloud is None:
            _make_way(place, "cloud", port=port, option="--port")
        if edge is None and has_edge():
            _make_way(place, "edge", port=edge_port, option="--edge-port", besides=port)
        if cloud is None:
            cloud = _start_cloud(place, found, port=port, environment=environment, progress=progress)

        endpoint = f"http://127.0.0.1:{cloud.port}"
        admin = (known and known.credentials.get("admin")) or identities.open_admin(
            endpoint=endpoint, region=ministack.REGION
        )
        account = account_of(admin, region=ministack.REGION, endpoint=endpoint)
        wishes = replace(wishes, port=port, edge_port=edge_port)
        deployed = _deploy(account, place, sources, wishes=wishes, runtime=found.runtime(), progress=progress)
        facts = Facts(
            endpoint=endpoint,
            region=ministack.REGION,
            edge=f"http://127.0.0.1:{edge_port}",
            pids=_pids(cloud, edge),
            stack=deployed.name,
            outputs=deployed.outputs,
            credentials=_credentials(account, deployed, admin=admin, known=known),
        )
        save_facts(facts, place.facts)
        if known is None or deployed.changed:
            for service in ("SccUrl", "DashboardUrl"):
                ministack.wake(deployed.outputs[service], port=cloud.port)
        # An edge read its key and the stack once, at its own start.
        if has_edge() and (edge is None or known is None or deployed.changed):
            try:
                edge = _start_edge(place, port=edge_port, environment=environment, progress=progress)
            except CloudError:
                place.facts.unlink(missing_ok=True)  # it needed them to start, but they name an edge that is not there
                raise
            facts = replace(facts, pids=_pids(cloud, edge))
            save_facts(facts, place.facts)
        return facts


def stop(place: Place) -> tuple[int, ...]:
    """End the project's own programs, edge first, and return their pids; the data stays for the next start."""
    with place.alone():
        return _stop(place)


def reset(place: Place) -> tuple[int, ...]:
    """Stop, and remove everything that was kept; installed packages stay."""
    with place.alone():
        ended = _stop(place, patience=0.0)
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


def was_killed(place: Place) -> bool:
    """Say whether the cloud ended without having put its state on disk: since its last stop, all but objects is lost.

    To be asked before `start`, after which there is a new cloud to ask about.
    """
    program = place.program("cloud")
    if program is None or is_ours(program.pid, mark=place.mark):
        return False
    return not ministack.has_saved_state(place.folder, since=place.note("cloud").stat().st_mtime)


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


def _port(place: Place, name: str, *, asked: int | None, usual: int) -> int:
    before = place.program(name)  # noted still where it was not stopped
    return asked or (before.port if before else usual)


def _same_port(program: Program | None, asked: int | None, *, option: str) -> None:
    if program is not None and asked not in {None, program.port}:
        raise RunsElsewhereError(program.port, option=option)


def _make_way(place: Place, name: str, *, port: int, option: str, besides: int | None = None) -> None:
    _end(place, name)  # one of ours that lives and does not answer
    if port == besides or not is_free(port):
        raise PortTakenError(port, option=option)


def _pids(cloud: Program, edge: Program | None) -> dict[str, int]:
    return {"cloud": cloud.pid, **({"edge": edge.pid} if edge else {})}


def _start_cloud(
    place: Place, found: ministack.Ministack, *, port: int, environment: Mapping[str, str], progress: Progress
) -> Program:
    progress.step("starting the embedded cloud")
    path = environment.get("PATH", os.defpath)
    variables = ministack.prepare(place.folder, port=port, path=path)
    command = [str(found.program)]
    return _launch(place, "cloud", command, variables=variables, port=port, health=ministack.HEALTH)


def _start_edge(place: Place, *, port: int, environment: Mapping[str, str], progress: Progress) -> Program:
    _make_way(place, "edge", port=port, option="--edge-port")  # an older one ends here; deploying took its time
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
    try:
        wait_for(what, pid=program.pid, mark=place.mark, port=port, path=health, log=log)
    except NotHealthyError:
        end(program.pid, mark=place.mark)
        place.note(name).unlink(missing_ok=True)
        raise
    return program


def _deploy(
    account: Account, place: Place, sources: Sources, *, wishes: Wishes, runtime: str, progress: Progress
) -> Deployed:
    parameters = {
        "Name": STACK,
        "GuestUrl": f"http://guest.localhost:{wishes.edge_port}",
        "OpsUrl": f"http://ops.localhost:{wishes.edge_port}",
        "MailFrom": wishes.mail_from,
        "BrandName": wishes.brand_name,
        "BrandContact": wishes.brand_contact,
        "OperatorAddresses": ",".join(wishes.operator_addresses),
        "OperatorAuth": wishes.operator_auth,
        "TimeZone": wishes.time_zone,
        "Runtime": runtime,
        "PublisherPrincipal": identities.admin_arn(account),
        "Administrators": identities.admin_arn(account),
    }
    deployed = deploy(
        account,
        sources,
        name=STACK,
        parameters=parameters,
        target=Target(runtime),
        cache=place.packages,
        progress=progress,
        unlisted=wishes.unlisted,
    )
    identities.open_store_to_scc(account, stack=STACK)
    return deployed


def _credentials(
    account: Account, deployed: Deployed, *, admin: Credentials, known: Facts | None
) -> dict[str, Credentials]:
    """Keep the edge's key while it runs on, since it read it once; the publisher's is lent each time.

    With a changed stack the edge starts anew, with what it then needs to be allowed.
    """
    edge = known.credentials.get("edge") if known and not deployed.changed else None
    return {
        "admin": admin,
        "edge": edge or identities.open_edge(account, deployed.outputs),
        "publisher": identities.lend_publisher(account, deployed.outputs),
    }


def _stop(place: Place, *, patience: float = PATIENCE) -> tuple[int, ...]:
    ended = tuple(pid for name in ("edge", "cloud") if (pid := _end(place, name, patience=patience)) is not None)
    place.facts.unlink(missing_ok=True)
    return ended


def _end(place: Place, name: str, *, patience: float = PATIENCE) -> int | None:
    program = place.program(name)
    if program is None or not end(program.pid, mark=place.mark, patience=patience):
        return None  # the note of one that was killed stays: `was_killed` reads it
    place.note(name).unlink(missing_ok=True)
    return program.pid
