"""Viewer paths: both forms of each, and folders that fold."""

from __future__ import annotations

import pytest

from publisher.planning.paths import FOLD_ABOVE, PATHS, WILDCARDS, batches, fold_paths, viewer_paths


@pytest.mark.parametrize(
    ("key", "paths"),
    [
        ("g/jada.html", ("/g/jada", "/g/jada.html")),
        ("g/jada.ics", ("/g/jada.ics",)),
        ("ops/index.html", ("/ops", "/ops/", "/ops/index.html")),
        ("castoff/404.html", ("/castoff/404", "/castoff/404.html")),
    ],
)
def test_key_is_seen_under_every_form(key: str, paths: tuple[str, ...]) -> None:
    """The viewer's path and the one that the edge function makes of it are both forgotten."""
    assert viewer_paths(key) == paths


def test_few_paths_stay_as_they_are() -> None:
    """A handful of pages is invalidated by name, each once, sorted."""
    assert fold_paths(["g/b.html", "g/a.html", "g/a.html"]) == ("/g/a", "/g/a.html", "/g/b", "/g/b.html")


def test_many_paths_of_a_folder_fold_into_a_wildcard() -> None:
    """A thousand pages are one wildcard, which counts as one path, and other folders keep theirs."""
    keys = [f"g/{number}.html" for number in range(1000)]

    assert fold_paths([*keys, "castoff/404.html"]) == ("/castoff/404", "/castoff/404.html", "/g/*")
    assert len(fold_paths(keys[: FOLD_ABOVE // 2])) == FOLD_ABOVE


def test_folder_itself_is_never_lost_in_a_wildcard() -> None:
    """`/ops` is not below `/ops/`, so it is named beside the wildcard."""
    keys = ["ops/index.html", *(f"ops/{number}.html" for number in range(100))]

    assert fold_paths(keys) == ("/ops", "/ops/*")


@pytest.mark.parametrize(
    ("description", "keys", "folded"),
    [
        ("nothing", [], 0),
        ("a page is two paths", ["g/a.html"], 2),
        ("25 pages are 50 paths, each by its name", [f"g/{number}.html" for number in range(25)], 50),
        ("51 paths of a folder are one wildcard", [*(f"g/{number}.html" for number in range(25)), "g/a.ics"], 1),
        ("51 paths of two folders stay", [*(f"g/{number}.ics" for number in range(50)), "castoff/a.ics"], 51),
        ("the root is never a wildcard: it may be a site of its own", [f"{number}.ics" for number in range(51)], 51),
        ("an index is three, and its folder's name stays outside", ["ops/index.html"], 3),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_folding(description: str, keys: list[str], folded: int) -> None:
    """A wildcard stands where it is cheaper, and nowhere else."""
    assert len(fold_paths(keys)) == folded, description


@pytest.mark.parametrize(
    ("description", "paths", "sizes"),
    [
        ("nothing is no batch", [], []),
        ("3,000 paths are one", [f"/{number}" for number in range(PATHS)], [3000]),
        ("3,001 are two", [f"/{number}" for number in range(PATHS + 1)], [3000, 1]),
        ("15 wildcards are one", [f"/{number}/*" for number in range(WILDCARDS)], [15]),
        ("16 are two", [f"/{number}/*" for number in range(WILDCARDS + 1)], [15, 1]),
        (
            "wildcards and paths are counted each by themselves",
            [*(f"/{number}" for number in range(3001)), *(f"/{number}/*" for number in range(31))],
            [3015, 16, 1],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_batches(description: str, paths: list[str], sizes: list[int]) -> None:
    """No batch holds more than may be in progress at once, and none of the paths is lost."""
    found = batches(paths)

    assert [len(batch) for batch in found] == sizes, description
    assert sorted(path for batch in found for path in batch) == sorted(paths)
