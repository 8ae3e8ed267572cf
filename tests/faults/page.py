"""docs/explanation/faults.md, from the table that the tests hold castoff to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from faults.calls import CALLS, Speech
from faults.kinds import FAULTS
from faults.table import AWS, NOT_SEEN, PARTICULAR, SERVICE, SITE, WHOLE, Outcome, cells, filled
from support.warm import Way

from publisher.adapters.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from faults.calls import Call
    from faults.kinds import Fault
    from faults.table import Verdict

_PATIENCE: Final = Patience()
_BOOKING: Final = "xhqgmdh"
_SHOWN: Final = {
    "<StateBucket>": "castoff-state-queenofsandiego",
    "<GuestBucket>": "queenofsandiego.com",
    "<GuestDistribution>": "E1EXAMPLE",
    "<SccSecret>": "castoff/scc",
    "<SccUrl>": "its address",
    "<DashboardUrl>": "its address",
    "<invalidation>": "I2J0I21PCUYOIK",
    "<event>": "ev-xhqgmdh-1f3870be",
    "http://guest.localhost:<edge>": "https://queenofsandiego.com",
}
_HOSTS: Final = (
    ("S3, CloudFront, Secrets Manager", AWS, Speech.S3, "CALL on OBJECT"),
    ("ShipCaptainCrew and the dashboard", SERVICE, Speech.SERVICE, "SERVICE, asked `CALL`,"),
    ("The site", SITE, Speech.SITE, "ADDRESS"),
)

_BEGINNING: Final = f"""\
# When a call fails

A publish makes some twenty calls for a new booking: to S3, CloudFront and Secrets Manager, to ShipCaptainCrew and the
dashboard, and to the site itself. Each of them can fail, at the worst moment, and in ways that look like success. This
page says of each call and each fault what castoff does, what it says, and what to do.

It is made from the table by which castoff is tested (`tests/faults/`; `CASTOFF_UPDATE=1` writes it anew). A proxy
before the embedded cloud does each of these things to each of these calls, {{cells}} cells in all. Then everything is
in order again, `castoff publish` is run once more, and pages, events, calendar entries, mails and published state are
those of a publish to which nothing happened. `make proof` asks every cell, `make test` a sample.

## What always holds

- **What may pass is asked again**: too many requests, a failure on the other side, no answer, half an answer. Up to
  {_PATIENCE.tries} times, with growing pauses, and not after {_PATIENCE.enough:g} s; what has not answered within
  {_PATIENCE.read:g} s does not answer. What cannot pass by itself stops the publish at once.
- **Asking again does nothing twice.** An object is only written over the one that was there, and a write whose answer
  was lost finds itself. An event carries its booking's key, and every call to a service the serial of the publish.
- **It stops in order.** What has begun is waited for, nothing else begins, and what is confirmed is written into the
  published state. Pages come first, so nobody is called to one that is not live.
- **The next publish makes it good.** `castoff publish` reads back what the last one left unknown, does the rest, and
  mails nobody twice. There is nothing to clean up by hand.

A publish that stops ends with exit code 1 and three lines:

```
error: ShipCaptainCrew, asked `POST /event` for booking xhqgmdh, answered 500: Internal server error
  so far: 8 of 10 actions done; left: xhqgmdh (create event, put calendar)
  hint: run `castoff publish` again; what was done is known and is not done twice
```

Which call on what, and how it ended; what of the plan is done and what is left, once a plan was confirmed; what to do.
No secret stands in any of them. What AWS says after the code is AWS's own; the examples are S3's.
"""


_END: Final = """\
## Before the first call

Where credentials are those of a role, as in CI, AWS's own library asks STS for them when the first call needs them. A
refusal there names both: `AssumeRoleWithWebIdentity, needed for GetObject on …, was answered 403 AccessDenied`. Without
any credentials the call `could not be signed`. Both say to sign in again, and nothing was changed.
"""


def page() -> str:
    """Return the whole page."""
    beginning = _BEGINNING.replace("{cells}", str(sum(1 for _ in cells(whole=True))))
    return "\n".join([beginning, _faults(), *map(_host, _HOSTS), _calls(), _END])


def _faults() -> str:
    rows = [(fault.name, fault.what, "once" if fault.once else "each time", _outcome(fault)) for fault in FAULTS]
    return f"## The faults\n\n{_table(('fault', 'what happens', 'how often', 'castoff'), rows)}"


def _outcome(fault: Fault) -> str:
    """Return how a publish ends that meets a fault, whichever call it is: none but one that it can do without."""
    (outcome,) = {cell.verdict.outcome for cell in cells(whole=True) if cell.fault is fault} - {Outcome.BORNE}
    return outcome.value


def _host(host: tuple[str, Mapping[str, Verdict], Speech, str]) -> str:
    title, verdicts, speech, asked = host
    rows: dict[tuple[str, str], list[str]] = {}
    for fault in FAULTS:
        verdict = verdicts[fault.name]
        if verdict.outcome is Outcome.REFUSED:
            says, hint = filled(verdict, fault, speech=speech, asked=asked, place=None, booking=_BOOKING, silence=12)
            alike = re.sub(rf"(?<=it is answered ){fault.status}$", "STATUS", says)
            rows.setdefault((_shown(alike), _shown(hint)), []).append(fault.name)
    return f"## {title}\n\n{_refusals((', '.join(names), *said) for said, names in rows.items())}"


def _calls() -> str:
    return "## The calls\n\n" + "\n".join(map(_call, CALLS))


def _call(call: Call) -> str:
    asked = call.asked.replace("{booking}", _BOOKING)
    verdicts = {cell.fault.name: cell.verdict for cell in cells(whole=True) if cell.call is call}
    rows = []
    for fault in FAULTS:
        verdict = PARTICULAR.get((call.name, fault.name))
        if verdict is not None and verdict.says not in {"", AWS[fault.name].says} and verdict.hint != NOT_SEEN:
            said = filled(
                verdict, fault, speech=call.speech, asked=asked, place=call.place, booking=_BOOKING, silence=12
            )
            rows.append((fault.name, *map(_shown, said)))
    named = f"- It is named: {_shown(asked.removesuffix(','))}.\n"
    so_far = f"- So far: {_shown(call.so_far)}.\n" if call.so_far else ""
    meanwhile = f"- Until the next publish: {call.meanwhile}\n"
    borne = [name for name, verdict in verdicts.items() if verdict.outcome is Outcome.BORNE]
    if call.way is Way.REPAIR and verdicts["503"].outcome is Outcome.REFUSED:
        named += f"- It says: {WHOLE}…; what to do: {NOT_SEEN}.\n"
    if borne:
        named += f"- It does without an answer, and ends well: {', '.join(borne)}.\n"
    otherwise = f"\nOther than usual:\n\n{_refusals(rows)}" if rows else ""
    return f"### {call.purpose}\n\n{named}{so_far}{meanwhile}{otherwise}"


def _refusals(rows: Iterable[Iterable[str]]) -> str:
    return _table(("fault", "it says", "what to do"), rows)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _shown(words: str) -> str:
    """Return words with an example in the place of what differs from operator to operator."""
    words = words.replace("{booking}", _BOOKING)
    for name, example in _SHOWN.items():
        words = words.replace(name, example)
    return re.sub(r"\bN\b", "…", words)
