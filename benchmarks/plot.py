"""A plot as SVG: both axes go by powers of ten, so that what grows in proportion is a straight line."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 720, 420
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 24, 48, 56
_COLOURS: Final = ("#0b6fa4", "#c2571a", "#5b7f2b")
_LABEL_HEIGHT: Final = 22
_STYLE: Final = (
    "text{font:14px system-ui,sans-serif;fill:#222}line{stroke:#8884}@media(prefers-color-scheme:dark){text{fill:#eee}}"
)


def plot(series: Mapping[str, Points], *, across: str, up: str) -> str:
    """Return the SVG of some series of positive points; `across` and `up` are what the axes say."""
    points = [point for line in series.values() for point in line]
    xs, ys = _powers(point[0] for point in points), _powers(point[1] for point in points)
    parts = [*_grid(xs, ys), _text(_WIDTH / 2, _HEIGHT - 12, across, "middle"), _text(8, 16, up, "start")]
    for number, (name, line) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [(_x(x, xs), _y(y, ys)) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        label = _TOP + 20 + _LABEL_HEIGHT * number
        parts.append(f'<circle cx="{_LEFT + 20}" cy="{label - 5}" r="5" fill="{colour}"/>')
        parts.append(_text(_LEFT + 34, label, name, "start"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">\n'
        f"<title>{up} over {across}</title>\n<style>{_STYLE}</style>\n{body}\n</svg>\n"
    )


def _powers(values: Iterable[float]) -> tuple[int, int]:
    """Return the powers of ten between which all values lie."""
    logs = [log10(value) for value in values]
    low, high = floor(min(logs)), ceil(max(logs))
    return low, max(high, low + 1)


def _grid(xs: tuple[int, int], ys: tuple[int, int]) -> list[str]:
    lines = []
    for power in range(xs[0], xs[1] + 1):
        x = _x(10.0**power, xs)
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>')
        lines.append(_text(x, _HEIGHT - _BOTTOM + 20, f"{10**power:,}", "middle"))
    for power in range(ys[0], ys[1] + 1):
        y = _y(10.0**power, ys)
        lines.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(_text(_LEFT - 8, y + 5, f"{10.0**power:g}", "end"))
    return lines


def _x(value: float, powers: tuple[int, int]) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (log10(value) - powers[0]) / (powers[1] - powers[0])


def _y(value: float, powers: tuple[int, int]) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (log10(value) - powers[0]) / (powers[1] - powers[0])


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
