"""Rules about the built site: what `castoff check --output` finds in the pages that were made."""

from __future__ import annotations

from typing import Final

from castoff.problems import Severity
from castoff.rules.rule import Chapter, Rule

_OURS: Final = "Please report it: castoff made this."

CHAPTER: Final = Chapter(
    "The built site",
    (
        Rule(
            "broken-html",
            "A page is not well formed: a tag is not closed, stands where none can, or crosses another. Browsers mend"
            " that silently, each fault in a way of its own.",
            "Mend the layout; the problem names the line of the page.",
        ),
        Rule(
            "broken-link",
            "A link, a picture, a style sheet or a form leads to nothing, or its address is none.",
            "Correct the address; files of the theme are named with `asset()`.",
        ),
        Rule(
            "broken-anchor",
            "A link points at a place on a page, and nothing there has that id.",
            "Correct what follows `#`, or give the place its id.",
        ),
        Rule(
            "roundabout-link",
            "A link leads to a page by another spelling than its own, so each visit costs a detour.",
            "Write the address that the hint names.",
        ),
        Rule(
            "unchecked-link",
            "A link leads to a path of your own domain that castoff does not publish, so nobody knows if it is there.",
            "See that it is; written as a whole `https://` address it is taken as yours.",
            Severity.WARNING,
        ),
        Rule(
            "foreign-address",
            "A page loads something from somebody else, who would see every guest; or a link leads to a host that"
            " neither castoff.yaml, a booking nor a text of yours names.",
            "Put what is loaded into `layouts/assets`; correct the link.",
        ),
        Rule(
            "unsafe-address",
            "An address is not encrypted, runs a script, or leads to one computer alone.",
            "Write an address that begins with `https://`.",
        ),
        Rule(
            "repeated-id",
            "Two elements of a page have one id, or an id is none: links and labels find the first alone.",
            "Give each its own.",
        ),
        Rule(
            "broken-reference",
            "A label or a description names an id that nothing on the page has.",
            "Correct the id.",
        ),
        Rule(
            "missing-language", "A page does not say its language, so it is read aloud wrongly.", 'Write `lang="en"`.'
        ),
        Rule("missing-title", "A page has no title of its own, or two.", "Write one `<title>` into its head."),
        Rule(
            "missing-alt",
            "A picture has no words for people who cannot see it.",
            'Say what it shows, or write `alt=""` where it only decorates.',
        ),
        Rule("missing-label", "Nothing says what goes into a field.", "Write a `<label>` for it."),
        Rule("missing-words", "A link or a button says nothing to people who cannot see it.", "Write words into it."),
        Rule(
            "headings",
            "A page has no heading of the first order, has two, or skips an order (a warning): whoever listens to a"
            " page finds their way by headings.",
            "Write one `<h1>`, and each other heading one order below what it belongs to.",
        ),
        Rule(
            "missing-policy",
            "A page has no Content-Security-Policy, or two: whatever got into it would run.",
            "Write the policy as castoff's own `base.html` does.",
        ),
        Rule(
            "loose-policy",
            "The policy of a page lets in what nothing on it needs, or comes after what it is for.",
            "Take that out, and write the policy first.",
        ),
        Rule(
            "unhashed-inline",
            "A script or a style stands in the page, and the policy has no hash of it: browsers ignore it.",
            "Put it into a file in `layouts/assets`, or its hash into the policy.",
        ),
        Rule(
            "idle-hash",
            "The policy has the hash of something that does not stand in the page.",
            "Remove it, or write the hash anew: one space more makes another.",
        ),
        Rule(
            "inline-handler", "A script or a page stands in an attribute.", "Move it into a file in `layouts/assets`."
        ),
        Rule("inline-style", "A style stands in an attribute, and browsers ignore it.", "Give it a class instead."),
        Rule(
            "active-asset",
            "An SVG holds a script, a page or a link: opened by its own address it acts on your domain.",
            "Save it as a plain SVG.",
        ),
        Rule("broken-calendar", "A calendar file has a form that phones refuse.", _OURS),
        Rule("missing-body", "The release names a file that is not there, or leaves one unnamed.", _OURS),
        Rule("wrong-digest", "A file is another than the release says.", "Build anew."),
        Rule("wrong-type", "Browsers are told another kind of file than it is.", "Save it as what its name says."),
        Rule("wrong-cache", "Browsers keep a file for longer, or shorter, than its kind allows.", _OURS),
        Rule("wrong-key", "A file stands where castoff publishes nothing, or its name says another hash.", _OURS),
        Rule("wrong-owner", "A page belongs to a booking that the release does not name, or to none.", _OURS),
        Rule("wrong-slot", "The place of an upload form is missing, stands twice, or is another's.", _OURS),
        Rule(
            "wrong-mark",
            "A page or a calendar file has no mark of its publish, so two versions could look alike to the bucket.",
            "Write `{{ serial_mark }}` as castoff's own layout does.",
        ),
    ),
)
