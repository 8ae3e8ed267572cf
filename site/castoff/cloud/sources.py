"""Where what gets deployed stands: the template, the edge's function, and the Lambdas with their lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import castoff

LAMBDA_REFERENCE = "../build/lambdas.zip"
FUNCTION_REFERENCE = "../cloudfront_function.js"


@dataclass(frozen=True)
class Sources:
    """The files that make the stack; `lambdas` and `castoff` are package folders."""

    template: Path
    function: Path
    lock: Path
    lambdas: Path
    castoff: Path


def sources_beside(root: Path) -> Sources:
    """Name the files as a checkout has them."""
    return Sources(
        template=root / "infra" / "stack.yaml",
        function=root / "cloudfront_function.js",
        lock=root / "locks" / "lambdas.txt",
        lambdas=root / "lambdas",
        castoff=root / "site" / "castoff",
    )


def own_sources() -> Sources:
    """Name the files of the checkout that this very castoff runs from."""
    return sources_beside(Path(castoff.__file__).resolve().parents[2])
