"""Targets for real: what settings ask for and is not there yet is refused, never passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from castoff.cli.project import load_settings
from castoff.cli.releasing import Project

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


def test_real_target_is_taken_as_written(checkout: Path) -> None:
    """Buckets, distributions and services go to the publisher as castoff.yaml names them, secrets by reference."""
    target = Project(checkout, load_settings(checkout), "production").destination()

    assert [site.url for site in target.sites.values()] == ["https://queenofsandiego.com", "https://sailjada.com"]
    assert target.scc.secret == "secretsmanager:castoff/scc#service_key"
    assert target.endpoint is None
