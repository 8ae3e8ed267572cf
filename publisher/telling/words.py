"""The words of a plan that every form of it shares: counts, names in a row, what is in a group, what is in the rest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from castoff.contract.counts import counted
from castoff.contract.mails import Kind
from castoff.contract.plan import Delete, DeleteCrewMember, Put, PutCrewMember, Reason
from castoff.contract.release import Site
from publisher.fates import WITHHELD, Fate
from publisher.telling.grouped import GUEST_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from castoff.contract.mails import Mail
    from publisher.telling.grouped import Group, Grouped

_NAMED: Final = 6
"""Names in a row that are all said; of more, the first and how many there are."""

_FIRST: Final = 4

_UNSAID: Final = {Fate.REMOVED: ": `status: cancelled` would", Fate.WITHDRAWN: ""}
"""Fates of which nobody tells the guest, whose crew is told; and what would."""

_SIZES: Final = ((1_000_000, "MB"), (1_000, "kB"))


def headline(told: Grouped) -> str:
    """Return what a plan comes to in a line: `1 cancelled, 2 new; 9 mails to 4 members`."""
    parts = fate_counts(told.fates)
    if strays := len(stray_words(told)):
        parts.append(f"{counted(strays, 'stray file')} removed")
    words = ", ".join(parts) or ("no booking changes" if told.plan.actions else "nothing to do")
    return f"{words}; {posted(told)}" if told.plan.actions else words


def fate_counts(counts: Mapping[str, int]) -> list[str]:
    """Return how many bookings become what, in the words of a plan and of history: `1 cancelled`, `2 new`."""
    parts = [f"{counts[fate]:,} {fate}" for fate in Fate if counts.get(fate) and fate is not Fate.RENEWED]
    renewed = counts.get(Fate.RENEWED)
    return [*parts, *([f"upload forms of {counted(renewed, 'booking')} renewed"] if renewed else [])]


def posted(told: Grouped) -> str:
    """Return how much is mailed: `9 mails to 4 members`, `nobody is mailed`."""
    return mailed(told.mails, told.perhaps, to=f" to {counted(len(told.mailed), 'member')}") or "nobody is mailed"


def mailed(mails: int, perhaps: int, *, to: str = "") -> str:
    """Return how many mails are sent, and how many may be: `9 mails, perhaps 2 more`; empty for none."""
    sure = f"{counted(mails, 'mail')}{to}" if mails else ""
    if not perhaps:
        return sure
    return f"{sure}, perhaps {perhaps:,} more" if sure else f"perhaps {counted(perhaps, 'mail')}"


def sized(size: int) -> str:
    """Return a number of bytes as people say it: `1.4 MB`."""
    for unit, name in _SIZES:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"


def plain(text: str) -> str:
    """Return a text with nothing in it that a terminal obeys or a reader cannot see."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def in_a_row(names: Sequence[str]) -> str:
    """Return names, of many only the first and how many more there are."""
    if len(names) <= _NAMED:
        return ", ".join(map(plain, names))
    return f"{', '.join(map(plain, names[:_FIRST]))} and {len(names) - _FIRST:,} more"


def mail_words(mails: Sequence[Mail]) -> str:
    """Return who is told what: `captain-001, crew-001: crew call; crew-002: not needed`."""
    kinds: dict[Kind, list[str]] = {}
    for member, kind in mails:
        kinds.setdefault(kind, []).append(member)
    return "; ".join(
        f"{in_a_row(kinds[kind])}: {kind.value}"
        + (" (what they were told before is not known)" if kind is Kind.PERHAPS else "")
        for kind in Kind
        if kind in kinds
    )


def fate_words(group: Group) -> str:
    """Return what becomes of a booking, in a word or two; empty where what changed says it."""
    if group.fate is Fate.CHANGED:
        return ""
    if group.fate is Fate.WITHDRAWN:
        return withdrawn_words(group.status)
    is_off = group.fate is Fate.NEW and group.status == Fate.CANCELLED
    return f"{group.fate.value}, {group.status}" if is_off else group.fate.value


def withdrawn_words(status: str) -> str:
    """Return why nothing is to be seen of a booking whose file is there."""
    return f"{Fate.WITHDRAWN.value}: its file is {WITHHELD.get(status, status)}"


def gone_words(group: Group) -> str:
    """Return what vanishes: `guest page, crew page, calendar entry`, and what its guest will not hear of otherwise."""
    words = ", ".join(_counts(group.gone))
    if GUEST_PAGE not in group.gone or group.fate not in _UNSAID or not group.mails:
        return words
    return f"{words}; nobody tells the guest{_UNSAID[group.fate]}"


def page_words(group: Group) -> str:
    """Return which pages change how: `guest page, crew page, 2 calendar files changed`."""
    return "; ".join(f"{', '.join(_counts(names))} {change}" for change, names in group.written)


def call_words(group: Group) -> str:
    """Return what becomes of the crew call, where neither mails nor facts say it."""
    return "; ".join(group.calls)


def stray_words(told: Grouped) -> list[str]:
    """Return each file that goes although no publish wrote it: somebody may miss it."""
    return [
        f"{plain(action.subject)}, {action.reason.value}"
        for action in told.shared
        if isinstance(action, Delete) and action.reason is Reason.STRAY
    ]


def rest_words(told: Grouped) -> list[str]:
    """Return what is about no booking, or about many alike, a phrase each."""
    return [*_leaving(told), *_alike(told), *_members(told), *_shared(told)]


def _leaving(told: Grouped) -> list[str]:
    left = [action.member for action in told.shared if isinstance(action, DeleteCrewMember)]
    return [f"{in_a_row(left)} {'leaves' if len(left) == 1 else 'leave'}: every link and login ends"] if left else []


def _alike(told: Grouped) -> list[str]:
    """Return the bookings of which nothing is other but their pages, counted."""
    found = []
    for fate, words in (
        (Fate.REWRITTEN, "pages of {} rewritten, every fact as it was"),
        (Fate.RETIRED, "pages of {} taken away, past retention"),
        (Fate.RENEWED, "upload forms of {} renewed"),
    ):
        groups = [group for group in told.groups if group.fate is fate]
        if groups:
            names = f" ({in_a_row([group.booking for group in groups])})"
            found.append(words.format(counted(len(groups), "booking")) + names)
    return found


def _members(told: Grouped) -> list[str]:
    puts = [action for action in told.shared if isinstance(action, PutCrewMember)]
    new = [put.member for put in puts if put.reason is Reason.NEW]
    changed = [put.member for put in puts if put.reason is not Reason.NEW]
    return [
        f"{counted(len(members), 'crew member')} {words} ({in_a_row(members)})"
        for members, words in ((new, "made known"), (changed, "told anew"))
        if members
    ]


def _shared(told: Grouped) -> list[str]:
    """Return what is shared by all, counted: the board, assets, paths that caches forget."""
    names = Counter(_shared_name(action) for action in told.shared if isinstance(action, Put))
    parts = [counted(count, name) for name, count in sorted(names.items())]
    retired = sum(isinstance(action, Delete) and action.reason is not Reason.STRAY for action in told.shared)
    if retired:
        parts.append(f"{counted(retired, 'file')} taken away")
    files, size = told.size
    whole = f"{counted(files, 'file')} to write in all, {sized(size)}" if files else ""
    return list(filter(None, ["; ".join(filter(None, (", ".join(parts), whole)))]))


def _shared_name(put: Put) -> str:
    if put.site is Site.OPS and put.key.startswith("ops/"):
        return "board page" if put.key.endswith(".html") else "board file"
    return "shared page" if put.key.endswith(".html") else "asset"


def _counts(names: Iterable[str]) -> list[str]:
    return [name if count == 1 else counted(count, name) for name, count in Counter(names).items()]
