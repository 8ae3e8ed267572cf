"""Upload forms: signed when a page is written, left alone while they live, renewed before they die."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from support.releases import booking, make, slot
from support.worlds import Line, Services, Silent

from castoff.contract.state import State
from castoff.contract.tickets import Audience
from publisher.errors import PublishError
from publisher.publish import Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.slots import Slot
    from publisher.publish import Done

GUEST = "guest/g/aaaaaaa-guest.html"
CREW = "guest/g/aaaaaaa-crew.html"
BOTH = (slot("aaaaaaa"), slot("aaaaaaa", Audience.CREW))
OPENS = "2024-05-29T21:00:00-07:00"


def at(as_of: str) -> Services:
    """Return a world whose clock shows an instant."""
    world = Services()
    set_clock(world, as_of)
    return world


def set_clock(world: Services, as_of: str) -> None:
    """Let the world's clock show an instant."""
    world.clock.time = datetime.fromisoformat(as_of).timestamp()


def run(
    root: Path,
    world: Services,
    as_of: str,
    *,
    slots: tuple[Slot, ...] = BOTH,
    example: bool = False,
    new_forms: bool = False,
) -> Done:
    """Publish one charter with both of its forms, built for an instant."""
    folder = make(root / as_of, booking("aaaaaaa"), as_of=as_of, slots=slots)
    terms = Terms(commits=Line(), confirm=lambda _plan: True, example=example, new_forms=new_forms)
    return publish(lambda _state: folder, world.ports(), terms=terms, progress=Silent())


def reasons(done: Done) -> dict[str, str]:
    """Return why each object was written."""
    return {action.subject: action.reason.value for action in done.plan.actions if action.verb == "put"}


def test_page_is_written_with_its_form(tmp_path: Path) -> None:
    """Guest and crew have a form each, and the state knows when each dies."""
    world = at(OPENS)

    run(tmp_path, world, OPENS)

    assert b"uploads/aaaaaaa/guest/" in world.objects_at[GUEST][0]
    assert b"uploads/aaaaaaa/crew/" in world.objects_at[CREW][0]
    state = State.from_json(world.state_at[0] if world.state_at else "")
    assert state.files[GUEST].form_expires == "2024-06-06T04:00:00+00:00"
    assert state.files["ops/ops/index.html"].form_expires is None


@pytest.mark.parametrize(
    ("description", "as_of", "renewed"),
    [
        ("an hour later", "2024-05-29T22:00:00-07:00", False),
        ("four days later", "2024-06-02T21:00:00-07:00", False),
        ("when it lives exactly until the next run", "2024-06-04T19:00:00-07:00", False),
        ("a second after that", "2024-06-04T19:00:01-07:00", True),
        ("when it has died", "2024-06-06T00:00:00-07:00", True),
    ],
)
def test_form_is_renewed_before_it_dies_and_not_earlier(
    tmp_path: Path, description: str, as_of: str, *, renewed: bool
) -> None:
    """The nightly run on the same commit writes anew only what would not live until the next."""
    world = at(OPENS)
    run(tmp_path, world, OPENS)
    before = world.objects_at[GUEST]
    set_clock(world, as_of)
    world.calls.clear()

    done = run(tmp_path, world, as_of)

    assert reasons(done) == (dict.fromkeys((CREW, GUEST), "form expires") if renewed else {}), description
    assert (world.objects_at[GUEST] != before) == renewed
    assert [call for call in world.calls if "event" in call or "entry" in call or "mail" in call] == []


def test_forms_are_renewed_at_once_when_their_key_is_gone(tmp_path: Path) -> None:
    """At the operator's word each page with a form is written anew, and no other."""
    world = at(OPENS)
    run(tmp_path, world, OPENS)
    before = world.objects_at[GUEST]

    done = run(tmp_path, world, OPENS, new_forms=True)

    assert reasons(done) == dict.fromkeys((CREW, GUEST), "form renewed")
    assert world.objects_at[GUEST] != before


def test_form_that_lives_until_the_window_closes_stays(tmp_path: Path) -> None:
    """Near the end of its window a form is not renewed for the sake of a run that comes after it."""
    world = at("2024-06-08T12:00:00-07:00")
    run(tmp_path, world, "2024-06-08T12:00:00-07:00")

    set_clock(world, "2024-06-13T11:00:00-07:00")

    assert reasons(run(tmp_path, world, "2024-06-13T11:00:00-07:00")) == {}


def test_form_that_would_die_before_the_next_run_is_refused(tmp_path: Path) -> None:
    """A service that signs for too short a time is found out before a dead form is live."""
    world = at(OPENS)
    world.signs_for = timedelta(hours=1)

    with pytest.raises(PublishError, match=r"upload form of guest/g/.* would die .* before the next run") as refused:
        run(tmp_path, world, OPENS)

    assert "uploads.next_run" in str(refused.value.hint)
    assert not world.objects_at.keys() & {GUEST, CREW}
    assert world.mails == []


def test_window_that_is_over_is_not_signed_for(tmp_path: Path) -> None:
    """An example whose clock stands still asks nothing of a service, publishes, and has nothing to do the next time."""
    world = at("2026-01-01T00:00:00-07:00")

    run(tmp_path, world, OPENS, example=True)

    assert b"data-preview" in world.objects_at[GUEST][0]
    assert world.signed == 0
    assert reasons(run(tmp_path, world, OPENS, example=True)) == {}


def test_site_for_real_gets_no_form_that_sends_nothing(tmp_path: Path) -> None:
    """Whoever publishes for an instant long ago, or says yes after the window has closed, is told so instead."""
    world = at("2026-01-01T00:00:00-07:00")

    with pytest.raises(PublishError, match=r"upload form of guest/g/.* would be dead: .* has passed"):
        run(tmp_path, world, OPENS)

    assert not world.objects_at.keys() & {GUEST, CREW}


def test_clock_that_is_let_go_brings_the_form_to_life(tmp_path: Path) -> None:
    """An example that becomes a site for real has real forms with its next publish."""
    world = at("2024-06-08T12:00:00-07:00")
    run(tmp_path, world, OPENS, example=True)
    assert b"data-preview" in world.objects_at[GUEST][0]

    done = run(tmp_path, world, "2024-06-08T12:00:00-07:00")

    assert reasons(done) == dict.fromkeys((CREW, GUEST), "form expires")
    assert b"data-preview" not in world.objects_at[GUEST][0]


def test_other_terms_are_another_page(tmp_path: Path) -> None:
    """A window or a size that changed replaces the form, though no byte of the page as built did."""
    world = at(OPENS)
    run(tmp_path, world, OPENS)

    done = run(tmp_path, world, OPENS, slots=(replace(BOTH[0], max_size=99), BOTH[1]))

    assert reasons(done) == {GUEST: "body changed"}


@pytest.mark.parametrize("effect", ["presign aaaaaaa guest", f"put {GUEST}", f"put {CREW}", "invalidate guest"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_renewal_that_breaks_off_is_made_good(tmp_path: Path, when: str, effect: str) -> None:
    """Whatever a nightly run leaves undone, the next one does; forms are alive and nobody is mailed."""
    world = at(OPENS)
    run(tmp_path, world, OPENS)
    mails = list(world.mails)
    late = "2024-06-04T20:00:00-07:00"
    set_clock(world, late)

    def refuse(name: str) -> None:
        if name == f"{when} {effect}":
            raise PublishError(f"refused {effect}")

    world.step = refuse
    with pytest.raises(PublishError, match="refused"):
        run(tmp_path, world, late)
    world.step = lambda _name: None

    run(tmp_path, world, late)

    state = State.from_json(world.state_at[0] if world.state_at else "")
    assert {state.files[path].form_expires for path in (GUEST, CREW)} == {"2024-06-12T03:00:00+00:00"}
    assert state.in_progress is None
    assert world.mails == mails
    assert reasons(run(tmp_path, world, late)) == {}
