import type { FactOf } from '../../semantics/facts.ts';

/** `if hasattr(x, "cpu")`: who asks knows that it may be missing. */
export const isAsked = ({ tests }: FactOf<'attribute'>): boolean =>
  tests.some(
    (test) => test.kind === 'call' && test.callee.kind === 'name' && test.callee.id === 'hasattr',
  );
