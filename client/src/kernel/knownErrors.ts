import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface KnownError {
  readonly pattern: string;
  readonly explanation: string;
  readonly rule: string | null;
}

export interface Explanation {
  readonly text: string;
  /** Code of the rule whose fix applies. */
  readonly rule: string | null;
}

/** Explains what a dead kernel has left on stderr, from the table that the kernel itself uses. */
export function explain(runtime: string, text: string): Explanation | null {
  for (const { pattern, explanation, rule } of table(runtime)) {
    const found = new RegExp(pattern).exec(text);
    if (found !== null) {
      return { text: explanation.replace(/\{(\d)\}/g, (_, n) => found[Number(n)] ?? ''), rule };
    }
  }
  return null;
}

function table(runtime: string): readonly KnownError[] {
  try {
    return JSON.parse(readFileSync(join(runtime, 'smelt_runtime/known_errors.json'), 'utf8'));
  } catch {
    // Without the table the error speaks for itself.
    return [];
  }
}
