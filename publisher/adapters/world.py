"""The real world behind the ports: everything that one target needs, connected when it is first asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from castoff.contract.release import Site
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.cloudfront import CloudFrontDistributions
from publisher.adapters.http import JsonApi
from publisher.adapters.patience import Patience
from publisher.adapters.records import S3Records
from publisher.adapters.s3 import S3Objects, S3States
from publisher.adapters.secrets import secret_header
from publisher.adapters.services import DashboardCalendar, PublicWeb, ShipCaptainCrew
from publisher.adapters.signature import Signature
from publisher.adapters.survey import TargetSurvey
from publisher.ports import World

if TYPE_CHECKING:
    from publisher.target import ServiceTarget, Target


_PATIENCE = Patience()


def connect(target: Target, *, patience: Patience = _PATIENCE) -> World:
    """Return the ports of a target; nothing is asked of it yet."""
    clock = SystemClock()
    aws = Aws(target, clock=clock, patience=patience)
    bucket, _, prefix = target.state.removeprefix("s3://").partition("/")
    scc = _service("ShipCaptainCrew", "X-Service-Key", target.scc, aws)
    dashboard = _service("the dashboard", "X-Dashboard-Token", target.dashboard, aws)
    return World(
        objects=S3Objects(aws, target.sites),
        states=S3States(aws, bucket, prefix),
        distributions=CloudFrontDistributions(aws, target.sites),
        crew=ShipCaptainCrew(scc),
        calendar=DashboardCalendar(dashboard),
        web=PublicWeb(aws.http),
        clock=clock,
        records=S3Records(aws, bucket, prefix),
        survey=TargetSurvey(target, patience, aws),
        board=f"{target.sites[Site.OPS].url}/ops/",
    )


def _service(name: str, header: str, service: ServiceTarget, aws: Aws) -> JsonApi:
    sign = Signature(name, service.url, aws).headers if service.signed else None
    return JsonApi(name, service.url, aws.http, secret=secret_header(header, service.secret, aws), sign=sign)
