import { expect, test } from 'vitest';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import type { Environment } from '../../server/src/semantics/target.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { memoryModules } from './memoryModules.ts';

const use = 'import torch\nx = torch.ones(1).cuda()\n';

function severities(
  code: string,
  path = '/w/train.py',
  files: Readonly<Record<string, string>> = {},
  environment: Environment = unknownEnvironment,
): string[] {
  const site = { path, modules: memoryModules(files) };
  const { findings } = analyze(parseFile(code), defaultLintSettings, environment, site);
  return findings.map(({ code: rule, severity }) => `${rule} ${severity}`);
}

test('what imports a file that needs a package of CUDA runs on no Mac', () => {
  const files = {
    '/w/kernels.py': 'import triton\n',
    '/w/layers.py': 'import os\nfrom kernels import norm\n',
    '/w/cuda_utils.py': 'import os\n',
    '/w/careful.py': 'try:\n    import triton\nexcept ImportError:\n    triton = None\n',
  };
  const found = (code: string, environment?: Environment): string[] =>
    severities(code, '/w/train.py', files, environment);
  expect(found(`from layers import Block\n${use}`)).toEqual(['MPS101 info']);
  expect(found(`from careful import triton\n${use}`)).toEqual(['MPS101 error']);
  expect(found(`import cuda_utils\n${use}`)).toEqual(['MPS101 error']);
  expect(found(`import selective_scan_cuda\n${use}`)).toEqual(['MPS101 info']);
  // Somebody has installed it.
  const versions = { ...unknownEnvironment.versions, triton: '3.0.0' };
  expect(found(`import layers\n${use}`, { ...unknownEnvironment, versions })).toEqual([
    'MPS101 error',
  ]);
});

test('helpers beside tests are for what the tests are for', () => {
  const helper = 'import torch\ndef make(n):\n    return torch.ones(n).cuda()\n';
  expect(severities(helper, '/w/tests/helpers.py')).toEqual(['MPS101 info']);
  expect(severities(helper, '/w/unit_tests/gpu/helpers.py')).toEqual(['MPS101 info']);
  expect(severities(helper, '/w/contests/helpers.py')).toEqual(['MPS101 warning']);
  expect(severities(use, '/w/tests/speed.py')).toEqual(['MPS101 error']);
});

test('a folder may be named after what no Mac has', () => {
  expect(severities(use, '/w/backends/tensorrt/engine.py')).toEqual(['MPS101 info']);
  expect(severities(use, '/w/backends/torch/engine.py')).toEqual(['MPS101 error']);
});

test('what lies above the project says nothing about it', () => {
  const modules = { ...memoryModules({}), topOf: () => '/tests/cuda/w' };
  const severity = (path: string): string | undefined =>
    analyze(parseFile(use), defaultLintSettings, unknownEnvironment, { path, modules }).findings[0]
      ?.severity;
  expect(severity('/tests/cuda/w/train.py')).toBe('error');
  expect(severity('/tests/cuda/w/cuda/train.py')).toBe('info');
});
