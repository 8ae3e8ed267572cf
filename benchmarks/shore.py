"""A stand-in for AWS that runs while something is measured against it, and how castoff is told of it."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from standin_services import BUCKETS

from castoff.cloud.facts import Credentials, Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION: Final = "us-west-2"
KEY: Final = "AKIAEXAMPLE"
SECRET: Final = "a-secret-that-opens-nothing"  # noqa: S105 - the stand-in looks at no signature
TOKEN: Final = "CASTOFF_BENCH_TOKEN"  # noqa: S105 - the name of a variable

_STANDIN: Final = Path(__file__).with_name("standin.py")


@dataclass(frozen=True)
class Shore:
    """A running stand-in."""

    endpoint: str

    @property
    def port(self) -> str:
        """The port that all of it is behind."""
        return self.endpoint.rpartition(":")[2]

    def calls(self) -> list[tuple[float, str]]:
        """Return when (seconds since 1970) what was asked since the last time, in order."""
        found = (line.split(" ", 1) for line in self._ask("calls").splitlines())
        return [(float(at), call) for at, call in found]

    def forget(self) -> None:
        """Empty its buckets."""
        self._ask("forget")

    def facts(self) -> Facts:
        """Return what a project is told of an embedded cloud, of this."""
        service = f"{self.endpoint}/prod"
        outputs = {
            "GuestBucket": BUCKETS["guest"],
            "GuestDistribution": "E1GUEST",
            "OpsBucket": BUCKETS["ops"],
            "OpsDistribution": "E2OPS",
            "StateBucket": "state",
            "SccUrl": service,
            "SccSecret": "scc",
            "DashboardUrl": service,
            "DashboardSecret": "dashboard",
        }
        lent = Credentials(KEY, SECRET, expires=datetime.now(UTC) + timedelta(days=1))
        return Facts(self.endpoint, REGION, self.endpoint, {}, "bench", outputs, {"publisher": lent})

    def _ask(self, what: str) -> str:
        with urllib.request.urlopen(f"{self.endpoint}/-/{what}", timeout=60) as answer:  # noqa: S310 - our own
            text: str = answer.read().decode()
            return text


@contextmanager
def standin(*, far: bool) -> Iterator[Shore]:
    """Run one, near by or with a network's latency."""
    command = [sys.executable, _STANDIN, *(["--far"] if far else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdin is None:
            raise AssertionError("both were asked for")
        try:
            yield Shore(process.stdout.readline().strip())
        finally:
            process.stdin.close()


def keys(shore: Shore, folder: Path) -> dict[str, str]:
    """Return the variables by which every tool finds the stand-in, and as many requests at once as it likes."""
    config = folder / "aws-config"
    config.write_text("[default]\ns3 =\n  max_concurrent_requests = 256\n", encoding="utf-8")
    return {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(config),
        "AWS_EC2_METADATA_DISABLED": "true",
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_S3_PROVIDER": "Other",
        "RCLONE_S3_ENDPOINT": shore.endpoint,
        "RCLONE_S3_ENV_AUTH": "true",
        "RCLONE_S3_REGION": REGION,
        TOKEN: "a-token",
    }
