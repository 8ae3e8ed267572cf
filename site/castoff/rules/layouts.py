"""Rules about layouts: templates, styles and scripts of the operator's own."""

from __future__ import annotations

from typing import Final

from castoff.rules.rule import Chapter, Rule

CHAPTER: Final = Chapter(
    "Layouts",
    (
        Rule(
            "missing-layout",
            "A layout includes or extends another that is not there.",
            "Correct the name, or write that layout.",
        ),
        Rule(
            "layout-syntax",
            "A layout cannot be read as a Jinja template.",
            "Mend it at that line; every `{% if %}` and `{% for %}` wants its end.",
        ),
        Rule(
            "layout-error",
            "A layout asks for something that is not there, or fails while a page is made.",
            "Correct the name; the reference of template variables says what there is.",
        ),
        Rule(
            "layout-policy",
            "A page's own Content-Security-Policy forbids what the page needs, such as sending its form.",
            "Write the policy as castoff's own `base.html` does.",
        ),
        Rule(
            "layout-slot",
            "A layout has the mark of an upload form that the page does not have, or has it twice.",
            "Leave each form in one place.",
        ),
        Rule(
            "missing-slot",
            "A layout has no place for a form that the page must have, so that nothing could be sent.",
            "Write the slot before the file input, as castoff's own layout does.",
        ),
        Rule(
            "missing-asset",
            "A layout asks for a style, script or picture that is neither in `layouts/assets` nor in"
            " `content/pictures`.",
            "Correct the name, or put the file there.",
        ),
        Rule(
            "layout-circle",
            "A layout includes itself, by way of others or at once, and would never end.",
            "Take the include out of one of them.",
        ),
        Rule(
            "unknown-block",
            "A layout fills a block that none of the layouts it extends has: nothing of it would be shown.",
            "Correct the name of the block.",
        ),
        Rule(
            "privacy-leak",
            "`castoff check --privacy` found something where its reader may not see it, or a page that figures under"
            " `finance` change. What shows is not repeated.",
            "Publish nothing before it is mended; [who reads what](../explanation/privacy.md) says who may see what.",
        ),
    ),
)
