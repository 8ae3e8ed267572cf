"""Knows what JavaScript CloudFront runs: `python -m castoff.edge.syntax cloudfront_function.js` refuses the rest.

CloudFront publishes what it cannot run and answers 503 afterwards. The language is that of njs, which speaks ECMAScript
5.1 and some of what came later (CloudFront Functions, JavaScript runtime 2.0); what is let through is listed here, and
what is not on the list is refused, though some of it might run.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import esprima

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIMIT: Final = 10_240
"""Largest code of a CloudFront function, in bytes (CloudFront quotas)."""

MODULES: Final = ("cloudfront", "crypto")
"""What a function may import here."""

_KNOWN: Final = re.compile(
    "Program|Import(Declaration|DefaultSpecifier)|(Function|Variable)Declaration|VariableDeclarator|"
    "(Block|Empty|Expression|If|Switch|Return|For|ForIn|While|DoWhile|Break|Continue|Throw|Try)Statement|"
    "SwitchCase|CatchClause|Identifier|(Template)?Literal|TemplateElement|Property|"
    "(This|Array|Object|Function|ArrowFunction|Unary|Update|Binary|Logical|Assignment|Conditional|Sequence|"
    "Member|Call|New|Await)Expression|"
    "ClassBody|MethodDefinition"  # said once, of the class
)
_WORDS: Final = {
    "ForOfStatement": "`for…of`",
    "ClassDeclaration": "`class`",
    "ClassExpression": "`class`",
    "ObjectPattern": "destructuring",
    "ArrayPattern": "destructuring",
    "AssignmentPattern": "a default value",
    "RestElement": "a rest parameter",
    "SpreadElement": "a spread `...`",
    "YieldExpression": "`yield`",
    "TaggedTemplateExpression": "a tagged template",
    "ExportDefaultDeclaration": "`export`",
    "ExportNamedDeclaration": "`export`",
    "ImportSpecifier": "an import other than `import name from 'module'`",
    "ImportNamespaceSpecifier": "an import other than `import name from 'module'`",
    "LabeledStatement": "a label",
    "DebuggerStatement": "`debugger`",
}
_FUNCTIONS: Final = frozenset({"FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"})
_SWITCHED_OFF: Final = frozenset({"eval", "Function", "setTimeout", "setImmediate", "clearTimeout"})
_TARGETS: Final = frozenset({"Identifier", "MemberExpression", "VariableDeclaration"})
_OWN_NAMES: Final = frozenset({"undefined", "NaN", "Infinity"})
_FLAGS: Final = frozenset("gimy")
_OLD_OCTAL: Final = re.compile(r"0\d")

# esprima's trees are made of classes without types.
Node = Any
Wrong = tuple[Node, str]


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A place that CloudFront would not run, and what is wrong there; line and column count from 1."""

    line: int
    column: int
    words: str


def refusals(code: str) -> tuple[Refusal, ...]:
    """Return every place that must not be deployed, in the order of the file; code that is no JavaScript has one."""
    size = len(code.encode())
    found = [] if size <= LIMIT else [Refusal(1, 1, f"{size} bytes, where CloudFront takes {LIMIT}")]
    try:
        program = esprima.parseModule(code, loc=True)
    except esprima.Error as fault:
        return (*found, _unreadable(code, fault))
    if "handler" not in (one.id.name for one in program.body if one.type == "FunctionDeclaration"):
        found.append(Refusal(1, 1, "no `function handler(event)`"))
    spot = program.loc
    for node in _below(program):
        spot = node.loc or spot  # the parser gives none to what may become an arrow function's parameters
        found += (_refusal(at.loc or spot, words) for at, words in _wrong(node))
    return tuple(sorted(set(found)))


def main(arguments: list[str] | None = None) -> int:
    """Say what is refused in each file, as `path:line:column: words`; 1 where anything is."""
    refused = [
        f"{path}:{one.line}:{one.column}: {one.words} [edge-syntax]\n"
        for path in (sys.argv[1:] if arguments is None else arguments)
        for one in refusals(Path(path).read_text(encoding="utf-8"))
    ]
    sys.stderr.write("".join(refused))
    return 1 if refused else 0


def _unreadable(code: str, fault: esprima.Error) -> Refusal:
    """Say where the parser stopped; its own column is wrong at the start of a line."""
    line_starts = len("".join(code.splitlines(keepends=True)[: fault.lineNumber - 1]))
    words = re.sub(r"(?<=\w)\.$", "", str(fault).partition(": ")[2])
    column = max(1, fault.index - line_starts + 1)
    return Refusal(fault.lineNumber, column, words[:1].lower() + words[1:])


def _refusal(spot: Node, words: str) -> Refusal:
    return Refusal(spot.start.line, spot.start.column + 1, words)


def _below(node: Node, *, into_functions: bool = True) -> Iterator[Node]:
    """Yield a node and all below it, those within functions if they are wanted."""
    yield node
    if node.type in _FUNCTIONS and not into_functions:
        return
    for part in vars(node).values():
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, esprima.nodes.Node):
                yield from _below(one, into_functions=into_functions)


def _wrong(node: Node) -> Iterator[Wrong]:
    """Yield what is wrong with a node itself, and with the names that are declared right in it."""
    if what := _unknown(node):
        yield node, f"{what} is not known to CloudFront"
    match node.type:
        case "ImportDeclaration":
            yield from _wrong_with_import(node)
        case "VariableDeclaration" if node.kind == "var":
            yield node, "`var`, where `let` and `const` tell who sees a name"
        case "Identifier" if not node.name.isascii() or node.name == "async":
            yield node, f"`{node.name}` is no name that CloudFront takes"
        case "AssignmentExpression" | "ForInStatement" if node.left.type not in _TARGETS:
            yield node.left, "nothing can be assigned to this"
        case "UpdateExpression" if node.argument.type not in _TARGETS:
            yield node.argument, "nothing can be assigned to this"
        case "Literal":
            yield from _wrong_with_literal(node)
        case "CallExpression" | "NewExpression":
            yield from _wrong_with_call(node)
    yield from _declared_twice(node)


def _unknown(node: Node) -> str | None:
    if not _KNOWN.fullmatch(node.type):
        return _WORDS.get(node.type, f"`{node.type}`")
    if node.type in _FUNCTIONS and node.generator:
        return "a generator"
    if node.type == "Property" and node.kind != "init":
        return "a getter or setter"
    return None


def _wrong_with_import(node: Node) -> Iterator[Wrong]:
    if node.source.value not in MODULES:
        yield node, f"module `{node.source.value}` is not one of the edge: {', '.join(MODULES)}"
    for one in node.specifiers:
        if _is_reserved(one.local.name):
            yield one, f"`{one.local.name}` is a word of the language and no name"


def _is_reserved(word: str) -> bool:
    try:
        esprima.parseModule(f"let {word};")
    except esprima.Error:
        return True
    return False


def _wrong_with_literal(node: Node) -> Iterator[Wrong]:
    if node.regex and not set(node.regex.flags) <= _FLAGS:
        yield node, f"flags `{node.regex.flags}` of a regular expression are not known to CloudFront"
    if _OLD_OCTAL.match(node.raw or ""):
        yield node, f"`{node.raw}` begins with 0"


def _wrong_with_call(node: Node) -> Iterator[Wrong]:
    if node.callee.type == "Identifier" and node.callee.name in _SWITCHED_OFF:
        yield node, f"`{node.callee.name}` is switched off at CloudFront"
    for argument in node.arguments:
        for one in _below(argument, into_functions=False):
            if one.type == "AwaitExpression":
                yield one, "`await` among a call's arguments is not known to CloudFront"


def _declared_twice(node: Node) -> Iterator[Wrong]:
    """Yield the names that a scope declares again, a function's parameters and what a module imports included."""
    seen: set[str] = set()
    for one in _declared(node):
        if one.name in seen or one.name in _OWN_NAMES:
            yield one, f"`{one.name}` is declared twice"
        seen.add(one.name)


def _declared(node: Node) -> Iterator[Node]:
    match node.type:
        case "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression":
            names = [*node.params, *_declared(node.body)]
        case "CatchClause":
            names = [node.param, *_declared(node.body)]
        case "SwitchStatement":
            names = [name for case in node.cases for name in _declared_by(case.consequent)]
        case "Program" | "BlockStatement":
            names = list(_declared_by(node.body))
        case _:
            names = []
    yield from (name for name in names if name.type == "Identifier")


def _declared_by(statements: Iterable[Node]) -> Iterator[Node]:
    for statement in statements:
        match statement.type:
            case "VariableDeclaration":
                yield from (one.id for one in statement.declarations)
            case "FunctionDeclaration":
                yield statement.id
            case "ImportDeclaration":
                yield from (one.local for one in statement.specifiers)


if __name__ == "__main__":
    sys.exit(main())
