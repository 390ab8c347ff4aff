import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { codeLensesOf } from '../../server/src/lsp/codeLens.ts';
import type { AnalysedProgram } from '../../server/src/lsp/documents.ts';
import { analyseProgram } from '../../server/src/lsp/documents.ts';
import { hoverAt } from '../../server/src/lsp/hover.ts';
import { inlayHintsOf } from '../../server/src/lsp/inlayHints.ts';
import { defaultServerSettings } from '../../server/src/protocol/messages.ts';
import { nowhere } from '../../server/src/semantics/moduleSource.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';

const folder = join(import.meta.dirname, '../workspaces/quickstart');
const uri = 'file:///a.py';
const everything = {
  ...defaultServerSettings,
  inlayHints: { laziness: 'all', values: 'all' },
} as const;

/** Everything that an editor shows of a text: how much there is, and that nothing throws. */
function shownOf(analysed: AnalysedProgram, text: string): number {
  const lines = text.split('\n');
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  const hovers = lines.flatMap((line, i) =>
    [...line.matchAll(/\w+/g)].map(({ index }) => hoverAt(analysed, uri, i, index, everything)),
  );
  return (
    inlayHintsOf(analysed, uri, range, everything.inlayHints).length +
    codeLensesOf(analysed, uri).length +
    hovers.filter((hover) => hover !== null).length
  );
}

test.each(globSync('*.py', { cwd: folder }).sort())(
  '%s, cut off at any line, is shown without an error',
  async (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const lines = text.split('\n');
    let most = 0;
    for (let count = 1; count <= lines.length; count += 1) {
      // In the middle of a line, too: that is where people write.
      const last = lines[count - 1] ?? '';
      const cut = [...lines.slice(0, count - 1), last.slice(0, last.length / 2)].join('\n');
      const program = { sources: [{ uri, version: 1, text: cut }], isNotebook: false };
      const analysed = analyseProgram(program, defaultLintSettings, unknownEnvironment, nowhere);
      most = Math.max(most, shownOf(analysed, cut));
    }
    expect(most).toBeGreaterThan(20);
  },
);
