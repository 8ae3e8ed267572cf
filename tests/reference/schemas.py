"""docs/reference/schemas.md: what editors can check by themselves, and what they cannot."""

from __future__ import annotations

from typing import Final

from reference.markdown import page, table
from support.beyond import TABLE

from castoff.schema import FILES, FOLDER

_FOR: Final = {
    "booking": "`bookings/*.yaml`",
    "settings": "`castoff.yaml`",
    "vessel": "the head of `content/vessels/*.md`",
    "dock": "the head of `content/docks/*.md`",
    "crew-member": "the head of `content/crew/*.md`",
    "checklist": "the head of `content/checklists/*.md`",
    "snippet": "the head of `content/guest/*.md`",
}


_BEGINNING: Final = """\
`castoff schema` writes JSON Schemas into `schema/`. An editor that knows YAML, such as VS Code with the YAML extension,
then explains each field, completes names and words, and marks what is wrong while you write. It finds them by the first
line of a file:

```yaml
# yaml-language-server: $schema=../schema/booking.json
```"""
_ABOUT: Final = """\
The head of a Markdown file is not checked by that extension, which looks at files of YAML alone. Those schemas are for
programs that write content, such as a form or an import; `castoff serve` and `castoff check` tell what is wrong there.

They are JSON Schema, draft 7, and mean the same by draft 2020-12. They have no `$id`: a file names its schema by its
path."""
_UNSEEN: Final = """\
What castoff takes, the schema takes. The other way round, a schema cannot say everything; `castoff check` does:"""
_ELSEWHERE: Final = """\
Whatever lies between files is beyond it, too: a vessel, dock or person without a file, two charters at one time, an
address taken twice, an hour that the clocks skip.

One thing is the other way round: an editor takes ids in a list for numbers where they look like numbers, so that
`crew: [1, 01]` names the same one twice for it. Quotes help."""
_YAML: Final = """\
Editors read YAML 1.2, where `yes`, `on` and `2024-05-28` are text. One that is set to YAML 1.1 takes `14:30` for a
number and `yes` for an answer; the schemas let both pass wherever castoff does, which takes every value as the text
that stands there."""


def schemas() -> str:
    """Return the page."""
    return page(
        "Schemas for editors",
        _BEGINNING,
        table(("schema", "for"), [(f"`{FOLDER}/{name}.json`", _FOR[name]) for name in FILES]),
        _ABOUT,
        f"## What an editor cannot see\n\n{_UNSEEN}",
        table(("what", "rule"), [(row.words, f"[{row.rule}](problems.md#{row.rule})") for row in TABLE]),
        _ELSEWHERE,
        f"## Which YAML\n\n{_YAML}",
    )
