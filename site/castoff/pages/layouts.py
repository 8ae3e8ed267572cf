"""The operator's own layouts as they are written: what would fail on some day, or do nothing on any page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, TemplateSyntaxError, nodes

from castoff.pages.assets import ASSET_TYPES
from castoff.pages.layout_faults import column_of, syntax_problem
from castoff.pages.layout_policy import forbidden, forbidden_in_style
from castoff.pages.theme import ASSETS, FOLDER, LARGEST_LAYOUT, ThemeFile, shipped_layouts
from castoff.problems import Problem, Severity, nearest
from castoff.reading.reader import decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from castoff.pages.theme import Theme

_POLICY: Final = "Content-Security-Policy"
_FILTERS: Final = ("raster",)
"""Castoff's own, beside Jinja's."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A layout or an asset that a layout names, and the line where it does."""

    name: str
    line: int
    asset: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    """One layout that could be read."""

    file: ThemeFile
    text: str
    tree: nodes.Template
    uses: tuple[_Use, ...]

    def problem(self, line: int, name: str, *, words: str, rule: str, hint: str) -> Problem:
        """Return a problem with a name in a line."""
        return Problem(self.file.path, line, column_of(self.text, line, name), words, rule, hint)


def layout_problems(theme: Theme, pictures: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the operator's own layouts, before any page is made of them."""
    if not theme.own:
        return
    environment = Environment(autoescape=True)
    environment.filters.update(dict.fromkeys(_FILTERS, str))
    layouts: dict[str, _Layout] = {}
    for name, file in theme.files.items():
        if name.startswith(ASSETS):
            continue
        text = file.body.decode(errors="replace")
        try:
            tree = environment.parse(text)
        except TemplateSyntaxError as error:
            yield syntax_problem(error, file.path, text)
            continue
        except RecursionError:
            words, hint = "brackets or blocks stand in each other too deep to be read", "make it flatter"
            yield Problem(file.path, 1, 1, words, "layout-syntax", hint)
            continue
        layouts[name] = _Layout(file, text, tree, tuple(_uses(tree)))
    assets = {name.removeprefix(ASSETS) for name in theme.files if name.startswith(ASSETS)} | {*pictures}
    own = sorted(theme.own & layouts.keys())
    is_ours = all(_keeps_policy(name, layouts[name].text) for name in own)  # `check --output` judges by another
    for name in own:
        yield from _broken_text(layouts[name].file)
        yield from _missing(layouts[name], layouts=theme.files, assets=assets)
        yield from _unknown_filters(layouts[name], environment)
        yield from _circles(name, layouts)
        yield from _unknown_blocks(name, layouts)
        if is_ours:
            yield from forbidden(layouts[name].file.path, layouts[name].text)
    for name in sorted(theme.own) if is_ours else ():
        if name.startswith(ASSETS) and name.lower().endswith(".css"):
            yield from forbidden_in_style(theme.files[name].path, theme.files[name].body.decode(errors="replace"))
    yield from _unused(theme, layouts)


def _keeps_policy(name: str, text: str) -> bool:
    """Tell whether a layout writes no policy, or the one that castoff's own layout of that name has."""
    written = [line.strip() for line in text.splitlines() if _POLICY in line]
    shipped = shipped_layouts() / name
    if not written or not shipped.is_file():
        return not written
    return written == [line.strip() for line in shipped.read_text("utf-8").splitlines() if _POLICY in line]


def _broken_text(file: ThemeFile) -> Iterator[Problem]:
    text = decode(file.body, file.path, largest=LARGEST_LAYOUT)
    if isinstance(text, Problem):
        yield text


def _uses(tree: nodes.Template) -> Iterator[_Use]:
    """Yield what a layout cannot do without: what it may do without, or chooses on the day, is its own affair."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        named = node.template  # type: ignore[attr-defined] # each of the four has one
        if isinstance(named, nodes.Const) and not getattr(node, "ignore_missing", False):
            yield _Use(str(named.value), node.lineno, asset=False)
    for call in tree.find_all(nodes.Call):
        named = call.args[0] if call.args else None
        asked = call.node.name if isinstance(call.node, nodes.Name) else ""
        if asked in ("asset", "fragment") and isinstance(named, nodes.Const):
            yield _Use(str(named.value), call.lineno, asset=asked == "asset")


def _missing(layout: _Layout, *, layouts: Collection[str], assets: Collection[str]) -> Iterator[Problem]:
    for use in layout.uses:
        kind, folder = ("asset", "layouts/assets") if use.asset else ("layout", "layouts")
        known = sorted(assets if use.asset else [name for name in layouts if not name.startswith(ASSETS)])
        if use.name not in known:
            near = _near(use.name, known)
            hint = f"did you mean `{near}`?" if near else f"write {folder}/{use.name}"
            words = f"there is no {kind} `{use.name}`"
            yield layout.problem(use.line, use.name, words=words, rule=f"missing-{kind}", hint=hint)


def _unknown_filters(layout: _Layout, environment: Environment) -> Iterator[Problem]:
    for node in layout.tree.find_all((nodes.Filter, nodes.Test)):
        kind, known = ("filter", environment.filters) if isinstance(node, nodes.Filter) else ("test", environment.tests)
        if node.name not in known:
            near = nearest(node.name, sorted(known))
            hint = f"did you mean `{near}`?" if near else f"take one of Jinja's own {kind}s"
            words = f"there is no {kind} `{node.name}`"
            yield layout.problem(node.lineno, node.name, words=words, rule="layout-syntax", hint=hint)


def _circles(name: str, layouts: Mapping[str, _Layout]) -> Iterator[Problem]:
    """Yield where a layout comes to include itself; Jinja would go round until it falls."""
    for use in layouts[name].uses:
        if not use.asset and _leads_to(use.name, name, layouts):
            way = "" if use.name == name else f", by way of `{use.name}`"
            words, hint = f"this layout includes itself{way}", "take it out here"
            yield layouts[name].problem(use.line, use.name, words=words, rule="layout-circle", hint=hint)


def _unknown_blocks(name: str, layouts: Mapping[str, _Layout]) -> Iterator[Problem]:
    """Yield the blocks that no layout above has a place for: Jinja drops them in silence."""
    above = _blocks_above(name, layouts)
    if above is None:
        return
    tree = layouts[name].tree
    within = {inner for block in tree.find_all(nodes.Block) for inner in block.find_all(nodes.Block)}
    for block in tree.find_all(nodes.Block):
        if block not in within and block.name not in above:
            near = nearest(block.name, sorted(above))
            hint = f"did you mean `{near}`?" if near else f"its blocks are {_listed(above)}"
            words = f"no layout that this one extends has a block `{block.name}`, so none of it is shown"
            yield layouts[name].problem(block.lineno, block.name, words=words, rule="unknown-block", hint=hint)


def _blocks_above(name: str, layouts: Mapping[str, _Layout]) -> frozenset[str] | None:
    """Return the blocks of all that a layout extends; None where it extends nothing, or what no one can tell."""
    found, seen = frozenset[str](), {name}
    extended = _extended(layouts[name])
    while extended is not None:
        if extended not in layouts or extended in seen:
            return None  # which is a problem of its own
        seen.add(extended)
        found |= {block.name for block in layouts[extended].tree.find_all(nodes.Block)}
        if not any(layouts[extended].tree.find_all(nodes.Extends)):
            return found
        extended = _extended(layouts[extended])
    return None


def _extended(layout: _Layout) -> str | None:
    """Return the layout that one extends in any case."""
    first = next((node for node in layout.tree.body if isinstance(node, nodes.Extends)), None)
    return str(first.template.value) if first is not None and isinstance(first.template, nodes.Const) else None


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def _leads_to(start: str, goal: str, layouts: Mapping[str, _Layout]) -> bool:
    seen, left = set[str](), [start]
    while left:
        name = left.pop()
        if name == goal:
            return True
        if name not in seen and name in layouts:
            seen.add(name)
            left += [use.name for use in layouts[name].uses if not use.asset]
    return False


def _unused(theme: Theme, layouts: Mapping[str, _Layout]) -> Iterator[Problem]:
    """Yield a warning for each file that takes the place of none of castoff's own, and that no layout names."""
    for name in sorted(theme.own - theme.shipped):
        path, said = theme.files[name].path, name.removeprefix(ASSETS)
        ending = PurePosixPath(name).suffix
        if name.startswith(ASSETS) and ending.lower() not in ASSET_TYPES:
            words, hint = f"browsers are sent no `{ending or said}` file", f"take it out of {FOLDER}/assets"
        elif any(said in layout.text for layout in layouts.values()):
            continue
        else:
            near = _near(name, sorted(theme.shipped))
            words = "no layout names this file, and it takes the place of none of castoff's own"
            hint = f"did you mean `{near}`?" if near else "name it in a layout, or take it away"
        yield Problem(path, 1, 1, words, "stray-file", hint, Severity.WARNING)


def _near(name: str, known: Collection[str]) -> str | None:
    """Return the file that was most likely meant: of that folder and kind, by its own name alone."""
    path = PurePosixPath(name)
    same = {
        PurePosixPath(other).stem: other
        for other in known
        if PurePosixPath(other).parent == path.parent and PurePosixPath(other).suffix == path.suffix
    }
    near = nearest(path.stem, same)
    return None if near is None else same[near]
