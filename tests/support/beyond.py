"""What castoff refuses of a file by itself and no JSON Schema can: the editor is silent, and `castoff check` is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BOOKING: Final = """\
id: a7kq4wt
source: direct
status: confirmed
vessel: lark
dock: pier
starts: 2024-06-08 10:00
duration: 2h
captain: maya
crew: [leo]
guests:
  count: 4
  lead: Robin S.
"""
CANCELLED: Final = """\
cancelled
cancelled: {on: 2024-05-28, why: weather, words: We will call you.}"""
SETTINGS: Final = """\
brand: {name: Lark Charters}
timezone: America/Los_Angeles
targets:
  production:
    guest: {domain: guest.example.com, bucket: guest-example, distribution: E1EXAMPLE}
    ops: {domain: ops.example.com, bucket: ops-example, distribution: E2EXAMPLE}
    uploads: uploads-example
    state: s3://state-example/
    scc: {url: "https://a1b2c3.execute-api.us-west-2.amazonaws.com/prod", key: "env:SCC_KEY"}
    dashboard: {url: "https://d4e5f6.execute-api.us-west-2.amazonaws.com/prod", token: "env:DASHBOARD_TOKEN"}
"""


@dataclass(frozen=True, slots=True)
class Beyond:
    """One thing: in words, and as an edit of a file that is in order, by which castoff says the rule."""

    words: str
    rule: str
    old: str
    new: str
    file: str = "booking"

    @property
    def text(self) -> str:
        """The file with the edit."""
        whole = BOOKING if self.file == "booking" else SETTINGS
        assert whole.count(self.old) == 1, self.old
        return whole.replace(self.old, self.new)


TABLE: Final = (
    Beyond("an id that is not the file's name", "id-not-file-name", "a7kq4wt", "b7kq4wt"),
    Beyond("a captain who is named among the crew as well", "repeated-crew", "[leo]", "[leo, maya]"),
    Beyond(
        "money in words that a page repeats",
        *("money-in-words", "status: confirmed", "status: cancelled\ncancelled: {on: 2024-06-01, why: 840 dollars}"),
    ),
    Beyond("a day that the calendar does not have", "wrong-time", "2024-06-08", "2024-06-31"),
    Beyond("a charter longer than 240 hours, hours and minutes added up", "wrong-length", "2h", "240h 1m"),
    Beyond(
        "a crew called more than 48 hours ahead", "early-crew-call", "crew: [leo]", "crew: [leo]\ncrew_call: 48h 1m"
    ),
    Beyond("guests who board more than 6 hours ahead", "early-boarding", "crew: [leo]", "crew: [leo]\nboarding: 6h 1m"),
    Beyond(
        "a number that is not written in plain digits, such as `6.0` or `0x6`", "wrong-count", "count: 4", "count: 4.0"
    ),
    Beyond(
        "more than two decimals of an amount that is not in quotes",
        *("wrong-amount", "guests:", "finance: {revenue: 840.755}\nguests:"),
    ),
    Beyond("text that looks like a number and is of another form", "wrong-name", "direct", "1.5"),
    Beyond("text that looks like a number and is too long", "too-long", "Robin S.", "1" * 201),
    Beyond("a field that stands twice, an anchor, an alias, a tag", "anchor", "Robin S.", "&lead Robin"),
    Beyond(
        "an answer in capital letters", "wrong-answer", "timezone:", "dashboard: {finance: True}\ntimezone:", "settings"
    ),
    Beyond(
        "time until the next publish of more than 144 hours",
        "wrong-duration",
        "timezone:",
        "uploads: {next_run: 144h 1m}\ntimezone:",
        "settings",
    ),
    Beyond("two sites, or two parts, with one bucket", "shared-bucket", "uploads-example", "guest-example", "settings"),
    Beyond(
        "a service behind CloudFront",
        "behind-cloudfront",
        "a1b2c3.execute-api.us-west-2.amazonaws.com",
        "d1.cloudfront.net",
        "settings",
    ),
)
"""Beside these: whatever lies between files, such as a vessel without a file, or two charters at one time."""
