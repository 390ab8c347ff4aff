import { describe, expect, test } from 'vitest';
import { interpret } from '../../server/src/semantics/interpreter.ts';
import { RecordedValues } from '../../server/src/semantics/recordedValues.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import type { Node } from '../../server/src/syntax/tree.ts';
import { childrenOf } from '../../server/src/syntax/visit.ts';

/** Every name that is assigned, with what is known of it: `x mps float32 [2,3]`. */
function bindings(code: string): string[] {
  const module = parseFile(code);
  const values = new RecordedValues();
  interpret(module, unknownEnvironment, values);
  const lines: string[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'name') {
      const bound = values.boundAt(node);
      if (bound !== null) {
        const facets = [
          bound.device?.join('|'),
          bound.laziness,
          bound.dtype,
          bound.shape && `[${bound.shape}]`,
        ];
        lines.push([node.id, ...facets.filter(Boolean)].join(' '));
      }
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const statement of module.body) visit(statement);
  for (const [node, { names, count }] of values.evaluations()) {
    const text = code.slice(node.start, node.end);
    lines.push(`${text} computes ${count}: ${[...names].sort().join(', ')}`);
  }
  return lines;
}

const torch = 'import torch\n';
const mlx = 'import mlx.core as mx\n';

describe('what is known of a name where it is bound', () => {
  test('device, dtype and shape of tensors', () =>
    expect(bindings(`${torch}x = torch.zeros(2, 3, device="mps")\ny = x.cpu()\n`)).toEqual([
      'x mps float32 [2,3]',
      'y cpu float32 [2,3]',
    ]));

  test('where branches join, what both say', () =>
    expect(
      bindings(
        `${torch}if FLAG:\n    x = torch.zeros(2, device="mps")\nelse:\n    x = torch.zeros(2)\ny = x\n`,
      ),
    ).toEqual(['x mps float32 [2]', 'x cpu float32 [2]', 'y cpu|mps float32']));

  test('calls of one function that differ leave what they share', () =>
    expect(
      bindings(
        `${torch}def f(x):\n    y = x\n    return y\na = f(torch.zeros(1, device="mps"))\nb = f(torch.zeros(1))\n`,
      ),
    ).toEqual(['y float32 [1]', 'a mps float32 [1]', 'b cpu float32 [1]']));

  test('an unknown caller takes nothing from what the file itself does', () =>
    expect(bindings(`${torch}def f(x):\n    y = x\nf(torch.zeros(1, device="mps"))\n`)).toEqual([
      'y mps float32 [1]',
    ]));

  test('a function that nobody calls is run for a caller', () =>
    expect(bindings(`${torch}def f():\n    y = torch.zeros(1)\n`)).toEqual(['y cpu float32 [1]']));

  test('a branch that no Mac takes says nothing', () =>
    expect(bindings(`${torch}if torch.cuda.is_available():\n    x = torch.zeros(1)\n`)).toEqual(
      [],
    ));
});

describe('whether MLX has computed', () => {
  test('arrays are lazy until something needs them', () =>
    expect(
      bindings(`${mlx}a = mx.ones((2, 2))\nb = a + 1\nmx.eval(b)\nc = a\nd = b * 2\n`),
    ).toEqual([
      'a mps lazy float32 [2,2]',
      'b mps lazy float32 [2,2]',
      'c mps computed float32 [2,2]',
      'd mps lazy float32 [2,2]',
      'mx.eval(b) computes 2: a, b',
    ]));

  test('an array is on the device of the stream that makes it', () =>
    expect(
      bindings(
        `${mlx}a = mx.ones(2)\nwith mx.stream(mx.cpu):\n    b = a + 1\nc = mx.add(a, b, stream=mx.cpu)\n`,
      ).filter((line) => !line.includes('computes')),
    ).toEqual(['a mps lazy float32 [2]', 'b cpu lazy float32 [2]', 'c cpu lazy float32 [2]']));

  test('mlx_lm computes what it is given: at once, or as its generator is iterated', () => {
    const lm = `${mlx}from mlx_lm import generate, load, stream_generate\nmodel, tokenizer = load(PATH)\n`;
    expect(
      bindings(`${lm}p = mx.array([1]) + 1\ngenerate(model, tokenizer, p)\nq = p\n`),
    ).toContain('q mps computed int32 [1]');
    const stream = `${lm}p = mx.array([1]) + 1\ns = stream_generate(model, tokenizer, p)\nq = p\n`;
    expect(bindings(stream)).toContain('q mps lazy int32 [1]');
    expect(bindings(`${stream}for token in s:\n    r = p\n`)).toContain('r mps computed int32 [1]');
  });

  test('what is evaluated once only is not said to evaluate each time', () =>
    expect(
      bindings(`${mlx}a = mx.ones((2, 2))\nfor i in range(3):\n    mx.eval(a)\n`),
    ).not.toContain('mx.eval(a) computes 1: a'));

  test('a test on an array computes it', () =>
    expect(bindings(`${mlx}a = mx.ones(())\nif a > 0:\n    pass\n`)).toContain(
      'a > 0 computes 2: a',
    ));
});
