"""A number with its noun, as every part of castoff tells it to an operator."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Return `1 page`, `1,200 pages`, `3 calendar entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
