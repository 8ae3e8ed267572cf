"""The whole use case over a world in memory: what happens, what happens twice, and what happens when it breaks off."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.releases import booking, make
from support.worlds import KilledError, Line, Services, Silent, without_serial

from castoff.contract.plan import CancelEvent, UpdateEvent
from castoff.contract.state import State
from publisher.errors import PublishError
from publisher.planning.diff import diff
from publisher.planning.limits import Limits, refusals
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.contract.release import Booking
    from publisher.folder import ReleaseFolder


def run(folder: ReleaseFolder, world: Services, **terms: object) -> Done:
    """Publish with everything confirmed."""
    settled = {"commits": Line(), "confirm": lambda _plan: True} | terms
    return publish(lambda _state: folder, world.ports(), terms=Terms(**settled), progress=Silent())  # type: ignore[arg-type]


def state_of(world: Services) -> State:
    """Return the state that the world holds."""
    assert world.state_at
    return State.from_json(world.state_at[0])


def test_first_publish_does_everything_once(tmp_path: Path) -> None:
    """A new booking has its pages, its members, one event, one mail a crew member, and one entry."""
    world = Services()

    done = run(make(tmp_path, booking("aaaaaaa")), world)

    assert done.new == ("aaaaaaa",)
    assert {"guest/g/aaaaaaa-guest.html", "guest/g/aaaaaaa-crew.html"} < world.objects_at.keys()
    assert sorted(world.members) == ["captain-001", "crew-001", "crew-002"]
    assert world.mails == ["aaaaaaa call crew-001", "aaaaaaa call crew-002"]
    assert list(world.entries) == ["aaaaaaa"]
    assert state_of(world).in_progress is None


def test_order_is_crew_assets_pages_invalidation_events_calendar(tmp_path: Path) -> None:
    """Nobody is called to a page that is not there yet, by a service that does not know them."""
    world = Services()

    run(make(tmp_path / "1", booking("bbbbbbb")), world)
    ways = len(world.calls)

    run(make(tmp_path / "2", booking("aaaaaaa"), booking("bbbbbbb", dock="Fuel Dock"), commit="2"), world)

    kinds = [re.sub(r" (guest|ops)/.*|(?<=ask) .*| [ab]{7}", "", call) for call in world.calls[ways:]]
    assert list(dict.fromkeys(kinds)) == [
        "load state",
        "save state",
        "ask",
        "put",
        "invalidate guest",
        "invalidate ops",
        "update event",
        "create event",
        "put entry",
        "write record",
    ]


def test_publishing_the_same_commit_again_is_one_request(tmp_path: Path) -> None:
    """Nothing to do asks for the state and for nothing else."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))
    run(folder, world)
    world.calls.clear()

    done = run(folder, world)

    assert (done.plan.actions, world.calls) == ((), ["load state"])


def test_newer_commit_with_nothing_to_do_is_recorded(tmp_path: Path) -> None:
    """A commit that changes nothing is live all the same, so that an older one is refused afterwards."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)

    run(make(tmp_path / "2", booking("aaaaaaa"), commit="2"), world)

    assert state_of(world).commit == "2"
    with pytest.raises(PublishError, match="does not come after"):
        run(make(tmp_path / "1", booking("aaaaaaa")), world)


def test_change_touches_what_changed_and_mails_once(tmp_path: Path) -> None:
    """Another dock rewrites that booking's pages, patches the event by that field, and leaves others alone."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)
    world.mails.clear()
    world.calls.clear()

    run(make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), booking("bbbbbbb"), commit="2"), world)

    assert [call for call in world.calls if "bbbbbbb" in call] == []
    assert world.mails == ["aaaaaaa changed dock crew-001", "aaaaaaa changed dock crew-002"]
    assert world.entries["aaaaaaa"]["dock"] == "Fuel Dock"


def test_changed_headers_are_a_reason_of_their_own(tmp_path: Path) -> None:
    """The same body under other headers is written again: S3's ETag would not show it."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)

    done = run(make(tmp_path / "2", booking("aaaaaaa"), commit="2", headers="public, max-age=5"), world)

    assert [(action.verb, action.reason.value) for action in done.plan.actions] == [
        ("put", "headers changed"),
        ("invalidate", "pages changed"),
    ]


def _built_for_after(tmp_path: Path, *bookings: Booking, commit: str) -> ReleaseFolder:
    """Return a release of an instant at which every charter of this page is over, and by the clock none."""
    return make(tmp_path / commit, *bookings, commit=commit, as_of="2024-05-31T06:00:00-07:00")


def test_charter_that_is_to_come_is_told_of_whatever_instant_was_built_for(tmp_path: Path) -> None:
    """With `--as-of` after a charter that is to come by the clock, crews are called, told of changes, called off."""
    world = Services()
    run(_built_for_after(tmp_path, booking("aaaaaaa"), booking("bbbbbbb"), booking("ccccccc"), commit="1"), world)
    called = list(world.mails)
    world.mails.clear()

    changed = (booking("aaaaaaa", status="cancelled"), booking("bbbbbbb", dock="Fuel Dock"))
    done = run(_built_for_after(tmp_path, *changed, commit="2"), world)

    assert len(called) == 6
    assert sorted(world.mails) == [
        f"{told} {member}"
        for told in ("aaaaaaa cancelled", "bbbbbbb changed dock", "ccccccc cancelled")
        for member in ("crew-001", "crew-002")
    ]
    foretold = [action.mails for action in done.plan.actions if isinstance(action, CancelEvent | UpdateEvent)]
    assert all(foretold)
    assert world.entries.keys() == {"aaaaaaa", "bbbbbbb"}
    assert state_of(world).bookings["ccccccc"].status == "removed"


def test_charter_that_is_over_by_the_clock_is_for_nobody(tmp_path: Path) -> None:
    """The same charters once they are over: no crew is called, and what stands of one whose file is gone stays."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)
    world.clock.time += 4 * 86_400
    world.mails.clear()

    run(_built_for_after(tmp_path, booking("bbbbbbb", status="cancelled"), booking("ccccccc"), commit="2"), world)

    assert world.mails == []
    assert world.entries.keys() == {"aaaaaaa", "bbbbbbb"}


def test_as_of_past_retention_is_refused_like_deletions(tmp_path: Path) -> None:
    """A slip in the year would take every page away: by the clock these charters are to come, and four are too many."""
    world = Services()
    keys = ("aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd")
    run(make(tmp_path / "1", *map(booking, keys)), world)
    before = dict(world.objects_at)
    slip = make(tmp_path / "2", *map(booking, keys), commit="2", as_of="2025-05-30T09:00:00-07:00")
    kept = {path: file for path, file in slip.release.files.items() if file.booking is None}
    slip = replace(slip, release=replace(slip.release, files=kept))

    with pytest.raises(PublishError, match="4 bookings would vanish without being cancelled"):
        run(slip, world)

    assert world.objects_at == before
    world.clock.time += 365 * 86_400
    assert run(slip, world).applied


def test_cancelling_tells_the_crew_once_and_keeps_the_page(tmp_path: Path) -> None:
    """A cancelled booking says so on its page; event and entry are cancelled; a second publish is silent."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    world.mails.clear()
    cancelled = make(tmp_path / "2", booking("aaaaaaa", status="cancelled"), commit="2")

    run(cancelled, world)
    run(cancelled, world)

    assert world.mails == ["aaaaaaa cancelled crew-001", "aaaaaaa cancelled crew-002"]
    assert b"cancelled" in world.objects_at["guest/g/aaaaaaa-guest.html"][0]
    assert world.entries["aaaaaaa"]["status"] == "cancelled"


def test_reinstated_booking_has_its_old_event_again(tmp_path: Path) -> None:
    """Confirmed again after a cancellation patches the event that is there."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    run(make(tmp_path / "2", booking("aaaaaaa", status="cancelled"), commit="2"), world)

    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)

    assert world.events["aaaaaaa"]["status"] == "scheduled"
    assert len([mail for mail in world.mails if " call " in mail]) == 2


def test_charter_that_is_over_calls_nobody(tmp_path: Path) -> None:
    """First published after its end, a charter makes pages, but no event, entry or mail."""
    world = Services()

    run(make(tmp_path, booking("aaaaaaa", ends="2024-05-20T12:00:00-07:00")), world)

    assert (world.events, world.entries, world.mails) == ({}, {}, [])
    assert "guest/g/aaaaaaa-guest.html" in world.objects_at


def test_removed_booking_leaves_nothing(tmp_path: Path) -> None:
    """A booking whose file is gone has its pages deleted, its event cancelled and its entry removed."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)

    run(make(tmp_path / "2", booking("bbbbbbb"), commit="2"), world)

    assert not [path for path in world.objects_at if "aaaaaaa" in path]
    assert world.events["aaaaaaa"]["status"] == "cancelled"
    assert "aaaaaaa" not in world.entries


def test_removed_booking_that_comes_back_has_its_crew_called_back(tmp_path: Path) -> None:
    """`git rm`, publish, `git revert`, publish: the crew was told that it is off, and is told that it is on."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb")), world)
    run(make(tmp_path / "2", booking("bbbbbbb"), commit="2"), world)
    world.mails.clear()

    done = run(make(tmp_path / "3", booking("aaaaaaa"), booking("bbbbbbb"), commit="3"), world)

    assert world.events["aaaaaaa"]["status"] == "scheduled"
    assert world.mails == [f"aaaaaaa changed status {member}" for member in ("crew-001", "crew-002")]
    assert "aaaaaaa" in world.entries
    assert done.new == ()


def test_more_removals_than_allowed_change_nothing(tmp_path: Path) -> None:
    """Four bookings vanishing at once is refused with the flag that allows it; the limit counts bookings, not keys."""
    world = Services()
    keys = ["aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd", "eeeeeee"]
    run(make(tmp_path / "1", *map(booking, keys)), world)
    before = dict(world.objects_at)
    fewer = make(tmp_path / "2", booking("eeeeeee"), commit="2")

    with pytest.raises(PublishError, match="4 bookings would vanish") as refused:
        run(fewer, world)

    assert refused.value.hint is not None
    assert "--max-removed 4" in refused.value.hint
    assert world.objects_at == before
    run(fewer, world, limits=Limits(max_removed=4))
    assert sorted(world.entries) == ["eeeeeee"]


def test_empty_release_is_refused(tmp_path: Path) -> None:
    """A release without bookings over live ones is a mistake until it is said to be none."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)

    with pytest.raises(PublishError, match="the release is empty"):
        run(make(tmp_path / "2", commit="2"), world)


def test_declined_plan_changes_nothing(tmp_path: Path) -> None:
    """No is no: not even the state is written."""
    world = Services()

    done = run(make(tmp_path, booking("aaaaaaa")), world, confirm=lambda _plan: False)

    assert (done.applied, world.calls) == (False, ["load state"])


def test_expect_of_what_was_done_already_is_well(tmp_path: Path) -> None:
    """A job that is run again, after its publish was done and its machine went away, has nothing to complain of."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))
    expect = diff(folder.release, State(), private={}).digest
    first = run(folder, world, expect=expect)

    again = run(folder, world, expect=expect)

    assert (first.applied, again.applied, again.plan.actions) == (True, False, ())
    with pytest.raises(PublishError, match="not the expected"):
        run(make(tmp_path / "2", booking("aaaaaaa"), commit="2"), world, expect=expect)


def test_expect_refuses_another_plan(tmp_path: Path) -> None:
    """Only the plan that was read is applied."""
    world = Services()

    with pytest.raises(PublishError, match="not the expected"):
        run(make(tmp_path, booking("aaaaaaa")), world, expect="0" * 64)


@pytest.mark.parametrize(("digits", "words"), [(11, "too short for a digest"), (12, None), (64, None)])
def test_expect_takes_a_digest_as_it_is_printed(digits: int, words: str | None, tmp_path: Path) -> None:
    """Twelve digits name a plan, in whatever case; fewer name too many."""
    folder = make(tmp_path, booking("aaaaaaa"))
    world = Services()
    expect = diff(folder.release, State(), private={}).digest[:digits].upper()

    if words is None:
        assert run(folder, world, expect=expect).applied
    else:
        with pytest.raises(PublishError, match=words):
            run(folder, world, expect=expect)


def test_refusals_name_bookings_and_the_flag(tmp_path: Path) -> None:
    """Whoever is refused reads which bookings it is about, and what allows it; a plan has the same words."""
    world, keys = Services(), [f"aaaaaa{letter}" for letter in "abcdefghijklmnop"]
    run(make(tmp_path / "1", *map(booking, keys)), world)
    few, none = make(tmp_path / "2", booking("aaaaaaa"), commit="2"), make(tmp_path / "3", commit="2")

    found = [refusals(folder.release, state_of(world), Limits()) for folder in (few, none)]

    assert [(refusal.words, refusal.hint) for (refusal,) in found] == [
        (
            f"15 bookings would vanish without being cancelled: {', '.join(keys[1:13])} and 3 more",
            "cancel them with `status: cancelled`, or allow it with `--max-removed 15`",
        ),
        (
            f"the release is empty, and 16 bookings are live: {', '.join(keys[:12])} and 4 more",
            "check that bookings/ is there; `--allow-empty` removes them all",
        ),
    ]
    assert refusals(few.release, state_of(world), Limits(max_removed=15)) == ()


def test_object_that_someone_else_wrote_is_not_overwritten(tmp_path: Path) -> None:
    """What was uploaded by hand under a key of ours stops the publish before anyone is called."""
    world = Services()
    world.objects_at["guest/g/aaaaaaa-guest.html"] = (b"by hand", '"x"')

    with pytest.raises(PublishError, match="not what was left there"):
        run(make(tmp_path, booking("aaaaaaa")), world)

    assert world.objects_at["guest/g/aaaaaaa-guest.html"][0] == b"by hand"
    assert world.mails == []


def test_live_lease_is_waited_for_and_a_run_out_one_taken(tmp_path: Path) -> None:
    """Whoever finds another at work waits; once the lease has run out by S3's clock, the work is taken over."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))
    with pytest.raises(KilledError):
        run(folder, _killed(world, "before put entry aaaaaaa"))
    assert state_of(world).in_progress is not None
    text = json.loads(world.state_at[0])  # type: ignore[index]
    text["in_progress"]["holder"]["machine"] = "another"
    world.state_at = (json.dumps(text), world.state_at[1])  # type: ignore[index]
    started = world.clock.now()
    world.step = lambda _name: None

    run(folder, world)

    assert world.clock.now() - started > 120
    assert Counter(world.mails) == Counter(["aaaaaaa call crew-001", "aaaaaaa call crew-002"])


def test_slept_publisher_starts_no_effect_after_its_lease(tmp_path: Path) -> None:
    """A holder whose own clock says that the lease may be over stops, whatever it was about to do."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))

    def sleep(name: str) -> None:
        if name == "after ask https://guest.example.com/g/aaaaaaa-crew":
            world.clock.time += 119

    world.step = sleep

    with pytest.raises(PublishError, match="longer than its lease"):
        run(folder, world)

    assert world.mails == []


def test_after_a_take_over_the_sleeper_is_refused(tmp_path: Path) -> None:
    """A publisher that slept through its lease can tell the services nothing old, even where nothing was to be done."""
    world = Services()
    first = make(tmp_path / "1", booking("aaaaaaa"))
    run(first, world)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    with pytest.raises(KilledError):
        run(moved, _killed(world, "before update event aaaaaaa"))
    slept = state_of(world).serial
    world.step = lambda _name: None
    _as_dead(world)
    run(make(tmp_path / "3", booking("aaaaaaa"), commit="3"), world)
    ports = world.ports()

    with pytest.raises(PublishError, match="stale serial"):
        ports.crew.update_event("e-aaaaaaa", {"dock": "Fuel Dock"}, serial=slept)
    with pytest.raises(PublishError, match="stale serial"):
        ports.calendar.put("aaaaaaa", {}, serial=slept)

    assert world.events["aaaaaaa"]["dock"] == "Sheraton Marina"


def test_mail_that_a_service_owed_is_sent_by_the_next_publish(tmp_path: Path) -> None:
    """The event was stored and its mail refused: the same commit again has it sent, once."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))

    def refuse(name: str) -> None:
        if name == "mail of aaaaaaa":
            raise PublishError("mail_pending")

    world.step = refuse
    with pytest.raises(PublishError, match="mail_pending"):
        run(folder, world)
    assert world.mails == []
    world.step = lambda _name: None

    run(folder, world)
    run(folder, world)

    assert world.mails == ["aaaaaaa call crew-001", "aaaaaaa call crew-002"]


def test_guest_of_a_booking_that_broke_off_is_still_new(tmp_path: Path) -> None:
    """The link is handed over by the publish that makes all of it true, and by no later one."""
    world = Services()
    folder = make(tmp_path, booking("aaaaaaa"))
    with pytest.raises(KilledError):
        run(folder, _killed(world, "after create event aaaaaaa"))
    world.step = lambda _name: None
    _as_dead(world)

    assert run(folder, world).new == ("aaaaaaa",)
    assert run(make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2"), world).new == ()


def test_broken_publish_that_is_reverted_is_undone(tmp_path: Path) -> None:
    """A build that reuses what it can is asked once the broken publish was read back, and reuses nothing of it."""
    world = Services()
    wanted = booking("aaaaaaa")
    run(make(tmp_path / "1", wanted), world)
    moved = make(tmp_path / "2", booking("aaaaaaa", dock="Fuel Dock"), commit="2")
    with pytest.raises(KilledError):
        run(moved, _killed(world, "after update event aaaaaaa"))
    world.step = lambda _name: None
    _as_dead(world)

    def build(state: State) -> ReleaseFolder:
        published = state.bookings.get(wanted.id)
        if published and published.input == wanted.input:
            return make(tmp_path / "3", commit="3", reused={wanted.id: wanted.input})
        return make(tmp_path / "3", wanted, commit="3")

    publish(build, world.ports(), terms=Terms(commits=Line(), confirm=lambda _plan: True), progress=Silent())

    assert world.events["aaaaaaa"]["dock"] == "Sheraton Marina"
    assert b"Sheraton" in world.objects_at["guest/g/aaaaaaa-guest.html"][0]


def test_commit_of_a_broken_publish_counts_as_live(tmp_path: Path) -> None:
    """What was about to be live may be in part: an older commit is refused as it would be after it."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)
    with pytest.raises(KilledError):
        run(
            make(tmp_path / "3", booking("aaaaaaa", dock="Fuel Dock"), commit="3"),
            _killed(world, "before invalidate guest"),
        )
    world.step = lambda _name: None
    _as_dead(world)

    with pytest.raises(PublishError, match="commit 3 is live, or was being published, and 2 does not come after it"):
        run(make(tmp_path / "2", booking("aaaaaaa"), commit="2"), world)


def test_recording_a_commit_plans_anew_where_another_was_faster(tmp_path: Path) -> None:
    """A commit with nothing to do that loses the race to write itself down looks again, and says nothing of it."""
    world = Services()
    run(make(tmp_path / "1", booking("aaaaaaa")), world)

    def overtake(name: str) -> None:
        if name == "before save state":
            world.step = lambda _name: None
            run(make(tmp_path / "3", booking("aaaaaaa"), commit="2"), world)

    world.step = overtake

    run(make(tmp_path / "2", booking("aaaaaaa"), commit="2"), world)

    assert state_of(world).commit == "2"


def _killed(world: Services, at: str) -> Services:
    def step(name: str) -> None:
        if name == at:
            world.step = _dead
            raise KilledError

    world.step = step
    return world


def _dead(_name: str) -> None:
    raise KilledError


def _story(tmp_path: Path) -> list[ReleaseFolder]:
    return [
        make(tmp_path / "1", booking("aaaaaaa"), booking("bbbbbbb"), booking("ccccccc")),
        make(
            tmp_path / "2",
            booking("aaaaaaa", dock="Fuel Dock"),
            booking("bbbbbbb", status="cancelled"),
            booking("ddddddd"),
            commit="2",
            style="body{margin:0}",
        ),
    ]


def test_killed_anywhere_and_run_again_the_world_is_the_same(tmp_path: Path) -> None:
    """Killed before or after any effect of two publishes, a second run leaves the world as if nothing had happened."""
    first, second = _story(tmp_path)
    calm = Services()
    run(first, calm)
    ways = len(calm.calls)
    run(second, calm)
    names = [f"{when} {name}" for name in dict.fromkeys(calm.calls[ways:]) for when in ("before", "after")]

    for name in names:
        world = Services()
        run(first, world)
        if "load state" in name:
            continue
        with pytest.raises(KilledError):
            run(second, _killed(world, name))
        world.step = lambda _name: None
        if state_of(world).in_progress:
            world.cached["guest/g/aaaaaaa-guest"] = b"stale"
        _fetch_all(world)
        world.clock.time += 1

        _as_dead(world)
        run(second, world)

        assert world.events.keys() == calm.events.keys(), name
        assert Counter(world.mails) == Counter(calm.mails), name
        assert world.entries == calm.entries, name
        assert world.members == calm.members, name
        assert world.objects_at.keys() == calm.objects_at.keys(), name
        assert without_serial(state_of(world)) == without_serial(state_of(calm)), name
        assert _live(world) == _live(calm), name


def test_killed_anywhere_and_reverted_the_world_is_as_before(tmp_path: Path) -> None:
    """Killed before or after any effect, a publish that is reverted instead of run again leaves nothing of itself."""
    first, second = _story(tmp_path)
    keys = ("aaaaaaa", "bbbbbbb", "ccccccc")
    reverted = make(tmp_path / "3", *map(booking, keys), commit="3")
    calm = Services()
    run(first, calm)
    ways = len(calm.calls)
    run(second, calm)
    names = [f"{when} {name}" for name in dict.fromkeys(calm.calls[ways:]) for when in ("before", "after")]

    for name in names:
        if "state" in name:
            continue
        world = Services()
        run(first, world)
        _fetch_all(world)
        with pytest.raises(KilledError):
            run(second, _killed(world, name))
        world.step = lambda _name: None
        _as_dead(world)

        run(reverted, world)

        assert {key for key, event in world.events.items() if event["status"] == "scheduled"} == set(keys), name
        assert {event["dock"] for event in world.events.values()} == {"Sheraton Marina"}, name
        assert {key for key, entry in world.entries.items() if entry["status"] == "confirmed"} == set(keys), name
        assert not [path for path in world.objects_at if "ddddddd" in path], name
        assert not [body for body in _live(world).values() if "Fuel" in body or "cancelled" in body], name


def test_failed_anywhere_and_run_again_the_world_is_the_same(tmp_path: Path) -> None:
    """A service that refuses any one effect stops the publish with its words; the next one does the rest."""
    first, second = _story(tmp_path)
    calm = Services()
    run(first, calm)
    ways = len(calm.calls)
    run(second, calm)

    for effect in dict.fromkeys(calm.calls[ways:]):
        if "state" in effect or effect == "write record":  # which only warns: test_history
            continue
        world = Services()
        run(first, world)
        _fetch_all(world)

        def refuse(name: str, effect: str = effect) -> None:
            if name == f"before {effect}":
                raise PublishError(f"refused {effect}")

        world.step = refuse
        with pytest.raises(PublishError, match="refused"):
            run(second, world)
        world.step = lambda _name: None

        run(second, world)

        assert Counter(world.mails) == Counter(calm.mails), effect
        assert world.entries == calm.entries, effect
        assert world.objects_at.keys() == calm.objects_at.keys(), effect
        assert without_serial(state_of(world)) == without_serial(state_of(calm)), effect
        assert _live(world) == _live(calm), effect


def _as_dead(world: Services) -> None:
    """Let the holder be a process that is no more."""
    if world.state_at is None:
        return
    text = json.loads(world.state_at[0])
    if text["in_progress"]:
        text["in_progress"]["holder"]["started"] = "0"
        world.state_at = (json.dumps(text), world.state_at[1])


def _fetch_all(world: Services) -> None:
    """Let the caches hold every guest page that can be seen."""
    web = world.ports().web
    for path in world.objects_at:
        if path.endswith("-guest.html"):
            web.fetch(f"https://guest.example.com/{path.removeprefix('guest/').removesuffix('.html')}")


def _live(world: Services) -> dict[str, str]:
    """Return what a guest sees at each page, without the serial."""
    _fetch_all(world)
    return {path: body.decode().rpartition("-->")[2] for path, body in world.cached.items()}
