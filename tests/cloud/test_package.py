"""The Lambdas' zip: the same bytes each time, small, and enough by itself."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from castoff.cloud.lambda_packages import AWS_PLATFORM, Target, digest_of, is_wanted, zipped
from castoff.cloud.package import function_code, lambda_zip
from castoff.cloud.place import Place
from castoff.cloud.problems import PackagingError
from castoff.cloud.progress import Silent
from castoff.cloud.template import parse_template

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.cloud.sources import Sources

HERE = Target(f"python{sys.version_info.major}.{sys.version_info.minor}")

# Run with nothing but the standard library and the unpacked zip.
IMPORT_AND_CONNECT = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
module, _, name = sys.argv[2].rpartition(".")
assert callable(getattr(importlib.import_module(module), name))
import boto3
for service in ("cloudfront-keyvaluestore", "dynamodb", "s3", "secretsmanager", "sesv2", "sts"):
    boto3.client(service)
strangers = [path for path in sys.path if "site-packages" in path]
assert not strangers, strangers
"""


@pytest.fixture(scope="module")
def content(sources: Sources, checkout: Path) -> bytes:
    """Pack the Lambdas for this machine."""
    return lambda_zip(sources, HERE, cache=Place(checkout).packages, progress=Silent())


@pytest.fixture(scope="module")
def unpacked(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack them as Lambda does."""
    folder = tmp_path_factory.mktemp("task")
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return folder


def handlers(sources: Sources) -> dict[str, dict[str, str]]:
    """Return each handler that the template names, with its variables."""
    template = parse_template(sources.template.read_text(encoding="utf-8"))
    functions = (one["Properties"] for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
    return {one["Handler"]: one["Environment"]["Variables"] for one in functions}


@pytest.mark.parametrize("handler", ["lambdas.shipcaptaincrew.handler.handler", "lambdas.dashboard.handler.handler"])
def test_a_handler_needs_nothing_but_the_zip(handler: str, sources: Sources, unpacked: Path) -> None:
    """Each handler the template names is imported from the zip alone and finds the models of its clients there."""
    particular = {"TIME_ZONE": "America/Los_Angeles", "LINK_HOURS": "48"}
    variables = {name: particular.get(name, "https://example.com") for name in handlers(sources)[handler]}
    environment = {**variables, "AWS_DEFAULT_REGION": "us-west-2", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-I", "-S", "-c", IMPORT_AND_CONNECT, str(unpacked), handler]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_same_sources_are_the_same_bytes(content: bytes, sources: Sources, checkout: Path) -> None:
    """Packing again changes nothing, so a stack whose code did not change is not updated."""
    again = lambda_zip(sources, HERE, cache=Place(checkout).packages, progress=Silent())

    assert again == content


def test_the_zip_is_small(content: bytes) -> None:
    """Under 15 MB, so that uploading and a cold start stay short."""
    assert len(content) < 15_000_000


def test_of_castoff_only_the_contract_goes_along(content: bytes) -> None:
    """A Lambda that reached for the generator would fail here as there."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()

    own = [name for name in names if name.startswith("castoff/")]

    assert "castoff/contract/release.py" in own
    assert all(name == "castoff/__init__.py" or name.startswith("castoff/contract/") for name in own)


def test_no_name_stands_twice(content: bytes) -> None:
    """No package shadows one of ours."""
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()

    assert len(names) == len(set(names))


def test_packages_for_aws_are_for_aws(sources: Sources, checkout: Path) -> None:
    """From any machine, compiled parts are those of Lambda's own Linux and version."""
    cache = Place(checkout).packages

    made = lambda_zip(sources, Target("python3.12", AWS_PLATFORM), cache=cache, progress=Silent())

    compiled = [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if name.endswith(".so")]
    assert len(made) < 15_000_000
    assert any("cpython-312-x86_64-linux-gnu" in name for name in compiled)


def test_order_and_clock_leave_no_trace() -> None:
    """A zip is a function of names and contents."""
    files = [("b.py", b"b"), ("a.py", b"a")]

    assert zipped(files) == zipped(reversed(files))


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("botocore/data/dynamodb/2012-08-10/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/endpoints.json", True),
        ("botocore/cacert.pem", True),
        ("boto3/examples/s3.rst", False),
        ("fastapi/__pycache__/params.cpython-311.pyc", False),
        ("fastapi-0.1.dist-info/RECORD", False),
        ("fastapi-0.1.dist-info/METADATA", True),
        ("bin/uvicorn", False),
        ("pydantic_core/_pydantic_core.pyi", False),
    ],
)
def test_what_goes_along(path: str, *, wanted: bool) -> None:
    """What a Lambda never reads, and what differs from install to install, stays out."""
    assert is_wanted(path) is wanted


def test_kept_packages_are_named_by_what_they_are_for() -> None:
    """Another lock, runtime or platform is another folder; another comment in the lock is not."""
    targets = [HERE, Target("python3.99"), Target("python3.99", AWS_PLATFORM)]

    assert len({digest_of(lock, target) for lock in (b"1", b"2") for target in targets}) == 6
    assert digest_of(b"# via fastapi\n1", HERE) == digest_of(b"1", HERE)


def test_pips_own_words_come_through(sources: Sources, tmp_path: Path) -> None:
    """A lock that cannot be installed says why."""
    lock = tmp_path / "lambdas.txt"
    lock.write_text("no requirement at all\n", encoding="utf-8")

    with pytest.raises(
        PackagingError, match=r"pip could not install lambdas\.txt for python3(.|\n)*Invalid requirement"
    ):
        lambda_zip(replace(sources, lock=lock), HERE, cache=tmp_path / "cache", progress=Silent())


@pytest.mark.parametrize(
    ("what", "code", "places"),
    [
        ("too long", "function handler() {}//" + "x" * 10_240, ["1:1: 10263 bytes, where CloudFront takes 10240"]),
        (
            "what its engine does not know, twice",
            "function handler(event) {\n    for (const x of event) {}\n    return [...event];\n}\n",
            [
                "2:5: `for…of` is not known to CloudFront",
                "3:13: a spread `...` is not known to CloudFront",
            ],
        ),
        ("no JavaScript", "function handler( {}\n", ["2:1: unexpected end of input"]),
    ],
)
def test_a_function_that_cloudfront_would_not_run_is_refused(
    what: str, code: str, places: list[str], sources: Sources, tmp_path: Path
) -> None:
    """What would be published and then answered with 503 is not deployed, and every place of it is said."""
    function = tmp_path / "cloudfront_function.js"
    function.write_text(code, encoding="utf-8")

    with pytest.raises(PackagingError) as refused:
        function_code(replace(sources, function=function))

    told = "\n".join(
        ["CloudFront would publish this function and then answer 503:", *(f"{function}:{p}" for p in places)]
    )
    assert (what, str(refused.value)) == (what, told)


def test_the_function_of_this_checkout_is_deployed_as_it_stands(sources: Sources) -> None:
    """Nothing is built or shortened on its way to CloudFront."""
    assert function_code(sources) == sources.function.read_text(encoding="utf-8")
