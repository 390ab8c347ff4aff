import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  raisingCudaFunctions,
  raisingWhenEntered,
  seedingCudaFunctions,
  silentCudaFunctions,
} from '../../server/src/tables/cudaFunctions.ts';
import {
  misplacedMpsFunctions,
  missingMpsFunctions,
} from '../../server/src/tables/mpsFunctions.ts';

const python = process.env.SMELT_TEST_PYTHON;

/** Calls each expression with the installed torch; the name of what it raises, or "". */
function outcomes(expressions: readonly string[]): Record<string, string> {
  const code = `
import json, sys, warnings
import torch
warnings.simplefilter("ignore")
print("cuda" if torch.cuda.is_available() else "")
found = {}
for expression in json.load(sys.stdin):
    try:
        eval(expression)
        found[expression] = ""
    except Exception as error:
        found[expression] = type(error).__name__
print(json.dumps(found))
`;
  const done = spawnSync(python ?? 'python3', ['-c', code], {
    input: JSON.stringify(expressions),
    encoding: 'utf8',
  });
  const [cuda, found] = done.stdout.split('\n');
  if (cuda !== '') throw new Error('This torch has CUDA: the table is about those without.');
  return JSON.parse(found ?? '') as Record<string, string>;
}

/** Arguments of those that need some. */
const args: Readonly<Record<string, string>> = {
  'torch.cuda.set_device': '0',
  'torch.cuda.get_device_properties': '0',
  'torch.cuda.set_per_process_memory_fraction': '0.5',
  'torch.cuda.can_device_access_peer': '0, 1',
  'torch.cuda.nvtx.range_push': '"x"',
  'torch.cuda.nvtx.range': '"x"',
  'torch.cuda.nvtx.mark': '"x"',
  'torch.cuda.device': '0',
  'torch.cuda.graph': 'None',
  'torch.cuda.set_sync_debug_mode': '1',
  'torch.cuda.manual_seed': '0',
  'torch.cuda.manual_seed_all': '0',
};

test.skipIf(python === undefined)(
  'torch.cuda raises, or says nothing, as the table has it (needs SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    const call = (name: string): string =>
      `${name}(${args[name] ?? ''})${raisingWhenEntered.has(name) ? '.__enter__()' : ''}`;
    const silent = [...silentCudaFunctions.keys(), ...seedingCudaFunctions];
    const found = outcomes([...raisingCudaFunctions.keys(), ...silent].map(call));
    for (const [name, raised] of raisingCudaFunctions)
      expect({ name, raised: found[call(name)] }).toEqual({ name, raised: raised.split(' ')[0] });
    for (const name of silent)
      expect({ name, raised: found[call(name)] }).toEqual({ name, raised: '' });
  },
);

test.skipIf(python === undefined)(
  'torch.mps lacks what the table says, and has what it offers instead (needs SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    const missing = [...missingMpsFunctions.keys()].map((name) => `torch.mps.${name}`);
    const instead = [...missingMpsFunctions.values()].flatMap((name) =>
      name === null ? [] : [`torch.mps.${name}`],
    );
    const places = [...misplacedMpsFunctions.keys(), ...misplacedMpsFunctions.values()];
    const found = outcomes([...missing, ...instead, ...places]);
    expect(missing.filter((name) => found[name] !== 'AttributeError')).toEqual([]);
    expect(instead.filter((name) => found[name] !== '')).toEqual([]);
    for (const [written, place] of misplacedMpsFunctions)
      expect([written, found[written], found[place]]).toEqual([written, 'AttributeError', '']);
  },
);
