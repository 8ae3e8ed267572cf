"""The example site at the top of this repository: sound, invented, and whole pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from support.example import ROOT, example, example_pages

from castoff.fleet.charters import load_project
from castoff.fleet.model import Status
from castoff.fleet.sources import read_sources
from castoff.pages.assets import make_assets, pictures_used
from castoff.pages.theme import load_theme

_VOID = frozenset({"meta", "link", "img", "br", "input", "hr", "!doctype"})
_OURS = re.compile(r"https://(?:queenofsandiego\.com|sailjada\.com)")


class Outline(HTMLParser):
    """Read a page's headings, ids, labels, addresses and pictures; notice tags that do not match."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.named_by: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.without_alt = 0
        self.inline: list[str] = []
        self._open: list[str] = []
        self.feed(page.decode())
        self.unclosed = self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag says."""
        values = dict(attrs)
        self.tags.append(tag)
        if tag not in _VOID:
            self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.named_by += [value for name, value in attrs if name == "aria-labelledby" and value]
        self.addresses += [value for name, value in attrs if name in ("href", "src") and value]
        self.without_alt += tag == "img" and "alt" not in values
        self.inline += [name for name in values if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that is open."""
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag


def html_pages() -> list[str]:
    """Return the paths of the example's HTML pages."""
    return sorted(path for path in example_pages() if path.endswith(".html"))


def test_the_example_has_no_problems() -> None:
    """The example loads without an error or a warning, and every picture that it names is there."""
    fleet, problems = load_project(ROOT)

    assert problems == ()
    assert fleet is not None


def test_the_example_is_worth_looking_at() -> None:
    """It holds every status, two vessels, three docks, and a day with two charters on different vessels."""
    fleet = example()
    days = [(charter.starts.date(), charter.vessel.id) for charter in fleet.charters]

    assert {charter.booking.status for charter in fleet.charters} == set(Status)
    assert len({charter.vessel.id for charter in fleet.charters}) == 2
    assert len({charter.dock.id for charter in fleet.charters}) == 3
    assert any(day == other and vessel != another for day, vessel in days for other, another in days)


def test_everybody_in_the_example_is_invented() -> None:
    """Phones are 555-01xx and mail is @example.com, in every file."""
    texts = [path.read_text() for folder in ("content", "bookings") for path in (ROOT / folder).rglob("*.[my]*")]
    texts.append((ROOT / "castoff.yaml").read_text())

    phones = re.findall(r"\+1[ 0-9]{10,}", "\n".join(texts))
    mails = re.findall(r"[\w.]+@[\w.]+", "\n".join(texts))

    assert phones
    assert [phone for phone in phones if not re.fullmatch(r"\+1 619 555 01\d\d", phone)] == []
    assert [mail for mail in mails if not mail.endswith("@example.com")] == []


def test_draft_and_hold_leave_no_trace() -> None:
    """No page, and no line on the board, knows of a booking that is a draft or a hold."""
    hidden = [charter for charter in example().charters if not charter.booking.status.public]
    everything = example_pages()

    text = "".join(everything) + b"".join(everything.values()).decode()

    assert hidden
    assert [charter.id for charter in hidden if charter.id in text or charter.booking.guests.lead in text] == []


@pytest.mark.parametrize("path", html_pages())
def test_a_page_is_well_made(path: str) -> None:
    """Tags close, ids are unique, labels exist, headings go down one step at a time, pictures have words."""
    page = Outline(example_pages()[path])

    assert page.unclosed == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.named_by) <= set(page.ids)
    assert page.headings.count(1) == 1
    assert all(below - above <= 1 for above, below in zip([0, *page.headings], page.headings, strict=False))
    assert page.without_alt == 0
    assert page.tags.count("main") == 1


@pytest.mark.parametrize("path", html_pages())
def test_a_page_needs_nothing_inline(path: str) -> None:
    """The page's policy allows no inline style or script, so it has none, and it asks not to be indexed."""
    body = example_pages()[path]
    page = Outline(body)

    assert page.inline == []
    assert b"<style" not in body
    assert not re.search(rb"<script(?! src=)", body)
    assert b"style-src 'self'" in body
    assert b'<meta name="robots" content="noindex, nofollow">' in body


def test_every_link_of_ours_leads_somewhere() -> None:
    """Whatever a page links to on our own sites is an asset or a page of this build."""
    theme, fleet = load_theme(ROOT), example()
    assets = make_assets(theme, read_sources(ROOT).pictures, brand=fleet.settings.brand, used=pictures_used(fleet))
    pages = example_pages()
    known = {f"/{asset.key}" for asset in assets.values()} | {f"/{path.partition('/')[2]}" for path in pages}

    links = {
        _OURS.sub("", address)
        for path in html_pages()
        for address in Outline(pages[path]).addresses
        if address.startswith("/") or _OURS.match(address)
    }

    assert links
    assert sorted(link for link in links if link not in known and f"{link}.html" not in known) == []


def test_a_forwarding_page_goes_on_without_the_edge() -> None:
    """The pages of id and alias name the object itself, which a plain web server finds, and the canonical address."""
    for name in ("xhqgmdh", "jada-may30"):
        body = example_pages()[f"guest/g/{name}.html"].decode()

        assert '<meta http-equiv="refresh" content="0; url=/g/boatsetter-may30.html">' in body
        assert '<link rel="canonical" href="https://queenofsandiego.com/g/boatsetter-may30">' in body
        assert 'href="/g/boatsetter-may30.html"' in body
