"""castoff.yaml with values written in, and every other character of it as it was."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from castoff.cloud.problems import CloudError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*|s3://[a-z0-9][a-z0-9./-]*")
"""What needs no quotes wherever it stands, but for what YAML takes for a number or a day."""

_NULL: Final = "tag:yaml.org,2002:null"


def with_values(text: str, target: str, values: Mapping[tuple[str, ...], str]) -> str:
    """Return the settings with values in a target, by their path in it; each goes to the end of what it belongs to.

    Comments, order, quoting, alignment and line ends stay. A value that is there stays too, where it is the same.
    Raises CloudError where another is there, and where the text has a form that cannot be written into.
    """
    for path, value in values.items():
        text = _with_value(text, ("targets", target, *path), value)
    return text


def conflicts(text: str, target: str, values: Mapping[tuple[str, ...], str]) -> Iterator[tuple[str, str, str]]:
    """Yield each field that has another value than it would be given: its path, what is there, what would be."""
    for path, value in values.items():
        node = _find(_composed(text), ("targets", target, *path))
        if isinstance(node, yaml.ScalarNode) and not _is_empty(node) and not _same(node.value, value):
            yield ".".join(path), node.value, value


def write_settings(path: Path, text: str) -> None:
    """Put the settings in place in one step, with the rights that the file has; a link to them stays one."""
    path = path.resolve()
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
    """Write a value, and look whether the text says what it said and this: where a value ends, YAML tells roughly."""
    written = _edited(text, path, value)
    try:
        before, after = (yaml.safe_load(one) for one in (text, written))
    except yaml.YAMLError as error:
        raise _unwritable(path) from error
    if after != _with(before, path, value):
        raise _unwritable(path)
    return written


def _with(held: Any, path: tuple[str, ...], value: str) -> Any:
    """Return what was there with a value in it; one that is there stays."""
    if not path:
        return value if held in (None, "") else held
    name, *rest = path
    known = held or {}
    return {**known, name: _with(known.get(name), tuple(rest), value)}


def _edited(text: str, path: tuple[str, ...], value: str) -> str:
    root = _composed(text)
    depth = next(depth for depth in range(len(path), -1, -1) if _find(root, path[:depth]) is not None)
    node = _find(root, path[:depth])
    if isinstance(node, yaml.ScalarNode) and _is_empty(node):  # such as `uploads:` or `uploads: ''`, still to be said
        start, end = node.start_mark.index, node.end_mark.index
        return f"{text[:start]}{' ' * (start == end)}{_value(path[depth:], value)}{text[end:]}"
    if depth == len(path):
        if isinstance(node, yaml.ScalarNode) and _same(node.value, value):
            return text
        held = node.value if isinstance(node, yaml.ScalarNode) else "something else"
        raise CloudError(
            f"castoff.yaml has `{held}` as `{'.'.join(path)}`, and it would be `{value}`",
            hint="correct it, or take it out",
        )
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
    end = _last(node).end_mark.index
    if text[:end].endswith("\n"):  # text in lines (`|`) ends with its line
        end -= 1
    line_end = text.find("\n", end)
    newline = "\r\n" if "\r\n" in text else "\n"
    if line_end < 0:
        line_end = len(text)
    else:  # the line's own end, where a file has both
        newline = "\r\n" if text[line_end - 1] == "\r" else "\n"
        line_end -= len(newline) - 1
    (name, *rest), indent = path, node.value[0][0].start_mark.column
    return _put(text, line_end, f"{newline}{' ' * indent}{name}: {_value(tuple(rest), value)}")


def _last(node: yaml.Node) -> yaml.Node:
    """Return what stands last in a node: where a block ends, YAML says only behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node


def _value(path: tuple[str, ...], value: str) -> str:
    """Return a value, within braces where it has a path."""
    return f"{{{_flow(path, value)}}}" if path else _scalar(value)


def _flow(path: tuple[str, ...], value: str) -> str:
    name, *rest = path
    return f"{name}: {_value(tuple(rest), value)}"


def _scalar(value: str) -> str:
    plain = _PLAIN.fullmatch(value) and isinstance(yaml.safe_load(value), str)  # a bucket may be called `2024`
    return value if plain else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _composed(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise CloudError("castoff.yaml is no YAML", hint="`castoff check` says where") from error


def _unwritable(path: tuple[str, ...]) -> CloudError:
    _, target, *field = path
    return CloudError(
        f"castoff.yaml: setup cannot write `{'.'.join(field)}` into the form that target `{target}` has",
        hint="write the target in plain lines, each `name: value`, then run it again",
    )


def _is_empty(node: yaml.ScalarNode) -> bool:
    return not node.value or bool(node.tag == _NULL)


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
