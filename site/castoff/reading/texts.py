"""The forms of names and addresses in an operator's files: text in, the same text out, or words that say why not."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from castoff.contract.writing import LONGEST_MAIL_ADDRESS, MAIL_ADDRESS, PHONE, TURNING, UNPRINTABLE
from castoff.reading.forms import FormError, shortened
from castoff.reading.limits import LONGEST_LINE, LONGEST_NOTES, SHOWN
from castoff.reading.meant_zones import meant_zone, takes_timezone
from castoff.reading.patterns import ENDPOINT, HYPHENATED, PROFILE, REGION, ROLE, SECRET_REFERENCE
from castoff.reading.signs import in_odd_quotes
from castoff.reading.zones import zone_names

SLUG_LENGTH: Final = 80
_RESERVED_SLUGS: Final = frozenset({"presign"})
_ID: Final = r"[a-z0-9]{7}"
_DOMAIN: Final = r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+"
_BUCKET: Final = r"(?=.{3,63}$)[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*(?<!-)"
_STATION: Final = r"[0-9]{7}"
_SHORT_COLOUR: Final = 3
"""Digits of a colour in short, of which each stands for two."""


def parse_booking_id(text: str) -> str:
    """Return a booking's id."""
    if not re.fullmatch(_ID, text):
        plain = text.strip().lower()
        example = "write 7 lower-case letters or digits, such as `xhqgmdh`"
        hint = f"write `{plain}`" if re.fullmatch(_ID, plain) else example
        raise FormError(f"`{shortened(text)}` is not an id", rule="wrong-id", hint=hint)
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
    if len(text) > SLUG_LENGTH:
        words, hint = f"this name has {len(text):,} characters", f"write {SLUG_LENGTH} characters at most"
        raise FormError(words, rule="too-long", hint=hint)
    if not re.fullmatch(HYPHENATED, text):
        words = f"`{shortened(text)}` is not made of lower-case letters, digits and single hyphens"
        raise FormError(words, rule="wrong-name", hint=_name_hint(text))
    return text


def plain_name(text: str) -> str:
    """Return the name that a text would be, `maya-torres` for `Maya Torres`; nothing where no letter is left."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[^a-z0-9]+", "-", "".join(one for one in letters if not unicodedata.combining(one))).strip("-")


def parse_line(text: str) -> str:
    """Return a text of one line."""
    parse_text(text)
    line = text.strip()
    if "\n" in line:
        raise FormError("this text has more than one line", rule="more-than-a-line", hint="write it on one line")
    _refuse_unprintable(text.rstrip(), UNPRINTABLE, but=" ")
    if not line.isascii() and in_odd_quotes(line):
        words, hint = "these quotes would be part of the text", 'take straight ones, `"`, or none'
        raise FormError(words, rule="odd-sign", hint=hint)
    return _bounded(line, LONGEST_LINE)


def parse_text(text: str) -> str:
    """Return a text that says something."""
    if not text.strip():
        raise FormError("the text is empty", rule="empty-value", hint="write a value, or remove the line")
    _refuse_unprintable(text, UNPRINTABLE - {"Zl", "Zp"}, but="\n\r\t")
    return text


def parse_notes(text: str) -> str:
    """Return notes for the crew, as long as ShipCaptainCrew takes them."""
    return _bounded(parse_text(text), LONGEST_NOTES)


def parse_web_address(text: str) -> str:
    """Return an https address; one with a sign-in before its host is refused, and not repeated."""
    if not re.fullmatch(r"https://[^\s<>\"'`\\@\x00-\x1f\x7f-\x9f]+\.[^\s<>\"'`\\@\x00-\x1f\x7f-\x9f]+", text):
        shown = "this" if "@" in text else f"`{shortened(text)}`"
        raise FormError(f"{shown} is not a web address", rule="wrong-address", hint=_address_hint(text))
    return text


def parse_mail_address(text: str) -> str:
    """Return a mail address; only what every mail system agrees on."""
    if len(text) > LONGEST_MAIL_ADDRESS or not re.fullmatch(MAIL_ADDRESS, text):
        several = text.count("@") > 1
        words = f"`{shortened(text)}` is {'more than one' if several else 'not a'} mail address"
        bare = re.fullmatch(rf"[^<>]*<({MAIL_ADDRESS})>", text)
        example = f"write `{bare[1]}`" if bare else "write it like `sail@example.com`"
        hint = "write one of them" if several else example
        raise FormError(words, rule="wrong-mail", hint=hint)
    return text


def parse_phone(text: str) -> str:
    """Return a phone number as it is written."""
    if not re.fullmatch(PHONE, text):
        raise FormError(
            f"`{shortened(text)}` is not a phone number", rule="wrong-phone", hint='write it like `"+1 619 555 0142"`'
        )
    return text


def parse_tide_station(text: str) -> str:
    """Return the number of a NOAA tide station, as the address of its page has it."""
    if not re.fullmatch(_STATION, text):
        digits = re.sub(r"[\s-]", "", text)
        bare = re.fullmatch(_STATION, digits) if len(text) <= SHOWN else None
        hint = "copy the number of its page at tidesandcurrents.noaa.gov, such as `9410170`"
        raise FormError(
            f"`{shortened(text)}` is not the number of a tide station",
            rule="wrong-tide-station",
            hint=f"write `{digits}`" if bare else hint,
        )
    return text


def parse_colour(text: str) -> str:
    """Return a colour; styles are made of it, so nothing but hex is taken."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        bare = re.fullmatch(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", text)
        digits = bare[1] if bare else "0b4f6c"
        whole = digits if len(digits) > _SHORT_COLOUR else "".join(2 * digit for digit in digits)
        hint = f'write {"" if bare else "it like "}`"#{whole}"`, in quotes'
        raise FormError(f"`{shortened(text)}` is not a colour", rule="wrong-colour", hint=hint)
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
    if not re.fullmatch(_DOMAIN, text):
        raise FormError(
            f"`{shortened(text)}` is not a domain",
            rule="wrong-domain",
            hint=_domain_hint(text),
        )
    return text


def parse_bucket(text: str) -> str:
    """Return the name of an S3 bucket, by S3's naming rules."""
    if not re.fullmatch(_BUCKET, text):
        raise FormError(
            f"`{shortened(text)}` is not a bucket's name",
            rule="wrong-bucket",
            hint="write 3 to 63 lower-case letters, digits, dots and hyphens",
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
            hint=f"write `s3://{text}/`" if re.fullmatch(_BUCKET, text) else "write it like `s3://my-state-bucket/`",
        )
    return text


def parse_secret_reference(text: str) -> str:
    """Return where a secret is kept; the words never repeat the text, since it may be the secret itself."""
    if not re.match(SECRET_REFERENCE, text) or text.endswith("\n"):
        raise FormError(
            "this is not a reference to a secret",
            rule="wrong-secret",
            hint="say where it is kept, such as `secretsmanager:castoff/scc#service_key` or `env:SCC_KEY`",
        )
    return text


def parse_region(text: str) -> str:
    """Return the name of one of AWS's regions, by its form: which there are changes from month to month."""
    return _formed(text, REGION, "an AWS region", rule="wrong-region", like="us-west-2")


def parse_profile(text: str) -> str:
    """Return the name of a profile of AWS's tools."""
    return _formed(text, PROFILE, "the name of an AWS profile", rule="wrong-profile", like="harbor-sails")


def parse_role(text: str) -> str:
    """Return the ARN of an IAM role."""
    like = "arn:aws:iam::111122223333:role/castoff-publisher"
    return _formed(text, ROLE, "the ARN of a role", rule="wrong-role-arn", like=like)


def parse_endpoint(text: str) -> str:
    """Return the address of what stands for AWS: a scheme, a host and at most a port; in the clear here alone."""
    like = "https://s3.example.com"
    return _formed(text, ENDPOINT, "the address of an endpoint", rule="wrong-endpoint", like=like)


def parse_timezone(text: str) -> str:
    """Return the name of a time zone that the zone database knows, and whose clocks are those of some place."""
    known = text in zone_names()
    if known and takes_timezone(text):
        return text
    words = f"`{text}` names no place's clocks" if known else f"unknown time zone `{shortened(text)}`"
    meant = None if len(text) > SHOWN else meant_zone(text)
    hint = f"did you mean `{meant}`?" if meant else "write it like `America/Los_Angeles`"
    raise FormError(words, rule="unknown-timezone", hint=hint)


def _formed(text: str, pattern: str, kind: str, *, rule: str, like: str) -> str:
    if not re.match(pattern, text) or text.endswith("\n"):
        raise FormError(f"`{shortened(text)}` is not {kind}", rule=rule, hint=f"write it like `{like}`")
    return text


def _address_hint(text: str) -> str:
    found = re.fullmatch(r"(?:http://)?((?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"'`\\@]*)?)", text, re.IGNORECASE)
    return f"write `https://{found[1]}`" if found and len(text) <= SHOWN else "write it whole, from `https://` on"


def _domain_hint(text: str) -> str:
    bare = re.sub(r"^https?://|/.*$", "", text.strip().lower())
    return f"write `{bare}`" if re.fullmatch(_DOMAIN, bare) and len(bare) <= SHOWN else "write it like `example.com`"


def _name_hint(text: str) -> str:
    plain = plain_name(text)
    return f"write it like `{plain}`" if plain and len(text) <= SHOWN else "write it like `sheraton-marina`"


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise FormError(
            f"this text has {len(text):,} characters", rule="too-long", hint=f"write {most:,} characters at most"
        )
    return text


def _refuse_unprintable(text: str, categories: frozenset[str], *, but: str) -> None:
    # `isprintable` is stricter, and a hundred times as fast: hardly a text goes on to the second half.
    if text.isprintable():
        return
    for at, sign in enumerate(text):
        if sign not in but and (unicodedata.category(sign) in categories or sign in TURNING):
            words, hint = "a sign that cannot be printed stands here", "delete it and type the text anew"
            raise FormError(words, rule="unprintable", hint=hint, at=at)
