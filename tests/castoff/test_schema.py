"""The schemas that editors check files with: what castoff takes they take, and as far as they can, nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from support.beyond import BOOKING, CANCELLED, SETTINGS, TABLE, Beyond
from support.drawn import Drawn, valid_bookings, with_field, written
from support.editor import Yaml, as_read, committed, compiles, complaints
from support.example import ROOT
from support.near import BETWEEN, BEYOND, NEAR, PATHS, WRONG
from support.stated import CONTENT, STATED

from castoff.fields import kind_schema, kind_words
from castoff.fleet import content
from castoff.fleet.booking import parse_booking
from castoff.fleet.settings import parse_settings
from castoff.reading import kinds
from castoff.reading.front_matter import read_front_matter
from castoff.reading.reader import read
from castoff.schema import FILES, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: Final = sorted(kind_words())
SLOW: Final = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def test_the_committed_schemas_are_those_of_the_models() -> None:
    """`castoff schema` writes them, and so does CASTOFF_UPDATE=1; whoever changes a model runs one of the two."""
    for path, text in schemas().items():
        if os.environ.get("CASTOFF_UPDATE"):
            (ROOT / path).write_text(text, encoding="utf-8")

        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path} is stale: run `castoff schema`"


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_one_by_both_drafts(name: str) -> None:
    """Editors differ in the draft that they know; JavaScript takes each of the regular expressions."""
    schema = committed(name)

    Draft7Validator.check_schema(schema)
    Draft202012Validator.check_schema(schema)
    assert all(compiles(pattern) for pattern in _found(schema, "pattern"))
    assert "$id" not in schema


@pytest.mark.parametrize("name", FILES)
def test_a_schema_explains_each_field_and_knows_no_other(name: str) -> None:
    """Whoever rests the mouse on a field reads what it is for; one that is misspelt is seen while it is typed."""
    records = [part for part in (committed(name), *committed(name)["$defs"].values()) if "properties" in part]

    assert all(field["description"] for record in records for field in record["properties"].values())
    assert all(record["additionalProperties"] is False for record in records)


def _found(schema: Any, keyword: str) -> Iterator[str]:
    """Yield what stands behind a keyword, anywhere in a schema."""
    if isinstance(schema, dict):
        yield from (value for key, value in schema.items() if key == keyword and isinstance(value, str))
    if isinstance(schema, dict | list):
        for part in schema.values() if isinstance(schema, dict) else schema:
            yield from _found(part, keyword)


# Values: each kind by itself, which is every scalar of every file.


def test_no_kind_goes_without_near_misses() -> None:
    """A new kind of value comes with the table of what is just in it and what is just out."""
    assert sorted(NEAR) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_of_a_kind_for_both_or_for_neither(kind: str) -> None:
    """Quoted, a text is the same for castoff and for an editor, and so is what they say of it."""
    for text in NEAR[kind]:
        assert _agree(kind, text), f"{kind}: {text!r}: castoff {_takes(kind, text)}"


@SLOW
@given(st.sampled_from(KINDS), st.data())
def test_no_text_is_of_a_kind_for_one_alone(kind: str, data: st.DataObject) -> None:
    """Likewise of anything that is nearly of the form: a sign more, one less, another."""
    text = data.draw(_nearly(data.draw(st.sampled_from(NEAR[kind]))))

    assert _agree(kind, text), f"castoff {_takes(kind, text)}"


@pytest.mark.parametrize("version", Yaml)
@SLOW
@given(st.sampled_from(KINDS), st.data())
def test_what_castoff_takes_without_quotes_an_editor_takes(version: Yaml, kind: str, data: st.DataObject) -> None:
    """Digits, `true` and dates reach an editor as something else, and castoff as text."""
    text = data.draw(st.sampled_from(NEAR[kind]).flatmap(lambda near: st.just(near) | _nearly(near)))
    read_so = _plainly(text, version)

    if read_so is not NOTHING and _takes(kind, text):
        assert complaints(_schema_of(kind), read_so) == []


NOTHING: Final = object()


def _plainly(text: str, version: Yaml) -> Any:
    """Return what an editor reads where the text stands without quotes, or NOTHING where it is read as other text."""
    line = f"x: {text}\n"
    document, problems = read(line, "x.yaml")
    is_itself = not problems and document is not None and document.fields.values == {"x": text}
    return as_read(line, version)["x"] if is_itself else NOTHING


def _agree(kind: str, text: str) -> bool:
    """Tell whether castoff and the schema say the same of a text, or differ in what a schema cannot say."""
    taken, good = _takes(kind, text), not complaints(_schema_of(kind), text)
    return taken == good or (good and BEYOND.get(kind, lambda _: False)(text))


def _takes(kind: str, text: str) -> bool:
    try:
        TypeAdapter(vars(kinds)[kind]).validate_python(text)
    except ValidationError:
        return False
    return True


def _schema_of(kind: str) -> dict[str, Any]:
    return committed("settings")["$defs"]["TimeZone"] if kind == "TimeZone" else kind_schema(kind)  # type: ignore[no-any-return]


@st.composite
def _nearly(draw: st.DrawFn, text: str) -> str:
    """Return a text that differs in a sign or two from another."""
    signs = st.sampled_from([*" \n\t\r.-:0159aehmdZMK@/#\"'~", "\u00a0", "\u2028", "\x85", "\x1c", "٣", "🙂", "\u201c"])
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = (
            text[:at]
            + draw(signs | st.just("") | st.characters(exclude_categories=["Cs"]))
            + text[at + draw(st.integers(0, 1)) :]
        )
    return text


# Records: whole files.


@SLOW
@given(valid_bookings(), st.sampled_from(Yaml))
def test_a_booking_that_is_in_order_is_so_for_an_editor(booking: Drawn, version: Yaml) -> None:
    """Whatever field it has, and however it is written: plain, in quotes, on one line, over several."""
    assert parse_booking(booking.text, booking.path).problems == []

    assert complaints(committed("booking"), as_read(booking.text, version)) == []


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_a_field_that_is_wrong_is_wrong_for_both(path: tuple[str, ...]) -> None:
    """Each field of a full booking in each wrong way, and taken away: castoff refuses just what the schema does."""
    for booking in FULL:
        if _there(booking.fields, path):
            for wrong in (None, *WRONG.values()):
                assert _judged_alike(with_field(booking, path, wrong)), wrong


@SLOW
@given(valid_bookings(), st.sampled_from(PATHS), st.sampled_from(sorted(WRONG)))
def test_a_field_that_is_wrong_is_so_in_any_booking(booking: Drawn, path: tuple[str, ...], wrong: str) -> None:
    """Whatever else stands in the booking, and where the field is not there by itself."""
    assert _judged_alike(with_field(booking, path, WRONG[wrong]))


@pytest.mark.parametrize("status", ["draft", "hold", "confirmed", "cancelled", "Confirmed", "maybe"])
def test_a_booking_says_when_it_was_cancelled_and_only_then(status: str) -> None:
    """With `cancelled` and without, by each status."""
    for booking in FULL:
        assert _judged_alike(with_field(booking, ("status",), status))


@pytest.mark.parametrize("path", [(), ("guests",), ("cancelled",), ("finance",)], ids=repr)
@given(st.text("abcdefgh_", min_size=1))
def test_a_field_that_nobody_reads_is_unknown_to_both(path: tuple[str, ...], name: str) -> None:
    """At the top and within."""
    for booking in FULL:
        more = with_field(booking, (*path, f"x{name}"), "something")

        assert "unknown-field" in {problem.rule for problem in parse_booking(more.text, more.path).problems}
        assert complaints(committed("booking"), as_read(more.text))


FULL: Final = tuple(
    Drawn("xhqgmdh", fields, written(fields))
    for fields in (
        read((ROOT / "bookings/xhqgmdh.yaml").read_text("utf-8"), "")[0].fields.values,  # type: ignore[union-attr] # it is in order
        read(BOOKING.replace("a7kq4wt", "xhqgmdh").replace("confirmed", CANCELLED), "")[0].fields.values,  # type: ignore[union-attr] # likewise
    )
)


@pytest.mark.parametrize("field", ["crew", "aliases"])
def test_what_stands_twice_in_a_list_is_seen_while_it_is_written(field: str) -> None:
    """An editor marks the list; castoff has a sentence of its own for it."""
    booking = with_field(FULL[0], (field,), ["one", "one"])

    assert complaints(committed("booking"), as_read(booking.text)) == [
        f"{field}: ['one', 'one'] has non-unique elements"
    ]


def _judged_alike(booking: Drawn) -> bool:
    """Tell whether castoff and the schema both refuse a booking or both take it, but for what only castoff can say."""
    errors = {
        problem.rule for problem in parse_booking(booking.text, booking.path).problems if problem.severity == "error"
    }
    told = complaints(committed("booking"), as_read(booking.text))
    return bool(errors) or _is_repeated(booking.fields) if told else errors <= BETWEEN


def _there(fields: Any, path: tuple[str, ...]) -> bool:
    for step in path:
        if not isinstance(fields, dict) or step not in fields:
            return False
        fields = fields[step]
    return True


def _is_repeated(fields: dict[str, Any]) -> bool:
    """Tell whether an alias stands twice: castoff says so once it compares all bookings, the schema at once."""
    aliases = fields.get("aliases", [])
    return isinstance(aliases, list) and any(aliases.count(alias) > 1 for alias in aliases)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.words)
def test_what_no_schema_can_say_castoff_does(row: Beyond) -> None:
    """The table in docs/reference/schemas.md holds: the editor is silent, and castoff has a rule."""
    parsed = (
        parse_booking(row.text, "bookings/a7kq4wt.yaml")
        if row.file == "booking"
        else parse_settings(row.text, "castoff.yaml")
    )

    assert row.rule in {problem.rule for problem in parsed.problems}
    assert complaints(committed(row.file), as_read(row.text)) == []


def test_one_thing_an_editor_refuses_and_castoff_does_not() -> None:
    """Ids that are numbers for an editor, and the same number: docs/reference/schemas.md says so, and quotes help."""
    plain, quoted = (BOOKING.replace("[leo]", crew) for crew in ("[1, 01]", "['1', '01']"))

    assert parse_booking(plain, "bookings/a7kq4wt.yaml").problems == []
    assert complaints(committed("booking"), as_read(plain)) != []
    assert complaints(committed("booking"), as_read(quoted)) == []


@pytest.mark.parametrize(("file", "text"), [("booking", BOOKING), ("settings", SETTINGS)])
def test_what_the_table_edits_is_in_order(file: str, text: str) -> None:
    """What is wrong is the edit's own doing."""
    parse = parse_booking if file == "booking" else parse_settings

    assert parse(text, "bookings/a7kq4wt.yaml").problems == []
    assert complaints(committed(file), as_read(text)) == []


@pytest.mark.parametrize("case", STATED)
def test_settings_are_in_order_for_both_or_for_neither(case: str) -> None:
    """Each part of castoff.yaml, there, missing and wrong."""
    text, good = STATED[case]

    errors = [problem for problem in parse_settings(text, "castoff.yaml").problems if problem.severity == "error"]

    assert (errors == [], complaints(committed("settings"), as_read(text)) == []) == (good, good), errors


def _parsed(file: str, head: str) -> list[str]:
    body = "- [ ] Fuel {#fuel}" if file == "checklist" else "Some words."
    parse = getattr(content, f"parse_{file.replace('-', '_')}")
    problems = parse(f"---\n{head}---\n{body}\n", "content/x/a.md").problems
    return [str(problem) for problem in problems if problem.severity == "error"]


@pytest.mark.parametrize(("file", "head", "good"), CONTENT)
def test_front_matter_is_in_order_for_both_or_for_neither(file: str, head: str, good: bool) -> None:  # noqa: FBT001
    """Each kind of content, whole, at its least, and wrong."""
    errors = _parsed(file, head)

    assert (errors == [], complaints(committed(file), as_read(head)) == []) == (good, good), errors


FOLDERS: Final = {
    "vessels": "vessel",
    "docks": "dock",
    "crew": "crew-member",
    "checklists": "checklist",
    "guest": "snippet",
}


@pytest.mark.parametrize("file", sorted(str(path.relative_to(ROOT)) for path in (ROOT / "content").glob("*/*.md")))
def test_the_example_s_content_is_in_order_for_an_editor(file: str) -> None:
    """Files that people wrote, too."""
    front, _ = read_front_matter((ROOT / file).read_text("utf-8"), file)

    assert front is not None
    assert complaints(committed(FOLDERS[file.split("/")[1]]), as_read(front.document.text)) == []


def test_the_example_s_bookings_and_settings_are_in_order_for_an_editor() -> None:
    """Files that people wrote, too."""
    for path in (ROOT / "bookings").glob("*.yaml"):
        assert complaints(committed("booking"), as_read(path.read_text("utf-8"))) == [], path

    assert complaints(committed("settings"), as_read((ROOT / "castoff.yaml").read_text("utf-8"))) == []
