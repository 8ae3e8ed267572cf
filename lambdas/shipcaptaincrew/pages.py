"""The few pages that a crew member sees on the way in: one button, one field, or one sentence. Pure."""

import base64
import hashlib
from html import escape

from castoff.contract.tickets import OPS
from lambdas.shipcaptaincrew.calls import within_words
from lambdas.shipcaptaincrew.links import Refused

# Body text is large, fields and buttons a thumb high: it is read at a dock, in the sun, with wet hands.
_STYLE = (
    ":root{color-scheme:light dark;--ink:#12212a;--quiet:#4a5b65;--sea:#e8f0f3;--card:#fff;--line:#7d909b;"
    "--button:#0b4f6c;--label:#fff;--glow:#b86a00}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8f0f3;--quiet:#a9bcc6;--sea:#0b1b24;--card:#132a36;"
    "--line:#7590a0;--button:#57b7dc;--label:#06141b;--glow:#f2a541}}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;min-height:100svh;display:flex;align-items:center;justify-content:center;"
    "padding:20px;font:18px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;"
    "color:var(--ink);background:var(--sea)}"
    "main{width:100%;max-width:440px;padding:28px 24px;background:var(--card);border-radius:16px;"
    "box-shadow:0 8px 32px rgba(11,79,108,.14)}"
    "h1{margin:0 0 12px;font-size:27px;line-height:1.2}p{margin:0 0 20px}"
    "label{display:block;margin:0 0 6px;font-weight:600}"
    "input{width:100%;min-height:56px;margin:0 0 16px;padding:12px 14px;border:2px solid var(--line);"
    "border-radius:12px;font:inherit;color:inherit;background:transparent}"
    "button{width:100%;min-height:60px;padding:12px;border:0;border-radius:12px;font:inherit;font-weight:600;"
    "color:var(--label);background:var(--button);cursor:pointer}"
    "input:focus-visible,button:focus-visible{outline:3px solid var(--glow);outline-offset:2px}"
    ".quiet{margin:20px 0 0;font-size:16px;color:var(--quiet)}main>:last-child{margin-bottom:0}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Cache-Control": "no-store",
    # What a form leads on to is asked as well: the crew page stands on the same site.
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}

GONE = 410
"""The status of every refusal: the distribution puts its own page in the place of 403 and 404, whoever says them."""

TOO_MANY = 429
"""The status of a network, or a member's link, that was tried or asked for too often."""

_ASK = "Enter the address your crew mails go to, and we mail you a new link."
_REFUSALS = {
    Refused.UNKNOWN: ("This link is not ours", f"Perhaps a part of it was lost on the way. {_ASK}"),
    Refused.EXPIRED: ("This link has run out", "No harm done: we mail a new one to the address we have for you."),
    Refused.SPENT: ("This link was used", "Each link opens once. We mail a new one to the address we have for you."),
    Refused.REVOKED: (
        "This link was taken back",
        "Your crews or your address changed. If you belong here, we mail a new one to the address we have for you.",
    ),
}
_QUICKER = (
    '<p class="quiet">Or type nothing: tap the link in your last crew mail. If it has run out, it offers a new one.</p>'
)
_OLD_LINK_WILL_DO = frozenset({Refused.EXPIRED, Refused.SPENT, Refused.REVOKED})


def button_page(subject: str, token: str) -> str:
    """Return the page behind a mail's link: a scanner that opens it spends nothing, a person presses the button."""
    place = _place(subject)
    return _page(
        "Welcome aboard",
        f"<p>One tap, and you are on the {place}.</p>"
        f'<form method="post" action="/crew/{escape(subject)}">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f"<button>Open the {place}</button></form>"
        '<p class="quiet">This link opens once. It was made for you, so please do not pass it on.</p>',
    )


def login_page(subject: str) -> str:
    """Return the page of who comes without a link: the same for every booking, whether there is one or not."""
    return _page(
        "Crew only" if subject != OPS else "Ops only",
        f"<p>The {_place(subject)} opens with a link that we mail you. There is no password.</p>"
        f"{_email_form(subject)}{'' if subject == OPS else _QUICKER}",
    )


def asked_page(hours: int) -> str:
    """Return the one answer to everyone who asks for a link, whoever they are and whatever was done."""
    return _page(
        "Check your mail",
        "<p>If you belong to this crew, a link is on its way to the address we have for you.</p>"
        f'<p class="quiet">It opens once, within {within_words(hours)}. Nothing after five minutes? '
        "Look in the spam folder, then ask whoever called you aboard.</p>",
    )


def refusal_page(refused: Refused, subject: str, *, token: str = "") -> str:
    """Return the page of a link that lets nobody in, and the way to a new one: `token` is the proof of who asks."""
    title, words = _REFUSALS[refused]
    form = _resend_form(subject, token) if refused in _OLD_LINK_WILL_DO else _email_form(subject)
    return _page(title, f"<p>{words}</p>{form}")


def nowhere_page() -> str:
    """Return the page of an address that cannot be any booking's."""
    return _page("This address is not ours", "<p>Please open the link in your crew mail once more.</p>")


def busy_page() -> str:
    """Return the page of a moment in which a part behind this service does not answer."""
    return _page("One moment", "<p>Something behind this page does not answer right now. Please try again.</p>")


def too_many_page() -> str:
    """Return the page of who tried or asked too often, or sits in one network with who did."""
    return _page(
        "Too many tries",
        "<p>So many links were tried or asked for from your network that we take no more of them for a while.</p>"
        "<p>Turn Wi-Fi off and open your link over mobile data, or wait an hour. A link that was good still is.</p>",
    )


def worn_out_page() -> str:
    """Return the page of a link that opens nothing and was pressed all the same, again and again."""
    return _page(
        "Too many tries",
        "<p>This link opens nothing any more, however often it is tried.</p>"
        "<p>Open the one in your newest crew mail, or ask whoever called you aboard.</p>",
    )


def fault_page() -> str:
    """Return the page of a fault of ours."""
    return _page(
        "Something broke here",
        "<p>This is our fault, not yours, and it has been noted.</p>"
        "<p>Please open the link in your crew mail once more. If it breaks again, ask whoever called you aboard.</p>",
    )


def refused_page() -> str:
    """Return the page of a request that no page and no mail of ours makes."""
    return _page("That did not work", "<p>Please open the link in your crew mail once more.</p>")


def _place(subject: str) -> str:
    return "ops board" if subject == OPS else "crew page"


def _email_form(subject: str) -> str:
    return (
        f'<form method="post" action="/crew/{escape(subject)}/link">'
        '<label for="email">Your e-mail address</label>'
        '<input id="email" name="email" type="email" inputmode="email" autocomplete="email" autocapitalize="none" '
        'spellcheck="false" maxlength="254" required>'
        "<button>Send me a link</button></form>"
    )


def _resend_form(subject: str, token: str) -> str:
    return (
        f'<form method="post" action="/crew/{escape(subject)}/link">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        "<button>Send me a new link</button></form>"
    )


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
