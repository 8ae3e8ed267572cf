"""The Lambda entry point of the dashboard."""

import os

from mangum import Mangum

from lambdas.dashboard.app import create_app
from lambdas.dashboard.ports import Ports
from lambdas.dashboard.settings import read_settings
from lambdas.service import aws
from lambdas.service.instants import utc_now
from lambdas.service.table import Table
from lambdas.service.vault import Vault

_settings = read_settings(os.environ)

handler = Mangum(
    create_app(
        Ports(
            table=Table(aws.dynamodb, _settings.table),
            vault=Vault(aws.secretsmanager),
            now=utc_now,
            settings=_settings,
        )
    ),
    lifespan="off",
    # With a custom domain's mapping the path still starts with the stage; straight from API Gateway it does not.
    api_gateway_base_path="/prod",
)
