"""What may be deployed: a table of JavaScript that is refused, with its place, and of what is not; njs is the judge."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Final

import pytest
from edge.engines import FUNCTION, run_njs
from hypothesis import given, settings
from hypothesis import strategies as st

from castoff.edge import syntax
from castoff.edge.syntax import LIMIT, Refusal, refusals

if TYPE_CHECKING:
    from pathlib import Path

HANDLER: Final = "async function handler(event) { return event.request; }\n"

# (code on the second line, where in it, what is said); njs refuses each of these, too
REFUSED: Final = [
    ("for (const a of [1]) {}", 1, "`for…of` is not known to CloudFront"),
    ("class A {}", 1, "`class` is not known to CloudFront"),
    ("const A = class {};", 11, "`class` is not known to CloudFront"),
    ("const {a} = {a: 1};", 7, "destructuring is not known to CloudFront"),
    ("const [a] = [1];", 7, "destructuring is not known to CloudFront"),
    ("function f({a}) {}", 12, "destructuring is not known to CloudFront"),
    ("function f(a = 1) {}", 12, "a default value is not known to CloudFront"),
    ("const b = [...[1]];", 12, "a spread `...` is not known to CloudFront"),
    ("handler(...[1]);", 9, "a spread `...` is not known to CloudFront"),
    ("const b = {...{}};", 12, "a spread `...` is not known to CloudFront"),
    ("const c = null?.d;", 16, "unexpected token ."),
    ("function* g() { yield 1; }", 1, "a generator is not known to CloudFront"),
    ("async function f() { handler(await 1); }", 30, "`await` among a call's arguments is not known to CloudFront"),
    ("async function f() { new Map([await 1]); }", 31, "`await` among a call's arguments is not known to CloudFront"),
    ("async function f() { for await (const a of []) {} }", 26, "unexpected identifier"),
    ("await 1;", 1, "unexpected identifier"),
    ("function f() { await 1; }", 16, "unexpected identifier"),
    ("try { } catch { }", 15, "unexpected token {"),
    ("let a; a ||= 1;", 12, "unexpected token ="),
    ("const a = 1n;", 12, "unexpected token ILLEGAL"),
    ("const a = 010;", 11, "octal literals are not allowed in strict mode"),
    ("const a = 08;", 11, "`08` begins with 0"),
    ("/a/u.test('a');", 1, "flags `u` of a regular expression are not known to CloudFront"),
    ("/a/s.test('a');", 1, "flags `s` of a regular expression are not known to CloudFront"),
    ("/(/.test('a');", 4, "invalid regular expression"),
    ("with ({}) {}", 1, "strict mode code may not include a with statement"),
    ("import fs from 'fs/promises';", 1, "module `fs/promises` is not one of the edge: cloudfront, crypto"),
    (
        "import {createHmac} from 'crypto';",
        9,
        "an import other than `import name from 'module'` is not known to CloudFront",
    ),
    ("import * as c from 'crypto';", 8, "an import other than `import name from 'module'` is not known to CloudFront"),
    ("import case from 'crypto';", 8, "`case` is a word of the language and no name"),
    ("export default {};", 1, "`export` is not known to CloudFront"),
    ("import('crypto');", 1, "`Import` is not known to CloudFront"),
    ("let a; let a;", 12, "`a` is declared twice"),
    ("function f(a) { let a; }", 21, "`a` is declared twice"),
    ("try { } catch (a) { let a; }", 25, "`a` is declared twice"),
    ("switch (1) { case 1: let a; case 2: let a; }", 41, "`a` is declared twice"),
    ("import a from 'crypto'; let a;", 29, "`a` is declared twice"),
    ("let undefined = 1;", 5, "`undefined` is declared twice"),
    ("let a; { var a; }", 10, "`var`, where `let` and `const` tell who sees a name"),
    ("let é = 1;", 5, "`é` is no name that CloudFront takes"),
    ("async\nconst b = 1;", 1, "`async` is no name that CloudFront takes"),
    ("async function f() { await f = 1; }", 22, "nothing can be assigned to this"),
    ("let a; `${a}` = 1;", 8, "nothing can be assigned to this"),
    ("let a; `${a}`++;", 8, "nothing can be assigned to this"),
    ("let a = ;", 9, "unexpected token ;"),
    ("function f() {", 15, "unexpected end of input"),
    ("const a;", 8, "missing initializer in const declaration"),
    ("@", 1, "unexpected token ILLEGAL"),
    ("/* ", 4, "unexpected token ILLEGAL"),
]
# njs 0.7.9 runs these; CloudFront does not, or nobody has shown that it does.
BEYOND_NJS: Final = [
    ("eval('1');", 1, "`eval` is switched off at CloudFront"),
    ("new Function('1');", 1, "`Function` is switched off at CloudFront"),
    ("setTimeout(handler, 1);", 1, "`setTimeout` is switched off at CloudFront"),
    ("let a = null ?? 1;", 15, "unexpected token ?"),
    ("function f(...a) {}", 12, "a rest parameter is not known to CloudFront"),
    ("String.raw`a`;", 1, "a tagged template is not known to CloudFront"),
    ("const a = {get b() { return 1; }};", 12, "a getter or setter is not known to CloudFront"),
    ("a: { }", 1, "a label is not known to CloudFront"),
    ("debugger;", 1, "`debugger` is not known to CloudFront"),
    ("var a;", 1, "`var`, where `let` and `const` tell who sees a name"),
    ("import fs from 'fs';", 1, "module `fs` is not one of the edge: cloudfront, crypto"),
]
ACCEPTED: Final = [
    "import cf from 'cloudfront';\nimport crypto from 'crypto';",
    "const a = 1, b = 'two', c = [1, , 2], d = {e: 1, 'f-g': 2, [b]: 3, a, h() { return 1; }};",
    "let a = x => x + 1, b = (c, d) => { return c ** d; }, e = async () => { await 1; };",
    "let a = `one ${1 + 1} three`, b = /^a[^b]+\\/$/gim.test('a'), c = 0x1f, d = 0b11, e = 0o17;",
    "for (let i = 0, n = 3; i < n; i++) { if (i === 1) { continue; } else { break; } }",
    "for (const k in {}) { delete k.a; }\nlet n = 0; while (n) { n--; } do { n++; } while (n < 2);",
    "switch (1) { case 1: break; default: }\ntry { throw new Error('a'); } catch (e) { } finally { }",
    "async function f() { const a = await f(); return a && await f() === (await f()).b || [await f()]; }",
    "async function f() { f(async function () { await f(); }, async () => await f()); }",
    "function f() { let a = 1; { let a = 2; } return function g() { let a; return this; }; }",
    "let a = 1; a += 2; a = a ? void 0 : typeof a, !a; a = 'b' in {} || a instanceof Map;",
    "// é in a comment, and in text: 'é'\nlet a = 'é\\u00e9\\x41';",
]


@pytest.mark.parametrize(("code", "column", "words"), REFUSED + BEYOND_NJS)
def test_refused(code: str, column: int, words: str) -> None:
    """What CloudFront would not run is refused with line, column and reason."""
    assert refusals(HANDLER + code)[0] == Refusal(2, column, words)


@pytest.mark.parametrize("code", [row[0] for row in REFUSED])
def test_njs_refuses_it_too(code: str) -> None:
    """CloudFront's own engine is the judge of what is refused here."""
    with pytest.raises(subprocess.CalledProcessError):
        run_njs(HANDLER + code)


@pytest.mark.parametrize("code", [row[0] for row in BEYOND_NJS])
def test_njs_alone_would_let_it_through(code: str) -> None:
    """These are refused for what CloudFront says of itself, since the engine in Debian takes them."""
    run_njs(f"{HANDLER}function never() {{ {code} }}" if not code.startswith("import") else HANDLER + code)


@pytest.mark.parametrize("code", ACCEPTED)
def test_accepted(code: str) -> None:
    """What njs reads and CloudFront documents is let through."""
    assert refusals(HANDLER + code) == ()
    run_njs(f"{HANDLER}{code}" if code.startswith("import") else f"{HANDLER}function never() {{ {code}\n}}")


def test_the_function_itself() -> None:
    """The file that is deployed is let through."""
    assert refusals(FUNCTION.read_text()) == ()


def test_without_a_handler() -> None:
    """A file without the function that CloudFront calls is refused."""
    assert refusals("const handler = null;") == (Refusal(1, 1, "no `function handler(event)`"),)


def test_size() -> None:
    """CloudFront takes 10 KB, counted in bytes, and no more."""
    fits = HANDLER + "//" + "é" * ((LIMIT - len(HANDLER) - 2) // 2)
    assert refusals(fits) == ()

    assert refusals(fits + "éé") == (
        Refusal(1, 1, f"{len((fits + 'éé').encode())} bytes, where CloudFront takes {LIMIT}"),
    )


def test_every_place_is_told() -> None:
    """All that is wrong in a file is told at once, in its order, each place once."""
    code = f"{HANDLER}function f(a) {{\n  let a;\n  for (const b of a) {{}}\n}}\n"

    assert [(one.line, one.column) for one in refusals(code)] == [(3, 7), (4, 3)]


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says where to look, as an editor reads it, and says nothing of a file that is well."""
    broken = tmp_path / "broken.js"
    broken.write_text(f"{HANDLER}class A {{}}\n")

    statuses = syntax.main([str(FUNCTION)]), syntax.main([str(FUNCTION), str(broken)])

    assert statuses == (0, 1)
    assert capsys.readouterr().err == f"{broken}:2:1: `class` is not known to CloudFront [edge-syntax]\n"


CODE: Final = re.sub(r"^\s*//.*\n", "", FUNCTION.read_text(), flags=re.MULTILINE)
TOKENS: Final = re.findall(r"'[^'\n]*'|\w+|[!=]==|=>|&&|\|\||\+\+|\|=|\s+|[^\s\w]", CODE)
WRITTEN: Final = [at for at, token in enumerate(TOKENS) if token.strip()]
SLIPS: Final = st.sampled_from(
    ["", "let", "await", "async", "(", ")", "{", "}", ",", ";", "=", "=>", "...", "?.", "1", "case", "new", "`", "'"]
)


@settings(max_examples=2 * settings.default.max_examples)
@given(st.lists(st.tuples(st.sampled_from(WRITTEN), st.booleans(), SLIPS), min_size=1, max_size=2))
@pytest.mark.filterwarnings("ignore:Possible set difference:FutureWarning")
def test_a_slip_that_is_let_through_is_no_fault(slips: list[tuple[int, bool, str]]) -> None:
    """Whatever a slip of the hand makes of the function, njs reads it wherever nothing here is refused."""
    tokens = list(TOKENS)
    for at, replaced, slip in slips:
        tokens[at] = slip if replaced else f"{tokens[at]} {slip} "
    code = "".join(tokens)

    if refusals(code) == ():
        assert njs_reads(f"{code}\n")


def njs_reads(code: str) -> bool:
    """Say whether njs understands a file, whatever becomes of it when it runs."""
    try:
        run_njs(code)
    except subprocess.CalledProcessError as error:
        return not re.search(r"SyntaxError|Invalid left-hand side", error.stdout)
    return True
