"""Where what gets deployed stands: the template, the edge's function, and the Lambdas with their lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """Name the files of the checkout that this very castoff runs from, or those that its wheel ships."""
    package = Path(castoff.__file__).resolve().parent
    shipped = package / "shipped"
    if not shipped.is_dir():
        return sources_beside(package.parents[1])
    return replace(sources_beside(shipped), lambdas=package.parent / "lambdas", castoff=package)


def own_example() -> Path:
    """Return the folder of the example site: the checkout itself, or what the wheel ships."""
    return own_sources().template.parents[1]
