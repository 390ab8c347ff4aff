import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { mlxNameOf } from '../../server/src/tables/mlxCounterpart.ts';
import { mlxCounterparts } from '../../server/src/tables/mlxCounterparts.gen.ts';
import { nameTraps } from '../../server/src/tables/nameTraps.ts';

const python = process.env.SMELT_TEST_PYTHON;
const skipped = python === undefined;
const title = (what: string): string => `${what} (needs SMELT_TEST_PYTHON, which npm test sets)`;

/** What each trap says, as an expression that is true of the installed torch and MLX. */
const checks: Readonly<Record<string, string>> = {
  'torch.transpose':
    'mx.array_equal(m.transpose(0, 1), m) and torch.equal(t.transpose(0, 1), t.T) and raises(lambda: mx.zeros((2, 3, 4)).transpose(0, 1))',
  'torch.Tensor.repeat':
    't.repeat(2, 1).tolist() == mx.tile(m, (2, 1)).tolist() and mx.repeat(m, 2).tolist() == torch.repeat_interleave(t, 2).tolist()',
  'torch.Tensor.view':
    't.view(4).shape == (4,) and m.view(mx.int32).dtype == mx.int32 and raises(lambda: m.view(4))',
  'torch.Tensor.size': 'tuple(t.size()) == (2, 2) and m.size == 4',
  'torch.split':
    'len(torch.split(torch.zeros(6), 2)) == 3 and len(mx.split(mx.zeros(6), 2)) == 2 and [p.size for p in mx.split(mx.zeros(6), [1, 3])] == [1, 2, 3]',
  'torch.max': 'len(t.max(dim=1)) == 2 and m.max(axis=1).tolist() == [2, 4]',
  'torch.std':
    'abs(t.std().item() - m.std(ddof=1).item()) < 1e-6 and abs(t.std().item() - m.std().item()) > 0.1',
  'torch.equal':
    'torch.equal(t, t) is True and mx.equal(m, m).shape == (2, 2) and mx.array_equal(m, m).item() is True',
  'torch.topk':
    'torch.topk(torch.tensor([1., 5, 4]), 2)[0].tolist() == [5, 4] and mx.topk(mx.array([1., 5, 4]), 2).tolist() == [4, 5]',
  'torch.median':
    'torch.median(torch.arange(4.)).item() == 1 and mx.median(mx.arange(4.)).item() == 1.5',
  'torch.nn.Module.apply':
    'applied(torch.nn.Linear(1, 1)) == "Linear" and applied(nn.Linear(1, 1)) == "array"',
  'torch.nn.GroupNorm':
    'differ(torch.nn.GroupNorm(2, 4)(torch.tensor(g)[:, :, None])[:, :, 0], nn.GroupNorm(2, 4)(mx.array(g))) and not differ(torch.nn.GroupNorm(2, 4)(torch.tensor(g)[:, :, None])[:, :, 0], nn.GroupNorm(2, 4, pytorch_compatible=True)(mx.array(g)))',
  'torch.nn.functional.cross_entropy':
    'torch.nn.functional.cross_entropy(t, torch.tensor([0, 1])).shape == () and nn.losses.cross_entropy(m, mx.array([0, 1])).shape == (2,)',
  'torch.optim.Adam':
    'optim.Adam(1e-3).bias_correction is False and isinstance(optim.Adam(1e-3).step, mx.array)',
  'torch.meshgrid':
    'tuple(torch.meshgrid(torch.arange(2), torch.arange(3))[0].shape) == (2, 3) and mx.meshgrid(mx.arange(2), mx.arange(3))[0].shape == (3, 2)',
  'torch.nn.functional.binary_cross_entropy':
    'not differ(torch.nn.functional.binary_cross_entropy(torch.tensor([.5]), torch.tensor([1.])), nn.losses.binary_cross_entropy(mx.array([.5]), mx.array([1.]), with_logits=False)) and differ(torch.tensor([0.6931]), nn.losses.binary_cross_entropy(mx.array([.5]), mx.array([1.])))',
  'torch.squeeze': 'torch.squeeze(t, 0).shape == t.shape and raises(lambda: mx.squeeze(m, 0))',
  'mlx.core.softmax': 'abs(mx.softmax(m).sum().item() - 1) < 1e-6',
  'mlx.core.eval': 'mx.eval(3, "a", np.ones(2), object()) is None',
  'mlx.core.allclose': 'isinstance(mx.allclose(m, m), mx.array)',
  'mlx.core.argmax':
    'mx.argmax(m).dtype == mx.uint32 and (mx.array([0], mx.uint32) - 1).item() == 4294967295',
  'mlx.core.compile': 'compiled_constant() == [2.0, 2.0]',
  'torch.from_numpy': 'torch.from_numpy(np.ones(2)).dtype == torch.float64',
  'torch.float_power': 'torch.float_power(t, 2).dtype == torch.float64',
  'torch.Generator': 'torch.Generator().device.type == "cpu"',
  'torch.amp.GradScaler': 'torch.amp.GradScaler().is_enabled() is False',
  'torch.cuda.amp.autocast': 'autocast_dtype() == torch.float32',
  'torch.mps.set_per_process_memory_fraction':
    'raises(lambda: torch.mps.set_per_process_memory_fraction(1))',
};

/** Nothing here can be asked: it needs Metal, or the time that an evaluation takes. */
const notRun = [
  'mlx.core.synchronize',
  'mlx.core.linalg.qr',
  'torch.nn.functional.scaled_dot_product_attention',
];

test('every trap is run, or is known not to be', () => {
  const names = nameTraps.map((trap) => trap.names[0]);
  expect([...Object.keys(checks), ...notRun].sort()).toEqual([...names].sort());
});

const setUp = `
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy as np, torch
import mlx, mlx.core as mx, mlx.nn as nn, mlx.optimizers as optim

t = torch.tensor([[1., 2], [3, 4]])
m = mx.array([[1., 2], [3, 4]])
g = np.arange(8, dtype=np.float32).reshape(2, 4) ** 2

def raises(call):
    try:
        call()
    except Exception:
        return True
    return False

def differ(a, b):
    return not np.allclose(a.detach().numpy(), np.array(b), atol=1e-3)

def applied(module):
    seen = []
    def see(x):
        seen.append(type(x).__name__)
        return x
    module.apply(see)
    return seen[0]

def compiled_constant():
    outside = {"x": mx.array(1.0)}
    f = mx.compile(lambda y: outside["x"] + y)
    first = f(mx.array(1.0)).item()
    outside["x"] = mx.array(100.0)
    return [first, f(mx.array(1.0)).item()]

def autocast_dtype():
    with torch.cuda.amp.autocast():
        return (t @ t).dtype
`;

function evaluate(expressions: readonly string[]): unknown[] {
  const code = `${setUp}
def value(expression):
    try:
        return bool(eval(expression))
    except Exception as error:
        return f"{expression}: {type(error).__name__}: {error}"
print(json.dumps([value(e) for e in json.load(sys.stdin)]))`;
  const done = spawnSync(python ?? 'python3', ['-c', code], {
    input: JSON.stringify(expressions),
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as unknown[];
}

test.skipIf(skipped)(title('what the traps say is so'), () => {
  const outcomes = evaluate(Object.values(checks));
  const wrong = Object.keys(checks).filter((_, i) => outcomes[i] !== true);
  expect(wrong.map((name) => [name, outcomes[Object.keys(checks).indexOf(name)]])).toEqual([]);
});

test.skipIf(skipped)(title('every name of the tables exists'), () => {
  const names = [
    ...nameTraps.flatMap((trap) => trap.names),
    ...mlxCounterparts.flatMap((row) => [row.torch, mlxNameOf(row) ?? []].flat()),
  ];
  const unique = [...new Set(names)].map(
    (name) => `hasattr(${name.replace(/\.(\w+)$/, ', "$1")')}`,
  );
  const outcomes = evaluate(unique);
  expect(unique.filter((_, i) => outcomes[i] !== true)).toEqual([]);
});
