import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

const bundles: readonly BuildOptions[] = [
  { entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { entryPoints: ['server/src/main.ts'], outfile: 'dist/server.js' },
  {
    entryPoints: ['server/src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  { entryPoints: ['server/src/cliProgram.ts'], outfile: 'dist/cliProgram.js' },
  { entryPoints: ['server/src/checkWorker.ts'], outfile: 'dist/checkWorker.js' },
  { entryPoints: ['server/src/checkThread.ts'], outfile: 'dist/checkThread.js' },
  // A classic script: it reads its own nonce, which a module does not have.
  {
    entryPoints: ['client/src/pages/results.ts'],
    outfile: 'dist/results.js',
    platform: 'browser',
    format: 'iife',
  },
  {
    entryPoints: ['client/src/pages/reportRenderer.ts'],
    outfile: 'dist/reportRenderer.js',
    platform: 'browser',
    format: 'esm',
  },
];

/** Bundles the extension, the server and the command line. */
export async function buildAll({ development = false } = {}): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  await Promise.all([
    ...bundles.map((bundle) =>
      build({
        platform: 'node',
        format: 'cjs',
        target: bundle.platform === 'browser' ? 'es2022' : 'node20',
        ...bundle,
        absWorkingDir: root,
        bundle: true,
        minify: !development,
        sourcemap: development,
        // The sources find their files by __dirname in a bundle and by import.meta in development.
        define: { 'import.meta.dirname': '__dirname' },
        // Its ES module asks for import.meta.url, which a CommonJS bundle does not have.
        alias: {
          // Its CommonJS build loads its parts in a way that cannot be bundled.
          'jsonc-parser': join(root, 'node_modules/jsonc-parser/lib/esm/main.js'),
        },
        logLevel: 'warning',
      }),
    ),
  ]);
}

if (import.meta.main) await buildAll({ development: process.argv.includes('--dev') });
