"""The two services' OpenAPI documents, from apps that stand before no cloud."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from lambdas.dashboard import app as dashboard
from lambdas.dashboard import ports as dashboard_ports
from lambdas.dashboard import settings as dashboard_settings
from lambdas.service.instants import utc_now
from lambdas.service.openapi import describe
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew import app as shipcaptaincrew
from lambdas.shipcaptaincrew.departures import KeyValueDepartures
from lambdas.shipcaptaincrew.mailbox import SesMailbox
from lambdas.shipcaptaincrew.ports import Ports
from lambdas.shipcaptaincrew.presigner import S3Presigner
from lambdas.shipcaptaincrew.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPCAPTAINCREW: Final = """\
Events, crew members, crew calls by mail, magic links and upload forms. Programs send `X-Service-Key` straight to API
Gateway; people come through a distribution, which adds `X-Castoff-Origin`, and are answered with pages."""
DASHBOARD: Final = """\
The operator's calendar: one entry a booking. Programs send `X-Dashboard-Token`; calendar programs a feed's own key."""

_NAMES: Final = (
    "TABLE SCC_SECRET DASHBOARD_SECRET ORIGIN_SECRET GATE_SECRET UPLOAD_SIGNER_SECRET KEY_VALUE_STORE UPLOADS_BUCKET "
    "MAIL_FROM GUEST_URL OPS_URL"
)
_ENVIRONMENT: Final[Mapping[str, str]] = {**dict.fromkeys(_NAMES.split(), "nothing"), "TIME_ZONE": "UTC"}


@lru_cache(maxsize=1)
def documents() -> dict[str, dict[str, Any]]:
    """Return the documents by the name of their service."""
    return {
        "shipcaptaincrew": describe(_shipcaptaincrew(), description=SHIPCAPTAINCREW, people="/crew/"),
        "dashboard": describe(_dashboard(), description=DASHBOARD),
    }


def _shipcaptaincrew() -> Any:
    settings, vault = read_settings(_ENVIRONMENT), Vault(_nobody)
    return shipcaptaincrew.create_app(
        Ports(
            table=Table(_nobody, settings.table),
            mailbox=SesMailbox(_nobody, sender=settings.sender),
            vault=vault,
            departures=KeyValueDepartures(_nobody, store=settings.key_value_store),
            presigner=S3Presigner(_nobody, vault, secret=settings.signer_secret, bucket=settings.uploads_bucket),
            now=utc_now,
            settings=settings,
        )
    )


def _dashboard() -> Any:
    settings = dashboard_settings.read_settings(_ENVIRONMENT)
    ports = dashboard_ports.Ports(
        table=Table(_nobody, settings.table), vault=Vault(_nobody), now=utc_now, settings=settings
    )
    return dashboard.create_app(ports)


def _nobody(*_: object) -> Any:
    raise AssertionError("who describes an app asks nobody")
