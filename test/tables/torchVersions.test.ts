import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareVersions, isAtLeast, isBefore } from '../../server/src/rules/versions.ts';
import { laterFunctions } from '../../server/src/tables/mpsFunctions.ts';
import { tableText, withVersion } from '../../server/tools/addTorchVersion.ts';
import { missingOperators } from '../../server/tools/operators/missingOperators.ts';
import type { OperatorKernels } from '../../server/tools/operators/operatorKernels.ts';

const python = process.env.SMELT_TEST_PYTHON;
const skipped = python === undefined;
const title = (what: string): string => `${what} (needs SMELT_TEST_PYTHON, which npm test sets)`;

const text = readFileSync(
  join(import.meta.dirname, '../../server/tools/operators/kernels.json'),
  'utf8',
);
const kernels = JSON.parse(text) as OperatorKernels;

/**
 * What the machine code of the released Mac libraries registers, read once apart from our table: how many
 * operators lack an MPS kernel, and the SHA-256 of their sorted names, one on a line.
 */
const recorded = [
  ['2.4.1', 457, '81778ca6aac5e03b30d61e3636d1c8ce6015eb23aefac9f2a7202475061eaa55'],
  ['2.6.0', 425, '0a0c8a0e6613b7dac382ec4af285c95138e4a2cf08c22cad53f85bcbdf99813a'],
  ['2.8.0', 335, '79b20df4537bbb8ae1477128a59f4204e5013d92aa80b4027ae9cfa44225843c'],
  ['2.10.0', 298, 'ffcab5319cd7954bf5853e2d3feb0fbd7ffa3848357771330915f8158e34220f'],
  ['2.13.0', 279, 'adc1f7ecd7173f79a985a5e6df92b9464f06cffeb39afd56a8ff9008059fba60'],
  ['2.14.1', 260, '6d295fc75739cfaa74e40b9f8979e5e3d942036014b86673353321789620c935'],
  ['2.15.0', 250, 'de28ece524ff4c68732a06d5f6065403f9da0574643983d4c7b72017a429d424'],
] as const;

test.each(recorded)(
  'the operators that torch %s lacks are those of its library',
  (version, count, hash) => {
    const names = Object.keys(kernels.missing)
      .filter((name) => kernels.missing[name]?.includes(version))
      .sort();
    expect(names).toHaveLength(count);
    expect(createHash('sha256').update(names.join('\n')).digest('hex')).toBe(hash);
  },
);

function run(code: string): string {
  const done = spawnSync(python ?? 'python3', ['-c', code], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout;
}

test.skipIf(skipped)(
  title('the builder makes the column of torch 2.13.0 from its own list'),
  () => {
    const yaml = run(
      "import importlib.util, pathlib; folder = pathlib.Path(importlib.util.find_spec('torchgen').origin).parent; print((folder / 'packaged/ATen/native/native_functions.yaml').read_text())",
    );
    const missing = missingOperators(yaml, '2.13.0');
    expect(missing).toEqual(
      Object.keys(kernels.missing)
        .filter((name) => kernels.missing[name]?.includes('2.13.0'))
        .sort(),
    );
    // Made anew it is the same table, and a later version gets a column of its own.
    const again = withVersion(kernels, '2.13.0', yaml);
    expect(again).toEqual(kernels);
    expect(tableText(again)).toBe(text);
    const more = withVersion(kernels, '2.16.0', yaml);
    expect(more.versions.at(-1)).toBe('2.16.0');
    expect(more.missing.linalg_eig).toEqual([...kernels.versions, '2.16.0']);
  },
);

test.skipIf(skipped)(
  title('torch 2.13.0 has the functions that it is said to have, and no later ones'),
  () => {
    const names = [...laterFunctions.keys()];
    const has = JSON.parse(
      run(`
import json, operator, torch
print(json.dumps([name for name in ${JSON.stringify(names)} if all(
    hasattr(operator.attrgetter('.'.join(name.split('.')[1:i]))(torch) if i > 1 else torch, name.split('.')[i])
    for i in range(1, len(name.split('.'))))]))`),
    ) as string[];
    expect(has).toEqual(
      names.filter((name) => compareVersions(laterFunctions.get(name) ?? '', '2.13.0') <= 0),
    );
  },
);

test('versions are compared as pip does, and a nightly is neither before nor after its release', () => {
  const ordered = [
    '2.9.0',
    '2.10.0.dev20251001',
    '2.10.0a0',
    '2.10.0rc1',
    '2.10',
    '2.10.0+cpu',
    '2.10.0.post1',
    '2.11',
  ];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions('latest', '0.1')).toBeLessThan(0);
  expect(isBefore('2.9.1', '2.10')).toBe(true);
  expect(isBefore('2.10.0.dev1', '2.10')).toBe(false);
  expect(isAtLeast('2.10.0.dev1', '2.10')).toBe(false);
  expect(isAtLeast('2.10.0+cpu', '2.10')).toBe(true);
  for (const nothing of [undefined, 'latest', '']) {
    expect(isBefore(nothing, '2.10')).toBe(false);
    expect(isAtLeast(nothing, '2.10')).toBe(false);
  }
});
