"""What the services behind a publish take in: whatever they would refuse is refused here, at its place in its file.

A body that ShipCaptainCrew or the dashboard refuses would hold up a publish half way, and every booking with it. The
Lambdas are deployed by themselves and know nothing of this module; a test holds the two together.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

YEARS: Final = range(2000, 2101)
"""Of every instant that is sent (lambdas/service/instants.py); far from where arithmetic would overflow."""
EARLIEST_CALL: Final = timedelta(hours=48)
"""Before the start (lambdas/shipcaptaincrew/bodies.py)."""
EARLIEST_BOARDING: Final = timedelta(hours=6)
"""Before the start: nobody waits aboard any longer, and `15h` for `15m` is told at once."""
SHORTEST_CHARTER: Final = timedelta(minutes=6)
LONGEST_CHARTER: Final = timedelta(hours=240)
"""A tenth of an hour to ten days (`Hours` in lambdas/shipcaptaincrew/bodies.py)."""
MOST_GUESTS: Final = 1000
"""As many as one event and one calendar entry take (`Guests` in lambdas/shipcaptaincrew/bodies.py)."""
MOST_CREW: Final = 20
"""Beside the captain (`Crew` in lambdas/shipcaptaincrew/bodies.py)."""
LONGEST_LINE: Final = 200
"""Characters of a name or title (`Line` in lambdas/service/fields.py)."""
LONGEST_NOTES: Final = 8000
"""Characters (`Notes` in lambdas/service/fields.py)."""
LONGEST_MEMBER_ID: Final = 64
"""Characters of a crew member's id (`Identifier` in lambdas/service/fields.py)."""
LONGEST_UNTIL_NEXT_RUN: Final = timedelta(days=6)
"""Upload forms are signed for seven days at most (AWS), and have to live until the next publish."""
LARGEST_UPLOAD: Final = 100_000_000
"""Bytes of a photo or video (`LARGEST` in lambdas/shipcaptaincrew/uploads.py)."""
SHOWN: Final = 60
"""Characters of a value that a problem repeats; of a longer one no hint is guessed."""
