"""The house itself: traps of its layout, and what may lie in which room."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_site_is_a_source_root_and_never_a_package(checkout: Path) -> None:
    """Python's own `site` could not be told from a package of that name."""
    assert not (checkout / "site" / "__init__.py").exists()


def test_git_ignores_nothing_called_site(checkout: Path) -> None:
    """Templates for Python and MkDocs list `/site`, which would leave the generator out of every commit."""
    lines = (checkout / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert not [line for line in lines if line.strip("/ ") == "site"]


def test_contract_imports_the_standard_library_alone(checkout: Path) -> None:
    """Lambdas and publishers elsewhere can carry the contract without carrying anything else."""
    found = set()
    for path in (checkout / "site" / "castoff" / "contract").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("castoff.contract"):
                found.add((node.module or "").partition(".")[0])

    assert found <= sys.stdlib_module_names


def test_locks_name_no_index_and_hash_everything(checkout: Path) -> None:
    """A lock says what, and nothing of where from."""
    for lock in (checkout / "locks").glob("*.txt"):
        lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
        text = "\n".join(lines)

        assert "://" not in text, lock.name
        assert "index" not in text, lock.name
        assert text.count("==") <= text.count("--hash=sha256:"), lock.name
