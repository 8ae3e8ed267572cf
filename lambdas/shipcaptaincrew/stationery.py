"""The look of a crew mail: HTML that reads well on a phone, by day and by night. Pure."""

from collections.abc import Sequence
from html import escape

# Inline for the programs that read nothing else; the sheet is for those that have a dark side.
_NIGHT = (
    ":root{color-scheme:light dark}"
    "@media (prefers-color-scheme:dark){"
    "body{background:#12181c!important;color:#e9eef1!important}"
    ".soft{color:#a9b7bf!important}"
    ".box{background:#1d272d!important}"
    ".news{background:#3d3212!important;color:#fff3d0!important}"
    ".go{background:#7cc7e8!important;color:#06212d!important}"
    "}"
)
_BOX = "padding:12px 16px;border-radius:8px;overflow-wrap:anywhere"


def page(title: str, parts: Sequence[str]) -> str:
    """Return a whole mail of parts that the functions beside this one made."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(title)}</title><style>{_NIGHT}</style></head>"
        '<body style="margin:0;padding:20px;background:#ffffff;color:#12212a;'
        'font:17px/1.5 -apple-system,Segoe UI,Roboto,sans-serif">'
        '<div style="max-width:560px;margin:0 auto;overflow-wrap:anywhere">'
        f'<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">{escape(title)}</h1>{"".join(parts)}'
        "</div></body></html>"
    )


def paragraph(text: str) -> str:
    """Return a paragraph."""
    return f'<p style="margin:0 0 16px">{escape(text)}</p>'


def news(changes: Sequence[str], kept: Sequence[str]) -> str:
    """Return what changed, so that nobody reads past it, and what stayed."""
    items = "".join(f'<li style="margin:0 0 4px">{escape(change)}</li>' for change in changes)
    stays = "".join(f'<p style="margin:8px 0 0">{escape(phrase)}</p>' for phrase in kept)
    listed = f'<ul style="margin:0;padding:0 0 0 20px;font-weight:600">{items}</ul>'
    return f'<div class="news" style="{_BOX};margin:0 0 16px;background:#fff4d6;color:#3d2f00">{listed}{stays}</div>'


def table(facts: Sequence[tuple[str, str]]) -> str:
    """Return facts by name."""
    rows = "".join(
        f'<tr><td class="soft" style="padding:6px 16px 6px 0;color:#52626c;vertical-align:top;white-space:nowrap">'
        f'{escape(name)}</td><td style="padding:6px 0;font-weight:600;overflow-wrap:anywhere">{escape(value)}</td></tr>'
        for name, value in facts
    )
    return f'<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">{rows}</table>'


def notes(text: str) -> str:
    """Return notes, line by line as they were written."""
    lines = escape(text).replace("\n", "<br>")
    return f'<div class="box" style="{_BOX};margin:0 0 16px;background:#f2f5f7">{lines}</div>'


def reference(address: str, words: str) -> str:
    """Return a link within the text."""
    return f'<p style="margin:0 0 16px"><a href="{escape(address)}" style="color:inherit">{escape(words)}</a></p>'


def closing(words: str, contact: str, address: str) -> str:
    """Return the last line: whom to ask, and what to press for it."""
    pressed = f'<a href="{escape(address)}" style="color:inherit;font-weight:600">{escape(contact)}</a>'
    reached = pressed if address else escape(contact)
    return f'<p style="margin:24px 0 0;padding:16px 0 0;border-top:1px solid #c8d2d8">{escape(words)}{reached}</p>'


def button(link: str, words: str, note: str) -> str:
    """Return the one thing to press, and what to know of it."""
    return (
        f'<p style="margin:24px 0 16px"><a class="go" href="{escape(link)}" style="display:inline-block;'
        "padding:14px 24px;background:#0b4f6c;color:#ffffff;text-decoration:none;border-radius:8px;"
        f'font-weight:600">{escape(words)}</a></p>'
        f'<p class="soft" style="margin:0;color:#52626c;font-size:15px">{escape(note)}</p>'
    )
