import type { Module, Span } from '../syntax/tree.ts';

const known = new WeakMap<Span | Module, Map<RegExp, boolean>>();

/** Does the pattern occur in the text of a function, or of all the module? Asked for each fact, looked up once. */
export function occursIn(module: Module, pattern: RegExp, within: Span | null = null): boolean {
  const where = within ?? module;
  const answers = known.get(where) ?? new Map<RegExp, boolean>();
  known.set(where, answers);
  let occurs = answers.get(pattern);
  if (occurs === undefined) {
    occurs = pattern.test(
      within === null ? module.text : module.text.slice(within.start, within.end),
    );
    answers.set(pattern, occurs);
  }
  return occurs;
}
