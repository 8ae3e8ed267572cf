"""The Lambda entry point of ShipCaptainCrew."""

import os

from mangum import Mangum

from lambdas.service import aws
from lambdas.service.instants import utc_now
from lambdas.service.table import Table
from lambdas.service.vault import Vault
from lambdas.shipcaptaincrew.app import create_app
from lambdas.shipcaptaincrew.departures import KeyValueDepartures
from lambdas.shipcaptaincrew.mailbox import SesMailbox
from lambdas.shipcaptaincrew.ports import Ports
from lambdas.shipcaptaincrew.presigner import S3Presigner
from lambdas.shipcaptaincrew.settings import read_settings

_settings = read_settings(os.environ)
_vault = Vault(aws.secretsmanager)

handler = Mangum(
    create_app(
        Ports(
            table=Table(aws.dynamodb, _settings.table),
            mailbox=SesMailbox(aws.sesv2, sender=_settings.mail_from),
            vault=_vault,
            departures=KeyValueDepartures(aws.keyvaluestore, store=_settings.key_value_store),
            presigner=S3Presigner(
                aws.form_signer, _vault, secret=_settings.signer_secret, bucket=_settings.uploads_bucket
            ),
            now=utc_now,
            settings=_settings,
        )
    ),
    lifespan="off",
    # With a custom domain's mapping the path still starts with the stage; straight from API Gateway it does not.
    api_gateway_base_path="/prod",
)
