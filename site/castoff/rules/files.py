"""Rules about files and folders: which there are, what they are called, whether they can be read."""

from __future__ import annotations

from typing import Final

from castoff.problems import Severity
from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "Files and folders",
    (
        Rule(
            "no-project",
            "There is no `castoff.yaml`, so this is no castoff project.",
            "Go to the folder that has it, or write one; `brand` and `timezone` are enough to begin with.",
        ),
        Rule(
            "no-bookings",
            "There is no folder `bookings`, so there is nothing to publish.",
            "Write the first booking with `castoff new`.",
            Severity.WARNING,
        ),
        Rule(
            "wrong-file-name",
            "A file or folder is called as nothing here is, so that nobody would read it; or a name in a field cannot"
            " be that of a file.",
            "Name it as the hint says: bookings `xhqgmdh.yaml`, content `sheraton-marina.md`.",
        ),
        Rule(
            "unreadable",
            "A file or folder cannot be read: its permissions forbid it, or it is no file at all.",
            "Mend its permissions, or put a plain file in its place.",
        ),
        Rule(
            "too-large",
            "A file is far larger than any of its kind needs to be, which is most often a file in the wrong place.",
            "Put the right file there, or move what is long elsewhere.",
        ),
        Rule(
            "not-utf-8",
            "A file has a byte that is not UTF-8, as older Windows programs write them.",
            "Save the file as UTF-8; every editor can.",
        ),
        Rule(
            "merge-conflict",
            "Git could not merge two versions of a file, and left both in it, between lines that begin with `<<<<<<<`"
            " and `>>>>>>>`. Nothing else of the file is looked at.",
            "Keep what is right of both, and delete git's lines.",
        ),
        Rule(
            "empty-file",
            "There is nothing in the file, or nothing but comments.",
            "Write its fields, or delete the file.",
        ),
        Rule(
            "missing-picture",
            "A field names a picture that is not in `content/pictures`.",
            "Put the picture there, or correct its name; upper and lower case count.",
        ),
        Rule(
            "empty-picture",
            "A picture has no bytes, as after a copy that broke off.",
            "Copy the picture there anew.",
        ),
        Rule(
            "linked-file",
            "A symbolic link leads out of the project, to a folder or nowhere. What it leads to is not committed,"
            " so another machine would build something else.",
            "Put the file itself there.",
        ),
        Rule(
            "stray-file",
            "Nobody reads a file or folder of that name there: it does nothing.",
            "Move it away, or give it the name that the hint says.",
            Severity.WARNING,
        ),
        Rule(
            "wrong-picture",
            "A picture is of another kind than its name says, or is none; browsers go by the name.",
            "Save it as JPEG, PNG, WebP or SVG, and name it so.",
        ),
        Rule(
            "heavy-picture",
            "A picture is so large that guests wait for it on a weak signal.",
            "Save it 1,600 pixels wide; that is sharp on every phone.",
            Severity.WARNING,
        ),
    ),
)
