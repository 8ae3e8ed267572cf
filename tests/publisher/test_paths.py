"""Viewer paths: both forms of each, and folders that fold."""

from __future__ import annotations

import pytest

from publisher.paths import FOLD_ABOVE, fold_paths, viewer_paths


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
