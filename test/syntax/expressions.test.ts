import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFile } from '../../server/src/syntax/parser.ts';
import type { Module, Node } from '../../server/src/syntax/tree.ts';
import { childrenOf } from '../../server/src/syntax/visit.ts';

/**
 * Expressions of CPython's own parser, with UTF-16 offsets. Left out is what ours has otherwise: `and` and
 * `or` are pairs, stars of arguments and tuples of indices are no nodes, and places in formatted strings,
 * which CPython 3.11 has wrong.
 */
const cpython = `
import ast, json, os, sys, sysconfig
kinds = {
    "Call": "call", "Attribute": "attribute", "Subscript": "subscript", "BinOp": "binary",
    "UnaryOp": "unary", "Compare": "compare", "IfExp": "conditional", "Lambda": "lambda",
    "ListComp": "comprehension", "SetComp": "comprehension", "DictComp": "comprehension",
    "GeneratorExp": "comprehension", "Dict": "dict", "Set": "set", "List": "list", "Tuple": "tuple",
    "Await": "await", "Yield": "yield", "YieldFrom": "yield", "NamedExpr": "named", "Name": "name",
    "JoinedStr": "formatted", "Slice": "slice",
}
def kind_of(node):
    if isinstance(node, ast.Constant):
        if isinstance(node.value, (str, bytes)): return "string"
        if node.value is ... or isinstance(node.value, (bool, type(None))): return "constant"
        return "number"
    return kinds.get(type(node).__name__)
folder = sysconfig.get_paths()["stdlib"]
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    if not name.endswith(".py"): continue
    try:
        text = open(path, encoding="utf-8", newline="").read()
        tree = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError): continue
    if any(isinstance(node, ast.Match) for node in ast.walk(tree)) or "\\f" in text: continue
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines: starts.append(starts[-1] + len(line.encode("utf-16-le")) // 2)
    def place(line, column):
        before = lines[line - 1].encode()[:column].decode()
        return starts[line - 1] + len(before.encode("utf-16-le")) // 2
    found = []
    def walk(node):
        kind = kind_of(node)
        if kind is not None:
            start = place(node.lineno, node.col_offset)
            found.append(f"{kind} {start} {place(node.end_lineno, node.end_col_offset)}")
        if kind == "formatted": return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Tuple) and (
                (isinstance(node, ast.Subscript) and child is node.slice) or isinstance(node, ast.Delete)
            ):
                for part in child.elts: walk(part)
            else: walk(child)
    walk(tree)
    print(json.dumps({"path": path, "expressions": found}))
`;

const compared = new Set(
  (
    'call attribute subscript binary unary compare conditional lambda comprehension dict set list tuple ' +
    'await yield named name formatted slice string number constant'
  ).split(' '),
);

function expressionsOf(module: Module): string[] {
  const found: string[] = [];
  const walk = (node: Node, isIndex: boolean): void => {
    const isTuple = isIndex && node.kind === 'tuple';
    if (compared.has(node.kind) && !isTuple) found.push(`${node.kind} ${node.start} ${node.end}`);
    if (node.kind === 'formatted') return;
    const alone = node.kind === 'subscript' && node.index.length === 1 ? node.index[0] : null;
    for (const child of childrenOf(node)) walk(child, child === alone);
  };
  for (const statement of module.body) walk(statement, false);
  return found;
}

test('expressions are those of CPython, at the same places, in the whole standard library', () => {
  const done = spawnSync('python3', ['-c', cpython], { encoding: 'utf8', maxBuffer: 1 << 29 });
  expect(done.stderr).toBe('');
  const files = done.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { path: string; expressions: string[] });
  expect(files.length).toBeGreaterThan(150);
  expect(files.flatMap(({ expressions }) => expressions).length).toBeGreaterThan(200_000);
  const wrong: string[] = [];
  for (const { path, expressions } of files) {
    const ours = expressionsOf(parseFile(readFileSync(path, 'utf8')));
    const theirs = new Set(expressions);
    const mine = new Set(ours);
    for (const entry of theirs) if (!mine.has(entry)) wrong.push(`${path}: ${entry} is missing`);
    for (const entry of mine) if (!theirs.has(entry)) wrong.push(`${path}: ${entry} is too much`);
  }
  expect(wrong.slice(0, 20)).toEqual([]);
}, 120_000);
