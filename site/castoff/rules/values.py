"""Rules about values: fields that are missing or unknown, and what each field takes."""

from __future__ import annotations

from typing import Final

from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "Fields and values",
    (
        Rule(
            "missing-field",
            "A field that cannot be done without is not there.",
            "Write it; the reference of the file says what it takes.",
        ),
        Rule(
            "unknown-field",
            "Nobody reads a field of that name here: it is misspelt, or belongs elsewhere.",
            "Correct its name, move it to where the hint says, or remove it.",
        ),
        Rule(
            "empty-value",
            "A field has nothing behind its colon, or nothing but spaces or a comment.",
            "Write a value, or remove the line; text that begins with `#` goes in quotes.",
        ),
        Rule(
            "wrong-kind",
            "A list, fields or a plain value stands where one of the others must.",
            "Write a list as `[one, two]`, fields as lines beneath, a plain value behind the colon.",
        ),
        Rule(
            "unknown-word",
            "A field takes one of a few words, and this is none of them.",
            "Write one of the words that the problem names.",
        ),
        Rule(
            "too-long",
            "A text has more characters than the services take.",
            "Write it shorter.",
        ),
        Rule(
            "more-than-a-line",
            "A text of several lines stands where a name or a title goes.",
            "Write it on one line.",
        ),
        Rule(
            "unprintable",
            "A sign that no font can show stands in a text, such as one that turns the direction of writing.",
            "Type the text anew rather than pasting it.",
        ),
        Rule(
            "wrong-id",
            "A booking's id is seven lower-case letters or digits.",
            "Take what `castoff new` draws, so that nobody can guess it.",
        ),
        Rule(
            "wrong-name",
            "The name of a file or page has other signs than lower-case letters, digits and single hyphens.",
            "Write it like `sheraton-marina`.",
        ),
        Rule(
            "wrong-time",
            "A time is not written as year, month, day, hour and minute, or is in no calendar.",
            "Write it like `2024-05-30 09:00`: the wall clock at the dock, in 24 hours.",
        ),
        Rule(
            "wrong-day",
            "A day is not written as year, month and day, or is in no calendar.",
            "Write it like `2024-05-28`.",
        ),
        Rule(
            "wrong-duration",
            "A length of time is not written in hours and minutes, or in days where the field says so.",
            "Write it like `3h`, `90m` or `1h 30m`; in settings like `12h before start` and `14d after end`.",
        ),
        Rule(
            "wrong-length",
            "A charter is shorter than six minutes or longer than ten days, which ShipCaptainCrew refuses.",
            "Correct the duration; write a longer trip as two bookings.",
        ),
        Rule(
            "early-crew-call",
            "The crew is called more than 48 hours before the start, which ShipCaptainCrew refuses.",
            "Call them later.",
        ),
        Rule(
            "early-boarding",
            "Guests board more than 6 hours before the start: most often hours stand where minutes are meant.",
            "Write the minutes, such as `15m`.",
        ),
        Rule(
            "wrong-count",
            "A number is not a whole one from 1, in digits, or is more than can be.",
            "Write it like `6`.",
        ),
        Rule(
            "wrong-answer",
            "A field takes yes or no.",
            "Write `yes` or `no`.",
        ),
        Rule(
            "wrong-amount",
            "A figure of money is not written in digits with at most two behind the point. It is never repeated,"
            " since others may read what is printed.",
            "Write it like `840.75`, without a currency and without commas.",
        ),
        Rule(
            "wrong-degrees",
            "A latitude or longitude is not in degrees, or is beyond the poles or the date line.",
            "Write degrees with a point, such as `32.7254`; south and west are negative.",
        ),
        Rule(
            "wrong-size",
            "A size is not a number with its unit, or is more than an upload can be.",
            "Write it like `25 MB`.",
        ),
        Rule(
            "wrong-address",
            "A web address is not whole, is not `https`, or has a sign-in in it; or the state's is not `s3://`.",
            "Copy it from the browser's address line, from `https://` on.",
        ),
        Rule(
            "wrong-mail",
            "A mail address has spaces, several addresses or signs in it that not every mail system takes.",
            "Write one address, such as `sail@example.com`.",
        ),
        Rule(
            "wrong-phone",
            "A phone number has letters in it, or too few or too many digits.",
            'Write it like `"+1 619 555 0142"`, with the country.',
        ),
        Rule(
            "wrong-tide-station",
            "NOAA knows each tide station by seven digits, and this is no such number.",
            "Copy it from the address of the station's page at tidesandcurrents.noaa.gov.",
        ),
        Rule(
            "wrong-colour",
            "A colour is not written as six hexadecimal digits.",
            'Write it like `"#0b4f6c"`, in quotes, since what follows ` #` is a comment.',
        ),
        Rule(
            "odd-sign",
            "A sign only looks like a plain one: a non-breaking space, a curly quote, a digit of double width, a"
            " letter of another script. Word processors, phones and web pages write them.",
            "Type it anew; the problem's column is that of the very sign.",
        ),
    ),
)
