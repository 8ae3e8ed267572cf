"""The preview in a browser: pages come again by themselves, problems lie over them and go, and the home page frames."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from preview.running import BOOKING, CREW, GUEST, Running, edit, lay_out, serving
from preview.test_problems import told_by_check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

LAPTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run a preview of the example, which each test leaves as it was."""
    with serving(lay_out(tmp_path_factory.mktemp("browser") / "project")) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page on a laptop, about which the browser must have nothing to complain."""
    with laptop(browser) as found:
        complaints: list[str] = []
        found.on("console", lambda message: complaints.append(message.text))
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        assert complaints == []


@contextmanager
def laptop(browser: Browser) -> Iterator[Page]:
    """Open a window of a laptop's size with cookies of its own."""
    context = browser.new_context(viewport=LAPTOP)  # type: ignore[arg-type] # a size is a plain dictionary here
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def broken(running: Running, old: str = "captain: captain-001", new: str = "captian: captain-001") -> Iterator[None]:
    """Break the booking for a while."""
    edit(running.root, BOOKING, old, new)
    yield
    edit(running.root, BOOKING, new, old)


def test_a_page_comes_again_by_itself(running: Running, page: Page) -> None:
    """An edit is on the open page without a hand; taken back, it goes."""
    page.goto(f"{running.home}{GUEST}")
    edit(running.root, BOOKING, "one guest uses a cane", "bring the long ladder")
    expect(page.locator("#asked + .said")).to_contain_text("ring the long ladder")
    edit(running.root, BOOKING, "bring the long ladder", "one guest uses a cane")

    expect(page.locator("#asked + .said")).to_contain_text("ne guest uses a cane")


def test_a_page_that_is_as_it_was_is_left_alone(running: Running, page: Page) -> None:
    """A file that is saved without a change takes nobody from where they are."""
    page.goto(f"{running.home}{GUEST}")
    page.evaluate("window.mark = 1")
    before = running.news()["known"]
    (running.root / BOOKING).touch()
    while running.news()["known"] == before:
        running.page(GUEST)
    page.wait_for_timeout(300)

    assert page.evaluate("window.mark") == 1


def test_problems_lie_over_the_page_and_go(running: Running, page: Page) -> None:
    """They are the words of a check, over the page as it was; mended, they are gone without a hand."""
    page.goto(f"{running.home}{GUEST}")
    with broken(running):
        problems = page.locator("castoff-problems pre")
        expect(problems).to_be_visible()
        told, expected = problems.inner_text(), told_by_check(running.root)
        beneath = page.locator("h1").inner_text()

    expect(problems).to_have_count(0)
    assert told == expected
    assert "captian" in told
    assert beneath == "Your charter on Jada"


def test_a_page_that_is_opened_later_shows_them_too(running: Running, page: Page) -> None:
    """Whoever opens a page while files are broken sees at once that it is an older one."""
    with broken(running):
        page.goto(f"{running.home}{GUEST}")
        expect(page.locator("castoff-problems pre")).to_contain_text("unknown field `captian`")
        page.locator("castoff-problems summary").click()
        expect(page.locator("castoff-problems pre")).to_be_hidden()

    expect(page.locator("castoff-problems")).to_have_count(0)


def test_a_page_of_nothing_goes_on_by_itself(project: Path, browser: Browser) -> None:
    """Where there was no page to lay problems over, they stand alone, change as files do, and become the page."""
    good = (project / "castoff.yaml").read_text("utf-8")
    (project / "castoff.yaml").write_text("brand: {\n")
    with serving(project) as running, laptop(browser) as page:
        response = page.goto(f"{running.home}{GUEST}")
        expect(page.locator("pre")).to_contain_text("castoff.yaml:")
        (project / "castoff.yaml").write_text(good + "nonsense: 1\n")
        expect(page.locator("pre")).to_contain_text("unknown field `nonsense`")
        (project / "castoff.yaml").write_text(good)
        expect(page.locator("h1")).to_have_text("Your charter on Jada")

    assert response is not None
    assert response.status == 503


def test_home_frames_both_pages(running: Running, page: Page) -> None:
    """Guest and crew page of the chosen booking, the crew page through the real gate with this preview's pass."""
    page.goto(f"{running.home}/?booking=xhqgmdh")

    expect(page.frame_locator("iframe[title=Guest]").locator("h1")).to_have_text("Your charter on Jada")
    expect(page.frame_locator("iframe[title=Crew]").locator(".call")).to_contain_text("8 AM")


def test_home_fits_a_laptop(running: Running, page: Page) -> None:
    """At 1280 by 800 both phones are seen whole, and nothing scrolls but the list and the pages."""
    page.goto(f"{running.home}/?booking=xhqgmdh")
    page.wait_for_function("document.querySelector('.phones').style.getPropertyValue('--fit') !== ''")
    boxes = [page.locator(".phone").nth(number).bounding_box() for number in range(2)]

    assert all(box and box["y"] + box["height"] <= 800 and box["x"] + box["width"] <= 1280 for box in boxes)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1280, 800]


def test_another_booking_is_chosen_without_leaving_the_list(running: Running, page: Page) -> None:
    """A click shows the other booking's pages; list and search stay as they were, and Back goes back."""
    page.goto(f"{running.home}/?booking=xhqgmdh")
    page.locator("#find").fill("sea lark")
    page.evaluate("window.mark = 1")
    page.locator("#list a[href='/?booking=h5kbr7z']").click()

    expect(page.frame_locator("iframe[title=Crew]").locator("h1")).to_have_text("Sea Lark")
    expect(page.locator("#list a[aria-current]")).to_have_attribute("href", "/?booking=h5kbr7z")
    assert page.url == f"{running.home}/?booking=h5kbr7z"
    assert page.evaluate("window.mark") == 1
    assert page.locator("#find").input_value() == "sea lark"
    page.go_back()
    expect(page.frame_locator("iframe[title=Guest]").locator("h1")).to_have_text("Your charter on Jada")


def test_the_search_finds_by_any_word(running: Running, page: Page) -> None:
    """Vessel, guest, id, status or day; days without a hit go, and nothing found is said."""
    page.goto(running.home)
    found = {}
    for words in ("cancelled", "dana", "xhqgmdh", "may 30", "sea lark june", "nobody"):
        page.locator("#find").fill(words)
        found[words] = page.locator("#list li:visible code").all_text_contents()

    assert found["cancelled"] == ["r9fjt5k"]
    assert found["dana"] == found["xhqgmdh"] == found["may 30"] == ["xhqgmdh"]
    assert "b4nq9rv" in found["sea lark june"]
    assert "h5kbr7z" not in found["sea lark june"]
    assert found["nobody"] == []
    expect(page.locator("#none")).to_be_visible()


def test_home_takes_in_what_is_new(running: Running, page: Page) -> None:
    """An edit is in the frames, a new file in the list, problems above them: all by themselves."""
    page.goto(f"{running.home}/?booking=xhqgmdh")
    guest = page.frame_locator("iframe[title=Guest]")
    expect(guest.locator("h1")).to_be_visible()
    page.evaluate("window.mark = 1")
    edit(running.root, BOOKING, "one guest uses a cane", "bring the long ladder")
    expect(guest.locator("#asked + .said")).to_contain_text("ring the long ladder")
    edit(running.root, BOOKING, "bring the long ladder", "one guest uses a cane")
    expect(guest.locator("#asked + .said")).to_contain_text("ne guest uses a cane")
    text = (running.root / BOOKING).read_text("utf-8")
    fresh = running.root / "bookings" / "q4n7wzk.yaml"
    fresh.write_text("id: q4n7wzk\nvessel: jada\nstarts: 2024-07-04 10:00\n")
    expect(page.locator("#list a[href='/?booking=q4n7wzk'] .tag.wrong")).to_be_visible()
    expect(page.locator("#problems pre")).to_contain_text("bookings/q4n7wzk.yaml")
    fresh.unlink()
    expect(page.locator("#list a[href='/?booking=q4n7wzk']")).to_have_count(0)
    expect(page.locator("#problems.stopped")).to_have_count(0)

    assert page.evaluate("window.mark") == 1
    assert text == (running.root / BOOKING).read_text("utf-8")


def test_the_crew_page_is_shut_to_whoever_did_not_come_by_home(running: Running, page: Page) -> None:
    """The address alone leads to the door; by the link there, the home page opens it."""
    page.goto(f"{running.home}{CREW}")
    expect(page.locator("h1")).to_have_text("This page is for the crew")
    page.get_by_role("link", name="Open the home page").click()
    expect(page.frame_locator("iframe[title=Crew]").locator(".call")).to_contain_text("8 AM")
    page.goto(f"{running.home}{CREW}")

    expect(page.locator(".call")).to_contain_text("8 AM")


def test_the_board_opens_from_home(running: Running, page: Page) -> None:
    """One click, on its own host, and it stays open there."""
    page.goto(running.home)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Ops board").click()
    board = opened.value

    expect(board.locator("h1")).to_have_text("The board")
    assert board.url == f"http://ops.localhost:{running.port}/ops/"
    board.reload()
    expect(board.locator("h1")).to_have_text("The board")


def test_a_booking_without_pages_is_chosen(running: Running, page: Page) -> None:
    """From a booking with frames to a draft and back: the frames go and come."""
    page.goto(f"{running.home}/?booking=xhqgmdh")
    page.locator("#list a.draft").first.click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.locator("#stage")).to_contain_text("A draft leaves no trace")
    page.locator("#list a[href='/?booking=xhqgmdh']").click()

    expect(page.frame_locator("iframe[title=Crew]").locator(".call")).to_contain_text("8 AM")


def test_a_preview_that_starts_again_is_found_again(project: Path, browser: Browser) -> None:
    """A page that stayed open while the preview was stopped loads itself when there is one again."""
    with laptop(browser) as page:
        with serving(project) as first:
            page.goto(f"{first.home}{GUEST}")
            expect(page.locator("h1")).to_have_text("Your charter on Jada")
        edit(project, "content/vessels/jada.md", "name: Jada", "name: Jade")
        with serving(project, "--port", str(first.port)):
            expect(page.locator("h1")).to_have_text("Your charter on Jade")


@pytest.mark.parametrize("bookings", [0, 3])
def test_home_of_a_small_project(project: Path, page: Page, bookings: int) -> None:
    """A first day without a booking, and a first week."""
    for path in sorted((project / "bookings").glob("*.yaml"))[bookings:]:
        path.unlink()
    with serving(project) as running:
        page.goto(running.home)

        expect(page.locator("#list li")).to_have_count(bookings)
        expect(page.locator("iframe")).to_have_count(2 if bookings else 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_stand_out(running: Running, browser: Browser, scheme: str) -> None:
    """Every text of the home page has at least 4.5 times the contrast of what it stands on."""
    script = """() => {
      const light = text => text.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
      const over = colours => {
        for (const colour of colours.reverse()) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return 'rgb(' + [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).join(' ') + ')';
      };
      const behind = found => {
        const colours = [];
        for (let e = found; e; e = e.parentElement) colours.push(getComputedStyle(e).backgroundColor);
        return over([...colours, 'white']);
      };
      return [...document.querySelectorAll('header *, aside *, main *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .map(e => {
          const [a, b] = [light(over([getComputedStyle(e).color, behind(e)])), light(behind(e))].sort((x, y) => x - y);
          return [(b + 0.05) / (a + 0.05), e.textContent.trim().slice(0, 40)];
        })
        .filter(([ratio]) => ratio < 4.5);
    }"""
    context = browser.new_context(viewport=LAPTOP, color_scheme="dark" if scheme == "dark" else "light")  # type: ignore[arg-type] # as above
    page = context.new_page()
    with broken(running):
        page.goto(f"{running.home}/?booking=xhqgmdh")
        expect(page.locator("#problems pre")).to_be_visible()
        faint = page.evaluate(script)
    context.close()

    assert faint == []
