import { expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';

const mps = '"mps" if torch.backends.mps.is_available() else "cpu"';
const cudaFirst = `device = torch.device("cuda" if torch.cuda.is_available() else ${mps})\n`;
const use = 'torch.zeros(3, device="cuda")\n';

/** How the file's own device takes the place of a CUDA device that is named outright. */
function applicability(code: string): string | undefined {
  const module = parseFile(`import torch\n${code}`);
  const { findings } = analyze(module, defaultLintSettings, unknownEnvironment);
  return findings.find(({ code: rule }) => rule === 'MPS101')?.fixes[0]?.applicability;
}

test.each([
  ['the same device wherever there is CUDA', cudaFirst + use, 'safe'],
  [
    'chosen by if',
    `if torch.cuda.is_available():\n    device = "cuda"\nelse:\n    device = ${mps}\n${use}`,
    'safe',
  ],
  ['another order', `device = ${mps}\n${use}`, 'unsafe'],
  [
    'an option beside it',
    cudaFirst.replace('is_available() else', 'is_available() and gpu else') + use,
    'unsafe',
  ],
  ['another index', cudaFirst + use.replace('cuda', 'cuda:1'), 'unsafe'],
  ['another index by method', `${cudaFirst}torch.zeros(3).cuda(1)\n`, 'unsafe'],
  ['a number by a name', `${cudaFirst}torch.zeros(3).cuda(rank)\n`, undefined],
  [
    'what goes to other processes',
    `${cudaFirst}import torch.distributed as dist\ndef f():\n    dist.all_reduce(${use.trim()})\n`,
    undefined,
  ],
  ['bound twice', `${cudaFirst}device = pick(device)\n${use}`, 'unsafe'],
  ['hidden by a parameter', `${cudaFirst}def f(device):\n    ${use}`, 'unsafe'],
])('%s', (_, code, expected) => {
  expect(applicability(code)).toBe(expected);
});
