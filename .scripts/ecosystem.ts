// Runs the analyser over public packages and prints what it says now and did not say before, and the
// other way round: `npm run ecosystem`, or `npm run ecosystem -- --update` to make that the new state.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CorpusFile } from '../test/corpus/analyseTree.ts';
import { analyseTree } from '../test/corpus/analyseTree.ts';
import { downloadCorpus } from '../test/corpus/download.ts';
import { applySafeFixes, FixCheck } from '../test/corpus/fixProof.ts';
import { corpusPackages } from '../test/corpus/packages.ts';
import { difference, summarize } from '../test/corpus/summary.ts';
import { fullPython } from './cache/pythonEnvironments.ts';

const update = process.argv.includes('--update');
const summaries = join(import.meta.dirname, '../test/corpus/summaries');
const python = await fullPython();
const folder = await downloadCorpus(corpusPackages, python);
const check = new FixCheck(python);
const problems: string[] = [];
let changes = 0;
let fileCount = 0;
mkdirSync(summaries, { recursive: true });
for (const { name, version } of corpusPackages) {
  const kept: CorpusFile[] = [];
  for (const file of analyseTree(join(folder, name))) {
    fileCount += 1;
    const fail = (problem: string): void => void problems.push(`${name}: ${problem}`);
    for (const { rule, error } of file.failures) fail(`${file.path}: ${rule} threw ${error}`);
    for (const fixed of applySafeFixes(file, fail)) check.add(fixed);
    if (file.findings.length > 0) kept.push({ ...file, text: '' });
  }
  const path = join(summaries, `${name}.txt`);
  const before = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  const after = [`${name} ${version}`, ...summarize(kept)];
  const lines = difference(before, after);
  changes += lines.length;
  if (lines.length > 0) console.log(`${name}\n  ${lines.join('\n  ')}`);
  if (update) writeFileSync(path, `${after.join('\n')}\n`);
}
const fixes = await check.end();
for (const problem of [...problems, ...fixes.problems]) console.log(`WRONG ${problem}`);
console.log(
  `\n${corpusPackages.length} packages, ${fileCount} files that could have a finding, ${changes} lines differ from ` +
    `test/corpus/summaries; ${fixes.checked} fixed texts compile, ${fixes.proven} of them proven to be the same program ` +
    `elsewhere; ${problems.length + fixes.problems.length} problems.`,
);
if (changes > 0 && !update)
  console.log('`npm run ecosystem -- --update` makes this the new state.');
process.exitCode = problems.length + fixes.problems.length > 0 || (changes > 0 && !update) ? 1 : 0;
