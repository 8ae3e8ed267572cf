"""The forms of names and addresses in an operator's files: text in, the same text out, or words that say why not."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from castoff.problems import nearest
from castoff.reading.forms import FormError, shortened
from castoff.reading.limits import (
    LONGEST_LINE,
    LONGEST_MAIL_ADDRESS,
    LONGEST_MAILBOX,
    LONGEST_NOTES,
    UNPRINTABLE,
)
from castoff.reading.zones import zone_names

SLUG_LENGTH: Final = 80
_RESERVED_SLUGS: Final = frozenset({"presign"})


def parse_booking_id(text: str) -> str:
    """Return a booking's id."""
    if not re.fullmatch(r"[a-z0-9]{7}", text):
        raise FormError(
            f"`{text}` is not an id", rule="wrong-id", hint="an id is 7 lower-case letters or digits, such as `xhqgmdh`"
        )
    return text


def parse_slug(text: str) -> str:
    """Return the name of a page in its address."""
    parse_name(text)
    if text.endswith("-crew"):
        raise FormError(
            f"`{text}` ends in `-crew`, where the crew's page of a booking stands",
            rule="reserved-slug",
            hint="choose a slug with another ending",
        )
    if text in _RESERVED_SLUGS:
        raise FormError(f"`{text}` is an address of castoff's own", rule="reserved-slug", hint="choose another slug")
    return text


def parse_name(text: str) -> str:
    """Return an id as content files have them: it is the name of the file."""
    if len(text) > SLUG_LENGTH or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise FormError(
            f"`{shortened(text)}` is not made of lower-case letters, digits and single hyphens",
            rule="wrong-name",
            hint=f"write it like `sheraton-marina`, at most {SLUG_LENGTH} characters",
        )
    return text


def parse_line(text: str) -> str:
    """Return a text of one line."""
    parse_text(text)
    line = text.strip()
    if "\n" in line:
        raise FormError("this text has more than one line", rule="more-than-a-line", hint="write it on one line")
    _refuse_unprintable(line, UNPRINTABLE)
    return _bounded(line, LONGEST_LINE)


def parse_text(text: str) -> str:
    """Return a text that says something."""
    if not text.strip():
        raise FormError("the text is empty", rule="empty-value", hint="write a value, or remove the line")
    _refuse_unprintable(re.sub(r"[\n\r\t]", "", text), UNPRINTABLE - {"Zl", "Zp"})
    return text


def parse_notes(text: str) -> str:
    """Return notes for the crew, as long as ShipCaptainCrew takes them."""
    return _bounded(parse_text(text), LONGEST_NOTES)


def parse_web_address(text: str) -> str:
    """Return an https address; one with a sign-in before its host is refused, and not repeated."""
    if not re.fullmatch(r"https://[^\s<>\"'`\\@]+\.[^\s<>\"'`\\@]+", text):
        shown = "this" if "@" in text else f"`{shortened(text)}`"
        raise FormError(
            f"{shown} is not a web address", rule="wrong-address", hint="write it whole, from `https://` on"
        )
    return text


def parse_mail_address(text: str) -> str:
    """Return a mail address; only what every mail system agrees on."""
    form = rf"[A-Za-z0-9._%+-]{{1,{LONGEST_MAILBOX}}}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
    if len(text) > LONGEST_MAIL_ADDRESS or not re.fullmatch(form, text):
        raise FormError(
            f"`{shortened(text)}` is not a mail address", rule="wrong-mail", hint="write it like `sail@example.com`"
        )
    return text


def parse_phone(text: str) -> str:
    """Return a phone number as it is written."""
    if not re.fullmatch(r"\+?[0-9][0-9 ().-]{4,28}", text):
        raise FormError(
            f"`{shortened(text)}` is not a phone number", rule="wrong-phone", hint='write it like `"+1 619 555 0142"`'
        )
    return text


def parse_colour(text: str) -> str:
    """Return a colour; styles are made of it, so nothing but hex is taken."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise FormError(
            f"`{shortened(text)}` is not a colour", rule="wrong-colour", hint='write it like `"#0b4f6c"`, in quotes'
        )
    return text.lower()


def parse_file_name(text: str) -> str:
    """Return the path of a file below the folder where it belongs."""
    if not re.fullmatch(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*", text):
        raise FormError(
            f"`{shortened(text)}` is not the name of a file",
            rule="wrong-file-name",
            hint="letters, digits, hyphens and dots only, such as `jada.jpg`",
        )
    return text


def parse_domain(text: str) -> str:
    """Return a host name, without `https://`."""
    if not re.fullmatch(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+", text):
        raise FormError(
            f"`{shortened(text)}` is not a domain",
            rule="wrong-domain",
            hint="write the bare name, such as `example.com`",
        )
    return text


def parse_bucket(text: str) -> str:
    """Return the name of an S3 bucket, by S3's naming rules."""
    if not re.fullmatch(r"(?=.{3,63}$)[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*(?<!-)", text):
        raise FormError(
            f"`{shortened(text)}` is not a bucket's name",
            rule="wrong-bucket",
            hint="3 to 63 lower-case letters, digits, dots and hyphens",
        )
    return text


def parse_distribution(text: str) -> str:
    """Return the id of a CloudFront distribution."""
    if not re.fullmatch(r"[A-Z0-9]{8,20}", text):
        raise FormError(
            f"`{shortened(text)}` is not a distribution's id",
            rule="wrong-distribution",
            hint="write it like `E1EXAMPLE`",
        )
    return text


def parse_state_address(text: str) -> str:
    """Return the bucket, and the prefix if any, of the published state: `s3://bucket/prefix/`."""
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?", text):
        raise FormError(
            f"`{shortened(text)}` is not an S3 address",
            rule="wrong-address",
            hint="write it like `s3://my-state-bucket/`",
        )
    return text


def parse_secret_reference(text: str) -> str:
    """Return where a secret is kept; the words never repeat the text, since it may be the secret itself."""
    if not re.fullmatch(r"(secretsmanager|ssm|env):[A-Za-z0-9/_+=.@-]+(#[A-Za-z0-9_-]+)?", text):
        raise FormError(
            "this is not a reference to a secret",
            rule="wrong-secret",
            hint="say where it is kept, such as `secretsmanager:castoff/scc#service_key` or `env:SCC_KEY`",
        )
    return text


def parse_timezone(text: str) -> str:
    """Return the name of a time zone that the zone database knows."""
    if text not in zone_names():
        lower = {name.lower(): name for name in sorted(zone_names())}
        meant = nearest(text, lower)
        hint = f"did you mean `{lower[meant]}`?" if meant else "write it like `America/Los_Angeles`"
        raise FormError(f"unknown time zone `{shortened(text)}`", rule="unknown-timezone", hint=hint)
    return text


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise FormError(
            f"this text has {len(text):,} characters", rule="too-long", hint=f"write {most:,} characters at most"
        )
    return text


def _refuse_unprintable(text: str, categories: frozenset[str]) -> None:
    # `isprintable` is stricter, and a hundred times as fast: hardly a text goes on to the second half.
    if not text.isprintable() and any(unicodedata.category(sign) in categories for sign in text):
        raise FormError(
            "a sign that cannot be printed stands in this text", rule="unprintable", hint="write the text anew"
        )
