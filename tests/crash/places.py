"""Where a publisher can die: before or after each request of a log, whatever requests there are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from support.treatments import Arrives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_VARIES: Final = {
    "<event>": r"ev-\w+-[0-9a-f]{8}\b",
    "<invalidation>": r"(?<=/invalidation/)\w+",
    "<serial>": r"\b\d{12}\b",
    "<month>": r"\b\d{4}-\d\d(?=\.html)",
    "<hash>": r"(?<=\.)[0-9a-f]{10}(?=\.)",
}
"""What one call has otherwise than the same call of another run."""

_HOST: Final = re.compile(r"^(\w+) \S+ ")
_WHEN: Final = {Arrives.NEVER: "before", Arrives.UNANSWERED: "after"}


@dataclass(frozen=True, slots=True)
class Death:
    """Before or after a request: `call` as `plain_call` names it, at a turnstile, and the first `nth` do not count."""

    turnstile: str
    call: str
    nth: int
    arrives: Arrives

    def __str__(self) -> str:
        """Name it for a message, and for whoever asks for it alone."""
        return f"{_WHEN[self.arrives]} {self.turnstile} {self.call} #{self.nth}"

    def pattern(self, booking: str, names: Mapping[str, str]) -> str:
        """Return the regular expression by which the turnstile of a run about a booking knows it."""
        escaped = re.escape(self.call)
        known = {f"<{name}>": re.escape(value) for name, value in names.items()}
        for name, varies in ({"<booking>": re.escape(booking)} | known | _VARIES).items():
            escaped = escaped.replace(re.escape(name), varies)
        return escaped.replace(r"\ ", r" \S+ ", 1) + "$"


def plain_call(call: str, booking: str, names: Mapping[str, str]) -> str:
    """Return a call as every run about a booking makes it; `names` are the stack's own ids by name."""
    call = _HOST.sub(r"\1 ", call)
    for name, varies in _VARIES.items():
        call = re.sub(varies, name, call)
    for name, value in names.items():
        call = call.replace(value, f"<{name}>")
    return call.replace(booking, "<booking>")


def deaths(log: Mapping[str, Iterable[str]]) -> Iterator[Death]:
    """Return before and after every request of a log, which has the plain calls by turnstile.

    A question that is asked again before any other is waiting, and how often that takes is chance: it is one place.
    """
    for turnstile, calls in log.items():
        met: Counter[str] = Counter()
        last = ""
        for call in calls:
            if call == last and call.startswith("GET "):
                continue
            for arrives in _WHEN:
                yield Death(turnstile, call, met[call], arrives)
            met[call] += 1
            last = call
