"""What the operator sees of each booking: when all is well, and when somebody was at it by hand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from support.hands import Hands

if TYPE_CHECKING:
    from support.harbour import Harbour

_LOCAL: Final = ("--target", "local")


def differences(shown: dict[str, Any], booking: str) -> list[tuple[str, str]]:
    """Return what differs of a booking."""
    return [(one["part"], one["words"]) for one in shown["bookings"][booking]["differences"]]


def test_what_was_published_agrees_everywhere(harbour: Harbour, charter: str) -> None:
    """Once it is published: page, event, entry and mail, side by side, and nothing to do."""
    assert harbour.publish().code == 0

    shown = harbour.project.castoff("status", charter, *_LOCAL)

    assert (shown.code, shown.err.splitlines()[-1]) == (0, "nothing differs")
    head, line = shown.out.splitlines()
    assert head.split() == ["booking", "sails", "file", "page", "event", "calendar", "mail"]
    assert line.split()[3:] == ["confirmed", "live", "scheduled", "entry", "2", "sent"]
    assert max(map(len, shown.out.splitlines())) <= 80


def test_what_is_committed_and_not_published_differs(harbour: Harbour, charter: str) -> None:
    """A file that nobody published yet, and that need not even be committed."""
    harbour.project.replace(f"bookings/{charter}.yaml", "duration: 3h", "duration: 4h")

    shown = harbour.project.castoff("status", charter, *_LOCAL)

    assert shown.code == 1
    assert "file: not yet published: 5 pages (new), event (new), calendar (new)" in shown.out
    harbour.project.commit()
    assert harbour.publish().code == 0


def test_what_was_changed_by_hand_is_named(harbour: Harbour, charter: str) -> None:
    """An edited event, an entry taken out, a page written over: each with its reason, and the next publish knows."""
    assert harbour.publish().code == 0
    hands = Hands(harbour.project)
    hands.edit_event(charter, dock="Elsewhere")
    hands.remove_entry(charter)
    key = f"g/{charter}-crew.html"
    _, written = harbour.witness.stored(f"guest/{key}")
    hands.write(key, b"<h1>by hand</h1>")
    harbour.turnstile.forget()

    shown = harbour.project.castoff("status", charter, *_LOCAL, "--json")

    assert shown.code == 1
    assert differences(shown.json(), charter) == [
        ("page", f"not what the last publish wrote: guest/g/{charter}-crew.html"),
        ("event", "changed in ShipCaptainCrew by hand: dock Sheraton Marina → Elsewhere"),
        ("calendar", "the entry is gone from the dashboard"),
    ]
    said = [call for call in harbour.turnstile.passed if not call.startswith(("GET ", "HEAD "))]
    assert [call for call in said if not call.endswith(" /")] == []  # at its root, AWS is asked for the secrets
    hands.write(key, written)


def test_a_page_that_cloudfront_has_kept_is_seen(harbour: Harbour, charter: str) -> None:
    """The bucket has what was published, and guests do not see it yet."""
    assert harbour.publish().code == 0
    (page,) = [path for path in harbour.witness.paths() if path.endswith(f"{charter}.html") and "guest-" in path]
    key = page.removeprefix("guest/")
    _, body = harbour.witness.stored(page)
    hands = Hands(harbour.project)
    hands.rewrite(key, b"<h1>seen by a guest</h1>")
    hands.invalidate(f"/{key.removesuffix('.html')}*")
    while "seen by a guest" not in harbour.witness.visit(f"/{key}").text:
        time.sleep(0.1)  # the edge hears of an invalidation within a second
    hands.rewrite(key, body)

    shown = harbour.project.castoff("status", charter, *_LOCAL, "--json")

    assert differences(shown.json(), charter) == [
        ("page", "the site shows an older page than was published: CloudFront has kept it")
    ]


def test_a_booking_that_is_not_there(harbour: Harbour, charter: str) -> None:
    """With the one that was meant."""
    refused = harbour.project.castoff("status", charter[:-1] + "x", *_LOCAL)

    assert refused.refusal.startswith(f"error: there is no booking `{charter[:-1]}x`\n  hint: did you mean `")


def test_a_draft_is_said_to_be_one(harbour: Harbour, charter: str) -> None:
    """Its file is there: it is not sent to look for it."""
    harbour.project.replace(f"bookings/{charter}.yaml", "status: confirmed", "status: draft")

    refused = harbour.project.castoff("status", charter, *_LOCAL)

    assert refused.refusal == (
        f"error: booking `{charter}` is a draft: nothing of it is published\n"
        "  hint: nobody sees it until it is confirmed\n"
    )


def test_files_that_cannot_be_built_hide_nothing_else(harbour: Harbour, charter: str) -> None:
    """What is live is shown all the same, and the rest is for `castoff check`."""
    harbour.project.write("bookings/broken.yaml", "id: [")
    try:
        shown = harbour.project.castoff("status", "--all", *_LOCAL)
    finally:
        (harbour.project.root / "bookings/broken.yaml").unlink()

    assert shown.code == 1
    assert "the files cannot be built (1 error" in shown.err
    assert charter not in shown.out  # which is in no state yet
    assert " live " in shown.out
