"""The house itself: traps of its layout, and what may lie in which room."""

from __future__ import annotations

import ast
import re
import shlex
import sys
from typing import TYPE_CHECKING, Final

import click

from castoff.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMMAND: Final = re.compile(r"`castoff ([^`\n]+)`")
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_TEXTS: Final = {".html", ".js", ".md", ".py"}


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


def test_every_command_that_is_named_is_there(checkout: Path) -> None:
    """A hint or a page that says `castoff something --flag` says what can be typed."""
    named = {
        (path.relative_to(checkout).as_posix(), words)
        for path in (*_docs(checkout), *_sources(checkout))
        for words in _COMMAND.findall(path.read_text(encoding="utf-8"))
    }

    wrong = {place: fault for place in named if (fault := _fault(place[1]))}

    assert ("README.md", "publish") in named
    assert wrong == {}


def test_every_link_within_the_repository_leads_somewhere(checkout: Path) -> None:
    """What README, CONTRIBUTING and docs point at is there, and so is every path that CONTRIBUTING's table names."""
    missing = [
        (path.name, link)
        for path in _docs(checkout)
        for link in _LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in link and not link.startswith(("#", "mailto:"))
        if not (path.parent / link.partition("#")[0]).exists()
    ]
    rooms = re.findall(r"`((?:site|publisher|lambdas|infra|layouts|tests)/[\w./-]*)`", _contributing(checkout))

    assert missing == []
    assert rooms
    assert [room for room in rooms if not (checkout / room).exists()] == []


def _contributing(checkout: Path) -> str:
    return (checkout / "CONTRIBUTING.md").read_text(encoding="utf-8")


def _docs(checkout: Path) -> Iterator[Path]:
    yield from (checkout / "README.md", checkout / "CONTRIBUTING.md")
    yield from sorted((checkout / "docs").rglob("*.md"))


def _sources(checkout: Path) -> Iterator[Path]:
    for room in ("site", "publisher"):
        yield from (path for path in sorted((checkout / room).rglob("*")) if path.suffix in _TEXTS)


def _fault(words: str) -> str | None:
    """Return the first of the words after `castoff` that it does not know; capitals and `…` stand for what varies."""
    command: click.Command = main
    words_left = iter(shlex.split(words))
    context = click.Context(main, **main.context_settings)  # click keeps the first help option it makes
    for word in words_left:
        flags = {
            name: option for option in command.get_params(context) for name in (*option.opts, *option.secondary_opts)
        }
        if word.startswith("-"):
            option = flags.get(word.partition("=")[0])
            if option is None:
                return word
            if isinstance(option, click.Option) and not option.is_flag and "=" not in word:
                next(words_left, None)
        elif isinstance(command, click.Group) and word != "…":
            found = command.get_command(context, word)
            if found is None:
                return word
            command = found
    return None
