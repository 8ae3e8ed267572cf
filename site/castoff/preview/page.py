"""A page as the preview sends it: the one that would be published, its policy widened for one script, and that script.

Everything else of it stays byte for byte.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Final

_META: Final = re.compile(rb"<meta\s[^>]*>", re.IGNORECASE)
_IS_POLICY: Final = re.compile(rb"""\shttp-equiv\s*=\s*["']?content-security-policy["'\s/>]""", re.IGNORECASE)
_CONTENT: Final = re.compile(rb"""(\scontent\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_NEEDED: Final = ("script-src", "style-src", "connect-src")
"""What the script is, what the look of its problems is, and that it asks for news."""

SCRIPT: Final = "/__castoff/page.js"


def dressed(body: bytes, *, edition: str, known: str = "") -> bytes:
    """Return a page with the script that loads it again when there is another edition than this one.

    With `known` it is loaded again whenever there is anything new, since it is made of nothing but that.
    """
    page = _META.sub(_with_wider_policy, body)
    script = f'<script src="{SCRIPT}" data-edition="{edition}" data-known="{known}" async></script>'.encode()
    before, end, after = page.rpartition(b"</body>")
    return before + script + end + after if end else page + script


def widened(policy: str) -> str:
    """Return a Content-Security-Policy that also lets this very site's scripts, styles and calls through."""
    directives = [part.split() for part in policy.split(";") if part.strip()]
    known = {words[0].lower(): words[1:] for words in reversed(directives)}  # of two the first counts
    fallback = known.get("default-src")
    added: list[str] = []
    for name in _NEEDED:
        element = f"{name}-elem"
        told = element if element in known else name
        sources = known.get(told, fallback)
        if sources is None or {"'self'", "*"} & set(sources):
            continue
        allowed = " ".join([told, *(source for source in sources if source != "'none'"), "'self'"])
        if told in known:
            policy = _replaced(policy, told, allowed)
        else:
            added.append(allowed)
    return "; ".join([policy.rstrip().rstrip(";"), *added]) if added else policy


def _replaced(policy: str, name: str, directive: str) -> str:
    """Return the policy with the first directive of a name said otherwise, the rest of it as it was spelt."""
    parts = policy.split(";")
    at = next(at for at, part in enumerate(parts) if part.split()[:1] and part.split()[0].lower() == name)
    parts[at] = parts[at][: len(parts[at]) - len(parts[at].lstrip())] + directive
    return ";".join(parts)


def _with_wider_policy(meta: re.Match[bytes]) -> bytes:
    if not _IS_POLICY.search(meta[0]):
        return meta[0]
    return _CONTENT.sub(_with_wider_content, meta[0], count=1)


def _with_wider_content(content: re.Match[bytes]) -> bytes:
    policy = unescape(content[2][1:-1].decode())
    wider = widened(policy)
    if wider == policy:
        return content[0]
    spelt = escape(wider, quote=False).replace('"', "&quot;")  # a policy's own quotes are single ones, and stay
    return content[1] + f'"{spelt}"'.encode()
