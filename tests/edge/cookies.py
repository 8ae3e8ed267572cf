"""Cookies of every kind, good and bad, with the store that judges them: a table for both engines."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from edge.engines import NOW, Held

from castoff.contract.tickets import (
    OPS,
    Audience,
    Cookie,
    Key,
    Ticket,
    cookie_name,
    sign_cookie,
    sign_ticket,
)

BOOKING = "xhqgmdh"
CREW_PAGE = f"/g/{BOOKING}-crew"
BOARD = "/ops/"
KEY = Key("0a1b2c3d", "5e" * 32)
NEXT = Key("11223344", "c4" * 32)
HELD = {f"key:{KEY.id}": KEY.secret, f"key:{NEXT.id}": NEXT.secret, "gone:captain-009": "3"}
LATER = NOW + 3600
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Row:
    """A cookie line sent for a page, the store, and whether the page opens."""

    what: str
    line: str | None
    page: str = CREW_PAGE
    values: dict[str, str] | None = field(default_factory=lambda: HELD)
    answers: int = 1000
    opens: bool = False

    @property
    def store(self) -> Held:
        """The store, its own for each run."""
        return Held(self.values, self.answers)


def value(
    *, subject: str = BOOKING, member: str = "captain-001", epoch: int = 1, expires: int = LATER, key: Key = KEY
) -> str:
    """Return a cookie's value."""
    return sign_cookie(Cookie(subject, member, epoch, expires), key)


def line(text: str, *, subject: str = BOOKING) -> str:
    """Return what a browser sends."""
    return f"{cookie_name(subject)}={text}"


def changed(text: str, at: int) -> str:
    """Return text with another letter of the alphabet at a place."""
    letter = ALPHABET[(ALPHABET.index(text[at]) + 1) % len(ALPHABET)]
    rest = text[at + 1 :] if at != -1 else ""
    return text[:at] + letter + rest


def with_part(number: int, part: str) -> str:
    """Return a good cookie's value with one of its parts replaced."""
    parts = value().split(".")
    parts[number] = part
    return ".".join(parts)


def signed(text: str, *, kind: str = "cookie", secret: str = KEY.secret, by: str = "sha256") -> str:
    """Return text with the mac that a token of this kind would have, though ShipCaptainCrew signs no such."""
    digest = hmac.digest(secret.encode(), f"{kind}:{text}".encode(), by)
    return f"{text}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def respelt(text: str) -> str:
    """Return base64 of the same bytes: the last letter of a mac has two bits that a lenient reader drops."""
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) ^ 1]


def plain_digest(text: str) -> str:
    """Return what somebody without a key can compute."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


TICKET = sign_ticket(Ticket(BOOKING, Audience.CREW, NOW, LATER, 25_000_000), KEY)
_TEXT = value().rpartition(".")[0]
MAC = base64.urlsafe_b64decode(value().rpartition(".")[2] + "=")
OTHER_ALPHABET = base64.b64encode(MAC).decode()
_GOOD = line(value())
_OPS = line(value(subject=OPS), subject=OPS)
_LEFT = line(value(member="captain-009", epoch=2))

ROWS = (
    Row("a good cookie", _GOOD, opens=True),
    Row("a good cookie, the page's object", _GOOD, page=f"{CREW_PAGE}.html", opens=True),
    Row("a good cookie, the calendar file", _GOOD, page=f"{CREW_PAGE}.ics", opens=True),
    Row("a good cookie, a query", _GOOD, page=f"{CREW_PAGE}?print=1", opens=True),
    Row("a good cookie among others", f"a=b; {_GOOD}; {_OPS}; c=d", opens=True),
    Row("a good cookie of the newer key", line(value(key=NEXT)), opens=True),
    Row("a good cookie that ends in a second", line(value(expires=NOW + 1)), opens=True),
    Row("a good cookie of a later epoch", line(value(epoch=7)), opens=True),
    Row("who came back after leaving", line(value(member="captain-009", epoch=3)), opens=True),
    Row("a good cookie while another key is malformed", _GOOD, values=HELD | {f"key:{NEXT.id}": "x"}, opens=True),
    Row("the board by its cookie", _OPS, page=BOARD, opens=True),
    Row("a page of the board by its cookie", _OPS, page="/ops/2024-05", opens=True),
    Row("a page of the board by its object", _OPS, page="/ops/2024-05.html", opens=True),
    Row("the board without its slash", _OPS, page="/ops", opens=True),
    Row("unlisted crew pages, no cookie", None, values={"crew_pages": "unlisted"}, opens=True),
    Row("unlisted crew pages, a cookie of a key rotated out", _GOOD, values={"crew_pages": "unlisted"}, opens=True),
    Row(
        "unlisted crew pages, the calendar file",
        None,
        page=f"{CREW_PAGE}.ics",
        values={"crew_pages": "unlisted"},
        opens=True,
    ),
    # Nothing
    Row("no cookie", None),
    Row("no cookie, the object", None, page=f"{CREW_PAGE}.html"),
    Row("no cookie, the calendar file", None, page=f"{CREW_PAGE}.ics"),
    Row("no cookie, the board", None, page=BOARD),
    Row("no cookie, a page of the board", None, page="/ops/2024-05"),
    Row("no cookie, a page of the board by its object", None, page="/ops/2024-05.html"),
    Row("an empty cookie", line("")),
    Row("a cookie of dots", line("......")),
    Row("words for a cookie", line("let me in, please")),
    # Of another
    Row("the cookie of another booking, under its name", line(value(subject="abcdefg"), subject="abcdefg")),
    Row("the cookie of another booking, under this one's name", line(value(subject="abcdefg"))),
    Row("the board's cookie for a crew page", _OPS),
    Row("the board's cookie under the crew page's name", line(value(subject=OPS))),
    Row("a crew cookie for the board", _GOOD, page=BOARD),
    Row("a crew cookie for a page of the board", _GOOD, page="/ops/2024-05"),
    Row("a crew cookie under the board's name", line(value(), subject=OPS), page=BOARD),
    Row("a good cookie under a name in lower case", _GOOD.lower()),
    Row("a good cookie without its prefix", _GOOD.removeprefix("__Host-")),
    Row("a good cookie under a longer name", _GOOD.replace("=", "x=", 1)),
    # Of another kind
    Row("an upload ticket", line(TICKET)),
    Row("an upload ticket's mac on a cookie", line(f"{_TEXT}.{TICKET.rpartition('.')[2]}")),
    # The very text of a good cookie: only the kind that is signed sets them apart.
    Row("a good cookie's text, signed as a ticket", line(signed(_TEXT, kind="ticket"))),
    Row("a good cookie's text, signed as nothing", line(signed(_TEXT, kind=""))),
    Row("a good cookie's text, signed as a cookie by other means", line(signed(_TEXT)), opens=True),
    Row("a ticket cut to a cookie's length", line(".".join(TICKET.split(".")[:7]))),
    # Damaged
    *(Row(f"cut after {length} letters", line(value()[:length])) for length in (1, 2, 10, 20, 40, len(value()) - 1)),
    Row("without its first letter", line(value()[1:])),
    Row("without its mac", line(value().rpartition(".")[0])),
    Row("with an empty mac", line(value().rpartition(".")[0] + ".")),
    Row("with half a mac", line(value()[:-20])),
    Row("with a longer mac", line(value() + "A")),
    Row("with a padded mac", line(value() + "=")),
    Row("with a part more", line(value() + ".1")),
    Row("with a part more in front", line("1." + value())),
    Row("with another first letter of the mac", line(changed(value(), -43))),
    Row("with another last letter of the mac", line(changed(value(), -1))),
    # Re-encoded
    Row("the same bytes in another spelling", line(respelt(value()))),
    Row("the mac in base64's other alphabet", line(_TEXT + "." + OTHER_ALPHABET)),
    Row("the mac in hexadecimal", line(_TEXT + "." + MAC.hex())),
    Row("the mac in capitals", line(_TEXT + "." + value().rpartition(".")[2].swapcase())),
    Row("in fullwidth digits", line(value().replace("1", "\uff11"))),
    Row("in Arabic digits", line(with_part(0, "\u0661"))),
    Row("with a space of no width", line(value() + "\u200b")),
    Row("with a byte order mark", line("\ufeff" + value())),
    Row("with a line break encoded", line(value() + "%0a")),
    # Other separators
    Row("with colons", line(value().replace(".", ":"))),
    Row("with bars", line(value().replace(".", "|"))),
    Row("with commas", line(value().replace(".", ","))),
    Row("with dots that only look so", line(value().replace(".", "\uff0e"))),
    Row("with two dots", line(value().replace(".", "..", 1))),
    # Other algorithms
    Row("no algorithm, said so", line(f"none.{_TEXT.partition('.')[2]}.")),
    Row("a name of an algorithm for the version", line(with_part(0, "HS256"))),
    Row("a web token", line("eyJhbGciOiJub25lIn0.eyJzdWJqZWN0IjoieGhxZ21kaCJ9.")),
    Row("a digest without a key", line(f"{_TEXT}.{plain_digest('cookie:' + _TEXT)}")),
    *(Row(f"signed by {by}", line(signed(_TEXT, by=by))) for by in ("md5", "sha1", "sha512")),
    Row("signed by the secret's own bytes", line(signed(_TEXT, secret=bytes.fromhex(KEY.secret).decode("latin-1")))),
    # Names of keys that mean another entry of the store
    *(
        Row(f"{name} as the key", line(signed(f"1.{name}.{BOOKING}.captain-001.1.{LATER}", secret=held)))
        for name, held in (("gone:captain-009", "3"), ("__proto__", ""), ("constructor", ""), ("crew_pages", ""))
    ),
    Row("in quotation marks", line(f'"{value()}"')),
    Row("percent-encoded", line(value().replace(".", "%2E"))),
    Row("in upper case", line(value().upper())),
    Row("followed by a letter beyond ASCII", line(value() + "é")),
    Row("ten thousand characters", line("A" * 10_000)),
    Row("ten thousand characters after a good one", line(value() + "." * 10_000)),
    Row("ten thousand characters of key", line(with_part(1, "0" * 10_000))),
    Row("ten thousand good cookies in one", line(".".join([value()] * 100))),
    # Forged: a part changed, the mac as it was
    Row("another version", line(with_part(0, "2"))),
    Row("another version, rightly signed", line(signed(f"2.{KEY.id}.{BOOKING}.captain-001.1.{LATER}"))),
    Row("a life without end, rightly signed", line(signed(f"1.{KEY.id}.{BOOKING}.captain-001.1.for-ever"))),
    Row("no life, rightly signed", line(signed(f"1.{KEY.id}.{BOOKING}.captain-001.1."))),
    Row("no epoch, rightly signed", line(signed(f"1.{KEY.id}.{BOOKING}.captain-001..{LATER}"))),
    Row("no version", line(with_part(0, ""))),
    Row("another key's name", line(with_part(1, NEXT.id))),
    Row("a key nobody has", line(with_part(1, "ffffffff"))),
    Row("no key", line(with_part(1, ""))),
    Row("a member's entry as the key", line(with_part(1, "gone"))),
    Row("another member", line(with_part(3, "captain-002"))),
    Row("another epoch", line(with_part(4, "9"))),
    Row("a longer life", line(with_part(5, str(LATER + 1)))),
    Row("signed with a key of one's own", line(value(key=Key(KEY.id, "00" * 32)))),
    Row("signed with the key's name", line(signed(_TEXT, secret=KEY.id))),
    Row("signed with nothing", line(with_part(6, "A" * 43))),
    # Over, rotated out, gone
    Row("over", line(value(expires=NOW - 1))),
    Row("over at this second", line(value(expires=NOW))),
    Row("over since 1970", line(value(expires=0))),
    Row("of a key rotated out", _GOOD, values={f"key:{NEXT.id}": NEXT.secret}),
    Row("of a member gone", _LEFT),
    Row("of a member gone, of the newer key", line(value(member="captain-009", epoch=2, key=NEXT))),
    Row("of an ops member gone", line(value(subject=OPS, member="captain-009"), subject=OPS), page=BOARD),
    # Twice
    Row("a good cookie twice", f"{_GOOD}; {_GOOD}"),
    Row("a good and a bad one", f"{_GOOD}; {line('x')}"),
    Row("a bad and a good one", f"{line('x')}; {_GOOD}"),
    # Keys
    Row("no keys", _GOOD, values={}),
    Row("an empty key", line(signed(_TEXT, secret="")), values={f"key:{KEY.id}": ""}),
    Row("a key cut short", line(signed(_TEXT, secret="5e" * 31)), values={f"key:{KEY.id}": "5e" * 31}),
    Row("a key in capitals", line(signed(_TEXT, secret="5E" * 32)), values={f"key:{KEY.id}": "5E" * 32}),
    Row("a key with a line break", _GOOD, values=HELD | {f"key:{KEY.id}": KEY.secret + "\n"}),
    Row("a key with a line break for its last digit", _GOOD, values=HELD | {f"key:{KEY.id}": KEY.secret[:-1] + "\n"}),
    Row("a key that is a secret's JSON", _GOOD, values=HELD | {f"key:{KEY.id}": '{"id": "0a1b2c3d"}'}),
    # Entries of who left
    Row("an entry that is no number", _GOOD, values=HELD | {"gone:captain-001": "yes"}),
    Row("an entry that is empty", _GOOD, values=HELD | {"gone:captain-001": ""}),
    Row("an entry with a line break", _GOOD, values=HELD | {"gone:captain-001": "1\n"}),
    Row("an entry below nothing", _GOOD, values=HELD | {"gone:captain-001": "-1"}),
    Row("an entry without end", _GOOD, values=HELD | {"gone:captain-001": "9" * 400}),
    # Settings
    Row("gated crew pages", None, values={"crew_pages": "gated"}),
    Row("unlisted in another spelling", None, values={"crew_pages": "Unlisted"}),
    Row("unlisted with a blank", None, values={"crew_pages": "unlisted "}),
    Row("a setting that is empty", None, values={"crew_pages": ""}),
    Row("unlisted crew pages, the board", None, page=BOARD, values={"crew_pages": "unlisted"}),
    Row("unlisted crew pages, a page of the board", None, page="/ops/2024-05", values={"crew_pages": "unlisted"}),
    # A store that fails
    Row("a failing store", _GOOD, values=None),
    Row("a failing store, no cookie", None, values=None),
    Row("a failing store, the board", _OPS, page=BOARD, values=None),
    *(Row(f"a store that fails at question {answered + 1}", _GOOD, answers=answered) for answered in range(3)),
    Row("a store that fails before it says who left", _LEFT, answers=3),
    *(
        Row(
            f"unlisted, a store that fails at question {answered + 1}",
            None,
            values={"crew_pages": "unlisted"},
            answers=answered,
        )
        for answered in range(2)
    ),
)
