"""The Lambdas as they are deployed: what importing them costs beside FastAPI with Mangum alone, calls, memory, zip."""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import secrets
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bcrypt
import boto3
from paired import say, table

from castoff.cloud.lambda_packages import AWS_PLATFORM, Target
from castoff.cloud.ministack import HEALTH, find
from castoff.cloud.package import lambda_zip
from castoff.cloud.place import Place
from castoff.cloud.progress import Silent
from castoff.cloud.sources import sources_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
MOST_TIMES: Final = 1.5
MOST_MEGABYTES: Final = 15.0

_BARE: Final = "FastAPI with Mangum alone"
_SCC: Final = "ShipCaptainCrew"
_DASHBOARD: Final = "the dashboard"
_IMPORTS: Final[Mapping[str, str]] = {
    _BARE: "import fastapi, mangum; handler = mangum.Mangum(fastapi.FastAPI(), lifespan='off')",
    _SCC: "from lambdas.shipcaptaincrew.handler import handler",
    _DASHBOARD: "from lambdas.dashboard.handler import handler",
}
_CALLS: Final = 200
_KEY: Final = "a-key-that-a-person-chose"
_ORIGIN: Final = "a-header-of-the-distribution"

# Of this process alone: what `getrusage` tells begins with the memory of whoever started it.
_MOST: Final = "int(pathlib.Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0]) / 1024"
_IMPORTED: Final = """
import json, pathlib, time
started = time.process_time()
{}
taken = time.process_time() - started
print(json.dumps([taken, {most}]))
"""
_CALLED: Final = """
import json, pathlib, sys, time
{}
asked = json.load(sys.stdin)
taken = []
for _ in range(asked["times"]):
    started = time.perf_counter()
    answer = handler(asked["event"], None)
    taken.append(time.perf_counter() - started)
    if answer["statusCode"] != 200:
        sys.exit(f"the Lambda answered {{answer}}")
print(json.dumps([taken, {most}]))
"""


@dataclass(frozen=True)
class Called:
    """What was asked of a Lambda: its first call in seconds, the later ones, and its memory in the end (MB)."""

    first: float
    warm: Sequence[float]
    memory: float


def measure(folder: Path, *, rounds: int) -> str:
    """Return the tables, and what was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = _zip()
    unpacked = folder / "task"
    zipfile.ZipFile(io.BytesIO(packed)).extractall(unpacked)
    uncompiled = _in_turn(unpacked, rounds=1, bytecode=False)  # as Lambda finds it: a zip holds no compiled modules
    imported = _in_turn(unpacked, rounds=rounds, bytecode=True)
    with _cloud(folder) as environment:
        called = {
            "a login page of ShipCaptainCrew": _call(unpacked, environment, _SCC, _event("/crew/xhqgmdh"), rounds),
            "a booking's events": _call(
                unpacked, environment, _SCC, _event("/events?booking_id=xhqgmdh", X_Service_Key=_KEY), rounds
            ),
            "the dashboard's calendar": _call(
                unpacked, environment, _DASHBOARD, _event("/calendar", X_Dashboard_Token=_KEY), rounds
            ),
        }
    return "\n\n".join([_imports(imported, uncompiled), _calls(called), _size(packed)])


def _imports(
    taken: Mapping[str, list[tuple[float, float]]], uncompiled: Mapping[str, list[tuple[float, float]]]
) -> str:
    rows = []
    for name, figures in taken.items():
        seconds = [one for one, _ in figures]
        times = statistics.median(one / bare for (one, _), (bare, _) in zip(figures, taken[_BARE], strict=True))
        rows.append(
            [
                name,
                f"{statistics.median(seconds) * 1000:.0f}",
                f"{min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f}",
                f"{times:.2f}",
                f"{uncompiled[name][0][0] * 1000:.0f}",
                f"{statistics.median(memory for _, memory in figures):.0f}",
            ]
        )
    head = ["importing", "CPU ms, median", "from, to", f"times the first (at most {MOST_TIMES})", "uncompiled", "MB"]
    words = (
        "Processor time of a fresh process for its imports alone, with compiled modules and without, and the most"
        " memory it had (resident)."
    )
    return f"{words}\n\n{table(head, rows)}"


def _calls(called: Mapping[str, list[Called]]) -> str:
    rows = []
    for name, runs in called.items():
        warm = [statistics.median(run.warm) for run in runs]
        rows.append(
            [
                name,
                f"{statistics.median(run.first for run in runs) * 1000:.0f}",
                f"{statistics.median(warm) * 1000:.1f}",
                f"{min(warm) * 1000:.1f} to {max(warm) * 1000:.1f}",
                f"{statistics.median(run.memory for run in runs):.0f}",
            ]
        )
    head = ["calling", "first, ms", "warm, ms, median", "medians from, to", "MB in the end"]
    words = (
        f"The handler, called {_CALLS} times with an event of API Gateway in a process of its own, upon the embedded"
        " cloud's table and secrets. Both keys are stored as bcrypt of cost 12: the first call pays for that, for boto3"
        " and for the secrets, the others do not."
    )
    return f"{words}\n\n{table(head, rows)}"


def _size(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        whole = sum(entry.file_size for entry in archive.infolist())
    return (
        f"The one zip that both run from has {len(packed) / 1e6:.1f} MB (at most {MOST_MEGABYTES:.0f}), unpacked"
        f" {whole / 1e6:.0f} MB."
    )


def _zip() -> bytes:
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    is_lambdas_own = sys.platform == "linux" and platform.machine() == "x86_64"
    target = Target(runtime, AWS_PLATFORM if is_lambdas_own else None)
    return lambda_zip(sources_beside(ROOT), target, cache=ROOT / ".castoff" / "lambda-packages", progress=Silent())


def _in_turn(unpacked: Path, *, rounds: int, bytecode: bool) -> dict[str, list[tuple[float, float]]]:
    """Import each in a fresh process, `rounds` times in turn; with bytecode once more before, untimed, to compile."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in _IMPORTS}
    for turn in range(rounds + bytecode):
        for name, words in _IMPORTS.items():
            say(f"round {turn} of {rounds}: importing {name}")
            seconds, memory = _python(unpacked, _IMPORTED.format(words, most=_MOST), _variables(), bytecode=bytecode)
            if turn or not bytecode:
                taken[name].append((seconds, memory))
    return taken


def _call(
    unpacked: Path, environment: Mapping[str, str], name: str, event: Mapping[str, Any], rounds: int
) -> list[Called]:
    asked = json.dumps({"times": _CALLS, "event": event})
    runs = []
    for turn in range(rounds):
        say(f"round {turn + 1} of {rounds}: calling {name}")
        taken, memory = _python(
            unpacked, _CALLED.format(_IMPORTS[name], most=_MOST), environment, asked=asked, bytecode=True
        )
        runs.append(Called(taken[0], taken[1:], memory))
    return runs


def _python(
    unpacked: Path, program: str, environment: Mapping[str, str], *, bytecode: bool, asked: str | None = None
) -> Any:
    """Run a program that has the zip's files and Python's own library, and nothing of this machine's packages."""
    variables = {**environment, "PYTHONPATH": str(unpacked), **({} if bytecode else {"PYTHONDONTWRITEBYTECODE": "1"})}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env=variables, input=asked, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, program, done.stderr.encode())
    return json.loads(done.stdout)


def _event(path: str, **headers: str) -> dict[str, Any]:
    """Return what a REST API hands to its Lambda."""
    path, _, query = path.partition("?")
    sent = {name.replace("_", "-"): text for name, text in headers.items()} | {"X-Castoff-Origin": _ORIGIN}
    parameters = dict(pair.split("=") for pair in query.split("&")) if query else None
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "GET",
        "headers": sent,
        "multiValueHeaders": {name: [text] for name, text in sent.items()},
        "queryStringParameters": parameters,
        "requestContext": {"stage": "prod", "path": f"/prod{path}", "identity": {"sourceIp": "192.0.2.1"}},
        "body": None,
        "isBase64Encoded": False,
    }


def _variables(**changes: str) -> dict[str, str]:
    """Return the environment that the template gives to the Lambdas."""
    return {
        "PATH": os.environ["PATH"],
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "TABLE": "castoff",
        "SCC_SECRET": "castoff/keys",
        "DASHBOARD_SECRET": "castoff/keys",
        "ORIGIN_SECRET": "castoff/keys",
        "GATE_SECRET": "castoff/keys",
        "UPLOAD_SIGNER_SECRET": "castoff/keys",
        "KEY_VALUE_STORE": "arn:aws:cloudfront::000000000000:key-value-store/castoff-gate",
        "UPLOADS_BUCKET": "castoff-uploads",
        "MAIL_FROM": "crew@example.com",
        "GUEST_URL": "https://guest.example.com",
        "OPS_URL": "https://ops.example.com",
        "TIME_ZONE": "America/Los_Angeles",
        **changes,
    }


@contextmanager
def _cloud(folder: Path) -> Iterator[dict[str, str]]:
    """Run an embedded cloud with a table and the secrets of a season, and yield a Lambda's environment in it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "AUTH": "false",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
    }
    program = find(Place(ROOT), os.environ).program
    process = subprocess.Popen([program], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait(endpoint, process)
        _furnish(endpoint)
        yield _variables(AWS_ENDPOINT_URL=endpoint)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{endpoint}{HEALTH}", timeout=5):  # noqa: S310 - our own
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the embedded cloud did not start")


def _furnish(endpoint: str) -> None:
    made: Any = boto3.client
    given = {"endpoint_url": endpoint, "region_name": "us-west-2"}
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    hashed = bcrypt.hashpw(_KEY.encode(), bcrypt.gensalt(12)).decode()
    digest = f"sha256:{hashlib.sha256(secrets.token_bytes()).hexdigest()}"
    secret = {
        "service_key_hashes": [hashed],
        "token_hashes": [hashed],
        "money_token_hashes": [digest],
        "header": _ORIGIN,
    }
    made("secretsmanager", **given, **keys).create_secret(Name="castoff/keys", SecretString=json.dumps(secret))
    made("dynamodb", **given, **keys).create_table(
        TableName="castoff",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
