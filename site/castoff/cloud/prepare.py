"""`python -m castoff.cloud.prepare`: install ahead what starting the embedded cloud would otherwise wait for."""

from __future__ import annotations

import os
import sys

from castoff.cloud.lambda_packages import Target, zip_packages
from castoff.cloud.ministack import find
from castoff.cloud.place import place_of
from castoff.cloud.problems import CloudError
from castoff.cloud.progress import Silent
from castoff.cloud.sources import own_sources


def main() -> None:
    """Install the Lambdas' packages for the embedded cloud's interpreter; what is installed already stays."""
    sources = own_sources()
    place = place_of(sources.template.parents[1])
    try:
        runtime = find(place, os.environ).runtime()
        zip_packages(sources.lock, Target(runtime), cache=place.packages, progress=Silent())
    except CloudError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
