"""The Lambda entry point of ShipCaptainCrew: requests of API Gateway, the scheduler's tick, what SNS tells."""

import os
from typing import Any

from mangum import Mangum

from lambdas.service import aws
from lambdas.service.instants import utc_now
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.app import create_app
from lambdas.shipcaptaincrew.bounces import are_records
from lambdas.shipcaptaincrew.departures import KeyValueDepartures
from lambdas.shipcaptaincrew.mailbox import SesMailbox
from lambdas.shipcaptaincrew.ports import Ports, Service
from lambdas.shipcaptaincrew.presigner import S3Presigner
from lambdas.shipcaptaincrew.settings import read_settings
from lambdas.shipcaptaincrew.tick import EVENT, metric_line

_settings = read_settings(os.environ)
_vault = Vault(aws.secretsmanager)

_app = create_app(
    Ports(
        table=Table(aws.dynamodb, _settings.table),
        mailbox=SesMailbox(aws.sesv2, sender=_settings.sender, events=_settings.mail_events),
        vault=_vault,
        departures=KeyValueDepartures(aws.keyvaluestore, store=_settings.key_value_store),
        presigner=S3Presigner(aws.form_signer, _vault, secret=_settings.signer_secret, bucket=_settings.uploads_bucket),
        now=utc_now,
        settings=_settings,
    )
)
_service: Service = _app.state.service
_requests = Mangum(
    _app,
    lifespan="off",
    # With a custom domain's mapping the path still starts with the stage; straight from API Gateway it does not.
    api_gateway_base_path="/prod",
)


def handler(event: Any, context: Any) -> Any:
    """Answer a request, or do what the scheduler or SNS called for; what fails there is tried again by Lambda."""
    if event == EVENT:
        tally = _service.tick.run()
        print(metric_line(tally, function=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "scc"), now=utc_now()))  # noqa: T201 - the log is where CloudWatch finds a metric
        return {"pending": tally.pending, "claimed": tally.claimed}
    if are_records(event):
        return {"noted": _service.bounces.take(event["Records"], now=utc_now())}
    return _requests(event, context)
