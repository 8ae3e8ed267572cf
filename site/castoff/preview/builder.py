"""The builder: one thread that builds when files have changed, and whoever asks waits for the build that it needs."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from castoff.preview.shown import NOTHING, Shown, laid_over
from castoff.preview.telling import lasting
from castoff.problems import stops

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from castoff.build import Build
    from castoff.contract.state import PublishedBooking
    from castoff.preview.stamps import Stamps
    from castoff.problems import Problem

    Make = Callable[[datetime, Mapping[str, PublishedBooking]], tuple[Build | None, tuple[Problem, ...]]]
    """Build the files as they stand, at an instant; the bookings handed in need not be rendered where unchanged."""

_LOG: Final = logging.getLogger(__name__)

QUIET: Final = 0.01
"""Seconds without a change after which a burst of them is over: saving a file is several events of a few ms."""

BURST: Final = 0.3
"""Seconds after which a burst is built from in its midst, so that a file that never rests keeps nobody waiting."""

DOUBT: Final = 0.15
"""Seconds that a file is left to become whole when it has just changed and is found broken."""

LONGEST_DOUBT: Final = 1.0
"""Seconds after which it is told as broken, whatever is still being written."""

LOOK_AGAIN: Final = 1.0
"""Seconds between two looks at the files that no event has asked for: events get lost."""


class Files(Protocol):
    """The inputs of a build, looked at from outside."""

    def look(self) -> Stamps:
        """Return what the files look like now."""
        ...

    def same(self, then: Stamps, now: Stamps) -> bool:
        """Tell whether they are what they were."""
        ...


@dataclass(frozen=True, slots=True)
class Built:
    """A build that was made, for whoever tells of it: what is shown since then, and the seconds that it took."""

    shown: Shown
    seconds: float
    error: Exception | None = None
    """What castoff itself broke over."""


class Builder:
    """Keeps what is shown true to the files; `tell` hears of every build, in the builder's own thread."""

    def __init__(
        self, *, make: Make, files: Files, clock: Callable[[], datetime], tell: Callable[[Built], None]
    ) -> None:
        self._make = make
        self._files = files
        self._clock = clock
        self._tell = lasting(tell)
        # Guards everything beneath; held for moments, and never while files are built from.
        self._turn = threading.Condition()
        self._shown = NOTHING
        self._stamps: Stamps | None = None
        self._due: datetime | None = None
        self._asked = 0
        self._answered = 0
        self._nudged = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="builder", daemon=True)

    def start(self) -> None:
        """Begin with the first build."""
        self.nudge()
        self._thread.start()

    def close(self) -> None:
        """Let everybody go who waits, and build no more."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def nudge(self) -> None:
        """Have the files looked at: something may have changed."""
        with self._turn:
            self._nudged = True
            self._turn.notify_all()

    @property
    def shown(self) -> Shown:
        """What is shown at this moment, whatever has become of the files since."""
        return self._shown

    def fresh(self, *, patience: float) -> Shown | None:
        """Return what the files as they stand at this call make; None where that takes longer than so many seconds."""
        now = self._files.look()
        with self._turn:
            if self._is_true_to(now):
                return self._shown
            self._asked += 1
            mine = self._asked
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._answered >= mine or self._closed, timeout=patience)
            return self._shown if self._answered >= mine else None

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(self._is_wanted, timeout=LOOK_AGAIN)
                if self._closed:
                    return
                asked, self._nudged = self._asked, False
            try:
                self._catch_up()
            except Exception:  # noqa: BLE001 - nobody else builds: without this thread every page would wait in vain
                _LOG.exception("castoff itself broke over the files of this project")
            finally:
                with self._turn:
                    self._answered = asked
                    self._turn.notify_all()

    def _is_wanted(self) -> bool:
        return self._closed or self._nudged or self._asked > self._answered

    def _catch_up(self) -> None:
        """Build unless what is shown is true already; what is found broken in its first moments is looked at twice."""
        stamps = self._settled(self._files.look(), QUIET)
        with self._turn:
            if self._is_true_to(stamps):
                self._stamps = stamps  # older by now than when it was built from, so it proves more
                return
        given_up = time.monotonic() + LONGEST_DOUBT
        while True:
            started = time.perf_counter()
            shown, error = self._built(self._shown, self._clock())
            took = time.perf_counter() - started
            doubted = shown.stopped and error is None and time.monotonic() < given_up
            later = self._settled(stamps, DOUBT) if doubted else stamps
            if self._files.same(stamps, later):
                break
            stamps = later
        with self._turn:
            self._shown, self._stamps = shown, stamps
            self._due = shown.pages.due if shown.pages and not shown.stopped else None
        self._tell(Built(shown, took, error))

    def _built(self, before: Shown, instant: datetime) -> tuple[Shown, Exception | None]:
        """Return what to show next: new pages, or the ones before with what keeps the files from making any."""
        number = before.number + 1
        try:
            kept = before.pages.kept if before.pages else {}
            build, problems = self._make(instant, kept)
            if stops(problems) and kept:
                # All files are read now: a problem between two of them is told of both, as a check tells it.
                build, problems = self._make(instant, {})
            pages = None
            if build is not None and not stops(problems):
                pages = laid_over(build, problems, before.pages, clock=instant)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the preview; it is told whole
            fault = f"castoff itself broke over these files: {type(error).__name__}: {error}"
            return Shown(number, before.edition, before.pages, fault=fault), error
        if pages is None:
            return Shown(number, before.edition, before.pages, problems), None
        changed = before.pages is None or pages.bodies != before.pages.bodies
        return Shown(number, before.edition + changed, pages, pages.problems), None

    def _settled(self, stamps: Stamps, quiet: float) -> Stamps:
        """Return what the files look like once none of them has changed for so many seconds."""
        given_up = time.monotonic() + BURST
        while (left := quiet - (time.time() - stamps.newest / 1e9)) > 0 and time.monotonic() < given_up:
            time.sleep(min(left, quiet))
            stamps = self._files.look()
        return stamps

    def _is_true_to(self, now: Stamps) -> bool:
        """Tell whether what is shown was made from these very files, and time has not made it old."""
        if self._stamps is None or not self._files.same(self._stamps, now):
            return False
        return self._due is None or self._clock() < self._due
