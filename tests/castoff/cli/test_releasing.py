"""Targets for real: what settings ask for and is not there yet is refused, never passed over."""

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


def test_protection_that_is_not_there_is_refused(
    checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator who asks for signed calls is told that there are none, before anything is asked of AWS."""
    text = (checkout / "castoff.yaml").read_text()
    (tmp_path / "castoff.yaml").write_text(text.replace("auth: service-key", "auth: sigv4"))
    project = Project(tmp_path, load_settings(tmp_path), "production")

    with pytest.raises(SystemExit):
        project.destination()

    assert capsys.readouterr().err.startswith("error: ShipCaptainCrew is to be asked with SigV4")


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
