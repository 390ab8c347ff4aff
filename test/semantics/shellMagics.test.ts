import { expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseNotebook } from '../../server/src/syntax/parser.ts';

const index = 'https://download.pytorch.org/whl/cu121';

function findingsOf(...cells: readonly string[]): string[] {
  const module = parseNotebook([...cells, 'import torch']);
  const { findings, failures } = analyze(module, { select: [], ignore: [] }, unknownEnvironment);
  expect(failures).toEqual([]);
  return findings.map(({ code, start, end }) => `${code} ${module.text.slice(start, end)}`);
}

test.each([
  ['a line of the shell', `!pip install torch --index-url ${index}\nx = 1`, index],
  ['a magic', '%pip install torch==2.5.1+cu121', 'torch==2.5.1+cu121'],
  ['a cell of bash', `%%bash\necho installing\npip install -i ${index} torch`, index],
])('an index of CUDA builds in %s', (_, cell, found) => {
  expect(findingsOf('import os', cell, 'y = 2')).toEqual([`MPS709 ${found}`]);
});

test.each([
  ['for the CPU', '!pip install torch --index-url https://download.pytorch.org/whl/cpu'],
  ['beside PyPI', `!pip install torch --extra-index-url ${index}`],
  ['in a branch', `if in_colab:\n    !pip install torch --index-url ${index}`],
  ['that is written to a file', `%%writefile setup.sh\npip install torch -i ${index}`],
  ['that is printed', `!echo pip install torch -i ${index}`],
])('not one %s', (_, cell) => {
  expect(findingsOf(cell)).toEqual([]);
});
