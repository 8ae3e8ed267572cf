"""The kinds of values in an operator's files: each reads one form, and tells the JSON Schema what editors may check.

An editor reads unquoted digits as a number and `true` as an answer; castoff takes both as the text that they are. So
the schema lets a kind be whatever an editor could make of its form, and checks the form where it is text.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from castoff.contract import writing
from castoff.reading import forms, limits, patterns, texts

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_NOTHING: Final = frozenset({"~", "null", "Null", "NULL"})
"""What YAML writes for no value. Nobody is called so, and a page that says it would be wrong."""
_ANYTHING: Final = ("string", "number", "boolean")


def _scalar(parse: Callable[[str], T]) -> BeforeValidator:
    def convert(value: Any) -> T:
        if not isinstance(value, str):
            kind = "a list" if isinstance(value, list) else "keys and values"
            hint = "write one value behind the colon"
            raise forms.FormError(f"this must be a plain value, not {kind}", rule="wrong-kind", hint=hint)
        if value in _NOTHING:
            raise forms.FormError(f"`{value}` is no value", rule="empty-value", hint="write a value, or remove it")
        return parse(value)

    return BeforeValidator(convert)


def _schema(pattern: str, message: str, *examples: Any, kinds: tuple[str, ...] = ("string",), **more: Any) -> Any:
    """Return what editors may check: the form of a text, what to say of another, and examples that they show."""
    kind = kinds[0] if len(kinds) == 1 else list(kinds)
    shown = {"examples": list(examples)} if examples else {}
    return WithJsonSchema({"type": kind, "pattern": pattern, "patternErrorMessage": message, **more, **shown})


Duration = Annotated[
    timedelta,
    _scalar(forms.parse_duration),
    _schema(patterns.DURATION, "write hours and minutes, such as `3h` or `1h 30m`", "15m", "1h", "1h 30m"),
]
"""Hours and minutes: `3h`, `90m`, `1h 30m` or `1h30m`."""
NextRun = Annotated[
    timedelta,
    _scalar(forms.parse_next_run),
    _schema(patterns.LENGTH, "write hours and minutes, such as `26h`", "26h"),
]
"""Hours and minutes, `26h`, more than none and at most 144h: upload forms are signed for seven days at most."""
CharterLength = Annotated[
    timedelta,
    _scalar(forms.parse_charter_length),
    _schema(patterns.CHARTER_LENGTH, "write hours and minutes, such as `3h` or `1h 30m`", "3h", "1h 30m"),
]
"""Hours and minutes: `3h`, `90m`, `1h 30m`; from 6 minutes to 240 hours."""
Boarding = Annotated[
    timedelta,
    _scalar(forms.parse_boarding),
    _schema(patterns.DURATION, "write minutes or hours, such as `15m`", "15m", "30m"),
]
"""Hours and minutes: `15m`, `1h`; 6 hours at most."""
CrewCall = Annotated[
    timedelta,
    _scalar(forms.parse_crew_call),
    _schema(patterns.DURATION, "write hours and minutes, such as `1h` or `45m`", "1h", "45m"),
]
"""Hours and minutes: `1h`, `45m`; 48 hours at most."""
BeforeStart = Annotated[
    timedelta,
    _scalar(forms.parse_before_start),
    _schema(patterns.BEFORE_START, "write it like `12h before start`", "12h before start", "2d before start"),
]
"""A length of time before a charter's start: `12h before start`, `2d before start`."""
AfterEnd = Annotated[
    timedelta,
    _scalar(forms.parse_after_end),
    _schema(patterns.AFTER_END, "write it like `14d after end`", "14d after end", "36h after end"),
]
"""A length of time after a charter's end: `14d after end`, `36h after end`. A day is 24 hours."""
Moment = Annotated[
    datetime,
    _scalar(forms.parse_moment),
    _schema(patterns.MOMENT, "write date and time, such as `2024-05-30 09:00`", "2024-05-30 09:00"),
]
"""Day and time on a 24-hour clock, `2024-05-30 09:00`, as the clock at the dock shows it; the years 2000 to 2100."""
Day = Annotated[
    date,
    _scalar(forms.parse_day),
    _schema(patterns.DAY, "write year, month and day, such as `2024-05-28`", "2024-05-28"),
]
"""Year, month and day: `2024-05-28`; the years 2000 to 2100."""
Count = Annotated[
    int,
    _scalar(forms.parse_count),
    _schema(
        patterns.COUNT,
        "write a whole number from 1, such as `6`",
        6,
        kinds=("integer", "string"),
        minimum=1,
        maximum=9999,
    ),
]
"""A whole number from 1 to 9999."""
GuestCount = Annotated[
    int,
    _scalar(forms.parse_guest_count),
    _schema(
        patterns.GUEST_COUNT,
        "write a whole number from 1, such as `6`",
        6,
        kinds=("integer", "string"),
        minimum=1,
        maximum=limits.MOST_GUESTS,
    ),
]
"""A whole number from 1 to 1000."""
Answer = Annotated[
    bool,
    _scalar(forms.parse_answer),
    WithJsonSchema({"enum": [True, False, "yes", "no", "true", "false"], "errorMessage": "write `yes` or `no`"}),
]
"""`yes` or `no`; `true` and `false` are the same."""
Amount = Annotated[
    Decimal,
    _scalar(forms.parse_amount),
    _schema(
        patterns.AMOUNT,
        "write digits and at most a point, such as `840.75`",
        840.75,
        kinds=("number", "string"),
        minimum=-999_999_999.99,
        maximum=999_999_999.99,
    ),
]
"""An amount of money: digits, and at most two behind a point, `840.75`; no currency and no commas."""
Latitude = Annotated[
    float,
    _scalar(forms.parse_latitude),
    _schema(
        patterns.LATITUDE,
        "write degrees with a point, such as `32.7261`",
        32.7261,
        kinds=("number", "string"),
        minimum=-90,
        maximum=90,
    ),
]
"""Degrees north, `32.7261`; south of the equator they are negative."""
Longitude = Annotated[
    float,
    _scalar(forms.parse_longitude),
    _schema(
        patterns.LONGITUDE,
        "write degrees with a point, such as `-117.2017`",
        -117.2017,
        kinds=("number", "string"),
        minimum=-180,
        maximum=180,
    ),
]
"""Degrees east, `13.4`; west of Greenwich they are negative, `-117.2017`."""
Size = Annotated[
    int,
    _scalar(forms.parse_size),
    _schema(patterns.SIZE, "write a number and a unit, such as `25 MB`, and `100 MB` at most", "25 MB", "800 KB"),
]
"""A number and a unit, `25 MB` or `800 KB`, as phones count (1 MB is 1,000,000 bytes); 100 MB at most."""
BookingId = Annotated[
    str,
    _scalar(texts.parse_booking_id),
    _schema(
        patterns.BOOKING_ID,
        "an id is 7 lower-case letters or digits, such as `xhqgmdh`",
        "xhqgmdh",
        kinds=("string", "number"),
        minimum=0,
    ),
]
"""Seven lower-case letters or digits, drawn so that nobody guesses them: `xhqgmdh`."""
Slug = Annotated[
    str,
    _scalar(texts.parse_slug),
    _schema(
        patterns.SLUG,
        "lower-case letters, digits and single hyphens, such as `danas-party-k4m7qtx`; `-crew` at the end is taken",
        "danas-party-k4m7qtx",
        kinds=_ANYTHING,
        minimum=0,
        maxLength=texts.SLUG_LENGTH,
    ),
]
"""Lower-case letters, digits, single hyphens, `danas-k4m7qtx`, at most 80; not `presign`, no `-crew` at the end."""
Name = Annotated[
    str,
    _scalar(texts.parse_name),
    _schema(
        patterns.NAME,
        "lower-case letters, digits and single hyphens, such as `sheraton-marina`",
        "sheraton-marina",
        kinds=_ANYTHING,
        minimum=0,
        maxLength=texts.SLUG_LENGTH,
    ),
]
"""Lower-case letters, digits, single hyphens, `sheraton-marina`, at most 80: the name of a file without its ending."""
Line = Annotated[
    str,
    _scalar(texts.parse_line),
    _schema(patterns.LINE, f"write one line of at most {limits.LONGEST_LINE} characters", kinds=_ANYTHING),
]
"""Text of one line, at most 200 characters; in quotes where it has `: ` or ` #`, or begins with a sign of YAML's."""
Text = Annotated[
    str,
    _scalar(texts.parse_text),
    _schema(patterns.TEXT, "write what can be printed, or remove the line", kinds=_ANYTHING),
]
"""Text; after `|` it may have several lines, each indented by two spaces."""
Notes = Annotated[
    str,
    _scalar(texts.parse_notes),
    _schema(
        patterns.TEXT,
        "write what can be printed, or remove the line",
        kinds=_ANYTHING,
        maxLength=limits.LONGEST_NOTES,
    ),
]
"""Text of at most 8000 characters; after `|` it may have several lines, each indented by two spaces."""
WebAddress = Annotated[
    str,
    _scalar(texts.parse_web_address),
    _schema(patterns.WEB_ADDRESS, "write it whole, from `https://` on", "https://www.example.com/page"),
]
"""A whole address, from `https://` on, without a name or password in it."""
MailAddress = Annotated[
    str,
    _scalar(texts.parse_mail_address),
    _schema(
        patterns.MAIL_ADDRESS,
        "write it like `sail@example.com`",
        "sail@example.com",
        maxLength=writing.LONGEST_MAIL_ADDRESS,
    ),
]
"""A mail address: `sail@example.com`."""
Phone = Annotated[
    str,
    _scalar(texts.parse_phone),
    _schema(
        patterns.PHONE,
        'write it like `"+1 619 555 0142"`',
        "+1 619 555 0142",
        kinds=("string", "number"),
        minimum=0,
    ),
]
"""A phone number with its country, `"+1 619 555 0142"`: digits, spaces, points, hyphens, brackets; 7 to 15 digits."""
TideStation = Annotated[
    str,
    _scalar(texts.parse_tide_station),
    _schema(
        patterns.TIDE_STATION,
        "write the seven digits of its page at tidesandcurrents.noaa.gov",
        "9410170",
        kinds=("string", "number"),
        minimum=0,
    ),
]
"""The seven digits by which NOAA knows a tide station: `"9410170"`."""
Colour = Annotated[
    str,
    _scalar(texts.parse_colour),
    _schema(patterns.COLOUR, 'write it like `"#0b4f6c"`, in quotes', "#0b4f6c"),
]
"""Six hexadecimal digits in quotes, `"#0b4f6c"`: without quotes, YAML takes it for a comment."""
FileName = Annotated[
    str,
    _scalar(texts.parse_file_name),
    _schema(
        patterns.FILE_NAME,
        "letters, digits, hyphens and dots only, such as `jada.jpg`",
        "jada.jpg",
        kinds=_ANYTHING,
        minimum=0,
    ),
]
"""A file below `content/pictures`, such as `jada.jpg` or `boats/jada.jpg`."""
TimeZone = Annotated[
    str,
    _scalar(texts.parse_timezone),
    WithJsonSchema(
        {
            "type": "string",
            "errorMessage": "write it like `America/Los_Angeles`",
            "examples": ["America/Los_Angeles", "Europe/Berlin"],
        }
    ),
]
"""A time zone by its name in the [zone database](https://www.iana.org/time-zones): `America/Los_Angeles`."""
Domain = Annotated[
    str,
    _scalar(texts.parse_domain),
    _schema(patterns.DOMAIN, "write the bare name, such as `example.com`", "example.com", kinds=("string", "number")),
]
"""A host's bare name, without `https://`: `example.com`."""
Bucket = Annotated[
    str,
    _scalar(texts.parse_bucket),
    _schema(
        patterns.BUCKET,
        "3 to 63 lower-case letters, digits, dots and hyphens",
        "castoff-uploads-example",
        kinds=_ANYTHING,
        minimum=0,
    ),
]
"""The name of an S3 bucket: 3 to 63 lower-case letters, digits, dots and hyphens."""
Distribution = Annotated[
    str,
    _scalar(texts.parse_distribution),
    _schema(patterns.DISTRIBUTION, "write it like `E1EXAMPLE`", "E1EXAMPLE", kinds=("string", "number"), minimum=0),
]
"""The id of a CloudFront distribution: `E1EXAMPLE`."""
StateAddress = Annotated[
    str,
    _scalar(texts.parse_state_address),
    _schema(patterns.STATE_ADDRESS, "write it like `s3://my-state-bucket/`", "s3://my-state-bucket/"),
]
"""A bucket, and a prefix in it if several share it: `s3://my-state-bucket/`, `s3://my-state-bucket/bay/`."""
SecretReference = Annotated[
    str,
    _scalar(texts.parse_secret_reference),
    _schema(
        patterns.SECRET_REFERENCE,
        "say where the secret is kept, such as `secretsmanager:castoff/scc#service_key` or `env:SCC_KEY`",
        "secretsmanager:castoff/scc#service_key",
        "env:SCC_KEY",
    ),
]
"""Where a secret is kept, never the secret: `secretsmanager:NAME#KEY`, `ssm:/NAME` or `env:VARIABLE`."""
Region = Annotated[
    str,
    _scalar(texts.parse_region),
    _schema(patterns.REGION, "write it like `us-west-2`", "us-west-2"),
]
"""One of AWS's regions: `us-west-2`."""
Profile = Annotated[
    str,
    _scalar(texts.parse_profile),
    _schema(patterns.PROFILE, "write its name in ~/.aws/config", "harbor-sails", kinds=_ANYTHING),
]
"""The name of a profile of AWS's tools, as `~/.aws/config` has it: `harbor-sails`."""
Role = Annotated[
    str,
    _scalar(texts.parse_role),
    _schema(
        patterns.ROLE,
        "write it like `arn:aws:iam::111122223333:role/castoff-publisher`",
        "arn:aws:iam::111122223333:role/castoff-publisher",
    ),
]
"""The ARN of an IAM role: `arn:aws:iam::111122223333:role/castoff-publisher`."""
Endpoint = Annotated[
    str,
    _scalar(texts.parse_endpoint),
    _schema(patterns.ENDPOINT, "write it like `https://s3.example.com`", "https://s3.example.com"),
]
"""Scheme, host and at most a port: `https://s3.example.com`; without TLS on this machine only."""
