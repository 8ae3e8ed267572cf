"""The code that the stack runs: one zip for both Lambdas, and the edge's function."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from castoff.cloud.lambda_packages import zip_packages, zipped
from castoff.cloud.problems import PackagingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from castoff.cloud.lambda_packages import Target
    from castoff.cloud.progress import Progress
    from castoff.cloud.sources import Sources


def lambda_zip(sources: Sources, target: Target, *, cache: Path, progress: Progress) -> bytes:
    """Zip the Lambdas, the contract they share, and their packages; the same bytes from the same sources."""
    packages = zip_packages(sources.lock, target, cache=cache, progress=progress)
    return zipped(lambda_files(sources), onto=packages.read_bytes())


def lambda_files(sources: Sources) -> Iterator[tuple[str, bytes]]:
    """Yield what of this repository goes along, by its name in the zip.

    Of castoff the contract alone: a Lambda that reaches for more fails to import, here as there.
    """
    yield from _files_below(sources.lambdas, "lambdas")
    yield "castoff/__init__.py", (sources.castoff / "__init__.py").read_bytes()
    yield from _files_below(sources.castoff / "contract", "castoff/contract")


def zip_key(content: bytes) -> str:
    """Name a zip by its bytes, so that changed code is a changed template and the same code is not."""
    return f"lambdas/{hashlib.sha256(content).hexdigest()}.zip"


def function_code(sources: Sources) -> str:
    """Read the edge's function; PackagingError, with each place, where CloudFront would not run it."""
    from castoff.edge.syntax import refusals  # noqa: PLC0415, its parser is slow to import

    text = sources.function.read_text(encoding="utf-8")
    if refused := refusals(text):
        places = "".join(f"\n{sources.function}:{one.line}:{one.column}: {one.words}" for one in refused)
        raise PackagingError(f"CloudFront would publish this function and then answer 503:{places}")
    return text


def _files_below(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()
