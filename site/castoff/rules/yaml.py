"""Rules about the form of YAML: what cannot be read at all, and what would hide from a reader."""

from __future__ import annotations

from typing import Final

from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "How a file is written",
    (
        Rule(
            "broken-yaml",
            "The text is not YAML, so it cannot be told which value belongs to which field.",
            "Do what the hint says; most often a value wants quotes, or a line wants to begin where its neighbours do.",
        ),
        Rule(
            "tab",
            "A tab indents a line. YAML takes spaces only, since nobody agrees on how wide a tab is.",
            "Indent with two spaces.",
        ),
        Rule(
            "control-character",
            "An invisible character stands in the file, which was most likely pasted.",
            "Delete it and type the text anew.",
        ),
        Rule(
            "text-in-comment",
            "For YAML, ` #` begins a comment even behind a text: of `1 Harbor Drive #204`, guests would read"
            " `1 Harbor Drive`.",
            "Put the text in quotes; a comment has a space behind its `#`.",
        ),
        Rule(
            "anchor",
            "`&name` is YAML's way to name a value for later; it hides what a file says.",
            "Remove it; text that begins with `&` goes in quotes.",
        ),
        Rule(
            "alias",
            "`*name` is YAML's way to point at another value; it hides what a file says.",
            "Write the value itself; text that begins with `*` goes in quotes.",
        ),
        Rule(
            "merge",
            "`<<` is YAML's way to merge other fields in; it hides what a file says.",
            "Write the fields themselves.",
        ),
        Rule(
            "tag",
            "`!name` is YAML's way to give a value a type; no field here needs one.",
            "Remove it; text that begins with `!` goes in quotes.",
        ),
        Rule(
            "second-document",
            "A line of three hyphens begins a second document, and only the first would count.",
            "Keep one thing a file, without `---` between.",
        ),
        Rule(
            "too-many-fields",
            "Far more fields or items stand together than any file here needs.",
            "See that the right file is in this place.",
        ),
        Rule(
            "too-deep",
            "Fields stand in fields more often than any file here needs.",
            "Write the file flatter, as the example in the reference.",
        ),
        Rule(
            "not-fields",
            "The file holds a list or a plain text where it must hold fields.",
            "Write lines such as `field: value`.",
        ),
        Rule(
            "repeated-field",
            "A field stands twice; other programs would take the last and say nothing.",
            "Keep one of them.",
        ),
        Rule(
            "wrong-field-name",
            "The name of a field is a list or fields by itself.",
            "Write lines such as `field: value`; text in braces goes in quotes.",
        ),
        Rule(
            "missing-front-matter",
            "A file of content must begin with its fields between two lines of `---`.",
            "Write `---`, the fields, `---`, and beneath them the text.",
        ),
    ),
)
