"""Targets: what settings ask for goes to the publisher, and a release only where it was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from castoff.cli.project import load_settings
from castoff.cli.releasing import Project, made_for
from castoff.contract.release import Release
from publisher.errors import PublishError
from publisher.folder import ReleaseFolder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, (False, False)),
        ({"auth: service-key": "auth: sigv4"}, (True, False)),
        ({"token: ": "auth: sigv4, token: "}, (False, True)),
    ],
)
def test_calls_are_signed_where_settings_say_so(
    checkout: Path, tmp_path: Path, written: dict[str, str], expected: tuple[bool, bool]
) -> None:
    """Each service is asked as its own settings say; without a word, by its key alone."""
    text = (checkout / "castoff.yaml").read_text()
    for old, new in written.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "castoff.yaml").write_text(text)

    target = Project(tmp_path, load_settings(tmp_path), "production").destination()

    assert (target.scc.signed, target.dashboard.signed) == expected


def test_a_release_for_another_target_is_not_published(tmp_path: Path) -> None:
    """Whoever put it there: what goes live is what was made for where it goes."""
    head = Release("castoff", "local", "", "2024-05-28T12:00:00-07:00", "2024-05-29T12:00:00-07:00", {}, {}, {})
    folder = ReleaseFolder(tmp_path, head)

    assert made_for("local", folder) is folder
    with pytest.raises(PublishError, match="holds a release for `local`, not for `production`"):
        made_for("production", folder)


def test_real_target_is_taken_as_written(checkout: Path) -> None:
    """Buckets, distributions and services go to the publisher as castoff.yaml names them, secrets by reference."""
    target = Project(checkout, load_settings(checkout), "production").destination()

    assert [site.url for site in target.sites.values()] == ["https://queenofsandiego.com", "https://sailjada.com"]
    assert target.scc.secret == "secretsmanager:castoff/scc#service_key"
    assert target.endpoint is None
