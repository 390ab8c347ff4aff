import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { interpret } from '../../server/src/semantics/interpreter.ts';
import { RecordedValues } from '../../server/src/semantics/recordedValues.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import type { Expression } from '../../server/src/syntax/tree.ts';
import { walk } from '../../server/src/syntax/visit.ts';

const python = process.env.SMELT_TEST_PYTHON;

/** `x`: a lazy matrix, `s`: its lazy sum, `i`: a lazy 0 made of it. */
const setup = `import json, pickle, time
import numpy as np
import mlx.core as mx
A = mx.ones((512, 512))
mx.eval(A)
x = A + 1.0
s = x.sum()
i = (s * 0).astype(mx.int32)
`;

/** What a program may do with an array, and whether MLX has computed it after that. */
const expressions: readonly string[] = [
  'mx.eval(x)',
  'mx.eval(s)',
  'mx.eval([{"a": (x,)}])',
  'mx.eval(*[x, s])',
  'mx.async_eval(x); mx.synchronize()',
  'mx.synchronize()',
  'mx.get_active_memory()',
  'mx.clear_cache()',
  's.item()',
  'x.tolist()',
  'float(s)',
  'int(s)',
  'bool(s)',
  'complex(s)',
  'not s',
  's and 1',
  's or 1',
  'y = s > 0',
  'y = x == x',
  's is None',
  'assert s is not None',
  'assert s > 0',
  'y = 1 if s > 0 else 0',
  'if s > 0: pass',
  'while s < 0: pass',
  'y = [y for y in [s] if y > 0]',
  'abs(s)',
  'sum([s, s])',
  'pow(s, 2)',
  'max(s, s)',
  'min([s, s])',
  'sorted([s, s])',
  'any([s])',
  'all([s])',
  'hash(s)',
  'len(x)',
  'str(s)',
  'repr([s])',
  'print(s)',
  'f"{s}"',
  'f"{s:.3f}"',
  'f"{[s]}"',
  '"%s" % s',
  '"{}".format(s)',
  'list(map(str, [s]))',
  'np.array(x)',
  'np.asarray(x)',
  'np.asarray([s, s])',
  'np.float32(2) * s',
  'np.ones(2) + s',
  '2 * s',
  'memoryview(x)',
  'bytes(x)',
  'pickle.dumps(x)',
  'range(i)',
  '[1, 2][i]',
  '"ab"[i]',
  'hex(i)',
  'mx.save("lazy.npy", x)',
  'mx.savez("lazy.npz", x=x)',
  'mx.save_safetensors("lazy.safetensors", {"x": x})',
  'x.__array__()',
  'x.__dlpack__()',
  's in [1, s]',
  'y = x.shape, x.dtype, x.size, x.nbytes',
  'y = x[0]',
  'y = x[i]',
  'x[0] = 1',
  'x[x > 0] = 0',
  'x += 1',
  'y = x @ x',
  'y = -x',
  'y = x.T',
  'y = x.at[0].add(1)',
  'y = list(x)',
  'y = [row for row in x]',
  'for row in x: pass',
  'a, b = x[:2]',
  'y = list(zip(x, x))',
  'y = x.astype(mx.float16)',
  'y = mx.array(x)',
  'y = mx.array([s, s])',
  'y = mx.stack([s, s])',
  'y = mx.where(s > 0, x, x)',
  'y = mx.allclose(x, x)',
  'y = mx.array_equal(x, x)',
  'y = mx.random.categorical(x)',
  'y = mx.compile(lambda v: mx.exp(v) + 1)(x)',
  'y = mx.grad(lambda v: (v * v).sum())(x)',
  'y, g = mx.value_and_grad(lambda v: (v * v).sum())(x)',
  'y = mx.vmap(lambda v: v + 1)(x)',
  'y = mx.checkpoint(lambda v: v + 1)(x)',
  'y = mx.grad(lambda v: v * v.item())(s)',
  'with mx.stream(mx.cpu): pass',
];

/** On the installed MLX: a computed array takes memory. */
function computedByMlx(): boolean[] {
  const code = `
import contextlib, gc, io, json, os, sys, tempfile
import mlx.core as mx
os.chdir(tempfile.mkdtemp())
setup, expressions = json.load(sys.stdin)
answers = []
for expression in expressions:
    scope = {}
    exec(setup, scope)
    x = scope["x"]
    gc.collect(); mx.synchronize()
    before = mx.get_active_memory()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(expression, scope)
    answers.append(mx.get_active_memory() - before > 512 * 512 * 2)
    del scope, x
print(json.dumps(answers))
`;
  const done = spawnSync(python ?? 'python3', ['-c', code], {
    input: JSON.stringify([setup, expressions]),
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as boolean[];
}

/** What the interpreter holds of `name` where it is last read. */
function lazinessAt(code: string, name: string): string | null | undefined {
  const module = parseFile(code);
  const values = new RecordedValues();
  interpret(module, unknownEnvironment, values);
  let last: Expression | undefined;
  walk(module.body, (node) => {
    if (node.kind === 'name' && node.id === name) last = node;
  });
  return last === undefined ? undefined : values.valueOf(last)?.laziness;
}

test.skipIf(python === undefined)(
  'the interpreter and MLX agree on what computes (needs SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    const answers = computedByMlx();
    const seen = expressions.map((expression) => [
      expression,
      lazinessAt(`${setup}kept = x\n${expression}\nkept\n`, 'kept'),
    ]);
    const wanted = expressions.map((expression, i) => [
      expression,
      answers[i] ? 'computed' : 'lazy',
    ]);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(wanted));
  },
);
