"""The Lambdas' third-party packages, installed from the lock into one zip and kept by what they are for."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from castoff.cloud.problems import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from castoff.cloud.progress import Progress

# Amazon Linux 2 (python3.11) has glibc 2.26, so wheels of glibc 2.17 run on every runtime we offer.
AWS_PLATFORM = "manylinux2014_x86_64"

# Raised whenever what is left out below changes, since the kept zips are named by it.
_SELECTION = 2

# botocore's models of all services are 20 times the rest of the zip together.
_SERVICES = ("cloudfront-keyvaluestore", "dynamodb", "s3", "secretsmanager", "sesv2", "sts")
_MODEL_FILES = ("_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json")
_LEFT_OUT_SUFFIXES = (".pyc", ".pyi")
_LEFT_OUT_NAMES = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")  # differ from install to install
_LEFT_OUT_FOLDERS = ("__pycache__", "bin", "boto3/examples")

_ERROR_LENGTH = 200


@dataclass(frozen=True)
class Target:
    """What the packages are to run on; without a platform it is this machine's."""

    runtime: str
    platform: str | None = None

    @property
    def python(self) -> str:
        """The version as pip names it."""
        return self.runtime.removeprefix("python")


def zip_packages(lock: Path, target: Target, *, cache: Path, progress: Progress) -> Path:
    """Return the zip of what the lock names for the target, installing it only when it is not kept yet.

    Raises PackagingError with pip's own words.
    """
    kept = cache / digest_of(lock.read_bytes(), target) / "packages.zip"
    if kept.exists():
        return kept
    progress.step("installing the Lambdas' packages")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as name:
        installed = Path(name) / "installed"
        _install(lock, target, into=installed)
        written = Path(name) / "packages.zip"
        written.write_bytes(zipped(_chosen(installed)))
        written.replace(kept)
    return kept


def digest_of(lock: bytes, target: Target) -> str:
    """Name the packages by everything that decides what they are; a lock's comments do not."""
    decisive = b"\n".join(line for line in lock.splitlines() if not line.lstrip().startswith(b"#"))
    platform = target.platform or f"{sys.platform}-{os.uname().machine}"
    told = f"{_SELECTION}\n{platform}\n{target.runtime}\n".encode()
    return hashlib.sha256(told + decisive).hexdigest()[:32]


def is_wanted(path: str) -> bool:
    """Say whether a file of the installed packages goes into the zip."""
    parts = PurePosixPath(path).parts
    if path.endswith(_LEFT_OUT_SUFFIXES) or parts[-1] in _LEFT_OUT_NAMES:
        return False
    if "__pycache__" in parts or path.startswith(tuple(f"{folder}/" for folder in _LEFT_OUT_FOLDERS)):
        return False
    match parts:
        case ("botocore" | "boto3", "data", name):
            return name in _MODEL_FILES
        case ("botocore" | "boto3", "data", service, *_):
            return service in _SERVICES
    return True


def zipped(files: Iterable[tuple[str, bytes]], *, onto: bytes = b"") -> bytes:
    """Zip files (name, content) in order of their names, the same bytes whenever and wherever.

    With `onto`, add them to what that zip holds already.
    """
    archive = io.BytesIO(onto)
    with zipfile.ZipFile(archive, "a" if onto else "w") as zip_file:
        for name, content in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # a zip's first day
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the mode counts
            entry.external_attr = (0o755 if name.endswith(".so") else 0o644) << 16
            zip_file.writestr(entry, content)
    return archive.getvalue()


def _install(lock: Path, target: Target, *, into: Path) -> None:
    command = [
        sys.executable, "-m", "pip", "install",
        "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps",
        "--require-hashes", "--requirement", str(lock),
        "--target", str(into),
        "--only-binary=:all:", "--implementation", "cp", "--python-version", target.python,
        *(["--platform", target.platform] if target.platform else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603, our own words
    if done.returncode:
        shutil.rmtree(into, ignore_errors=True)
        raise PackagingError(
            f"pip could not install {lock.name} for {target.runtime}:\n{_errors(done.stderr)}",
            hint="the packages come from the index that pip is set up to use: is it reachable?",
        )


def _errors(words: str) -> str:
    """Keep pip's errors, each cut short: one may list every version there is."""
    errors = [line for line in words.splitlines() if line.startswith("ERROR: ")]
    return "\n".join(line[:_ERROR_LENGTH] for line in errors or words.strip().splitlines())


def _chosen(installed: Path) -> list[tuple[str, bytes]]:
    files = (path for path in installed.rglob("*") if path.is_file())
    named = ((path.relative_to(installed).as_posix(), path) for path in files)
    return [(name, path.read_bytes()) for name, path in named if is_wanted(name)]
