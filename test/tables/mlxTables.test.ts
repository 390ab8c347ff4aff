import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { missingModuleMethods } from '../../server/src/tables/mlxArrayMembers.ts';
import { mlxConstructors } from '../../server/src/tables/mlxConstructors.ts';
import { cpuOnlyLinalg } from '../../server/src/tables/mlxLimits.ts';
import { mlxOpaqueModules, mlxPlainModules } from '../../server/src/tables/mlxModules.ts';
import { mlxOperations } from '../../server/src/tables/mlxOperations.ts';
import { portedDefaults, torchKeywords } from '../../server/src/tables/mlxPorts.ts';
import { missingTorchNames } from '../../server/src/tables/mlxTorchNames.ts';

const python = process.env['SMELT_TEST_PYTHON'];
const skipped = python === undefined;
const title = (what: string): string => `${what} (needs SMELT_TEST_PYTHON, which npm test sets)`;

/** What the installed MLX answers; `code` reads `given` and sets `answer`. */
function ask<T>(given: unknown, code: string): T {
  const program = `
import inspect, json, sys
import mlx.core, mlx.nn, mlx.optimizers
mlx.core.set_default_device(mlx.core.cpu)
given = json.load(sys.stdin)
${code}
print(json.dumps(answer))
`;
  const done = spawnSync(python ?? 'python3', ['-c', program], {
    input: JSON.stringify(given),
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as T;
}

test.skipIf(skipped)(title('classes of mlx.nn and mlx.optimizers take these parameters'), () => {
  const found = ask<Record<string, string[]>>(
    [...mlxConstructors.keys()],
    'answer = {name: list(inspect.signature(eval(name).__init__).parameters)[1:] for name in given}',
  );
  expect(found).toEqual(Object.fromEntries(mlxConstructors));
});

test.skipIf(skipped)(title('functions and classes of the other tables exist'), () => {
  const names = [...cpuOnlyLinalg, ...mlxOpaqueModules, ...portedDefaults.keys()];
  expect(
    ask<string[]>(names, 'answer = [name for name in given if not callable(eval(name))]'),
  ).toEqual([]);
});

test.skipIf(skipped)(
  title('no function of the table takes a keyword of PyTorch that its parameters do not list'),
  () => {
    const pairs = [...mlxOperations].flatMap(([name, { parameters }]) =>
      [...torchKeywords.keys()]
        .filter((keyword) => !parameters.includes(keyword))
        .map((keyword) => [name, keyword]),
    );
    const code = `
arguments = [(mlx.core.ones((2, 2)),), (mlx.core.ones((2, 2)), mlx.core.ones((2, 2))), ((2, 2),), (2,), (0, 1)]
answer = []
def runs(function, keywords):
    for values in arguments:
        try:
            function(*values, **keywords)
            return True
        except Exception:
            pass
    return False
for name, keyword in given:
    for value in (1, True, "cpu"):
        if runs(eval(name), {keyword: value}):
            answer.append(f"{name} takes {keyword}={value}")
`;
    expect(ask<string[]>(pairs, code)).toEqual([]);
  },
);

test.skipIf(skipped)(title('modules that count as plain have no parameters'), () => {
  const code = `
from mlx.utils import tree_flatten
def made(name):
    for arguments in ((), (4,), (0.5,)):
        try:
            return eval(name)(*arguments)
        except TypeError:
            pass
answer = [name for name in given if tree_flatten(made(name).parameters())]
`;
  expect(ask<string[]>([...mlxPlainModules], code)).toEqual([]);
});

test.skipIf(skipped)(title('modules lack what the table says'), () => {
  const code = 'answer = [name for name in given if hasattr(mlx.nn.Linear(1, 1), name)]';
  expect(ask<string[]>([...missingModuleMethods.keys()], code)).toEqual([]);
});

test.skipIf(skipped)(title('MLX lacks the names of PyTorch that the table says'), () => {
  const code = `
import functools
answer = [n for n in given if hasattr(functools.reduce(getattr, n.split(".")[1:-1], mlx), n.split(".")[-1])]
`;
  expect(missingTorchNames.size).toBeGreaterThan(90);
  expect(ask<string[]>([...missingTorchNames.keys()], code)).toEqual([]);
});
