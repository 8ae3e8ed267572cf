"""castoff.yaml with values written in, and every other character of it as it was."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*|s3://[a-z0-9][a-z0-9./-]*")
"""What needs no quotes wherever it stands."""


def with_values(text: str, target: str, values: Mapping[tuple[str, ...], str]) -> str:
    """Return the settings with values in a target, by their path in it; each goes to the end of what it belongs to.

    Comments, order, quoting, alignment and line ends stay. A value that is there stays too, where it is the same.
    Raises CloudError where another is there.
    """
    for path, value in values.items():
        text = _with_value(text, ("targets", target, *path), value)
    return text


def conflicts(text: str, target: str, values: Mapping[tuple[str, ...], str]) -> Iterator[tuple[str, str, str]]:
    """Yield each field that has another value than it would be given: its path, what is there, what would be."""
    for path, value in values.items():
        node = _find(yaml.compose(text, Loader=yaml.SafeLoader), ("targets", target, *path))
        if isinstance(node, yaml.ScalarNode) and node.value and not _same(node.value, value):
            yield ".".join(path), node.value, value


def write_settings(path: Path, text: str) -> None:
    """Put the settings in place in one step, with the rights that the file has."""
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(written).chmod(path.stat().st_mode & 0o7777)
        Path(written).replace(path)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


def read_settings(path: Path) -> str:
    """Return the file's text, its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _with_value(text: str, path: tuple[str, ...], value: str) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    depth = next(depth for depth in range(len(path), -1, -1) if _find(root, path[:depth]) is not None)
    node = _find(root, path[:depth])
    if isinstance(node, yaml.ScalarNode) and not node.value:  # such as `uploads:`, still to be said
        written = _block(path[depth:], value, newline=_newline(text), indent=_indent(text, node.start_mark.index) + 2)
        return _put(text, node.end_mark.index, (" " if depth == len(path) else "") + written)
    if depth == len(path):
        if isinstance(node, yaml.ScalarNode) and _same(node.value, value):
            return text
        held = node.value if isinstance(node, yaml.ScalarNode) else "something else"
        raise CloudError(f"castoff.yaml has `{held}` as `{'.'.join(path)}`, and it would be `{value}`")
    if not isinstance(node, yaml.MappingNode):
        raise CloudError(f"castoff.yaml: `{'.'.join(path[:depth])}` is not a mapping", hint="write one there")
    if node.flow_style:
        return _into_flow(text, node, path[depth:], value)
    return _into_block(text, node, path[depth:], value)


def _into_flow(text: str, node: yaml.MappingNode, path: tuple[str, ...], value: str) -> str:
    """Write behind the last field within the braces."""
    written = _flow(path, value)
    if not node.value:
        return _put(text, node.start_mark.index + 1, written)
    end = node.value[-1][1].end_mark.index
    return _put(text, end, f", {written}")


def _into_block(text: str, node: yaml.MappingNode, path: tuple[str, ...], value: str) -> str:
    """Write a line beneath the last one of the mapping, indented as its first field is."""
    newline, end = _newline(text), _last(node).end_mark.index
    if text[:end].endswith("\n"):  # text in lines (`|`) ends with its line
        end -= len(newline) if text[:end].endswith(newline) else 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end - (newline == "\r\n")
    indent = node.value[0][0].start_mark.column
    return _put(text, line_end, _block(path, value, newline=newline, indent=indent))


def _last(node: yaml.Node) -> yaml.Node:
    """Return what stands last in a node: where a block ends, YAML says only behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _block(path: tuple[str, ...], value: str, *, newline: str, indent: int) -> str:
    if not path:
        return _scalar(value)
    name, *rest = path
    written = _scalar(value) if not rest else f"{{{_flow(tuple(rest), value)}}}"
    return f"{newline}{' ' * indent}{name}: {written}"


def _flow(path: tuple[str, ...], value: str) -> str:
    name, *rest = path
    return f"{name}: {_scalar(value)}" if not rest else f"{name}: {{{_flow(tuple(rest), value)}}}"


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _find(node: yaml.Node | None, path: tuple[str, ...]) -> yaml.Node | None:
    for step in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == step), None)
    return node


def _same(held: str, value: str) -> bool:
    """Say whether two values are one: an address may end with a slash, and a state may lie beneath a prefix."""
    return held.rstrip("/") == value.rstrip("/") or (value.startswith("s3://") and held.startswith(value))


def _put(text: str, at: int, words: str) -> str:
    return text[:at] + words + text[at:]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent(text: str, at: int) -> int:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip(" "))
