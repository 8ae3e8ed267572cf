"""Files as no editor leaves them: real ones with bytes flipped, cut, spliced, nested and repeated by a seeded dice."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

Dice = random.Random
Mutation = Callable[[bytes, bytes, Dice], bytes]

LARGEST: Final = 64_000
"""Bytes that the reader takes of a YAML file; a few more are tried, too."""
_TOKENS: Final = (
    *(
        b"&a ",
        b"*a",
        b"!!python/object:os.system ",
        b"!a",
        b"<<: *a\n",
        b"---\n",
        b"...\n",
        b"%YAML 1.2\n",
        b"? ",
        b"- ",
    ),
    *(b": ", b" #", b"|", b">", b"|+9", b"'", b'"', b"[", b"]", b"{", b"}", b",", b"`", b"@", b"%", b"\t", b"\\", b"~"),
    *(
        b"\x00",
        b"\x1b[2J",
        b"\x7f",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xf4\x90\x80\x80",
        b"\r",
        b"\x0c",
    ),
    *("\u2028".encode(), "\x85".encode(), "\u202e".encode(), "😀".encode(), "é".encode(), "\u0301".encode() * 20),
    *(b"1e999999", b"-0", b"0x7fffffff", b"9" * 400, b"1:1:1", b"NaN", b".inf", b"null", b"yes", b"2024-02-30 25:61"),
    *(b"0000-00-00 00:00", b"9999-12-31 23:59", b"9999h 9999m", b"99999 GB", b"99999999d after end", b"9999"),
    *(
        b"{{ 7 * 7 }}",
        b"{% for x in view %}",
        b"{% raw %}",
        b"{#",
        b"<!--castoff:slot photos-->",
        b"{#fuel}",
        b"- [ ] x {#y}",
    ),
    *(
        b"](javascript:x)",
        b"<a@b>",
        b"**" * 50,
        b"> " * 50,
        b"`" * 30,
        b"[a](" * 30,
        b"    x\n",
        b"&#x110000;",
        b"<!--",
    ),
)


def mutated(body: bytes, other: bytes, dice: Dice) -> bytes:
    """Return a file after one to four mutations, at most a little larger than any that is read."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        body = dice.choice(_MUTATIONS)(body, other, dice)
    return body[: LARGEST + 100]


def _flip(body: bytes, _: bytes, dice: Dice) -> bytes:
    changed = bytearray(body or b"x")
    for _i in range(dice.randint(1, 4)):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(body: bytes, _: bytes, dice: Dice) -> bytes:
    return body[: dice.randint(0, len(body))]


def _remove(body: bytes, _: bytes, dice: Dice) -> bytes:
    at = dice.randint(0, len(body))
    return body[:at] + body[at + dice.randint(1, 40) :]


def _insert(body: bytes, _: bytes, dice: Dice) -> bytes:
    at = dice.randint(0, len(body))
    return body[:at] + dice.choice(_TOKENS) + body[at:]


def _value(body: bytes, _: bytes, dice: Dice) -> bytes:
    """Put something else behind a colon."""
    lines = body.split(b"\n")
    at = dice.randrange(len(lines))
    name = lines[at].partition(b":")[0]
    lines[at] = name + b": " + dice.choice(_TOKENS) * dice.choice((1, 1, 3))
    return b"\n".join(lines)


def _noise(body: bytes, _: bytes, dice: Dice) -> bytes:
    at = dice.randint(0, len(body))
    return body[:at] + dice.randbytes(dice.randint(1, 60)) + body[at:]


def _splice(body: bytes, other: bytes, dice: Dice) -> bytes:
    return body[: dice.randint(0, len(body))] + other[dice.randint(0, len(other)) :]


def _repeat_lines(body: bytes, _: bytes, dice: Dice) -> bytes:
    lines = body.split(b"\n")
    begin = dice.randrange(len(lines))
    part = lines[begin : begin + dice.randint(1, 5)]
    return b"\n".join((*lines[:begin], *part * dice.choice((2, 2, 50, 2000)), *lines[begin:]))


def _shuffle_lines(body: bytes, _: bytes, dice: Dice) -> bytes:
    lines = body.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


def _indent(body: bytes, _: bytes, dice: Dice) -> bytes:
    lines = body.split(b"\n")
    at = dice.randrange(len(lines))
    lines[at] = b" " * dice.choice((1, 2, 7, 300)) + lines[at]
    return b"\n".join(lines)


def _nest(body: bytes, _: bytes, dice: Dice) -> bytes:
    deep = dice.choice((3, 9, 200, 20_000))
    opening = dice.choice((b"[", b"{a: ", b"- ", b"[[", b"{? ", b"> ", b"* ", b"('"))
    return body + b"\nnotes: " + opening * deep


def _grow(body: bytes, _: bytes, dice: Dice) -> bytes:
    """Make one scalar as large as the file may be."""
    room = max(LARGEST - len(body) - 20, 0)
    sign = dice.choice(
        (b"x", b"9", b" ", b"\xc3\xa9", b"'", b"a b ", b"\n", b"- ", b"_", b"*a", b"[](", b"<b>", b"$1 ")
    )
    return body + b"\nnotes: " + (sign * room)[:room]


def _many_fields(body: bytes, _: bytes, dice: Dice) -> bytes:
    step = dice.choice((1, 1, 3))
    return body + b"".join(b"f%d: %d\n" % (number, number) for number in range(0, 5000 * step, step))


_MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(_flip, _cut, _remove, _insert, _insert, _value, _value, _noise, _splice),
    *(_repeat_lines, _shuffle_lines, _indent, _nest, _grow, _many_fields),
)
