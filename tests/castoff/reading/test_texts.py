"""The forms of names and addresses: what is taken as it stands, and what is said of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from castoff.reading import texts
from castoff.reading.forms import FormError

if TYPE_CHECKING:
    from collections.abc import Callable

ZONE = "write it like `America/Los_Angeles`"
TAKEN = [
    ("a region", texts.parse_region, "us-west-2"),
    ("a region of another partition", texts.parse_region, "us-gov-west-1"),
    ("a region of four letters", texts.parse_region, "eusc-de-east-1"),
    ("a profile", texts.parse_profile, "AdministratorAccess-111122223333"),
    ("a role", texts.parse_role, "arn:aws:iam::111122223333:role/castoff-publisher"),
    ("a role on a path", texts.parse_role, "arn:aws-us-gov:iam::111122223333:role/ci/castoff"),
    ("an endpoint", texts.parse_endpoint, "https://s3.example.com:9000"),
    ("an endpoint here", texts.parse_endpoint, "http://127.0.0.1:4566"),
    ("a secret by its name", texts.parse_secret_reference, "secretsmanager:castoff/scc#service_key"),
    (
        "a secret by its ARN",
        texts.parse_secret_reference,
        "secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:castoff/scc-AbCdEf#service_key",
    ),
    ("a parameter", texts.parse_secret_reference, "ssm:/castoff/scc"),
    (
        "a parameter by its ARN",
        texts.parse_secret_reference,
        "ssm:arn:aws:ssm:eu-central-1:111122223333:parameter/castoff/scc",
    ),
    ("a variable", texts.parse_secret_reference, "env:SCC_KEY"),
    ("a name", texts.parse_name, "sheraton-marina"),
    ("a phone number with its country", texts.parse_phone, "+1 619 555 0142"),
    ("a phone number of seven digits", texts.parse_phone, "555-0142"),
    ("a mail address with a point", texts.parse_mail_address, "dana.r@example.com"),
    ("a mail address with an apostrophe", texts.parse_mail_address, "pat.o'brien@example.com"),
    ("a mail address at a host with a hyphen", texts.parse_mail_address, "sail@lark-charters.example.com"),
    ("a tide station", texts.parse_tide_station, "9410170"),
    ("a zone", texts.parse_timezone, "America/Los_Angeles"),
    ("a zone by its country", texts.parse_timezone, "GB"),
]
REFUSED = [
    ("a name in capitals", texts.parse_name, "Zoë's Pier", "wrong-name", "write it like `zoe-s-pier`"),
    ("a number without digits", texts.parse_phone, "1-----", "wrong-phone", 'write it like `"+1 619 555 0142"`'),
    ("six digits", texts.parse_phone, "555-014", "wrong-phone", 'write it like `"+1 619 555 0142"`'),
    ("sixteen digits", texts.parse_phone, "1" * 16, "wrong-phone", 'write it like `"+1 619 555 0142"`'),
    ("a point at the beginning", texts.parse_mail_address, ".a@b.co", "wrong-mail", "write it like `sail@example.com`"),
    ("a point at the end", texts.parse_mail_address, "a.@b.co", "wrong-mail", "write it like `sail@example.com`"),
    ("two points together", texts.parse_mail_address, "a..b@c.co", "wrong-mail", "write it like `sail@example.com`"),
    ("a hyphen before a host", texts.parse_mail_address, "a@-b.co", "wrong-mail", "write it like `sail@example.com`"),
    ("a hyphen behind a host", texts.parse_mail_address, "a@b-.co", "wrong-mail", "write it like `sail@example.com`"),
    ("a name with its address", texts.parse_mail_address, "Dana <d@e.co>", "wrong-mail", "write `d@e.co`"),
    ("a station with a space", texts.parse_tide_station, "941 0170", "wrong-tide-station", "write `9410170`"),
    (
        *("a station by name", texts.parse_tide_station, "San Diego", "wrong-tide-station"),
        "copy the number of its page at tidesandcurrents.noaa.gov, such as `9410170`",
    ),
    *(
        (f"a zone, {text}", texts.parse_timezone, text, "unknown-timezone", hint)
        for text, hint in (
            ("America/San_Diego", "did you mean `America/Los_Angeles`?"),
            ("Europe/Barcelona", "did you mean `Europe/Madrid`?"),
            ("Boston", "did you mean `America/New_York`?"),
            ("los angeles", "did you mean `America/Los_Angeles`?"),
            ("america/st_johns", "did you mean `America/St_Johns`?"),
            ("Europe/Berlim", "did you mean `Europe/Berlin`?"),
            ("America/LosAngeles", "did you mean `America/Los_Angeles`?"),
            ("Pacific Time", "did you mean `America/Los_Angeles`?"),
            ("EST", "did you mean `America/New_York`?"),
            ("America/Fresno", ZONE),
            *((name, ZONE) for name in ("UTC", "GMT", "Zulu", "Factory", "Etc/UTC", "Etc/GMT+8", "UTC-8")),
        )
    ),
]


@pytest.mark.parametrize(("description", "parse", "text"), TAKEN, ids=[row[0] for row in TAKEN])
def test_a_text_of_its_form_is_taken_as_it_stands(description: str, parse: Callable[[str], str], text: str) -> None:
    """Nothing of it is changed."""
    assert parse(text) == text, description


@pytest.mark.parametrize(("description", "parse", "text", "rule", "hint"), REFUSED, ids=[row[0] for row in REFUSED])
def test_another_is_told_what_was_meant(
    description: str, parse: Callable[[str], str], text: str, rule: str, hint: str
) -> None:
    """The hint names what was most likely meant, and nothing that is merely spelt alike."""
    with pytest.raises(FormError) as error:
        parse(text)

    assert (error.value.rule, error.value.hint) == (rule, hint), description
