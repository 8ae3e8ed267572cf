"""Jinja as castoff has it: everything escaped, nothing undefined, and spared what it does anew for every page.

What it makes is what Jinja makes, byte for byte. Three things are shorter, since a season has thirty thousand pages:
text that goes into a page is no `Markup` on the way, a layout that was loaded stays loaded, and a plain function is
called without a look at what Jinja could pass to it. Together they halve the time of a page.
"""

from __future__ import annotations

import re
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from jinja2 import BytecodeCache, nodes
    from jinja2.compiler import Frame

_special: Final = re.compile("[&<>'\"]").search


def shown(value: Any) -> str:
    """Return a value as it stands in a page: as `escape` does, but what needs no escaping stays the string it is."""
    kind = type(value)
    if kind is Markup or (kind is str and _special(value) is None):
        return value  # type: ignore[no-any-return] # a string, as its type says
    return escape(value)


class _Code(CodeGenerator):
    """Write templates as Jinja does, but for what is called on each value; `NativeCodeGenerator` does so likewise."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's own name for it
        """Refuse Python's own attributes: by them a layout could reach whatever the program knows, money included."""
        if node.attr.startswith("_"):
            self.fail(f"`{node.attr}` is no name of a layout's", node.lineno)
        super().visit_Getattr(node, frame)


class _Context(Context):
    """What a template knows: it calls castoff's own functions straight, since none of them asks for a context."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(called) is not MethodType:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(*args, **kwargs)


class Engine(Environment):
    """The environment of the layouts of one build."""

    code_generator_class = _Code
    context_class = _Context

    def __init__(self, load: Callable[[str], tuple[str, str, None] | None], *, compiled: BytecodeCache) -> None:
        # Newlines of blocks go, so that layouts can be indented for people and pages stay small.
        super().__init__(
            loader=FunctionLoader(load),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=compiled,
        )
        self.shown = shown
        del self.filters["attr"]  # which asks for attributes by any name
        self._loaded: dict[str, Template] = {}

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item, or else an attribute, as Jinja does for `view['name']` and `map(attribute='name')`."""
        if isinstance(argument, str) and argument.startswith("_"):
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own name for it
    ) -> Template:
        """Return a layout, loaded once: none changes within a build."""
        found = self._loaded.get(name) if isinstance(name, str) and globals is None else None
        if found is None:
            found = super().get_template(name, parent, globals)
            if isinstance(name, str) and globals is None:
                found.globals = dict(found.globals)  # of a chain of maps, which takes ten times as long to copy
                self._loaded[name] = found
        return found
