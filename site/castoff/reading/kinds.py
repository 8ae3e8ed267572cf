"""The kinds of values in an operator's files: each reads one form, and tells the JSON Schema what editors may check."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from pydantic import BeforeValidator, WithJsonSchema

from castoff.reading import forms, limits, texts

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def _scalar(parse: Callable[[str], T]) -> BeforeValidator:
    def convert(value: Any) -> T:
        if not isinstance(value, str):
            kind = "a list" if isinstance(value, list) else "keys and values"
            raise forms.FormError(f"this must be a plain value, not {kind}", rule="wrong-kind")
        return parse(value)

    return BeforeValidator(convert)


def _schema(kind: str | list[str], **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


_TEXT: Final = ["string", "number"]
"""Editors read unquoted digits as numbers; castoff takes them as the text that they are."""

Duration = Annotated[timedelta, _scalar(forms.parse_duration), _schema("string", pattern=r"^(\d{1,3}h)? ?(\d{1,4}m)?$")]
NextRun = Annotated[timedelta, _scalar(forms.parse_next_run), _schema("string", pattern=r"^(\d{1,3}h)? ?(\d{1,4}m)?$")]
Length = Annotated[timedelta, _scalar(forms.parse_length), _schema("string", pattern=r"^(\d{1,3}h)? ?(\d{1,4}m)?$")]
CharterLength = Annotated[
    timedelta, _scalar(forms.parse_charter_length), _schema("string", pattern=r"^(\d{1,3}h)? ?(\d{1,4}m)?$")
]
CrewCall = Annotated[
    timedelta, _scalar(forms.parse_crew_call), _schema("string", pattern=r"^(\d{1,3}h)? ?(\d{1,4}m)?$")
]
BeforeStart = Annotated[
    timedelta, _scalar(forms.parse_before_start), _schema("string", pattern=r"^[0-9dhm ]+ before start$")
]
AfterEnd = Annotated[timedelta, _scalar(forms.parse_after_end), _schema("string", pattern=r"^[0-9dhm ]+ after end$")]
Moment = Annotated[datetime, _scalar(forms.parse_moment), _schema("string", pattern=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$")]
Day = Annotated[date, _scalar(forms.parse_day), _schema("string", pattern=r"^\d{4}-\d{2}-\d{2}$")]
Count = Annotated[int, _scalar(forms.parse_count), _schema("integer", minimum=1, maximum=9999)]
GuestCount = Annotated[int, _scalar(forms.parse_guest_count), _schema("integer", minimum=1, maximum=limits.MOST_GUESTS)]
Answer = Annotated[bool, _scalar(forms.parse_answer), _schema(["boolean", "string"], enum=[True, False, "yes", "no"])]
Amount = Annotated[Decimal, _scalar(forms.parse_amount), _schema(["number", "string"])]
Latitude = Annotated[float, _scalar(forms.parse_coordinate), _schema("number", minimum=-90, maximum=90)]
Longitude = Annotated[float, _scalar(forms.parse_coordinate), _schema("number", minimum=-180, maximum=180)]
Size = Annotated[int, _scalar(forms.parse_size), _schema("string", pattern=r"^\d{1,5} ?(KB|MB|GB)$")]
BookingId = Annotated[str, _scalar(texts.parse_booking_id), _schema(["string", "integer"], pattern=r"^[a-z0-9]{7}$")]
Slug = Annotated[
    str, _scalar(texts.parse_slug), _schema(_TEXT, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", maxLength=texts.SLUG_LENGTH)
]
Name = Annotated[
    str, _scalar(texts.parse_name), _schema(_TEXT, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", maxLength=texts.SLUG_LENGTH)
]
Line = Annotated[str, _scalar(texts.parse_line), _schema(_TEXT, minLength=1, maxLength=limits.LONGEST_LINE)]
Text = Annotated[str, _scalar(texts.parse_text), _schema(_TEXT, minLength=1)]
Notes = Annotated[str, _scalar(texts.parse_notes), _schema(_TEXT, minLength=1, maxLength=limits.LONGEST_NOTES)]
WebAddress = Annotated[str, _scalar(texts.parse_web_address), _schema("string", pattern=r"^https://")]
MailAddress = Annotated[str, _scalar(texts.parse_mail_address), _schema("string", format="email")]
Phone = Annotated[str, _scalar(texts.parse_phone), _schema(_TEXT)]
Colour = Annotated[str, _scalar(texts.parse_colour), _schema("string", pattern=r"^#[0-9a-fA-F]{6}$")]
FileName = Annotated[str, _scalar(texts.parse_file_name), _schema("string")]
TimeZone = Annotated[str, _scalar(texts.parse_timezone), _schema("string")]
Domain = Annotated[str, _scalar(texts.parse_domain), _schema("string", format="hostname")]
Bucket = Annotated[str, _scalar(texts.parse_bucket), _schema("string")]
Distribution = Annotated[str, _scalar(texts.parse_distribution), _schema("string")]
StateAddress = Annotated[str, _scalar(texts.parse_state_address), _schema("string", pattern="^s3://")]
SecretReference = Annotated[
    str, _scalar(texts.parse_secret_reference), _schema("string", pattern="^(secretsmanager|ssm|env):")
]
