"""A bay: a harbour in which each place that a publish speaks to stands behind a turnstile of its own."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import boto3
from faults.places import Place
from support import warm
from support.harbour import open_harbour
from support.turnstile import Turnstile

from publisher.adapters.patience import Patience
from publisher.fence.lease import SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from support.harbour import Harbour
    from support.projects import Project, Ran
    from support.treatments import Treatment
    from support.witness import Witness

WINDOW: Final = 21
"""Days before its charter on which a booking takes photos here: an open window without waiting for the day."""

_PEACE: Final = Patience(read=60.0, enough=120.0)
"""With nothing in its way a publish may take its time: four Lambdas start at once on a machine that does much else."""

_OPENING: Final = {"secret", "token"}
_LEAST_SECRET: Final = 16
"""Characters: what is shorter is a name."""

_EVENT: Final = re.compile(r"/events/ev-\w+-[0-9a-f]{8}\b")
_DAYS: Final = re.compile(r"from=[0-9-]{10}&to=[0-9-]{10}")
_INVALIDATION: Final = re.compile(r"GetInvalidation on \w+")
_EDGE: Final = re.compile(r"(guest\.localhost):\d+")


@dataclass(frozen=True, slots=True)
class Bay:
    """A harbour with more turnstiles; `secrets` are all that no output may show."""

    harbour: Harbour
    turnstiles: Mapping[Place, Turnstile]
    secrets: tuple[str, ...]
    folder: Path
    _runs: Iterator[int] = field(default_factory=count)

    @property
    def project(self) -> Project:
        """The project that is published."""
        return self.harbour.project

    @property
    def witness(self) -> Witness:
        """Who is asked what is there."""
        return self.harbour.witness

    def treat(self, place: Place, call: str, treatment: Treatment, *, after: int = 0, times: int | None = None) -> None:
        """Treat calls to a place so."""
        self.turnstiles[place].treat(call, treatment, after=after, times=times)

    def mend(self) -> None:
        """Let every place be there again and do as it is asked."""
        for turnstile in self.turnstiles.values():
            turnstile.forget()

    def met(self, place: Place, call: str) -> int:
        """Return how many such calls came to a place."""
        return sum(re.search(call, passed) is not None for passed in self.turnstiles[place].passed)

    def publish(
        self, *, patience: Patience | None = None, lease: float = SECONDS, way: warm.Way = warm.Way.USUAL
    ) -> Ran:
        """Publish what is committed; no secret may be shown, whatever happens."""
        work = partial(warm.publish, patience=patience or _PEACE, lease=lease, way=way)
        ran = warm.start(self.project, work, folder=self.new_folder()).wait()
        assert not [secret for secret in self.secrets if secret in ran.out + ran.err]
        return ran

    def start_build(self, prior: Mapping[str, Any], *, out: Path) -> warm.Running:
        """Start to build everything that is committed, on what was published before."""
        return warm.start(self.project, partial(warm.build, prior=prior, out=out), folder=self.new_folder())

    def new_folder(self) -> Path:
        """Return a folder that is not there yet."""
        return self.folder / str(next(self._runs))

    def plain(self, text: str) -> str:
        """Return a program's words with what differs from run to run named instead."""
        text = _EVENT.sub("/events/<event>", self.project.plain(text))
        text = _DAYS.sub("from=<day>&to=<day>", text)
        return _EDGE.sub(r"\1:<edge>", _INVALIDATION.sub("GetInvalidation on <invalidation>", text))


@contextmanager
def open_bay(root: Path, environment: Mapping[str, str], *, free_port: Callable[[], int]) -> Iterator[Bay]:
    """Open a harbour, and put a turnstile before each service and before the edge."""
    with open_harbour(root / "charters", environment, free_port=free_port) as harbour, ExitStack() as stack:
        project = harbour.project
        project.replace("castoff.yaml", "opens: 12h before start", f"opens: {WINDOW}d before start")
        project.commit()
        turnstiles = {Place.AWS: harbour.turnstile}
        outputs = dict(project.facts["outputs"])
        gateway = harbour.behind
        for place, output in ((Place.SCC, "SccUrl"), (Place.DASHBOARD, "DashboardUrl")):
            url = urlsplit(outputs[output])
            host = f"{(url.hostname or '').partition('.')[0]}.execute-api.localhost:{urlsplit(gateway).port}"
            turnstiles[place] = Turnstile(gateway, host=host)
            port = urlsplit(turnstiles[place].endpoint).port
            outputs[output] = f"http://{place.name.lower()}.localhost:{port}{url.path}"
        turnstiles[Place.EDGE] = Turnstile(project.facts["edge"])
        for place in (Place.SCC, Place.DASHBOARD, Place.EDGE):
            stack.callback(turnstiles[place].close)
        project.tell(outputs=outputs, edge=turnstiles[Place.EDGE].endpoint)
        yield Bay(harbour, turnstiles, _secrets(project.facts, gateway), root / "runs")


def _secrets(facts: Mapping[str, Any], endpoint: str) -> tuple[str, ...]:
    """Return everything that opens: what the stack's secrets hold, and the credentials but for their names."""
    admin = facts["credentials"]["admin"]
    session: Any = boto3.Session(admin["key"], admin["secret"], region_name=facts["region"])
    client = session.client("secretsmanager", endpoint_url=endpoint)
    names = [name for output, name in facts["outputs"].items() if output.endswith("Secret")]
    kept = [json.loads(client.get_secret_value(SecretId=name)["SecretString"]) for name in names]
    client.close()
    lent = [value for lent in facts["credentials"].values() for name, value in lent.items() if name in _OPENING]
    assert len(kept) > 1
    assert len(lent) > len(facts["credentials"])
    return (*_long_texts(kept), *lent)


def _long_texts(value: Any) -> Iterator[str]:
    match value:
        case str() if len(value) >= _LEAST_SECRET:
            yield value
        case dict() | list():
            for inner in value.values() if isinstance(value, dict) else value:
                yield from _long_texts(inner)
