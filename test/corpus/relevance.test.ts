import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ModuleIndex } from '../../server/src/files/moduleIndex.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { find, findAll } from '../rules/findEverywhere.ts';

const python = process.env.SMELT_TEST_PYTHON;

/** Large classes, files that import each other, and much that is about CUDA. */
const parts = ['nn', 'optim', 'cuda', 'amp', 'utils/data', 'backends'];

describe.skipIf(python === undefined)(
  'torch (needs SMELT_TEST_PYTHON, which npm test sets)',
  () => {
    test.each(parts)(
      'in torch/%s the same is found with what does not matter left out',
      { timeout: 600_000 },
      async (part) => {
        const where =
          'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])';
        const torch = spawnSync(python ?? '', ['-c', where], { encoding: 'utf8' }).stdout.trim();
        const modules = new ModuleIndex();
        const files = globSync('**/*.py', { cwd: join(torch, part) }).sort();
        expect(files.length).toBeGreaterThan(0);
        for (const file of files) {
          const path = join(torch, part, file);
          const text = readFileSync(path, 'utf8');
          const site = { path, modules };
          expect(find(text, unknownEnvironment, site), path).toEqual(
            findAll(text, unknownEnvironment, site),
          );
        }
      },
    );
  },
);
