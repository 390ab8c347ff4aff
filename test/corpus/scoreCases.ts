/**
 * Counts how many places that somebody later fixed are found, and what remains after the real fix:
 * `node test/corpus/scoreCases.ts FOLDER CASES.jsonl`. FOLDER holds before/<id>/…, after/<id>/… and
 * clean/…; a line of CASES.jsonl has id, lines, category and static. Nothing of them is kept here.
 */

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { analyze } from '../../server/src/engine/analyze.ts';
import { defaultLintSettings } from '../../server/src/engine/settings.ts';
import { ModuleIndex } from '../../server/src/files/moduleIndex.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { positionsOf } from '../../server/src/syntax/positions.ts';

interface Case {
  readonly id: string;
  readonly lines: readonly [number, number];
  readonly category: string;
  readonly static: string;
}

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly first: number;
  readonly last: number;
}

/** Lines that a finding may be away from the place. */
const slack = 1;

const [folder, casesFile] = process.argv.slice(2);
if (folder === undefined || casesFile === undefined) {
  console.error('usage: node test/corpus/scoreCases.ts FOLDER CASES.jsonl');
  process.exit(2);
}

const modules = new ModuleIndex();

function findingsBelow(below: string): Found[] {
  return globSync('**/*.py', { cwd: below }).flatMap((file) => {
    const path = resolve(below, file);
    const text = readFileSync(path, 'utf8');
    const site = { path, modules };
    const module = parseFile(text);
    const { findings } = analyze(module, defaultLintSettings, unknownEnvironment, site);
    const positions = positionsOf(text);
    return findings.map(({ code, severity, start, end }) => ({
      code,
      severity,
      first: positions.positionAt(start).line + 1,
      last: positions.positionAt(end).line + 1,
    }));
  });
}

const counts = new Map<string, { found: number; all: number }>();
let fewer = 0;
let hits = 0;
const cases = readFileSync(casesFile, 'utf8').trim().split('\n');
for (const one of cases.map((line) => JSON.parse(line) as Case)) {
  const before = findingsBelow(join(folder, 'before', one.id));
  const [first, last] = one.lines;
  const hit = before.filter((each) => each.first <= last + slack && each.last >= first - slack);
  for (const row of ['all', `static:${one.static}`, `category:${one.category}`]) {
    const { found, all } = counts.get(row) ?? { found: 0, all: 0 };
    counts.set(row, { found: found + Number(hit.length > 0), all: all + 1 });
  }
  if (hit.length === 0) continue;
  const codes = new Set(hit.map(({ code }) => code));
  const after = findingsBelow(join(folder, 'after', one.id));
  const ofThese = (list: readonly Found[]): number =>
    list.filter(({ code }) => codes.has(code)).length;
  hits += 1;
  fewer += Number(ofThese(after) < ofThese(before));
}
const loud = findingsBelow(join(folder, 'clean')).filter(({ severity }) =>
  ['error', 'warning'].includes(severity),
);

for (const [row, { found, all }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${row.padEnd(44)} ${found}/${all} ${Math.round((100 * found) / all)}%`);
console.log(`fewer such findings after the real fix: ${fewer}/${hits}`);
console.log(`findings at warning or above in right files: ${loud.length}`);
