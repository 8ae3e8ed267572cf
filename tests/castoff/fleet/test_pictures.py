"""Pictures judged by their bytes and by the time that a guest waits for them."""

from __future__ import annotations

import pytest

from castoff.fleet.pictures import HEAVY, LARGEST_PICTURE, picture_problems
from castoff.fleet.sources import PICTURE_TYPES

PNG = b"\x89PNG\r\n\x1a\n"
BEGINNINGS = {
    ".avif": b"\0\0\0\x1cftypavif",
    ".gif": b"GIF89a",
    ".ico": b"\0\0\1\0",
    ".jpeg": b"\xff\xd8\xff\xe0",
    ".jpg": b"\xff\xd8\xff\xe1",
    ".png": PNG,
    ".svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    ".webp": b"RIFF\x10\0\0\0WEBPVP8 ",
}
"""How a file of each kind begins."""


def told(name: str, body: bytes) -> list[tuple[str, str | None]]:
    """Return rule and hint of each problem."""
    return [(problem.rule, problem.hint) for problem in picture_problems(f"content/pictures/{name}", body)]


@pytest.mark.parametrize("suffix", sorted(PICTURE_TYPES))
def test_a_picture_of_each_kind_is_taken_for_what_it_is(suffix: str) -> None:
    """Upper case in its name does no harm."""
    assert told(f"lark{suffix}", BEGINNINGS[suffix]) == []
    assert told(f"Lark{suffix.upper()}", BEGINNINGS[suffix]) == []


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?>\n<!-- Made by hand -->\n<svg/>',
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<svg/>',
        b"<!-- a boat -->\n<svg/>",
    ],
)
def test_a_vector_may_begin_as_programs_write_it(body: bytes) -> None:
    """A byte order mark, an XML declaration, a document type, a comment."""
    assert told("lark.svg", body) == []


@pytest.mark.parametrize(
    ("name", "body", "hint"),
    [
        ("lark.jpg", PNG, "name it `lark.png`"),
        ("lark.png", BEGINNINGS[".webp"], "name it `lark.webp`"),
        ("lark.jpg", b"\0\0\0\x18ftypheic", "save it as JPEG, PNG, WebP or SVG"),
        ("lark.png", b"<!doctype html><title>Not found</title>", "save it as JPEG, PNG, WebP or SVG"),
        ("lark.svg", b"<html><svg></svg></html>", "save it as JPEG, PNG, WebP or SVG"),
        ("lark.png", b"version https://git-lfs.github.com/spec/v1\n", "save it as JPEG, PNG, WebP or SVG"),
    ],
)
def test_a_picture_of_another_kind_is_told_how_it_may_be_called(name: str, body: bytes, hint: str) -> None:
    """Browsers go by the type that its name stands for, and are told to trust no bytes."""
    assert told(name, body) == [("wrong-picture", hint)]


@pytest.mark.parametrize(
    ("size", "rules"),
    [
        (HEAVY, []),
        (HEAVY + 1, ["heavy-picture"]),
        (LARGEST_PICTURE, ["heavy-picture"]),
        (LARGEST_PICTURE + 1, ["too-large"]),
    ],
)
def test_a_picture_has_a_size_that_a_phone_at_a_dock_can_load(size: int, rules: list[str]) -> None:
    """Told of from a megabyte on, and refused where it can only be a mistake."""
    assert [rule for rule, _ in told("lark.png", PNG.ljust(size, b"\0"))] == rules


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "< script >alert(1)</script>",
        "<SCRIPT href='x'/>",
        "<rect onload='alert(1)'/>",
        "<a href='javascript:alert(1)'/>",
        "<foreignObject/>",
    ],
)
def test_a_vector_that_runs_a_program_is_refused(inside: str) -> None:
    """Opened by its own address it would act as the guest's page does."""
    assert [rule for rule, _ in told("lark.svg", f"<svg>{inside}</svg>".encode())] == ["active-asset"]


def test_an_empty_picture_is_only_that() -> None:
    """One problem is enough."""
    assert [rule for rule, _ in told("lark.png", b"")] == ["empty-picture"]
