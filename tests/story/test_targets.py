"""Two targets in one castoff.yaml and one cloud: what is published to one leaves the other byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pytest
from support.projects import ROOT, Project

from castoff.cli.publishing import publish_project
from castoff.cli.releasing import open_project
from castoff.cli.terminal import Progress
from castoff.cloud.account import account_in
from castoff.cloud.facts import load_facts
from castoff.cloud.identities import open_store_to_scc
from castoff.cloud.lambda_packages import Target as Packages
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.sources import sources_beside
from castoff.cloud.stack import deploy
from castoff.cloud.standing import load_standing
from publisher.adapters.world import connect
from publisher.publish import Terms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from support.harbour import Harbour

    from publisher.ports import World
    from publisher.publish import Done
    from publisher.target import Target

STACK: Final = "castoff-staging"
SETTINGS: Final = """\
  staging:
    region: {region}
    endpoint: {endpoint}
    role: {out[PublisherRole]}
    stack: castoff-staging
    guest: {{domain: sails.staging.example.com, bucket: {out[GuestBucket]}, distribution: {out[GuestDistribution]}}}
    ops: {{domain: board.staging.example.com, bucket: {out[OpsBucket]}, distribution: {out[OpsDistribution]}}}
    uploads: {out[UploadsBucket]}
    state: s3://{out[StateBucket]}/
    scc: {{url: "{scc}", key: "secretsmanager:{out[SccSecret]}#service_key"}}
    dashboard: {{url: "{dashboard}", token: "secretsmanager:{out[DashboardSecret]}#token"}}
"""


@dataclass(frozen=True)
class Staging:
    """A second stack in a harbour's cloud, and a project that names it; `s3` sees every bucket."""

    project: Project
    outputs: Mapping[str, str]
    s3: Any

    def publish(self) -> Done:
        """Publish as the command does, but look at pages in their bucket: no name of example.com leads here."""
        opened = open_project(self.project.root, target="staging", as_of=None)
        terms = Terms(commits=opened.git, confirm=lambda _plan: True)
        return publish_project(opened, terms=terms, progress=Progress(), world=self._world)

    def _world(self, target: Target) -> World:
        return replace(connect(target), web=_Bucket(self.s3, self.outputs["GuestBucket"]))


@dataclass(frozen=True)
class _Bucket:
    """A distribution as far as a publish asks it: pages as they lie in the bucket, crew pages behind their login."""

    s3: Any
    name: str

    def fetch(self, url: str) -> bytes | None:
        body: bytes = self.s3.get_object(Bucket=self.name, Key=f"{urlsplit(url).path[1:]}.html")["Body"].read()
        return body

    def ask(self, url: str) -> tuple[int, str]:
        path = urlsplit(url).path
        return 302, "/crew/ops" if path == "/ops/" else path.replace("/g/", "/crew/").removesuffix("-crew")


@pytest.fixture(scope="module")
def staging(harbour: Harbour, tmp_path_factory: pytest.TempPathFactory) -> Staging:
    """Make the second stack, and a clone of the harbour's project in which it is a target."""
    facts = load_facts(harbour.project.root / ".castoff" / "cloud.json")
    assert facts
    account = account_in(replace(facts, endpoint=harbour.behind), "admin")
    standing = load_standing(account, "castoff")
    assert standing
    folder: Path = tmp_path_factory.mktemp("staging")
    names = {
        "Name": STACK,
        "GuestUrl": "https://sails.staging.example.com",
        "OpsUrl": "https://board.staging.example.com",
    }
    deployed = deploy(
        account,
        sources_beside(ROOT),
        name=STACK,
        parameters={**standing.parameters, **names},
        target=Packages(standing.parameters["Runtime"]),
        cache=Place(folder, ROOT / ".castoff").packages,
        progress=Silent(),
    )
    open_store_to_scc(account, stack=STACK)
    admin = facts.credentials["admin"]
    environment = {
        **harbour.project.environment,
        "AWS_ACCESS_KEY_ID": admin.key,
        "AWS_SECRET_ACCESS_KEY": admin.secret,
    }
    project = Project(folder / "charters", environment)
    project.root.mkdir()
    project.git("clone", "--quiet", str(harbour.project.root), str(project.root))
    settings = (project.root / "castoff.yaml").read_text("utf-8")
    out, apis = deployed.outputs, {}
    for name, output in (("scc", "SccUrl"), ("dashboard", "DashboardUrl")):
        api = urlsplit(out[output])
        apis[name] = f"https://{(api.hostname or '').split('.')[0]}.execute-api.{facts.region}.amazonaws.com{api.path}"
    project.write(
        "castoff.yaml",
        settings.replace(
            "targets:\n",
            "targets:\n" + SETTINGS.format(region=facts.region, endpoint=facts.endpoint, out=out, **apis),
        ),
    )
    project.commit()
    s3 = account.session.client("s3", **account.options)
    return Staging(project, out, s3)


def whole(s3: Any, outputs: Mapping[str, str]) -> dict[str, tuple[str, bytes]]:
    """Return all that a target keeps in its buckets, state and history included, with the ETag of each."""
    found = {}
    for name in ("GuestBucket", "OpsBucket", "StateBucket", "UploadsBucket"):
        for item in s3.list_objects_v2(Bucket=outputs[name]).get("Contents", ()):
            answer = s3.get_object(Bucket=outputs[name], Key=item["Key"])
            found[f"{name}/{item['Key']}"] = (answer["ETag"], answer["Body"].read())
    return found


@pytest.mark.usefixtures("calm")
def test_a_target_leaves_the_other_as_it_was(
    harbour: Harbour, staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bookings go to both under the same ids: pages, state, events and entries of each are its own."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, staging.project.environment[name])
    local = harbour.project.facts["outputs"]
    before = whole(staging.s3, local)
    events, entries = harbour.witness.events("regular"), harbour.witness.entries("regular")

    done = staging.publish()

    assert done.applied
    assert "regular" in done.new
    assert whole(staging.s3, local) == before
    assert (harbour.witness.events("regular"), harbour.witness.entries("regular")) == (events, entries)
    trial = whole(staging.s3, staging.outputs)
    pages = {path for path in before if path.startswith(("GuestBucket/g/", "OpsBucket/ops/"))}
    assert {path for path in trial if path.startswith(("GuestBucket/g/", "OpsBucket/ops/"))} == pages

    harbour.project.book(f"aside{next(harbour.days):02}"[:7], days=next(harbour.days))
    harbour.project.commit()
    assert harbour.publish().code == 0
    assert whole(staging.s3, local) != before
    assert whole(staging.s3, staging.outputs) == trial


def test_each_command_takes_the_target_that_is_named(staging: Staging) -> None:
    """Plan and history speak of the one named, with its role, region and endpoint."""
    plan = staging.project.castoff("plan", "--target", "staging", "--detailed-exitcode")
    history = staging.project.castoff("history", "--target", "staging", "--json")
    unknown = staging.project.castoff("history", "--target", "stagin")

    assert (plan.code, plan.out) == (0, ""), plan.err
    assert "nothing to do: staging " in plan.err
    assert len(history.json()["publishes"] if isinstance(history.json(), dict) else history.json()) == 1
    assert "did you mean `staging`?" in unknown.err
