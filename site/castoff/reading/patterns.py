r"""What editors check a value by while it is written: regular expressions of ECMA 262, in its Unicode mode.

They say what the parsers beside them say, as far as one expression can, and a test holds the two together. They are
written for JavaScript: no `\d`, which Python takes for the digits of every script, and no `\s`, of which each has its
own idea; `$` is the very end.
"""

from __future__ import annotations

from typing import Final

from castoff.contract import writing
from castoff.reading.limits import LONGEST_LINE

_SPACE: Final = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BLANK: Final = rf"{_SPACE}\t\n\r\u2028\u2029"
_CONTROL: Final = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_TURNING: Final = r"\u202a-\u202e\u2066-\u2069"
_SIGN: Final = rf"[^{_BLANK}{_CONTROL}{_TURNING}]"
_IN_LINE: Final = rf"[^\t\n\r\u2028\u2029{_CONTROL}{_TURNING}]"
_QUOTE: Final = r"[\u00ab\u00bb\u2018-\u201f\u2039\u203a\u2e02-\u2e05\u2e09\u2e0a\u2e0c\u2e0d\u2e1c\u2e1d\u2e20\u2e21]"
_IN_ADDRESS: Final = rf"[^<>\"'`\\@{_BLANK}{_CONTROL}]".replace(r"\"", '"')
_LENGTH: Final = r"(?:[0-9]{1,3}h(?: ?[0-9]{1,4}m)?|[0-9]{1,4}m)"
_SOME: Final = r"(?=.*[1-9])"
_FEW_MINUTES: Final = r"(?:0+h ?)?0*[0-5]m"
_DAY: Final = r"(?:20[0-9]{2}|2100)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_FILE: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"

HYPHENATED: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""Lower-case letters and digits with single hyphens between: what names of files, pages and items are made of."""
NOT_NULL: Final = r"(?!(?:~|null|Null|NULL)$)"
"""What YAML takes for no value, and castoff for a value that is missing."""

DURATION: Final = rf"^{_LENGTH}$"
LENGTH: Final = rf"^{_SOME}{_LENGTH}$"
CHARTER_LENGTH: Final = rf"^{_SOME}(?!{_FEW_MINUTES}$){_LENGTH}$"
BEFORE_START: Final = rf"^(?:{_LENGTH}|[0-9]{{1,4}}d) before start$"
AFTER_END: Final = rf"^(?:{_LENGTH}|[0-9]{{1,4}}d) after end$"
MOMENT: Final = rf"^{_DAY} (?:[01][0-9]|2[0-3]):[0-5][0-9]$"
DAY: Final = rf"^{_DAY}$"
COUNT: Final = rf"^{_SOME}[0-9]{{1,4}}$"
GUEST_COUNT: Final = rf"^{_SOME}(?:0?[0-9]{{1,3}}|1000)$"
AMOUNT: Final = r"^-?[0-9]{1,9}(?:\.[0-9]{1,2})?$"
LATITUDE: Final = r"^-?(?:0?[0-8]?[0-9](?:\.[0-9]{1,8})?|0?90(?:\.0{1,8})?)$"
LONGITUDE: Final = r"^-?(?:(?:0?[0-9]?[0-9]|1[0-7][0-9])(?:\.[0-9]{1,8})?|180(?:\.0{1,8})?)$"
SIZE: Final = rf"^{_SOME}(?:[0-9]{{1,5}} ?KB|(?:0{{0,2}}100|0{{0,3}}[0-9]{{1,2}}) ?MB)$"
BOOKING_ID: Final = r"^[a-z0-9]{7}$"
NAME: Final = rf"^{NOT_NULL}{HYPHENATED}$"
SLUG: Final = rf"^{NOT_NULL}(?!presign$)(?!.*-crew$){HYPHENATED}$"
LINE: Final = (
    rf"^{NOT_NULL}(?![{_SPACE}]*{_QUOTE}{_IN_LINE}*{_QUOTE}[{_BLANK}]*$)"
    rf"[{_SPACE}]*{_SIGN}(?:{_IN_LINE}{{0,{LONGEST_LINE - 2}}}{_SIGN})?[{_BLANK}]*$"
)
TEXT: Final = rf"^{NOT_NULL}(?=[{_BLANK}]*{_SIGN})[^{_CONTROL}{_TURNING}]*$"
WEB_ADDRESS: Final = rf"^https://{_IN_ADDRESS}+\.{_IN_ADDRESS}+$"
MAIL_ADDRESS: Final = rf"^{writing.MAIL_ADDRESS}$"
PHONE: Final = rf"^{writing.PHONE}$"
TIDE_STATION: Final = r"^[0-9]{7}$"
COLOUR: Final = r"^#[0-9a-fA-F]{6}$"
FILE_NAME: Final = rf"^{NOT_NULL}(?!.*\.\.){_FILE}(?:/{_FILE})*$"
DOMAIN: Final = r"^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$"
BUCKET: Final = rf"^{NOT_NULL}(?=.{{3,63}}$)(?!.*-$)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*$"
DISTRIBUTION: Final = r"^[A-Z0-9]{8,20}$"
STATE_ADDRESS: Final = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9._-]+)*/?$"
SECRET_REFERENCE: Final = (
    r"^(?:"  # noqa: S105 - the form of one
    r"secretsmanager:(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:)?[A-Za-z0-9/_+=.@-]+(?:#[A-Za-z0-9_-]+)?"
    r"|ssm:(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:[0-9]{12}:parameter/)?[A-Za-z0-9/_.-]+"
    r"|env:[A-Za-z_][A-Za-z0-9_]*"
    r")$"
)
REGION: Final = r"^[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}$"
PROFILE: Final = rf"^{NOT_NULL}[A-Za-z0-9_.@+=/-]{{1,64}}$"
ROLE: Final = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,512}$"
ENDPOINT: Final = r"^(?:https://[a-z0-9-]+(?:\.[a-z0-9-]+)*|http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?$"
