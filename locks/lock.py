"""Make the locks anew: hashes for every file of every package, and the name of no index.

`dev` is solved first and the others keep to its versions, so that what is tested is what runs; `cloud` stands alone,
since the embedded cloud lives in an environment of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
OPTIONS = [
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-header", "--quiet"),
]


def lock(name: str, requirements: list[str], *, like: str | None) -> None:
    """Solve requirements into locks/<name>.txt, at the versions of lock `like` where it has them."""
    constraint = [] if like is None else ["--constraint", f"locks/{like}.txt"]
    subprocess.run(  # noqa: S603 - fixed words
        [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *constraint, "-", "-o", f"locks/{name}.txt"],
        input="\n".join(requirements),
        text=True,
        check=True,
        cwd=ROOT,
    )


def main() -> None:
    """Write every lock from what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    base: list[str] = project["project"]["dependencies"]
    extras: dict[str, list[str]] = project["project"]["optional-dependencies"]
    groups: dict[str, list[str]] = project["dependency-groups"]
    every = [*base, *groups["build"]]
    for extra in extras.values():
        every += [line for line in extra if not line.startswith("castoff[")]
    lock("dev", every, like=None)
    lock("run", [*base, *extras["preview"], *extras["setup"], *groups["build"]], like="dev")
    lock("lambdas", extras["lambdas"], like="dev")
    lock("cloud", groups["cloud"], like=None)


if __name__ == "__main__":
    main()
