import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { applyEdits, applyFixes } from '../../server/src/engine/applyFixes.ts';
import type { Edit, Finding } from '../../server/src/rules/finding.ts';
import type { CorpusFile } from './analyseTree.ts';
import { analyseText } from './analyseTree.ts';

/** A text before and after a fix, for the checks that need Python. */
export interface FixedText {
  readonly place: string;
  /** The rule; "all" when all safe fixes of the file were applied. */
  readonly code: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Applies every safe fix of a file, first each alone, then all together.
 * @param fail told about a fix that breaks the syntax, does not clear its finding, or changes something
 * when it is applied a second time
 */
export function applySafeFixes(file: CorpusFile, fail: (problem: string) => void): FixedText[] {
  const before = file.text;
  const fixed: FixedText[] = [];
  for (const finding of file.findings) {
    const fix = finding.fixes.find(({ applicability }) => applicability === 'safe');
    if (fix === undefined) continue;
    const place = `${file.path}:${finding.line} ${finding.code}`;
    const edits = fix.edits();
    const after = applyEdits(before, edits);
    const again = analyseText(file.path, after);
    if (again.broken && !file.broken) fail(`${place}: the fix breaks the syntax`);
    const count = (one: CorpusFile): number =>
      one.findings.filter(({ code }) => code === finding.code).length;
    // The next finding may have moved to where a deleted line was.
    const isThere = again.findings.some((other) => isSame(other, finding, edits));
    if (isThere && count(again) >= count(file))
      fail(`${place}: the finding is still there after its fix`);
    fixed.push({ place, code: finding.code, before, after });
  }
  if (fixed.length === 0) return [];
  const find = (text: string): readonly Finding[] => analyseText(file.path, text).findings;
  const after = applyFixes(before, find, 'safe').text;
  if (applyFixes(after, find, 'safe').text !== after)
    fail(`${file.path}: fixing twice changes more than fixing once`);
  return [...fixed, { place: file.path, code: 'all', before, after }];
}

/** Is it the finding from before the edits, at the place where they have moved it? */
function isSame(now: Finding, before: Finding, edits: readonly Edit[]): boolean {
  const moved = edits
    .filter(({ end }) => end <= before.start)
    .reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
  return now.code === before.code && now.start === before.start + moved;
}

/** What `check_fixes.py` says of fixed texts. */
export class FixCheck {
  private readonly child;
  private readonly done: Promise<string>;

  constructor(python: string) {
    this.child = spawn(python, [join(import.meta.dirname, 'check_fixes.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.done = new Promise((resolve, reject) => {
      let output = '';
      this.child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      this.child.on('error', reject);
      this.child.on('close', () => resolve(output));
    });
  }

  add(text: FixedText): void {
    this.child.stdin.write(`${JSON.stringify(text)}\n`);
  }

  /** The problems, and how many texts were checked and how many of them proven to be the same program. */
  async end(): Promise<{ problems: string[]; checked: number; proven: number }> {
    this.child.stdin.end();
    const lines = (await this.done).trim().split('\n');
    const [checked, proven] = (lines.pop() ?? '').split(' ').map(Number);
    if (checked === undefined || proven === undefined || Number.isNaN(checked))
      throw new Error(`check_fixes.py ended early:\n${lines.join('\n')}`);
    return { problems: lines, checked, proven };
  }
}
