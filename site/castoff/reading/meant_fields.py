"""Which field was most likely meant by a name that no field has: misspelt, in another place, or called otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel

from castoff.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_ALSO_CALLED: Final = {
    "vessel": "boat ship yacht",
    "dock": "marina pier harbor harbour location place departure_dock",
    "starts": "date time day when start starts_at start_time start_date departure departs",
    "duration": "hours length ends end ends_at end_time until finish",
    "captain": "skipper",
    "crew": "mates deckhands staff",
    "count": "guest_count number_of_guests pax passengers people party party_size headcount",
    "lead": "guest_name lead_guest customer client booked_by contact",
    "allergies": "allergy diet dietary",
    "waiver": "waiver_url waiver_link",
    "requests": "special_requests wishes",
    "notes": "comment comments remarks crew_notes",
    "revenue": "price total amount paid rate",
    "slug": "url link page",
    "source": "channel platform booked_via",
    "email": "mail e_mail",
    "phone": "telephone tel mobile",
    "colour": "color",
    "timezone": "tz time_zone zone",
    "lat": "latitude",
    "lon": "lng long longitude",
    "photo": "picture image",
    "title": "heading",
    "crew_call": "call_time",
    "licence": "license",
    "url": "address endpoint",
}
_ENDS: Final = frozenset({"ends", "end", "ends_at", "end_time", "until", "finish"})
"""What people call a charter's end, which no field has: it follows from the duration."""
_FEW: Final = 8
"""Fields that a hint names."""
_NAMES: Final = {other: field for field, others in _ALSO_CALLED.items() for other in others.split()}


def meant_field(
    name: str, known: Sequence[str], kind: type[BaseModel], *, present: Collection[str], inside: bool
) -> str:
    """Return the hint for a field's name that is unknown among the `known` ones of a part of `kind`.

    `present` are the fields that stand beside it, and `inside` tells whether that part is within another.
    """
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[- ]", "_", name).lower()
    if plain in known:
        return f"did you mean `{plain}`?"
    called = _NAMES.get(plain)
    if called in known:
        return f"did you mean `{called}`?" if plain not in _ENDS else "write a `duration` in its place, such as `3h`"
    outer = next((field for field in (plain, called) if inside and field in kind.model_fields), None)
    if outer:
        return f"move it out: `{outer}` begins at the left margin"
    homes = [(path, field) for path, field in _inner_fields(kind) if field in (plain, called)]
    if homes:
        path, field = homes[0]
        return f"write it as `{field}` beneath `{path}`"
    meant = nearest(plain, [field for field in known if field not in present]) or nearest(plain, known)
    if meant is None and len(known) > _FEW:
        return "remove it, or see the reference for the fields that there are"
    return f"did you mean `{meant}`?" if meant else f"fields here are {all_of(known)}"


def record_in(annotation: Any) -> type[BaseModel] | None:
    """Return the record within `Record`, `Record | None` or `dict[str, Record]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(record_in, get_args(annotation))), None)


def all_of(words: Sequence[str]) -> str:
    """Return words as a sentence lists them, each as it is typed."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _inner_fields(kind: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield every field of the records within a record, with the name of the field that holds it."""
    for name, field in kind.model_fields.items():
        inner = record_in(field.annotation)
        for part in () if inner is None else inner.model_fields:
            yield name, part
