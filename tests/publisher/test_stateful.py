"""An operator's days at random over a world in memory: edits, publishes, kills, failures, two at once, going back.

castoff itself builds each release. What the world should be after a publish that went well is told by a model that
knows bookings and nothing of plans; `CASTOFF_PROOF=1` takes thousands of steps.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.decks import DOCKS, HANDS, Booking, Deck, build_deck, day_after
from support.witness import without_serial
from support.worlds import KilledError, Line, Services, Silent

from castoff.contract.state import State
from publisher.errors import ConflictError, PublishError
from publisher.looks import Look
from publisher.planning.diff import diff, is_over
from publisher.planning.limits import Limits
from publisher.publish import Done, Terms, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from publisher.folder import ReleaseFolder

pytestmark = pytest.mark.matrix

PROOF: Final = bool(os.environ.get("CASTOFF_PROOF"))
EXAMPLES, STEPS = (150, 50) if PROOF else (12, 20)

_HOUR: Final = 3600.0
_FIRST: Final = 1_716_900_000.0
_ANYWHERE: Final = st.sampled_from(range(28))
"""Before or after which effect something happens; a publish with fewer ends well."""
_ANY: Final = st.sampled_from(range(6))
_CHANGES: Final = (
    *(("hour", hour) for hour in (8, 11, 15)),
    *(("dock", dock) for dock in DOCKS),
    *(("notes", notes) for notes in ("A cane.", "Tip $40 in cash.")),
    *(("status", status) for status in ("draft", "hold", "confirmed", "confirmed", "cancelled", "cancelled")),
)
_THEN: Final = st.sampled_from(["again", "again", "undone", "whatever comes"])
_CHANGE: Final = st.sampled_from(_CHANGES)


@dataclass(slots=True)
class Wanted:
    """What the model knows of a booking: every crew call that a publish may have told since the last one that ended.

    The first is what was true then; None is a charter that nobody is to sail, or that is over.
    """

    calls: list[str | None] = field(default_factory=lambda: [None])

    def ask(self, call: str | None) -> None:
        """Note what a publish sets out to make true."""
        if call != self.calls[-1]:
            self.calls.append(call)

    @property
    def changes(self) -> int:
        """How often each member may have been told since."""
        return len(self.calls) - 1


class Operator(RuleBasedStateMachine):
    """The operator, the world, and the model."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="castoff-stateful-"))
        self.world = Services()
        self.world.clock.time = _FIRST
        self.deck = Deck()
        self.commits = [self.deck]
        self.calm = True
        self.wanted: dict[str, Wanted] = {}
        self.told = 0
        self.drawn = 0
        self.removed: dict[str, Booking] = {}

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.root)

    # What is written into files.

    @initialize(days=st.integers(1, 4))
    def open(self, days: int) -> None:
        """Begin with three charters, two of them published."""
        self.book(days, "confirmed")
        self.book(days, "confirmed")
        self.publish()
        self.book(days, "confirmed")

    @rule(days=st.integers(0, 6), status=st.sampled_from(["confirmed", "confirmed", "draft", "hold"]))
    def book(self, days: int, status: str) -> None:
        """Write a booking on a day that nobody sails yet."""
        self.drawn += 1
        taken = {booking.day.date() for booking in (*self.deck.bookings.values(), *self.removed.values())}
        day = next(
            day
            for day in (day_after(self.world.clock.time, days + more) for more in range(99))
            if day.date() not in taken
        )
        crew = self.deck.hands[:1]
        self._write(Booking(f"trip{self.drawn:03}", day, crew=crew, status=status))

    @rule(pick=_ANY, change=_CHANGE)
    def edit(self, pick: int, change: tuple[str, Any]) -> None:
        """Edit one field of a booking: hour, dock, notes; or hold it, confirm it, call it off with words."""
        name, value = change
        self._edit(pick, lambda booking: replace(booking, **{name: value}))

    @rule(pick=_ANY, crew=st.sets(st.sampled_from(HANDS)))
    def change_crew(self, pick: int, crew: set[str]) -> None:
        """Sail with others."""
        aboard = tuple(hand for hand in self.deck.hands if hand in crew)
        self._edit(pick, lambda booking: replace(booking, crew=aboard))

    @rule(pick=_ANY)
    def rename(self, pick: int) -> None:
        """Call the page something else, and let the old name go on to it."""
        self.drawn += 1
        self._edit(pick, lambda booking: booking.renamed(f"sail-{self.drawn}"))

    @rule(pick=_ANY, at=_ANYWHERE, then=_THEN)
    def remove_and_be_killed(self, pick: int, at: int, then: str) -> None:
        """Remove a booking's file, publish and be killed."""
        self.remove(pick)
        self.publish_killed(at=at, elsewhere=False, pick=pick, change=("notes", "None."), then=then)

    @rule(pick=_ANY)
    def remove(self, pick: int) -> None:
        """Remove a booking's file."""
        booking = self._picked(pick)
        if booking is not None:
            self.removed[booking.id] = booking
            self._commit(self.deck.without_booking(booking.id))

    @precondition(lambda self: self.removed)
    @rule(pick=_ANY)
    def bring_back(self, pick: int) -> None:
        """Put a removed file back as it was, without whoever left meanwhile."""
        key = sorted(self.removed)[pick % len(self.removed)]
        booking = self.removed.pop(key)
        self._write(replace(booking, crew=tuple(hand for hand in booking.crew if hand in self.deck.hands)))

    @precondition(lambda self: len(self.deck.hands) > 1)
    @rule(pick=_ANY)
    def let_go(self, pick: int) -> None:
        """Let a crew member go."""
        self._commit(self.deck.without_hand(self.deck.hands[pick % len(self.deck.hands)]))

    @rule(pick=_ANY)
    def go_back(self, pick: int) -> None:
        """Commit what an earlier commit had, as `git revert` does."""
        earlier = self.commits[pick % len(self.commits)]
        self.removed |= {key: one for key, one in self.deck.bookings.items() if key not in earlier.bookings}
        self.removed = {key: one for key, one in self.removed.items() if key not in earlier.bookings}
        self._commit(earlier)

    @rule(hours=st.sampled_from([1, 5, 12, 26, 80]))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.world.clock.time += hours * _HOUR

    # What is published.

    @rule()
    def publish(self) -> None:
        """Publish in peace."""
        self._publish()
        self._well()

    @rule()
    def publish_in_full(self) -> None:
        """Publish with everything made anew."""
        self._publish(full=True)
        self._well()

    @rule()
    def publish_twice(self) -> None:
        """Publish, and publish again: there is nothing left to do, and one request tells so."""
        self._publish()
        calls = len(self.world.calls)
        again = self._publish()
        assert not again.plan.actions, again.plan.actions
        assert self.world.calls[calls:] == ["load state"]
        self._well()

    @rule(at=_ANYWHERE, elsewhere=st.booleans(), pick=_ANY, change=_CHANGE, then=_THEN)
    def publish_killed(self, *, at: int, elsewhere: bool, pick: int, change: tuple[str, Any], then: str) -> None:
        """Edit, publish and be killed, on this machine or on one that nobody can look into."""
        self.edit(pick, change)
        self.world.step = _at(at, self._die)
        try:
            self._publish()
        except KilledError:
            self.calm = False
            self._bury(elsewhere=elsewhere)
        else:
            self._well()
        finally:
            self.world.step = _nothing
        self._then(then)

    @rule(at=_ANYWHERE, pick=_ANY, change=_CHANGE, then=_THEN)
    def publish_failing(self, *, at: int, pick: int, change: tuple[str, Any], then: str) -> None:
        """Edit, and publish while one call fails, done or not: it says so, and the next publish mends it."""
        self.edit(pick, change)
        self.world.step = _at(at, _fail)
        try:
            self._publish()
        except PublishError:
            self.calm = False
        else:
            self._well()
        finally:
            self.world.step = _nothing
        self._then(then)

    @rule(at=_ANYWHERE, pick=_ANY, change=_CHANGE)
    def overtake(self, at: int, pick: int, change: tuple[str, Any]) -> None:
        """Publish a commit, and at any moment of it another, newer one: the newer is live, and the older says so.

        Or it meets an object that the older one still had under way, and says so as well: once more, and it is live.
        """
        older = len(self.commits) - 1
        self.edit(pick, change)
        newer = len(self.commits) - 1
        ended: list[Done | ConflictError] = []

        def other() -> None:
            over, here = Event(), current_thread()

            def stop(_name: str) -> None:  # the older one renews its lease from the main thread, and is stopped there
                if current_thread() is main_thread() is not here:
                    over.wait()

            self.world.step = stop
            try:
                ended.append(self._publish(newer, folder="other"))
            except ConflictError as error:
                ended.append(error)
            finally:
                self.world.step = _nothing
                over.set()

        self.world.step = _at(at, other)
        try:
            self._publish(older)
        except PublishError:
            assert ended
        finally:
            self.world.step = _nothing
        if not ended or isinstance(ended[0], ConflictError):
            self._publish()
        self._well()

    @precondition(lambda self: self._reached())
    @rule(pick=_ANY)
    def publish_an_older_one(self, pick: int) -> None:
        """Publish what came before what is live or was about to be: it is refused, and not a byte is different."""
        older, before = pick % self._reached(), self._everything()
        with pytest.raises(PublishError, match="does not come after it"):
            self._publish(older, looking=True)
        if self.calm:
            assert self._everything() == before

    @rule(pick=_ANY, hand=st.sampled_from(["page changed", "page deleted", "entry deleted", "time changed", "stray"]))
    def repair(self, pick: int, hand: str) -> None:
        """Change by hand what was published, and have it mended: whoever was told another time hears the right one."""
        self.publish()
        ahead = [key for key in sorted(self.world.entries) if key in self.deck.bookings and self._is_ahead(key)]
        key = ahead[pick % len(ahead)] if ahead else ""
        page = sorted(self.world.objects_at)[pick % len(self.world.objects_at)]
        match hand:
            case "page changed":
                self.world.objects_at[page] = (b"by hand", '"by hand"')
            case "page deleted":
                del self.world.objects_at[page]
            case "stray":
                self.world.objects_at["guest/g/by-hand.html"] = (b"by hand", '"by hand"')
            case "entry deleted" if key:
                del self.world.entries[key]
            case "time changed" if key and self.world.events[key]["status"] == "scheduled":
                self.world.events[key]["start"] = "2024-01-01T09:00:00-08:00"
                self.wanted[key].calls.append("by hand")
            case _:
                pass
        self._publish(look=Look.SWEEP if hand == "stray" else Look.REPAIR)
        self._well()

    @rule()
    def adopt(self) -> None:
        """Lose the state, adopt what stands and sweep the rest: nobody hears of it, and nothing is made twice."""
        self.publish()
        self.wait(1)  # a publish that knows of none before it is numbered by the clock
        self.world.state_at = None
        told = len(self.world.mails)
        self._publish(look=Look.ADOPT)
        self._publish(look=Look.SWEEP)  # pages that led on from a name of before: only the state knew of them
        assert len(self.world.mails) == told
        self._well()

    def _then(self, then: str) -> None:
        """Go on after a publish that broke off, or leave that to whatever comes."""
        match then:
            case "again":
                self.publish()
            case "undone":
                self.go_back(-2)
                self.publish()
            case _:
                pass

    # What has to be true at any moment.

    @invariant()
    def nobody_is_told_more_often_than_something_changed(self) -> None:
        """However often it was killed: a change is one mail a member at most."""
        for (key, member), many in self._mails().items():
            allowed = self.wanted[key].changes if key in self.wanted else 0
            assert many <= allowed, f"{member} was told {many} times of {key}, which changed {allowed} times"

    @invariant()
    def no_money_is_anywhere(self) -> None:
        """Look for what a charter brings in every page, call and entry: settings let none through."""
        assert "840" not in json.dumps([self.world.events, self.world.entries])
        assert not [path for path, (body, _) in self.world.objects_at.items() if b"840.75" in body]

    # The rest is how.

    def _picked(self, pick: int) -> Booking | None:
        bookings = self.deck.bookings
        return bookings[sorted(bookings)[pick % len(bookings)]] if bookings else None

    def _edit(self, pick: int, edit: Callable[[Booking], Booking]) -> None:
        booking = self._picked(pick)
        if booking is not None:
            self._write(edit(booking))

    def _write(self, booking: Booking) -> None:
        self._commit(self.deck.with_booking(booking))

    def _commit(self, deck: Deck) -> None:
        if deck != self.deck:
            self.deck = deck
            self.commits.append(deck)

    def _publish(
        self,
        commit: int | None = None,
        *,
        full: bool = False,
        folder: str = "one",
        looking: bool = False,
        look: Look = Look.USUAL,
    ) -> Done:
        number = len(self.commits) - 1 if commit is None else commit
        self._fill_caches()

        def build(state: State) -> ReleaseFolder:
            made = build_deck(
                self.root / folder,
                self.commits[number],
                commit=number,
                state=state,
                now=self.world.clock.time,
                full=full,
            )
            if not looking:
                self._ask(made)
            return made

        terms = Terms(
            commits=Line(),
            confirm=lambda _plan: True,
            limits=Limits(max_removed=99, allow_empty=True),
            new_forms=full,
            look=look,
        )
        return publish(build, self.world.ports(), terms=terms, progress=Silent())

    def _ask(self, made: ReleaseFolder) -> None:
        """Note what is to become of each charter that is not over; what is reused was asked for before."""
        release = made.release
        for key in {*self.wanted, *release.bookings} - release.reused.keys():
            booking = release.bookings.get(key)
            wanted = self.wanted.setdefault(key, Wanted())
            if booking is not None and is_over(booking.ends, release.as_of):
                continue
            sails = booking is not None and booking.status == "confirmed" and booking.event is not None
            wanted.ask(json.dumps(booking.event, sort_keys=True) if sails and booking else None)

    def _well(self) -> None:
        """Assert that the world is that of a clean build of the newest commit, and forget how it came to be."""
        world, state = self.world, self._state()
        number = len(self.commits) - 1
        self.calm = True
        unlike = {key: replace(booking, input="") for key, booking in state.bookings.items()}
        now = world.clock.time
        clean = build_deck(
            self.root / "clean", self.commits[number], commit=number, state=replace(state, bookings=unlike), now=now
        )
        self._ask(clean)  # of what a publish that broke off asked for, and never began, this one saw nothing
        assert (state.commit, state.in_progress) == (str(number), None)
        assert diff(clean.release, state, private=clean.private).actions == ()
        self._pages(clean, state)
        self._services(clean)
        self._everybody_knows()
        assert not any(world.owed.values()), world.owed
        self.told = len(world.mails)
        for wanted in self.wanted.values():
            del wanted.calls[:-1]

    def _pages(self, clean: ReleaseFolder, state: State) -> None:
        there = self.world.objects_at
        assert there.keys() == clean.release.files.keys() == state.files.keys()
        for path, file in clean.release.files.items():
            body, etag = there[path]
            assert state.files[path].etag == etag, path
            if file.slots:
                assert b'method="post"' in body, path
            else:
                assert without_serial(body) == without_serial(clean.body(file)), path
        self._fill_caches()
        for path, body in self.world.cached.items():
            assert body == there.get(f"{path}.html", (b"", ""))[0], f"{path} is stale"

    def _services(self, clean: ReleaseFolder) -> None:
        release, world = clean.release, self.world
        for key, booking in release.bookings.items():
            if is_over(booking.ends, release.as_of):
                continue
            event = world.events.get(key)
            if booking.status == "confirmed":
                assert event is not None, key
                assert event["status"] == "scheduled", key
                assert {name: event[name] for name in booking.event or {}} == booking.event, key
                assert world.entries[key] == booking.calendar, key
            else:
                assert event is None or event["status"] == "cancelled", key
        for key, event in world.events.items():
            if key not in release.bookings and self._is_ahead(key):
                assert event["status"] == "cancelled", key
                assert key not in world.entries, key
        assert world.members.keys() == release.crew.keys()

    def _is_ahead(self, key: str) -> bool:
        """Tell whether a charter whose file is gone is still to come, as it was published last."""
        published = self._state().bookings.get(key)
        return published is not None and published.ends > f"{day_after(self.world.clock.time, 1):%Y-%m-%d}"

    def _everybody_knows(self) -> None:
        """Assert that whoever sails a charter that is another than at the last publish was told so."""
        mails = self._mails()
        for key, wanted in self.wanted.items():
            before, after = wanted.calls[0], wanted.calls[-1]
            if after is not None and after != before:
                for member in json.loads(after)["crew_ids"]:
                    assert mails[key, member], f"{member} was not told of {key}"

    def _mails(self) -> Counter[tuple[str, str]]:
        """Return how often each member was told of each booking since the last publish that went well."""
        told = [words.split() for words in self.world.mails[self.told :]]
        return Counter((words[0], words[-1]) for words in told)

    def _reached(self) -> int:
        """Return the newest commit that is live, or in part."""
        state = self._state()
        return int((state.in_progress.commit if state.in_progress else state.commit) or 0)

    def _state(self) -> State:
        return State.from_json(self.world.state_at[0]) if self.world.state_at else State()

    def _everything(self) -> Any:
        world = self.world
        return json.dumps([world.state_at, world.events, world.entries, world.mails, sorted(world.objects_at)])

    def _fill_caches(self) -> None:
        web = self.world.ports().web
        for path in self.world.objects_at:
            if path.startswith("guest/g/") and path.endswith(".html") and "-crew" not in path:
                web.fetch(f"https://guest.example.com/{path.removeprefix('guest/').removesuffix('.html')}")

    def _die(self) -> None:
        self.world.step = _dead
        raise KilledError

    def _bury(self, *, elsewhere: bool) -> None:
        """Let the holder be a process that is no more, or one of another machine."""
        if self.world.state_at is None:
            return
        text = json.loads(self.world.state_at[0])
        if text["in_progress"]:
            text["in_progress"]["holder"] |= {"machine": "another"} if elsewhere else {"started": "0"}
            self.world.state_at = (json.dumps(text), self.world.state_at[1])


def _at(number: int, act: Callable[[], None]) -> Callable[[str], None]:
    """Return a step that acts once, before or after so many others."""
    left = iter(range(number))

    def step(_name: str) -> None:
        nonlocal done
        if not done and next(left, None) is None:
            done = True
            act()

    done = False
    return step


def _fail() -> None:
    raise PublishError("the service is down", hint="wait")


def _dead(_name: str) -> None:
    raise KilledError


def _nothing(_name: str) -> None:
    """Let every effect be."""


TestOperator = Operator.TestCase
TestOperator.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not PROOF,
)
