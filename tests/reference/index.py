"""docs/reference/README.md, and every page of the reference by its name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from reference.commands import commands
from reference.files import bookings, content, settings
from reference.markdown import page
from reference.problems import problems
from reference.schemas import schemas
from reference.services import openapi, services
from reference.stack import stack
from reference.templates import templates
from reference.values import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PAGES: Final[Mapping[str, tuple[Callable[[], str], str]]] = {
    "bookings": (bookings, "what stands in `bookings/<id>.yaml`"),
    "settings": (settings, "what stands in `castoff.yaml`"),
    "content": (content, "vessels, docks, crew, checklists, snippets"),
    "values": (values, "how durations, moments, amounts and all other values are written"),
    "problems": (problems, "every rule: what it means and what to do"),
    "commands": (commands, "what each command takes"),
    "templates": (templates, "what a layout of your own may use"),
    "schemas": (schemas, "what an editor checks while you write"),
    "services": (services, "what ShipCaptainCrew and the dashboard take and answer"),
    "stack": (stack, "what the template takes, makes, keeps and tells"),
}


_MADE: Final = """\
These pages are made from the program itself: from the models that read files, the registry of rules, the views that
layouts show, the commands, and the services. A test fails where one is stale; `CASTOFF_UPDATE=1 pytest tests/reference`
makes them anew."""


@lru_cache(maxsize=1)
def pages() -> dict[str, str]:
    """Return the text of every page by the name of its file."""
    documents = {f"openapi/{name}.json": openapi(name) for name in ("shipcaptaincrew", "dashboard")}
    return {"README.md": _index(), **{f"{name}.md": make() for name, (make, _) in _PAGES.items()}, **documents}


def _index() -> str:
    lines = "\n".join(f"- [{name.capitalize()}]({name}.md): {words}" for name, (_, words) in _PAGES.items())
    return page("Reference", lines, _MADE)
