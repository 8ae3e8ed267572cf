"""Bookings and whole projects drawn by hypothesis: in order, with every field there is, and written as people write.

A scalar of a booking is the text that castoff reads. Here it is written plain wherever YAML lets it be, so `lead: 12`,
`source: true` and `starts: 2024-05-30 09:00` all occur; otherwise in one of the two kinds of quotes, or as a block.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from castoff.contract.money import hold_back, speaks_of_money
from castoff.reading.signs import in_odd_quotes
from castoff.reading.zones import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Fields: TypeAlias = "dict[str, Any]"
"""What stands in a file: scalars as text, lists, and fields in fields."""

ZONE: Final = ZoneInfo("America/Los_Angeles")
_FIRST: Final = datetime(2000, 1, 4)  # noqa: DTZ001 - the wall clock; what is called two days before is still in 2000
_LAST: Final = datetime(2100, 12, 20)  # noqa: DTZ001 - likewise ten days after
_APART: Final = timedelta(days=13)
"""Two charters as long as can be, the crew called as early as can be, are this far apart at most."""
_LETTERS: Final = string.ascii_lowercase + string.digits
_FOLDED: Final = "\n\r\t"
_SIGNS: Final = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
_LOOKING_LIKE_SOMETHING_ELSE: Final = (
    *(
        "12",
        "007",
        "1.50",
        "-3",
        "+4",
        "1e5",
        "0x1f",
        "0o17",
        "1_000",
        ".5",
        ".inf",
        "-.inf",
        ".nan",
        "12:30",
        "1:02:03",
    ),
    *("true", "True", "FALSE", "yes", "No", "on", "off", "y", "n", "2024-05-28", "2024-05-28T09:00:00Z", "nothing"),
    *(
        "- one",
        "? what",
        "a: b",
        "a #b",
        "#b",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "[a]",
        "{a: b}",
        "a,b",
        "|",
        ">",
        "---",
    ),
    *(
        "'",
        '"',
        "it's",
        'a "b" c',
        "back\\slash",
        "tail ",
        " head",
        "ünïcode",
        "帆船",
        "🙂⛵",
        "e\u0301",
        "\ufeffmark",
        "='",
        "<b>",
    ),
)
"""Texts that YAML, or a program that reads what castoff writes, could take for something else."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The content that a booking may name: vessels with how many guests they carry, docks, captains, crew."""

    vessels: Mapping[str, int] = field(default_factory=lambda: {"lark": 12, "grand-banks-42": 1000, "007": 6})
    docks: tuple[str, ...] = ("pier", "east-pier", "true")
    captains: tuple[str, ...] = ("maya", "captain-001")
    crew: tuple[str, ...] = tuple(f"crew-{number:03}" for number in range(1, 25))

    def files(self) -> dict[str, str]:
        """Return the shelf's files by their path in a project; everything that nobody names is left out."""
        found = {"content/checklists/departure.md": _page("title: Departure\nphase: prepare", "- [ ] Fuel {#fuel}")}
        for vessel, capacity in self.vessels.items():
            head = f'name: "{vessel.title()}"\ncapacity: {capacity}\nchecklists: [departure]'
            found[f"content/vessels/{vessel}.md"] = _page(head, f"About {vessel}.")
        for dock in self.docks:
            head = f'name: "{dock.title()}"\naddress: 1 Example Way, Springfield'
            found[f"content/docks/{dock}.md"] = _page(head, "Turn left at the lamp.")
        for role, members in (("captain", self.captains), ("crew", self.crew)):
            for member in members:
                head = f'name: "{member.title()}"\nrole: {role}\nemail: {member}@example.com'
                found[f"content/crew/{member}.md"] = _page(head, "Sails.")
        return found


SHELF: Final = Shelf()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One booking: its id, which is its file's name, the fields as castoff reads them, and the text of its file."""

    id: str
    fields: Fields
    text: str

    @property
    def path(self) -> str:
        """Where the file stands in a project."""
        return f"bookings/{self.id}.yaml"


@dataclass(frozen=True, slots=True)
class DrawnProject:
    """A whole project in order: castoff.yaml, content and bookings."""

    settings: str
    shelf: Shelf
    bookings: tuple[Drawn, ...]

    @property
    def files(self) -> dict[str, str]:
        """Every file's text by its path."""
        written = {booking.path: booking.text for booking in self.bookings}
        return {"castoff.yaml": self.settings, **self.shelf.files(), **written}

    def lay_out(self, root: Path) -> Path:
        """Write the project into a folder, which is made, and return it."""
        for path, text in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        return root


SETTINGS: Final = f"brand: {{name: Lark Charters}}\ntimezone: {ZONE.key}\n"


def lines(most: int = 200) -> st.SearchStrategy[str]:
    """Return texts of one line, as long as a name or title may be."""
    told = st.text(_SIGNS, min_size=1, max_size=most).filter(_says_something)
    return st.sampled_from([text for text in _LOOKING_LIKE_SOMETHING_ELSE if len(text) <= most]) | told


def texts(most: int = 8000) -> st.SearchStrategy[str]:
    """Return texts that may have several lines, as long as notes may be."""
    told = st.text(_SIGNS | st.sampled_from(_FOLDED), min_size=1, max_size=min(most, 300)).filter(_is_a_value)
    several = st.lists(lines(80), min_size=1, max_size=6).map("\n".join)
    return lines() | told | several.map(lambda text: f"{text}\n") | st.just("x" * most)


def names() -> st.SearchStrategy[str]:
    """Return ids as content files have them; some of them look like numbers or answers."""
    drawn = st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,8}){0,3}", fullmatch=True).filter(_is_a_value)
    return st.sampled_from(["1", "01", "1e5", "1e-5", "0x1f", "true", "no", "on", "12-30", "x" * 80]) | drawn


def booking_ids() -> st.SearchStrategy[str]:
    """Return ids of bookings; some of them look like numbers."""
    drawn = st.text(_LETTERS, min_size=7, max_size=7)
    return st.sampled_from(["0123456", "1234567", "12e3456", "1234e56", "0x12345", "0o12345", "a7kq4wt"]) | drawn


@st.composite
def valid_bookings(
    draw: st.DrawFn,
    shelf: Shelf = SHELF,
    *,
    ids: st.SearchStrategy[str] | None = None,
    starts: st.SearchStrategy[datetime] | None = None,
    line: st.SearchStrategy[str] | None = None,
    text: st.SearchStrategy[str] | None = None,
) -> Drawn:
    """Return bookings that are in order beside the shelf; `line` and `text` draw what stands in free text."""
    line, text = lines() if line is None else line, texts() if text is None else text
    booking = draw(booking_ids() if ids is None else ids)
    status = draw(st.sampled_from(["draft", "hold", "confirmed", "cancelled"]))
    vessel = draw(st.sampled_from(sorted(shelf.vessels)))
    captain = draw(st.sampled_from(shelf.captains))
    wanted: Fields = {
        "id": booking,
        "source": draw(names()),
        "status": status,
        "vessel": vessel,
        "dock": draw(st.sampled_from(shelf.docks)),
        "starts": f"{draw(moments() if starts is None else starts):%Y-%m-%d %H:%M}",
        "duration": draw(charter_lengths()),
        "captain": captain,
        "guests": draw(_guests(shelf.vessels[vessel], line)),
    }
    others = [member for member in shelf.crew if member != captain]
    wished: dict[str, st.SearchStrategy[Any]] = {
        "slug": names().map(lambda name: f"{name[:60]}-{booking}"),
        "aliases": st.lists(names().map(lambda name: f"{name[:60]}-{booking}-once"), max_size=3, unique=True),
        "boarding": durations(most=6 * 60),
        "crew_call": durations(most=48 * 60),
        "crew": st.lists(st.sampled_from(others), max_size=20, unique=True) if others else st.just([]),
        "waiver": web_addresses(),
        "requests": text,
        "notes": text,
        "finance": _finance(),
    }
    wanted |= {name: draw(value) for name, value in wished.items() if draw(st.booleans())}
    if status == "cancelled":
        wanted["cancelled"] = draw(_cancellation(line, text))
    fields = {name: wanted[name] for name in draw(st.permutations(sorted(wanted)))}
    return Drawn(booking, fields, draw(yaml_of(fields)))


@st.composite
def projects(
    draw: st.DrawFn,
    shelf: Shelf = SHELF,
    *,
    most: int = 4,
    line: st.SearchStrategy[str] | None = None,
    text: st.SearchStrategy[str] | None = None,
) -> DrawnProject:
    """Return whole projects in order, of up to `most` bookings; no two are near enough in time to meet."""
    ids = draw(st.lists(booking_ids(), max_size=most, unique=True))
    day = draw(st.datetimes(_FIRST, _LAST - most * _APART))
    bookings = [
        draw(
            valid_bookings(shelf, ids=st.just(booking), starts=st.just(_once(day + at * _APART)), line=line, text=text)
        )
        for at, booking in enumerate(ids)
    ]
    return DrawnProject(SETTINGS, shelf, tuple(bookings))


def moments() -> st.SearchStrategy[datetime]:
    """Return wall clocks that come exactly once."""
    return st.datetimes(_FIRST, _LAST).map(_once)


def durations(*, most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Return durations between two numbers of minutes, each in one of the forms there are."""
    return st.builds(_in_form, st.integers(least, most), st.integers(0, 4))


def charter_lengths() -> st.SearchStrategy[str]:
    """Return how long charters take."""
    return durations(least=6, most=240 * 60)


def amounts() -> st.SearchStrategy[str]:
    """Return amounts of money, of either sign, with up to two decimals."""
    return st.sampled_from(["0", "-0", "007", "840.75", "999999999.99", "-999999999.99", "1.5"]) | st.from_regex(
        r"-?[0-9]{1,9}(\.[0-9]{1,2})?", fullmatch=True
    )


def web_addresses() -> st.SearchStrategy[str]:
    """Return https addresses."""
    rest = st.text(string.ascii_letters + string.digits + "/?&#%._~:-+,;()!*[]", max_size=60)
    return st.builds("https://{}.example.com/{}".format, names(), rest).filter(
        lambda address: address == _discreet(address)
    )


@st.composite
def yaml_of(draw: st.DrawFn, fields: Fields, indent: str = "") -> str:
    """Return a YAML text of the fields, in any of the ways in which they can be written; castoff reads them back."""
    written = ""
    for name, value in fields.items():
        if isinstance(value, dict) and value and not draw(st.booleans()):
            written += f"{indent}{name}:\n{draw(yaml_of(value, indent + '  '))}"
        elif isinstance(value, list) and value and not draw(st.booleans()):
            items = [draw(_scalar(item)) for item in value]
            written += f"{indent}{name}:\n" + "".join(f"{indent}  - {item}\n" for item in items)
        elif isinstance(value, str) and _fits_a_block(value) and draw(st.booleans()):
            body = "".join(f"{indent}  {line}\n" if line else "\n" for line in value.split("\n")[:-1])
            written += f"{indent}{name}: |\n{body}"
        else:
            comment = draw(st.sampled_from(["", "", "", "  # as agreed"]))
            written += f"{indent}{name}: {draw(_flow(value))}{comment}\n"
    return written


def written(fields: Fields) -> str:
    """Return one YAML text of the fields: everything in double quotes, which is never anything but text."""
    return "".join(f"{name}: {_quoted(value)}\n" for name, value in fields.items())


def with_field(booking: Drawn, path: tuple[str | int, ...], value: Any, *, text: str | None = None) -> Drawn:
    """Return the booking with one value replaced, or with None taken away, and written anew in double quotes.

    `text` is the YAML of that one value, where how it is written matters.
    """
    fields = _replaced(booking.fields, path, value)
    if text is None:
        return replace(booking, fields=fields, text=written(fields))
    mark = "the-place-of-one-value"
    whole = written(_replaced(booking.fields, path, mark))
    return replace(booking, fields=fields, text=whole.replace(f'"{mark}"', text))


def _replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    step, rest = path[0], path[1:]
    copy = dict(value) if isinstance(value, dict) else list(value)
    if not rest and new is None:
        del copy[step]  # type: ignore[arg-type] # a name or a position, as it goes on
    else:
        there = isinstance(copy, list) or step in copy
        copy[step] = _replaced(copy[step] if there else {}, rest, new) if rest else new  # type: ignore[index,call-overload]
    return copy


def _says_something(text: str) -> bool:
    """Tell whether the text is more than blanks, and not in quotes of print, which castoff takes for a mistake."""
    return _is_a_value(text) and not in_odd_quotes(text.strip())


def _is_a_value(text: str) -> bool:
    """Tell whether the text is neither blank nor one of YAML's words for nothing, which no quotes make a value."""
    return text.strip() not in {"", "~", "null", "Null", "NULL"}


def _guests(capacity: int, line: st.SearchStrategy[str]) -> st.SearchStrategy[Fields]:
    count = st.integers(1, capacity)
    return st.fixed_dictionaries(
        {
            "count": st.builds(
                lambda number, zeros: "0" * (zeros and 4 - len(str(number))) + str(number), count, st.booleans()
            ),
            "lead": line,
        },
        optional={"allergies": st.lists(line.map(_discreet), max_size=3)},
    )


def _finance() -> st.SearchStrategy[Fields]:
    return st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("revenue", "captain_fee", "crew_cost", "net_to_captain"), amounts())
    )


def _cancellation(line: st.SearchStrategy[str], text: st.SearchStrategy[str]) -> st.SearchStrategy[Fields]:
    day = st.dates(_FIRST.date(), _LAST.date()).map(str)
    why, words = line.map(_discreet), text.map(_discreet)
    return st.fixed_dictionaries({"on": day, "why": why}, optional={"words": words})


def _discreet(text: str) -> str:
    """Return the text, or another where castoff takes no money: in allergies, and in what is told of a cancellation."""
    return "weather" if speaks_of_money(text) or hold_back(text).lines else text


def _once(moment: datetime) -> datetime:
    """Return the wall clock, or one that comes exactly once where this one does not."""
    return moment if isinstance(resolve(moment, ZONE), datetime) else moment + timedelta(hours=3)


def _in_form(minutes: int, form: int) -> str:
    hours, rest = divmod(minutes, 60)
    forms = [f"{hours}h{rest}m", f"{hours}h {rest}m", f"{hours:03}h {rest:02}m", f"{minutes}m", f"{hours}h"]
    whole = form == 4 and rest == 0
    return forms[form] if form < 3 or whole or (form == 3 and minutes < 10_000) else forms[1]


@st.composite
def _flow(draw: st.DrawFn, value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join([f"{name}: {draw(_scalar(part))}" for name, part in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([draw(_scalar(item)) for item in value]) + "]"
    return draw(_scalar(value))


@st.composite
def _scalar(draw: st.DrawFn, value: Any) -> str:
    if not isinstance(value, str):
        return draw(_flow(value))
    ways = ["double"]
    if _fits_single_quotes(value):
        ways.append("single")
    if _fits_plain(value):
        ways += ["plain"] * 3
    way = draw(st.sampled_from(ways))
    if way == "plain":
        return value
    return "'" + value.replace("'", "''") + "'" if way == "single" else _quoted(value)


_PLAIN_SIGN: Final = r"[A-Za-z0-9_.+/$()~^=;<>äöüßéñ帆船-]"
_PLAIN: Final = re.compile(rf"(?:[A-Za-z0-9_.+/$(äöüé帆]|-(?=[0-9.]))(?: ?[:#]?{_PLAIN_SIGN})*")


def _fits_plain(value: str) -> bool:
    """Tell whether the text stands for itself without quotes: narrower than YAML, so that it holds in lists as well."""
    return (
        len(value) < 300
        and " #" not in value
        and not value.startswith("---")
        and not value.startswith("...")
        and _PLAIN.fullmatch(value) is not None
    )


def _fits_single_quotes(value: str) -> bool:
    return all(sign.isprintable() and sign not in "\ufeff\x85" for sign in value)


def _fits_a_block(value: str) -> bool:
    if not value.endswith("\n") or value.endswith("\n\n") or value[0] in " \n\t":
        return False
    return all(sign == "\n" or (sign.isprintable() and sign not in "\ufeff\x85") for sign in value)


def _quoted(value: Any) -> str:
    """Return a value in double quotes, its unusual signs escaped as YAML does it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_quoted(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_quoted, value)) + "]"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isascii() and sign.isprintable() else f"\\U{ord(sign):08x}"


def _page(head: str, body: str) -> str:
    return f"---\n{head}\n---\n{body}\n"
