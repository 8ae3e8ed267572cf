"""The plan as a value: words and a JSON form an action, and a digest that is about nothing else."""

from __future__ import annotations

from castoff.contract.plan import CreateEvent, Invalidate, Plan, Put, Reason, UpdateEvent
from castoff.contract.release import Site

ACTIONS = (
    Put(Site.GUEST, "g/jada.html", Reason.NEW, "0" * 64, 5, "xhqgmdh"),
    Invalidate(Site.GUEST, ("/g/jada", "/g/jada.html"), Reason.PAGES_CHANGED),
    CreateEvent("xhqgmdh", Reason.NEW, "1" * 64),
    UpdateEvent("bbbbbbb", "e-1", ("date", "dock"), Reason.FIELDS_CHANGED, "2" * 64),
)


def test_each_action_says_what_on_what_and_why() -> None:
    """Verb, subject and reason are the columns in which a plan is printed."""
    assert [(action.verb, action.subject, action.reason.value) for action in ACTIONS] == [
        ("put", "guest/g/jada.html", "new"),
        ("invalidate", "guest, 2 paths", "pages changed"),
        ("create event", "xhqgmdh", "new"),
        ("update event", "bbbbbbb (date, dock)", "changed"),
    ]


def test_digest_is_that_of_the_actions() -> None:
    """The same actions on another day are the same plan; other actions are another."""
    plan = Plan("production", "c0ffee", 7, ACTIONS)

    assert plan.digest == Plan("production", "beef", 8, ACTIONS).digest
    assert plan.digest != Plan("production", "c0ffee", 7, ACTIONS[:3]).digest


def test_json_shows_payloads_by_digest_only() -> None:
    """A plan may be printed in a public log: it holds no text of a booking."""
    plan = Plan("production", "c0ffee", 7, ACTIONS).to_json()

    assert plan["actions"][2] == {
        "action": "create event",
        "booking": "xhqgmdh",
        "reason": "new",
        "payload": "1" * 64,
        "mails": [],
    }
