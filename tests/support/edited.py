"""A small project with everything that a build is made from, and edits of it: what incremental builds are held to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from castoff.fleet.settings import Addresses
from castoff.pages.theme import shipped_layouts
from castoff.versions import CASTOFF, versions
from castoff.wishes import Wishes

BASE: Final = Path(__file__).resolve().parents[1] / "invalid/_base"
IDS: Final = ("k3wq8zt", "m5rv2hx", "p9tn4jc")
NAMES: Final = ("sunset-sail", "harbour-tour")
DAYS: Final = ("2024-06-01", "2024-11-02", "2025-03-09")
"""A day in summer, the eve of the night that has an hour twice, and the day that lacks one."""
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3" viewBox="0 0 4 3"></svg>'
AS_OF: Final = datetime(2024, 5, 28, 19, tzinfo=UTC)
LATER: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""The clock by which a file's stamp is known to be an old one."""

AHEAD: Final = 2
"""A `close` by which only guests come too soon: another captain sails."""

Edit = tuple[str, int, int]


@dataclass(frozen=True)
class World:
    """Everything that a build is made from; numbers are versions of something, 0 the one it begins with."""

    hours: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(3), 10))
    status: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(3), "confirmed"))
    words: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(3), 0))
    names: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Which booking has one of NAMES, and as what: slug or alias."""
    content: int = 0
    picture: int = 0
    layout: int = 0
    settings: int = 0
    finance: int = 0
    version: int = 0
    target: int = 0
    seen: int = 0
    close: int = 0
    """Whether the second booking sails on the first one's day: its crew are called too soon, or its guests are."""
    passed: int = 0
    """Hours since AS_OF."""

    def edited(self, edit: Edit) -> World:
        """Return the world after one edit: what, which one, how."""
        what, which, how = edit
        match what:
            case "hours":
                return replace(self, hours={**self.hours, which: 9 + how})
            case "status":
                status = ("confirmed", "draft", "hold", "cancelled", "gone")[how % 5]
                return replace(self, status={**self.status, which: status})
            case "words":
                return replace(self, words={**self.words, which: how % 3})
            case "name":
                return replace(self, names={**self.names, how % 2: (which, ("slug", "alias")[how // 2 % 2])})
            case "passed":
                return replace(self, passed=(0, -24, 60, 81, 88, 200, 3820, 6795, 24 * 150)[(3 * which + how) % 9])
            case _:
                return replace(self, **{what: how % (3 if what == "close" else 2)})

    def files(self) -> dict[str, bytes]:
        """Return the project's files."""
        found = {path.relative_to(BASE).as_posix(): path.read_bytes() for path in BASE.rglob("*.*") if path.is_file()}
        found = {path: body for path, body in found.items() if not path.startswith("bookings/")}
        found |= {f"bookings/{booking}.yaml": self._booking(number).encode() for number, booking in enumerate(IDS)}
        found = {path: body for path, body in found.items() if body}
        more = "uploads: {opens: 48h before start}\n" if self.settings else ""
        targets = "targets: {local: {embedded: yes}, other: {embedded: yes}}\n"
        found["castoff.yaml"] += f"{targets}{more}dashboard: {{finance: {'yes' if self.finance else 'no'}}}\n".encode()
        found["content/crew/leo.md"] = found["content/crew/leo.md"].replace(b"role: crew", b"role: captain")
        found["content/docks/pier.md"] += b"Mind the step.\n" * self.content
        found["content/vessels/lark.md"] = found["content/vessels/lark.md"].replace(
            b"---", b"---\nphoto: lark.svg\nturnaround: 15m", 1
        )
        found["content/pictures/lark.svg"] = SVG + b"<!-- anew -->" * self.picture
        if self.layout:
            found["layouts/base.html"] = (shipped_layouts() / "base.html").read_bytes() + b"<!-- ours -->"
        return found

    def _booking(self, number: int) -> str:
        status = self.status[number]
        if status == "gone":
            return ""
        day, hour, minute = DAYS[number], self.hours[number], 0
        if number == 1 and self.close:
            day, hour, minute = DAYS[0], self.hours[0] + 3, (50, 20)[self.close - 1]
        names = {kind: NAMES[name] for name, (which, kind) in sorted(self.names.items()) if which == number}
        lines = [
            f"id: {IDS[number]}",
            "source: direct",
            f"status: {status}",
            "vessel: lark",
            "dock: pier",
            f"starts: {day} {hour:02}:{minute:02}",
            "duration: 3h",
            *(["boarding: 30m"] if number == 1 else []),
            f"captain: {'leo' if number == 1 and self.close == AHEAD else 'maya'}",
            "guests: {count: 4, lead: Dana R.}",
            f"finance: {{revenue: 12{number}.50}}",
            *(
                [f"requests: {('', 'shade, please', 'the captain gets $50')[self.words[number]]}"]
                if self.words[number]
                else []
            ),
            *([f"slug: {names['slug']}"] if "slug" in names else []),
            *([f"aliases: [{names['alias']}]"] if "alias" in names else []),
            *(["cancelled: {on: 2024-05-28, why: weather}"] if status == "cancelled" else []),
        ]
        return "\n".join(lines) + "\n"

    def wishes(self) -> Wishes:
        """Return what the build is asked for."""
        return Wishes(
            target=("local", "other")[self.target],
            clock=LATER,
            as_of=AS_OF + timedelta(hours=self.passed),
            addresses=Addresses(
                guest=f"https://guest{self.seen}.example.com", ops=f"https://ops{self.seen}.example.com"
            ),
            versions={**versions(), CASTOFF: f"0.{self.version}"},
            workers=1,
        )


def lay_out(project: Path, files: dict[str, bytes]) -> None:
    """Make a project's files these, and touch none that is so already."""
    there = {path.relative_to(project).as_posix(): path for path in project.rglob("*") if path.is_file()}
    for path, file in there.items():
        if path not in files and not path.startswith((".castoff/", "build/")):
            file.unlink()
    for path, body in files.items():
        file = project / path
        if not file.exists() or file.read_bytes() != body:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
