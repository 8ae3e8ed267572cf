"""GitHub's expressions, as far as a workflow of ours has them: names, texts, `==`, `!=`, `&&`, `||`, `!`, functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WRITTEN: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN: Final = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||[!()]|[A-Za-z_][\w.-]*)")


def filled(text: Any, context: Mapping[str, Any]) -> str:
    """Return a text with every expression in it worked out; nothing stands for what is not there."""
    return _WRITTEN.sub(lambda found: _text(evaluate(found[1], context)), _text(text))


def holds(condition: str, context: Mapping[str, Any]) -> bool:
    """Say whether an `if:` holds, with or without `${{ }}` around it."""
    written = _WRITTEN.fullmatch(condition.strip())
    return bool(evaluate(written[1] if written else condition, context))


def evaluate(text: str, context: Mapping[str, Any]) -> Any:
    """Return what an expression comes to; functions are those of the context."""
    tokens = _tokens(text)
    value = _Reader(tokens, context).either()
    assert not tokens, f"`{text.strip()}` goes on with {tokens}"
    return value


def _tokens(text: str) -> list[str]:
    rest, tokens = text.strip(), []
    while rest:
        found = _TOKEN.match(rest)
        assert found, f"no expression that is known here: `{rest}`"
        tokens.append(found[1])
        rest = rest[found.end() :].strip()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str], context: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._context = context

    def either(self) -> Any:
        return self._joined("||", self._both, lambda one, other: one or other)

    def _both(self) -> Any:
        return self._joined("&&", self._compared, lambda one, other: one and other)

    def _joined(self, sign: str, part: Callable[[], Any], join: Callable[[Any, Any], Any]) -> Any:
        value = part()
        while self._tokens[:1] == [sign]:
            self._tokens.pop(0)
            value = join(value, part())
        return value

    def _compared(self) -> Any:
        value = self._single()
        while self._tokens[:1] in (["=="], ["!="]):
            is_same = self._tokens.pop(0) == "=="
            value = (_text(value).lower() == _text(self._single()).lower()) is is_same
        return value

    def _single(self) -> Any:
        token = self._tokens.pop(0)
        if token == "!":
            return not self._single()
        if token == "(":
            value = self.either()
            assert self._tokens.pop(0) == ")"
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self._tokens[:2] == ["(", ")"]:
            del self._tokens[:2]
            return self._context[token]()
        if token in {"true", "false"}:
            return token == "true"
        value = self._context
        for step in token.split("."):
            value = value.get(step) if isinstance(value, dict) else None  # type: ignore[assignment]
        return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
