"""Upload forms beside the embedded cloud: real while it runs, previews again when it stops."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect
from preview.running import Running, serving
from support.projects import ZONE, Project
from support.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

BOOKING: Final = "photos1"
PAGE: Final = f"/g/jada-guest-{BOOKING}"
PICTURE: Final = b"\xff\xd8\xff\xe0 a picture of the sea \xff\xd9"


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], cloud_environment: dict[str, str]
) -> Iterator[Project]:
    """Lay out a project with a charter that casts off in an hour, and start its cloud."""
    found = Project.lay_out(tmp_path_factory.mktemp("forms") / "project", cloud_environment)
    starts = (datetime.now(ZONE) + timedelta(hours=1)).replace(second=0, microsecond=0)
    found.book(BOOKING, days=0, starts=starts)
    try:
        started = found.castoff("cloud", "start", "--port", str(free_port()), "--edge-port", str(free_port()))
        assert started.code == 0, started.err
        yield found
    finally:
        found.castoff("cloud", "reset", "--yes")


@pytest.fixture(scope="module")
def running(project: Project) -> Iterator[Running]:
    """Run a preview beside the cloud."""
    with serving(project.root) as found:
        yield found


def form_of(page: str) -> str:
    """Return the form in a page."""
    found = re.search(r'<form id="photos".*?</form>', page, re.DOTALL)
    assert found is not None, page
    return found[0]


def test_the_form_is_real_and_stays(running: Running) -> None:
    """It goes to the bucket with a signature, has no ticket, and is the same each time the page is loaded."""
    first, again = (form_of(running.page(PAGE)) for _ in range(2))
    crew = form_of(running.crew_page(BOOKING))

    assert 'method="post"' in first
    assert f"uploads/{BOOKING}/guest/" in first
    assert "data-ticket" not in first
    assert first == again
    assert f"uploads/{BOOKING}/crew/" in crew


def test_a_photo_arrives(running: Running, project: Project, browser: Browser, tmp_path: Path) -> None:
    """What is sent from the preview is in the bucket, and whoever sent it is thanked."""
    picture = tmp_path / "IMG_0042.jpg"
    picture.write_bytes(PICTURE)
    page = browser.new_page()
    page.goto(f"{running.home}{PAGE}")
    page.set_input_files("input[type=file]", picture)
    page.locator("button[form=photos]").click()
    page.wait_for_url(re.compile(r"http://guest\.localhost:\d+/castoff/thanks\.html"))
    page.close()
    witness = Witness(project.facts, endpoint=project.facts["endpoint"])
    found = witness.uploads(BOOKING)
    witness.close()

    assert found[f"uploads/{BOOKING}/guest/IMG_0042.jpg"][0] == PICTURE


def test_without_the_cloud_forms_are_previews_again(running: Running, project: Project, browser: Browser) -> None:
    """A cloud that stops takes its forms with it, which is said once; the page says that it sends nothing."""
    running.page(PAGE)
    while not running.lines.empty():
        running.lines.get()
    stopped = project.castoff("cloud", "stop")
    page = browser.new_page()
    page.goto(f"{running.home}{PAGE}")
    expect(page.locator("form[data-preview]")).to_contain_text("Only a preview")
    page.close()
    running.page(PAGE)
    said = [running.lines.get() for _ in range(running.lines.qsize())]

    assert stopped.code == 0
    assert said == ["the cloud has stopped: upload forms are previews again"]
