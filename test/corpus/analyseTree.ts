import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFailure } from '../../server/src/engine/analyze.ts';
import { analyze, mayHaveFindings } from '../../server/src/engine/analyze.ts';
import type { Finding } from '../../server/src/rules/finding.ts';
import { unknownEnvironment } from '../../server/src/semantics/target.ts';
import { parseFile } from '../../server/src/syntax/parser.ts';
import { positionsOf } from '../../server/src/syntax/positions.ts';

export interface CorpusFile {
  /** Relative to the tree, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly broken: boolean;
  readonly findings: readonly (Finding & { readonly line: number })[];
  readonly failures: readonly RuleFailure[];
}

/** Every Python file below a folder that could have a finding, sorted by path. */
export function* analyseTree(folder: string): Generator<CorpusFile> {
  const paths = globSync('**/*.py', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
  for (const path of paths.sort()) {
    const text = readFileSync(join(folder, path), 'utf8');
    if (mayHaveFindings([text])) yield analyseText(path, text);
  }
}

export function analyseText(path: string, text: string): CorpusFile {
  const module = parseFile(text);
  const { findings, failures } = analyze(module, { select: [], ignore: [] }, unknownEnvironment);
  const positions = positionsOf(text);
  return {
    path,
    text,
    broken: module.broken,
    failures,
    findings: findings.map((finding) => ({
      ...finding,
      line: positions.positionAt(finding.start).line + 1,
    })),
  };
}
