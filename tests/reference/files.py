"""docs/reference/bookings.md, settings.md and content.md: the fields of an operator's files, from the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reference.markdown import anchor, code, page, table, with_paths
from reference.values import as_yaml, examples, link
from support.example import ROOT

from castoff.fields import Shape, choices_of, fields_of, records_of
from castoff.reading.front_matter import read_front_matter
from castoff.reading.reader import read
from castoff.schema import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel

    from castoff.fields import FieldWords

_BOOKINGS: Final = """\
One YAML file a charter, `bookings/<id>.yaml`; `castoff new` writes it. An editor that knows YAML explains each field
and checks it while you write, where the file begins with

```yaml
# yaml-language-server: $schema=../schema/booking.json
```"""
_BETWEEN_FIELDS: Final = """\
`cancelled` stands there when the status is `cancelled`, and only then. The captain is not named among the crew, and
nobody twice. [What else is checked, and how it is said](problems.md)."""
_SETTINGS: Final = """\
One file at the top of the project, `castoff.yaml`. A `brand` with a name and a `timezone` are enough to begin with; to
publish, a target is needed. Begin it with this line, and an editor that knows YAML explains each field:

```yaml
# yaml-language-server: $schema=schema/settings.json
```"""
_BETWEEN_PARTS: Final = """\
A target is either `embedded: true` and nothing else, or all of `guest`, `ops`, `uploads`, `state`, `scc` and
`dashboard`. No two parts share a bucket. [What else is checked, and how it is said](problems.md)."""
_MARKDOWN: Final = """\
Markdown files: fields between two lines of `---` at the head, and a body beneath. A file's name without `.md` is the id
by which others name it: lower-case letters, digits and single hyphens. Bodies are plain Markdown; HTML in them is shown
as the text that it is. Pictures lie in `content/pictures`."""
_CONTENT: Final = {
    "vessel": """\
## Vessels

`content/vessels/<id>.md`. The body is for the guest: what the boat is like. The guest page shows it.""",
    "dock": """\
## Docks

`content/docks/<id>.md`. The body says how to find the dock on foot.""",
    "crew-member": """\
## Captains and crew

`content/crew/<id>.md`. The body of a captain's file is a line or two for the guest; the guest page shows it under the
first name. An id has 64 characters at most.""",
    "checklist": """\
## Checklists

`content/checklists/<id>.md`. The body is the list: a line an item, and nothing else. Each has an id of lower-case
letters, digits and single hyphens, which stays when the words change, so that what was ticked stays ticked:

```markdown
- [ ] Fuel above half {#fuel}
- [ ] Life jackets counted, children's sizes out {#jackets}
```""",
    "snippet": """\
## Snippets

`content/guest/<id>.md`. The body is what every guest reads. `what-to-bring.md` has a place of its own on the page;
`weather.md`, `safety.md`, your own and `faq.md` follow in this order.""",
}
_FOLDERS: Final = {
    "vessel": "vessels",
    "dock": "docks",
    "crew-member": "crew",
    "checklist": "checklists",
    "snippet": "guest",
}


def bookings() -> str:
    """Return the page about bookings."""
    whole = _text("bookings/xhqgmdh.yaml").rstrip()
    return page(
        "Bookings",
        _BOOKINGS,
        f"## A whole booking\n\n```yaml\n{whole}\n```",
        *_records(FILES["booking"], _bookings_of_the_example(), "The fields of a booking"),
        f"## What holds between them\n\n{_BETWEEN_FIELDS}",
    )


def settings() -> str:
    """Return the page about castoff.yaml."""
    example = [_plain(_text("castoff.yaml"))]
    return page(
        "Settings",
        _SETTINGS,
        *_records(FILES["settings"], example, "The fields of castoff.yaml"),
        f"## What holds between them\n\n{_BETWEEN_PARTS}",
    )


def content() -> str:
    """Return the page about content."""
    parts = [_MARKDOWN]
    for name, beginning in _CONTENT.items():
        files = sorted((ROOT / "content" / _FOLDERS[name]).glob("*.md"))
        heads = [_front(file.read_text("utf-8")) for file in files]
        parts += [beginning, *_records(FILES[name], heads, None)]
    return page("Content", *parts)


def _records(model: type[BaseModel], files: list[Any], title: str | None) -> Iterable[str]:
    """Yield a table for each record of a model, and beneath it the words of its closed sets."""
    for record in records_of(model):
        fields, found = fields_of(record), _within(files, model, record)
        if record is not model:
            yield f"### {_heading(model, record)}"
            yield with_paths(str(record.__doc__))
        elif title:
            yield f"## {title}"
        rows = [_row(model, field, found) for field in fields]
        yield table(("field", "what it is", "form", "example", "without it"), rows)
        for field in fields:
            if field.choices is not None:
                choices = "\n".join(f"- `{word}`: {words}" for word, words in choices_of(field.choices).items())
                yield f"`{field.name}` is one of:\n\n{choices}"


def _row(model: type[BaseModel], field: FieldWords, found: list[Any]) -> tuple[str, ...]:
    if field.record is not None:
        heading = _heading(model, field.record)
        form = (
            f"[fields](#{anchor(heading)})" if field.shape is Shape.ONE else f"names with [fields](#{anchor(heading)})"
        )
    elif field.choices is not None:
        form = "one of those below"
    else:
        form = link(str(field.kind))
    return (
        f"`{field.name}`",
        with_paths(field.words),
        f"list of: {form}" if field.shape is Shape.LIST else form,
        _example(field, found),
        "**must be there**"
        if field.required
        else code(as_yaml(field.default))
        if field.default not in (None, [])
        else "",
    )


def _example(field: FieldWords, found: list[Any]) -> str:
    """Return a value from the example site, or else one of the kind."""
    there = next((part[field.name] for part in found if field.name in part), None)
    if field.record is not None or isinstance(there, dict):
        return ""
    if there is None:
        kinds = examples(field.kind) if field.kind else list(choices_of(field.choices))[:1] if field.choices else []
        return code(kinds[0]) if kinds else ""
    first, more, _ = str(there).rstrip().partition("\n") if isinstance(there, str) else (as_yaml(there), "", "")
    return code(f"{first} …" if more else as_yaml(there).strip())


def _heading(model: type[BaseModel], record: type[BaseModel]) -> str:
    """Return the heading of a record: the fields that hold it, each by its whole name."""
    return ", ".join(f"`{name}`" for name in _names(model, record))


def _names(holder: type[BaseModel], record: type[BaseModel], above: str = "") -> list[str]:
    found: list[str] = []
    for field in fields_of(holder):
        name = f"{above}{field.name}" + (".NAME" if field.shape is Shape.MAPPING else "")
        if field.record is record:
            found.append(name)
        elif field.record is not None:
            found += _names(field.record, record, f"{name}.")
    return found


def _within(files: list[Any], model: type[BaseModel], record: type[BaseModel]) -> list[Any]:
    """Return every part of the example's files that is such a record."""
    if record is model:
        return files
    found = []
    for holder in records_of(model):
        for field in fields_of(holder):
            if field.record is record:
                parts = [part[field.name] for part in _within(files, model, holder) if field.name in part]
                found += [
                    value for part in parts for value in (part.values() if field.shape is Shape.MAPPING else [part])
                ]
    return found


def _bookings_of_the_example() -> list[Mapping[str, Any]]:
    paths = sorted((ROOT / "bookings").glob("*.yaml"), key=lambda path: (path.stem != "xhqgmdh", path.stem))
    return [_plain(path.read_text("utf-8")) for path in paths]


def _plain(text: str) -> Any:
    document, _ = read(text, "")
    return {} if document is None else document.fields.values


def _front(text: str) -> Any:
    front, _ = read_front_matter(text, "")
    return {} if front is None else front.document.fields.values


def _text(path: str) -> str:
    return (ROOT / path).read_text("utf-8")
