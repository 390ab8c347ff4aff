import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './build.ts';
import { packageExtension } from './packageExtension.ts';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
};
await buildAll();
const path = join(root, `smelt-${version}.vsix`);
const size = await packageExtension(path);
console.log(`${path}: ${(size / 1e6).toFixed(2)} MB`);
