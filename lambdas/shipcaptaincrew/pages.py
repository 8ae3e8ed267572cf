"""The few pages that a crew member sees on the way in: one button, or one sentence. Pure."""

import base64
import hashlib
from html import escape

from lambdas.shipcaptaincrew.links import Refused

_STYLE = (
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;padding:24px;"
    "font:18px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#12212a;background:#e8f0f3}"
    "main{width:100%;max-width:420px;padding:32px 28px;background:#fff;border-radius:16px;"
    "box-shadow:0 8px 32px rgba(11,79,108,.14)}"
    "h1{margin:0 0 12px;font-size:26px;line-height:1.2}p{margin:0 0 20px}"
    "button{width:100%;min-height:56px;border:0;border-radius:12px;font:inherit;font-weight:600;color:#fff;"
    "background:#0b4f6c;cursor:pointer}button:focus-visible{outline:3px solid #f2a541;outline-offset:3px}"
    ".quiet{margin:20px 0 0;font-size:15px;color:#4a5b65}"
    "@media(prefers-color-scheme:dark){body{color:#e8f0f3;background:#0b1b24}main{background:#132a36}"
    ".quiet{color:#a9bcc6}button{background:#2f8fb5;color:#06141b}}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}

# Never 403 or 404: the distribution puts its own page in the place of those, whatever the origin's says.
_REFUSALS = {
    Refused.UNKNOWN: (410, "This link is not ours", "Please open the link from your latest crew mail once more."),
    Refused.EXPIRED: (
        410,
        "This link has run out",
        "Links work for a short time only. Please ask for a fresh one.",
    ),
    Refused.SPENT: (
        410,
        "This link was used",
        "Each link opens once. Use the browser you opened it in, or ask for a fresh one.",
    ),
    Refused.REVOKED: (
        410,
        "This link was taken back",
        "You are not on this charter's crew any more, or your address changed.",
    ),
}


def button_page(booking_id: str, token: str) -> str:
    """Return the page behind a mail's link: a scanner that opens it spends nothing, a person presses the button."""
    return _page(
        "Welcome aboard",
        "<p>One tap, and you are on your crew page.</p>"
        f'<form method="post" action="/crew/{escape(booking_id)}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        "<button>Open the crew page</button></form>"
        '<p class="quiet">This link opens once. It was made for you, so please do not pass it on.</p>',
    )


def mail_page() -> str:
    """Return what someone without a link sees."""
    return _page("Crew only", "<p>Please open this page from the link in your crew mail.</p>")


def refusal_page(refused: Refused) -> tuple[int, str]:
    """Return the status and the page of a link that lets nobody in."""
    status, title, words = _REFUSALS[refused]
    return status, _page(title, f"<p>{escape(words)}</p>")


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
