import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { interpret } from '../../server/src/semantics/interpreter.ts';
import { promote } from '../../server/src/semantics/mlxDtypes.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { mlxDtypes } from '../../server/src/tables/mlxFunctions.ts';
import { mlxActivations, mlxModuleShapes } from '../../server/src/tables/mlxModules.ts';
import { mlxOperations } from '../../server/src/tables/mlxOperations.ts';

const python = process.env.SMELT_TEST_PYTHON;
const title = (what: string): string => `${what} (needs SMELT_TEST_PYTHON, which npm test sets)`;

interface Known {
  readonly dtype: string | null;
  readonly shape: readonly (number | null)[] | null;
}

const prelude = 'import mlx.core as mx\nimport mlx.nn as nn\nmx.set_default_device(mx.cpu)\n';

/** What the analyser knows of an expression. */
function predicted(expression: string): Known {
  const facts = interpret(parseFile(`${prelude}(${expression}).probe\n`), unknownEnvironment);
  for (const fact of facts.facts) {
    if (fact.kind !== 'attribute' || fact.node.name.text !== 'probe') continue;
    const { object } = fact;
    if (object.kind === 'mlxArray') return { dtype: object.dtype, shape: object.shape ?? null };
  }
  return { dtype: null, shape: null };
}

/** What the installed MLX makes of the expressions. */
function measured(expressions: readonly string[]): (Known | null)[] {
  const code = `
import json, sys
import mlx.core as mx
import mlx.nn as nn
mx.set_default_device(mx.cpu)
found = []
for expression in json.load(sys.stdin):
    try:
        value = eval(expression)
        dtype = str(value.dtype).split(".")[-1]
        found.append({"dtype": "bool_" if dtype == "bool" else dtype, "shape": list(value.shape)})
    except Exception as error:
        found.append(None)
print(json.dumps(found))
`;
  const done = spawnSync(python ?? 'python3', ['-c', code], {
    input: JSON.stringify(expressions),
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as (Known | null)[];
}

/** Does what is known agree with what is? Returns how much of it was known. */
function compare(expressions: readonly string[]): { dtypes: number; shapes: number; ran: number } {
  const counts = { dtypes: 0, shapes: 0, ran: 0 };
  const wrong: string[] = [];
  for (const [i, actual] of measured(expressions).entries()) {
    if (actual === null) continue;
    counts.ran += 1;
    const expression = expressions[i] as string;
    const { dtype, shape } = predicted(expression);
    if (dtype !== null) counts.dtypes += 1;
    if (shape !== null && !shape.includes(null)) counts.shapes += 1;
    const sizes = shape?.map((size, axis) => size ?? actual.shape?.[axis] ?? null) ?? actual.shape;
    if (
      (dtype ?? actual.dtype) !== actual.dtype ||
      JSON.stringify(sizes) !== JSON.stringify(actual.shape)
    )
      wrong.push(`${expression}: ${dtype} ${JSON.stringify(shape)}, is ${JSON.stringify(actual)}`);
  }
  expect(wrong).toEqual([]);
  return counts;
}

const arrays = [
  'mx.ones((2, 3), dtype=mx.float16)',
  'mx.array([[1, 2, 3], [4, 5, 6]])',
  'mx.zeros((3,))',
  'mx.ones((2, 2), dtype=mx.int8)',
  'mx.array([True, False])',
  'mx.array(2.5)',
  'mx.ones((2, 3, 3), dtype=mx.complex64)',
];

/** Calls of every function of the table with plausible arguments; those that raise are not counted. */
function calls(): string[] {
  const found: string[] = [];
  for (const [name, { parameters }] of mlxOperations) {
    const short = name.replace('mlx.core.', 'mx.');
    const needed = parameters.filter((parameter) => /^\w+$/.test(parameter));
    for (const a of arrays) {
      found.push(
        `${short}(${a})`,
        `${short}(${a}, ${a})`,
        `${short}(${a}, 2.0)`,
        `${short}(${a}, 1)`,
      );
      found.push(`${short}([${a}, ${a}])`, `${short}([${a}, ${a}], axis=-1)`);
      if (needed.includes('axis')) {
        found.push(
          `${short}(${a}, axis=0)`,
          `${short}(${a}, axis=-1)`,
          `${short}(${a}, axis=(0, 1))`,
        );
        if (needed.includes('keepdims')) found.push(`${short}(${a}, axis=1, keepdims=True)`);
      }
      found.push(
        `${short}(mx.array([True, False]), ${a}, 1.5)`,
        `${short}(${a}, mx.array([0, 1]), axis=0)`,
      );
      found.push(`${short}(${a}, mx.array(1.0, dtype=mx.float32))`, `${short}(${a}, 0, 1)`);
      found.push(
        `${short}(${a}, (3, 2))`,
        `${short}(${a}, (-1, 2))`,
        `${short}(${a}, (1, 0))`,
        `${short}(${a}, mx.float32)`,
      );
    }
    found.push(
      `${short}((2, 3))`,
      `${short}(4)`,
      `${short}(3, 4)`,
      `${short}(1.0, 2.0, 0.25)`,
      `${short}(2, 9, 3)`,
    );
    found.push(
      `${short}((2, 3), 1)`,
      `${short}((2, 3), 1.5)`,
      `${short}((2, 3), mx.bfloat16)`,
      `${short}(shape=(2, 3))`,
    );
    found.push(
      `${short}(mx.random.key(0))`,
      `${short}(mx.random.key(0), 5)`,
      `${short}(0, 5, (2,))`,
      `${short}(5, dtype=mx.float16)`,
    );
  }
  return found;
}

const operands = [
  ...[...mlxDtypes].map((dtype) => `mx.ones((2,), dtype=mx.${dtype})`),
  'mx.ones((3, 1), dtype=mx.bfloat16)',
  'mx.ones((2, 2))',
  '2',
  '2.5',
  'True',
];

describe.skipIf(python === undefined)('what is known of an MLX array', () => {
  test(title('holds for every function of the table'), () => {
    const { ran, dtypes, shapes } = compare(calls());
    expect(ran).toBeGreaterThan(2000);
    expect(dtypes / ran).toBeGreaterThan(0.8);
    expect(shapes / ran).toBeGreaterThan(0.7);
  });

  test(title('holds for arithmetic of all dtypes'), () => {
    const expressions = operands.flatMap((a) =>
      operands.flatMap((b) => ['+', '/', '//', '**', '@', '<'].map((op) => `${a} ${op} ${b}`)),
    );
    const { ran, dtypes } = compare(expressions);
    expect(ran).toBeGreaterThan(1000);
    expect(dtypes / ran).toBeGreaterThan(0.95);
  });

  test(title('holds for indexing, methods and attributes'), () => {
    const x = 'mx.ones((4, 3, 2), dtype=mx.float16)';
    const ends = [
      '[0]',
      '[-1]',
      '[1:3]',
      '[::2]',
      '[:, 1]',
      '[..., 0]',
      '[None]',
      '[0, None, 1]',
      '[:-1, 1:]',
      '[mx.array([0, 2, 2])]',
      '[:, mx.array([0, 1])]',
      '[0, 1, 1]',
      '[5:]',
      '.T',
      '.mT',
      '.reshape(2, -1)',
      '.reshape((3, 8))',
      '.reshape([24])',
      '.transpose()',
      '.transpose(1, 0, 2)',
      '.transpose((2, 0, 1))',
      '.swapaxes(0, 2)',
      '.flatten()',
      '.flatten(1)',
      '.sum()',
      '.sum(axis=1)',
      '.mean(-1, keepdims=True)',
      '.astype(mx.int32)',
      '.max(axis=(0, 2))',
      '.squeeze()',
      '.argmax(axis=0)',
      '.at[0].add(1)',
      '.real',
      '.astype(mx.float32).exp()',
      '.var(axis=0)',
      '.any()',
      '.item',
      '[::-1]',
      '[3:1]',
      '.split(2)[0]',
      '.moveaxis(0, 1)',
      '.cumsum(axis=0)',
      '[mx.ones((4, 3, 2)) > 0]',
      '.view(mx.uint8)',
      '.square()',
    ].map((end) => x + end);
    compare([
      ...ends,
      'mx.split(mx.ones((6, 2)), 3)[1]',
      'mx.split(mx.ones((6, 2)), [1, 4])[1]',
      'mx.split(mx.ones((6, 2)), [1, 4], axis=0)[2]',
      'mx.meshgrid(mx.arange(2), mx.arange(3))[0]',
      'mx.ones((2, 3)) @ mx.ones((3,))',
      'mx.ones((5, 2, 3)) @ mx.ones((3, 4))',
    ]);
  });

  test(title('holds for activations and modules'), () => {
    const inputs = [...mlxDtypes].map((dtype) => `mx.ones((2, 3, 4, 4), dtype=mx.${dtype})`);
    const activations = [...mlxActivations].flatMap((name) =>
      inputs.map((input) => `${name.replace('mlx.', '')}(${input})`),
    );
    const shaped = [...mlxModuleShapes.keys()].flatMap((name) => {
      const short = name.replace('mlx.', '');
      return ['', '4', '4, 6', '2, 4', '4, output_dims=7'].flatMap((made) => [
        `${short}(${made})(mx.ones((2, 3, 4, 4)))`,
        `${short}(${made})(mx.array([[1, 2], [3, 0]]))`,
      ]);
    });
    const { ran } = compare([...activations, ...shaped]);
    expect(ran).toBeGreaterThan(300);
  });

  test(title('takes Python data as MLX does'), () => {
    const data = [
      '1',
      '1.0',
      'True',
      '[1, 2.5]',
      '[[1, 2], [3, 4]]',
      '[]',
      '[True, 2]',
      '2**31',
      '2**31 - 1',
      '[[]]',
      '(1, 2)',
      '-3',
    ];
    compare(data.map((text) => `mx.array(${text})`));
  });

  test(title('lists the parameters that the installed MLX documents'), () => {
    const code = `
import json, sys
import mlx.core as mx
docs = {}
for name in json.load(sys.stdin):
    value = mx
    for part in name.split(".")[2:]:
        value = getattr(value, part)
    docs[name] = (value.__doc__ or "").strip().split("\\n")[0]
print(json.dumps(docs))
`;
    const done = spawnSync(python ?? 'python3', ['-c', code], {
      input: JSON.stringify([...mlxOperations.keys()]),
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(done.stderr);
    const docs = JSON.parse(done.stdout) as Record<string, string>;
    const wrong = [...mlxOperations].filter(([name, { parameters }]) => {
      // mx.array is a class: its documentation tells of the object.
      if (name === 'mlx.core.array') return false;
      const signature = docs[name] ?? '';
      return parameters.some((parameter) => !signature.includes(parameter));
    });
    expect(wrong).toEqual([]);
  });
});

test('promotion is symmetric', () => {
  for (const a of mlxDtypes) for (const b of mlxDtypes) expect(promote(a, b)).toBe(promote(b, a));
});
