"""Spellings of private addresses: what a stranger, a proxy or a careless client might write for one.

Made of small blocks, each laid over every private address, and of a list by hand.
"""

from __future__ import annotations

from collections.abc import Callable

Spell = Callable[[str], str]

HONEST = (
    "/g/xhqgmdh-crew",
    "/g/xhqgmdh-crew.html",
    "/g/xhqgmdh-crew.ics",
    "/ops/",
    "/ops/index.html",
    "/ops/2024-05",
    "/ops/2024-05.html",
)
"""The addresses as a page links to them, and their objects."""

LONG = 3000


def encoded(address: str, *, times: int = 1, only: str = "", lower: bool = False) -> str:
    """Return an address with each byte after its slash, or each of `only`, escaped; then each escape's own sign."""
    style = "%{:02x}" if lower else "%{:02X}"
    text = "".join(style.format(ord(sign)) if not only or sign in only else sign for sign in address[1:])
    for _ in range(times - 1):
        text = text.replace("%", "%25")
    return "/" + text


def swapped(old: str, new: str) -> Spell:
    """Return a spelling that writes one thing for another wherever it stands."""
    return lambda address: address.replace(old, new)


def second(new: str) -> Spell:
    """Return a spelling that writes something else for the slash after the prefix."""
    return lambda address: "/" + address[1:].replace("/", new, 1)


def after(text: str) -> Spell:
    """Return a spelling with something at the end."""
    return lambda address: address + text


def before(text: str) -> Spell:
    """Return a spelling with something in front."""
    return lambda address: text + address


def within(text: str) -> Spell:
    """Return a spelling with something in the middle of the prefix or of the name."""
    return lambda address: f"{address[:4]}{text}{address[4:]}"


def alternating(address: str) -> str:
    """Return every other letter in upper case."""
    return "".join(letter.upper() if at % 2 else letter for at, letter in enumerate(address))


def written(character: str) -> str:
    """Return a character as browsers write it in a path: percent-encoded UTF-8."""
    return "".join(f"%{byte:02X}" for byte in character.encode())


def raw(character: str) -> str:
    """Return a character's bytes as they stand in a request that encodes nothing."""
    return character.encode().decode("latin-1")


BLOCKS: dict[str, Spell] = {
    "as it is": lambda address: address,
    # Case
    "upper case": str.upper,
    "upper case prefix": lambda address: address[:2].upper() + address[2:],
    "title case": str.title,
    "alternating case": alternating,
    # Percent
    "all encoded once": encoded,
    "all encoded once, lower": lambda address: encoded(address, lower=True),
    "all encoded twice": lambda address: encoded(address, times=2),
    "all encoded three times": lambda address: encoded(address, times=3),
    "letters encoded": lambda address: encoded(address, only="abcdefghijklmnopqrstuvwxyz"),
    "letters encoded twice": lambda address: encoded(address, times=2, only="abcdefghijklmnopqrstuvwxyz"),
    "hyphens and dots encoded": lambda address: encoded(address, only="-."),
    "hyphens and dots encoded twice": lambda address: encoded(address, times=2, only="-.", lower=True),
    "upper case, encoded": lambda address: encoded(address.upper()),
    "inner slashes encoded": second("%2F"),
    "inner slashes encoded, lower": second("%2f"),
    "inner slashes encoded twice": second("%252f"),
    "inner slashes encoded three times": second("%25252f"),
    "a wide escape": second("%u002f"),
    "half an escape": after("%"),
    "half an escape with a digit": after("%2"),
    "an escape of no digits": after("%zz"),
    # Slashes and dots
    "two slashes in front": before("/"),
    "five slashes in front": before("////"),
    "two slashes within": second("//"),
    "a slash and an encoded one": second("/%2F"),
    "a dot in front": before("/."),
    "an encoded dot in front": before("/%2e"),
    "a dot within": second("/./"),
    "dots from a login page": before("/crew/.."),
    "dots from an asset": before("/castoff/x/../.."),
    "encoded dots from an asset": before("/castoff/%2e%2E"),
    "twice encoded dots": before("/castoff/%252e%252e"),
    "dots beyond the root": before("/../.."),
    "dots within": second("/x/../"),
    "dots with an encoded slash": second("/x/..%2f"),
    "dots with a parameter": second("/x/..;/"),
    "a back slash within": second("\\"),
    "a back slash in front": before("/\\"),
    "an encoded back slash": second("%5C"),
    "a twice encoded back slash": second("%255c"),
    "dots with back slashes": before("/castoff\\..\\"),
    # At the end
    "a slash at the end": after("/"),
    "slashes at the end": after("///"),
    "a slash and a dot at the end": after("/."),
    "dots back to itself": after("/x/.."),
    "a dot at the end": after("."),
    "dots at the end": after(".."),
    "a tilde at the end": after("~"),
    "a plus sign at the end": after("+"),
    "a star at the end": after("*"),
    "an encoded hash": after("%23"),
    "an encoded question mark": after("%3F"),
    "a query": after("?print=1"),
    "an empty query": after("?"),
    "a query of S3's": after("?response-content-type=text/plain&versionId=null"),
    "a query with dots": after("?/../../castoff/site.css"),
    "a parameter": after(";a=b"),
    "a lone semicolon": after(";"),
    "an encoded semicolon": after("%3b.html"),
    "an ampersand": after("&a=b"),
    "a colon": after(":80"),
    "a stream": after("::$DATA"),
    "its object": after(".html"),
    "its object in capitals": after(".HTML"),
    "its object twice": after(".html.html"),
    "its object and a slash": after(".html/"),
    "a calendar file": after(".ics"),
    "another file": after(".json"),
    "a backup": after(".html.bak"),
    "an index below": after("/index.html"),
    "an encoded index below": after("%2Findex.html"),
    "an asset below": after("/site.css"),
    "an asset's end": after("%00.css"),
    "an at sign": after("@guest.localhost"),
    # Bytes
    "a NUL at the end": after("%00"),
    "a NUL within": within("%00"),
    "a NUL encoded twice": after("%2500"),
    "a raw NUL": after("\0"),
    "a tab at the end": after("%09"),
    "a raw tab": within("\t"),
    "a blank at the end": after("%20"),
    "a raw blank": after(" "),
    "a blank in front": before("/%20"),
    "a line break at the end": after("%0A"),
    "a line break encoded twice": after("%250a"),
    "a carriage return at the end": after("%0d"),
    "a header of one's own": after("%0d%0aset-cookie:a=b"),
    "a line break within": within("%0a"),
    "a delete": after("%7F"),
    "a byte order mark": before("/%EF%BB%BF"),
    # Overlong UTF-8
    "an overlong slash": second("%C0%AF"),
    "an overlong slash of three bytes": second("%E0%80%AF"),
    "an overlong slash of four bytes": second("%F0%80%80%AF"),
    "an overlong slash, raw": second("\xc0\xaf"),
    "overlong dots": before("/x/%C0%AE%C0%AE"),
    "an overlong hyphen": swapped("-", "%C0%AD"),
    "an overlong g": swapped("g", "%C1%A7"),
    "an overlong o": swapped("o", "%C1%AF"),
    "a surrogate": after("%ED%A0%80"),
    # Letters that look alike, or fold to one another
    "fullwidth g and o": lambda address: address.replace("g", written("ｇ")).replace("o", written("ｏ")),
    "fullwidth g and o, encoded twice": lambda address: (
        address.replace("g", written("ｇ")).replace("o", written("ｏ")).replace("%", "%25")
    ),
    "fullwidth g and o, raw": lambda address: address.replace("g", raw("ｇ")).replace("o", raw("ｏ")),
    "a fullwidth slash": second(written("／")),
    "a fullwidth back slash": second(written("＼")),
    "a fullwidth dot": swapped(".", written("．")),
    "a fullwidth hyphen": swapped("-", written("－")),
    "a fraction slash": second(written("\u2044")),
    "a division slash": second(written("\u2215")),
    "a Unicode hyphen": swapped("-", written("\u2010")),
    "a hyphen that does not break": swapped("-", written("\u2011")),
    "a minus sign": swapped("-", written("\u2212")),
    "a Cyrillic c and p": lambda address: address.replace("c", written("\u0441")).replace("p", written("\u0440")),
    "a Greek omicron": swapped("o", written("\u03bf")),
    "a long s": swapped("s", written("\u017f")),
    "an i without its dot": swapped("i", written("\u0131")),
    "an I with its dot": swapped("i", written("\u0130")),
    "a script g": swapped("g", written("\u0261")),
    "letters in circles": lambda address: address.replace("g", written("\u24d6")).replace("s", written("\u24e2")),
    "a combining accent": within(written("\u0301")),
    "a soft hyphen": within(written("\u00ad")),
    "a space of no width": within(written("\u200b")),
    "a joiner": within(written("\u200d")),
    "a mark from right to left": after(written("\u202e")),
    "a variation selector": after(written("\ufe0f")),
    # Very long
    "very many slashes": before("/" * LONG),
    "very many dots": before("/." * LONG),
    "very many ways down and up": before("/x/.." * (LONG // 5)),
    "a very long end": after("a" * LONG),
    "very many dots at the end": after("." * LONG),
    "a very long query": after("?" + "a" * LONG),
    "very many escapes of escapes": after("%" + "25" * (LONG // 2) + "2f"),
}

BY_HAND = (
    "/g/./%2e/xhqgmdh-crew",
    "/g%2F%78%68%71%67%6D%64%68%2D%63%72%65%77%2E%68%74%6D%6C",
    "/%2567/xhqgmdh-crew",
    "/%67%2fxhqgmdh-crew%2ehtml%2f",
    "/g/x/%2e%2e/xhqgmdh-crew.html",
    "/g/x%2f%2e%2e%2fxhqgmdh-crew.html",
    "/g/..%5cg%5cxhqgmdh-crew.html",
    "/g/PRESIGN/../xhqgmdh-crew",
    "/g/PRESIGN%2f..%2fxhqgmdh-crew.html",
    "/g/PRESIGN;/xhqgmdh-crew",
    "/crew/xhqgmdh/../../g/xhqgmdh-crew.html",
    "/crew/%2e%2e/%6fps/index.html",
    "/crew/..%2fg%2fxhqgmdh-crew.html",
    "/castoff/404.html/../../g/xhqgmdh-crew.html",
    "/castoff/..%2fops%2findex.html",
    "/g/boatsetter-may30/../xhqgmdh-crew",
    "/g/xhqgmdh/../xhqgmdh-crew.ics",
    "/g/xhqgmdh-crew.html%2f..%2fxhqgmdh-crew.html",
    "/g/xhqgmdh-crew%2ehtml%3f",
    "/g/xhqgmdh-CREW.Html",
    "/g/xhqgmdh--crew",
    "/g/xhqgmdh-crew-crew",
    "/g/xhqgmdh_crew",
    "/g/xhqgmdh%C2%AD-crew",
    "/g/xhqgmdh&#45;crew",
    "/g/xhqgmdh-crew.%69cs",
    "/g/xhqgmdh-crew.i%63s%00",
    "/g/.xhqgmdh-crew",
    "/g/~/xhqgmdh-crew",
    "//guest.localhost/g/xhqgmdh-crew",
    "/\\guest.localhost/g/xhqgmdh-crew",
    "/http://guest.localhost/g/xhqgmdh-crew.html",
    "/https:%2f%2fguest.localhost%2fg%2fxhqgmdh-crew.html",
    "/g",
    "/g/",
    "/g/-",
    "/g/%2d",
    "/g/?prefix=g/&list-type=2",
    "/?prefix=g/&list-type=2",
    "/?delimiter=/",
    "/ops?x",
    "/ops%2f",
    "/ops%2findex%2ehtml",
    "/ops%5cindex.html",
    "/ops//index.html",
    "/ops/./2024-05.html",
    "/ops/x/../2024-05.html",
    "/ops/%32024-05",
    "/ops/2024%2d05%2ehtml",
    "/OPS/INDEX.HTML",
    "/oPs/2024-05",
    "/ops.html",
    "/ops/index",
    "/ops/index.html.html",
    "/ops/.",
    "/ops/..;/ops/index.html",
    "/ops;/index.html",
    "/ops%00/index.html",
    "/ops%20/index.html",
    "/g/../ops/index.html",
    "/g/%2e%2e/ops/2024-05.html",
    "/g/xhqgmdh/../../ops/",
)


def spellings() -> dict[str, str]:
    """Return every spelling by its name, each once: the blocks over the honest addresses, and those by hand."""
    named = [(f"{name}: {address}", spell(address)) for name, spell in BLOCKS.items() for address in HONEST]
    named += [(f"by hand: {target}", target) for target in BY_HAND]
    first = {target: name for name, target in reversed(named)}
    return {name: target for target, name in first.items()}
