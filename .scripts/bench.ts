import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureIpykernel, measureOverhead, measureSmelt } from '../test/bench/kernels.ts';
import { measureKeystrokes } from '../test/bench/keystrokes.ts';
import type { ColdRun } from '../test/bench/linters.ts';
import { measureCheck, measureTorchFix } from '../test/bench/linters.ts';
import { quartiles } from '../test/bench/median.ts';
import { measureActivation } from '../test/e2e/run.ts';
import { buildAll } from './build.ts';
import { barePython, fullPython, torchfixPython } from './cache/pythonEnvironments.ts';
import { packageExtension } from './packageExtension.ts';

const root = join(import.meta.dirname, '..');

interface Line {
  readonly what: string;
  readonly value: string;
  readonly goal: string;
  readonly reached: boolean;
}

const line = (what: string, value: number, unit: string, limit: number): Line => ({
  what,
  value: `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`,
  goal: `under ${limit} ${unit}`,
  reached: value < limit,
});

const atLeast = (what: string, value: number, unit: string, limit: number): Line => ({
  what,
  value: `${value.toFixed(1)} ${unit}`,
  goal: `at least ${limit} ${unit}`,
  reached: value >= limit,
});

await buildAll();
const full = await fullPython();
const keystrokes = await measureKeystrokes();
// Node keeps what it has compiled from the first run, as Python does of TorchFix: medians of three runs.
const threeTimes = (measure: () => ColdRun): number =>
  quartiles([measure(), measure(), measure()].map(({ seconds }) => seconds)).median;
const nn = threeTimes(() => measureCheck(full, 'nn'));
const torch = measureCheck(full, '');
const torchfixEnvironment = await torchfixPython();
const torchfix = threeTimes(() => measureTorchFix(full, torchfixEnvironment, 'nn'));
const smelt = await measureSmelt(full);
const bare = await measureSmelt(await barePython());
const ipykernel = measureIpykernel(full);
const overhead = measureOverhead(full);
const size = await packageExtension(join(root, 'test-results/smelt.vsix'));
const activation = await measureActivation({ full, bare: await barePython() });

const lines: Line[] = [
  line(
    `findings after a keystroke, ${keystrokes.lines} lines, ${keystrokes.findings} findings`,
    keystrokes.median,
    'ms',
    15,
  ),
  line('the same, 95th percentile', keystrokes.p95, 'ms', 15),
  atLeast(
    'torch/nn from the start of the process, without a cache: time of TorchFix / of smelt check',
    torchfix / nn,
    'x',
    40,
  ),
  line('memory for all of torch, over a million lines', torch.megabytes, 'MB', 300),
  line('kernel ready, with IPython', smelt.ready, 'ms', 400),
  line('kernel ready, standard library', bare.ready, 'ms', 400),
  line('1+1 there and back, with IPython', smelt.roundTrip, 'ms', 2),
  line('1+1 there and back, standard library', bare.roundTrip, 'ms', 2),
  line('kernel ready / that of ipykernel', smelt.ready / ipykernel.ready, 'x', 1 / 4),
  line('1+1 / that of ipykernel', smelt.roundTrip / ipykernel.roundTrip, 'x', 1 / 20),
  line('100 000 lines / those of ipykernel', smelt.output / ipykernel.output, 'x', 1),
  line('report of an idle cell', overhead.plain, 'ms', 0.2),
  line('report of an idle cell, torch loaded', overhead.torch, 'ms', 1),
  line('package', size / 1e6, 'MB', 2),
  ...(activation === null ? [] : [line('activation', activation, 'ms', 100)]),
];
const width = Math.max(...lines.map(({ what }) => what.length));
for (const { what, value, goal, reached } of lines) {
  console.log(
    `${what.padEnd(width)}  ${value.padStart(9)}  ${goal.padEnd(14)}  ${reached ? '' : 'MISSED'}`.trimEnd(),
  );
}
console.log(
  `\nipykernel in the same run: ready ${ipykernel.ready.toFixed(0)} ms, 1+1 ${ipykernel.roundTrip.toFixed(1)} ms`,
);
if (activation === null) console.log('activation: not measured, there is no browser for VS Code');
mkdirSync(join(root, 'test-results'), { recursive: true });
writeFileSync(
  join(root, 'test-results/bench.json'),
  JSON.stringify(
    { keystrokes, nn, torch, torchfix, smelt, bare, ipykernel, overhead, size, activation },
    null,
    2,
  ),
);
