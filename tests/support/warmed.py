"""What `warm` forks from has done before, so that nobody does it anew: a build, and what clients of AWS import."""

from __future__ import annotations

from datetime import UTC, datetime

import botocore.session
from support.example import ROOT

from castoff.build import assemble
from castoff.fleet.settings import EMBEDDED
from castoff.fleet.sources import read_sources
from castoff.pages.theme import load_theme
from castoff.wishes import NO_TARGET, Wishes

assemble(
    read_sources(ROOT),
    load_theme(ROOT),
    Wishes(target=NO_TARGET, clock=datetime(2024, 5, 28, 19, tzinfo=UTC), addresses=EMBEDDED, workers=1),
)
for service in ("s3", "cloudfront", "secretsmanager", "sts"):
    botocore.session.get_session().create_client(
        service, region_name="us-west-2", aws_access_key_id="nobody", aws_secret_access_key="nothing"
    )
