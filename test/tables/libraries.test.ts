import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  missingTensorMethods,
  mlxArrayMembers,
  torchAttributes,
} from '../../server/src/tables/mlxArrayMembers.ts';
import { mlxForcing, mlxForcingMethods, mlxInert } from '../../server/src/tables/mlxEvaluation.ts';
import {
  mlxArrayFunctions,
  mlxDtypes,
  mlxGenerators,
  mlxMetadata,
  renamedMetalFunctions,
  torchMethodPorts,
} from '../../server/src/tables/mlxFunctions.ts';
import {
  castMethods,
  torchConverters,
  torchDtypes,
  torchFactories,
  torchLike,
  torchSynchronizers,
} from '../../server/src/tables/torchFunctions.ts';

const python = process.env.SMELT_TEST_PYTHON;
const skipped = python === undefined;

/** The names that do not exist in the installed library. */
function missing(expressions: Iterable<string>, imports: string): string[] {
  const code = `
import json, sys
${imports}
missing = []
for expression in json.load(sys.stdin):
    try:
        eval(expression)
    except AttributeError:
        missing.append(expression)
print(json.dumps(missing))
`;
  const done = spawnSync(python ?? 'python3', ['-c', code], {
    input: JSON.stringify([...expressions]),
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as string[];
}

const title = (what: string): string => `${what} (needs SMELT_TEST_PYTHON, which npm test sets)`;

test.skipIf(skipped)(title('every MLX function of the tables exists in the installed MLX'), () => {
  const functions = [...mlxArrayFunctions, ...mlxGenerators, ...mlxForcing, ...mlxInert];
  const methods = [...mlxForcingMethods, ...mlxMetadata].map((name) => `mlx.core.array(1).${name}`);
  const dtypes = [...mlxDtypes].map((name) => `mlx.core.${name}`);
  const renamed = [...renamedMetalFunctions.values()].map(
    ({ replacement }) => `mlx.core.${replacement}`,
  );
  expect(missing([...functions, ...methods, ...dtypes, ...renamed], 'import mlx.core')).toEqual([]);
});

test.skipIf(skipped)(
  title(
    'no method of torch that the tables replace exists on an MLX array, and every replacement does',
  ),
  () => {
    const methods = [...torchMethodPorts.keys()].map((name) => `mlx.core.array(1).${name}`);
    expect(missing(methods, 'import mlx.core')).toEqual(methods);
    const others = [...missingTensorMethods.keys(), ...torchAttributes.keys()].map(
      (name) => `mlx.core.array(1).${name}`,
    );
    expect(missing(others, 'import mlx.core')).toEqual(others);
    expect(
      missing(
        [...mlxArrayMembers].map((name) => `mlx.core.zeros((1, 1)).${name}`),
        'import mlx.core',
      ),
    ).toEqual([]);
    const replacements = [...torchMethodPorts.values()].flatMap((port) => {
      if (port.kind === 'function') return [`mlx.core.${port.name}`];
      if (port.kind === 'astype') return [`mlx.core.${port.dtype}`];
      if (port.kind === 'rename' || port.kind === 'attribute')
        return [`mlx.core.array(1).${port.name}`];
      return [];
    });
    expect(missing(replacements, 'import mlx.core')).toEqual([]);
  },
);

test.skipIf(skipped)(title('every torch name of the tables exists in the installed torch'), () => {
  const functions = [
    ...torchFactories.keys(),
    ...torchConverters,
    ...torchLike,
    ...torchDtypes.keys(),
  ];
  const names = [
    ...functions.map((name) => `torch.${name}`),
    ...[...castMethods.keys()].map((name) => `torch.ones(1).${name}`),
    ...torchSynchronizers,
  ];
  expect(missing(names, 'import torch')).toEqual([]);
});

test.skipIf(skipped)(
  title('factories make the dtype that the table says'),
  () => {
    const wrong = spawnSync(
      python ?? 'python3',
      [
        '-c',
        `
import json, sys, torch
arguments = {"randint": (3, (2,)), "linspace": (0, 1, 3), "logspace": (0, 1, 3), "tril_indices": (2, 2), "triu_indices": (2, 2)}
for name, dtype in json.load(sys.stdin):
    made = getattr(torch, name)(*arguments.get(name, (3,))).dtype
    if made != (torch.get_default_dtype() if dtype == "default" else torch.int64):
        print(name, made)
`,
      ],
      {
        input: JSON.stringify([...torchFactories].filter(([, dtype]) => dtype !== null)),
        encoding: 'utf8',
      },
    );
    expect(wrong.stderr).toBe('');
    expect(wrong.stdout).toBe('');
  },
  30_000,
);
