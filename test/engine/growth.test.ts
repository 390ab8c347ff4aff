import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

// What V8 has optimised counts nothing.
for (const flag of ['--no-opt', '--no-maglev', '--no-sparkplug']) setFlagsFromString(flag);

const repeat = (times: number, line: (i: number) => string): string =>
  Array.from({ length: times }, (_, i) => line(i)).join('');

/** Programs with as many findings, or places where one may be, as they are asked for. */
const programs: Readonly<Record<string, (size: number) => string>> = {
  'lines with a finding': (size) =>
    `import torch\nx = torch.ones(3)\n${repeat(size, (i) => `x${i} = x.cuda()\n`)}`,
  'the same in a function': (size) =>
    `import torch\ndef f(x):\n${repeat(size, (i) => `    x${i} = x.cuda()\n`)}`,
  'lines with a comment that silences': (size) =>
    `import torch\nx = torch.ones(3)\n${repeat(size, (i) => `x${i} = x.cuda()  # noqa: MPS101\n`)}`,
  'functions with a finding': (size) =>
    `import torch\n${repeat(size, (i) => `def f${i}(x):\n    return x.cuda()\n`)}`,
  'methods with a finding': (size) =>
    `import torch\nclass A:\n${repeat(size, (i) => `    def f${i}(self, x):\n        return x.cuda()\n`)}`,
  'cases with a finding': (size) =>
    `import torch\nmatch n:\n${repeat(size, (i) => `    case ${i}:\n        x = torch.ones(3, device="cuda")\n`)}`,
  'moves of float64': (size) =>
    `import torch\n${repeat(size, (i) => `x${i} = torch.zeros(3, dtype=torch.float64).to("mps")\n`)}`,
  'elif arms with a finding': (size) =>
    `import torch\nif n == -1:\n    x = None\n${repeat(size, (i) => `elif n == ${i}:\n    x = torch.ones(3, device="cuda")\n`)}`,
  'elif arms with a comment that silences': (size) =>
    `import torch\nif n == -1:\n    x = None\n${repeat(size, (i) => `elif n == ${i}:\n    x = torch.ones(3, device="cuda")  # noqa: MPS101\n`)}`,
  'elif arms that ask for CUDA': (size) =>
    `import torch\nif n == -1:\n    d = "cpu"\n${repeat(size, (i) => `elif n == ${i} and torch.cuda.is_available():\n    d = torch.device("cuda")\n`)}`,
  'elif arms of options': (size) =>
    `import torch\nif n == -1:\n    d = "cpu"\n${repeat(size, (i) => `elif args.cuda${i}:\n    d = "cuda"\n`)}`,
  'choices of a device': (size) =>
    `import torch\n${repeat(size, (i) => `d${i} = "cuda" if torch.cuda.is_available() else "cpu"\n`)}`,
  'statements that choose a device': (size) =>
    `import torch\n${repeat(size, (i) => `if torch.cuda.is_available():\n    d${i} = "cuda"\nelse:\n    d${i} = "cpu"\n`)}`,
  'waits for CUDA': (size) =>
    `import time, torch\nt = time.perf_counter()\n${repeat(size, () => 'if torch.cuda.is_available():\n    torch.cuda.synchronize()\n')}`,
};

/** How many blocks of Smelt's code run while a text is analysed, and its fixes are made. */
async function operations(text: string): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const { findings, failures, stoppedAt } = analyze(
    parseFile(text),
    defaultLintSettings,
    unknownEnvironment,
  );
  for (const { fixes } of findings) for (const fix of fixes) fix.edits();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  expect(failures).toEqual([]);
  expect(stoppedAt).toBeNull();
  return result
    .filter(({ url }) => url.includes('/server/src/'))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((sum, { count }) => sum + count, 0);
}

test.each(Object.entries(programs))(
  '%s: four times as many cost four times as much',
  async (_, program) => {
    await operations(program(10));
    const few = await operations(program(200));
    const many = await operations(program(800));
    expect(many / few).toBeLessThan(4.1);
  },
);
