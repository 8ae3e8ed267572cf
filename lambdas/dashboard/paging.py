"""What fits into one answer: Lambda gives none of more than six megabytes, and counts it as JSON within JSON. Pure."""

import json
from collections.abc import Sequence
from typing import Any, Final

from lambdas.dashboard.entry import Entry, to_answer

ROOM: Final = 5_000_000
"""Bytes of a body as Lambda counts them, which leaves a sixth for headers and for how else a runtime may write."""


def wire_size(body: str) -> int:
    """Return the bytes that a body takes in a Lambda's answer: within a JSON text, each letter beyond ASCII escaped."""
    return len(json.dumps(body))


def page_of(entries: Sequence[Entry], more: str | None, *, money: bool) -> dict[str, Any]:
    """Return the answer for entries, as many as there is room for; `next` is where the next page goes on, if any."""
    answers: list[dict[str, Any]] = []
    room = ROOM
    for entry in entries:
        answer = to_answer(entry, money=money)
        room -= wire_size(json.dumps(answer))
        if room < 0 and answers:
            more = entry.place
            break
        answers.append(answer)
    return {"entries": answers, "next": more} if more else {"entries": answers}
