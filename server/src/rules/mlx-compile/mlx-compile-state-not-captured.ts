import type { FactOf } from '../../semantics/facts.ts';
import type { TransformedValue, Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import type { NewFinding, Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-compile-state-not-captured',
    code: 'MLX202',
    severity: 'error',
    summary: 'A compiled function changes state that mx.compile does not know of',
    since: '0.1.0',
    fix: 'none',
  },
  words: /mlx/i,
  on: {
    tracedEffect(fact, report) {
      const finding = findingFor(fact);
      if (finding !== null) report(finding);
    },
  },
};

function findingFor(fact: FactOf<'tracedEffect'>): NewFinding | null {
  const { node: at, compiled } = fact;
  switch (fact.effect) {
    case 'update':
      if (compiled.keywords.has('outputs') || isGiven(at, compiled)) return null;
      return {
        at,
        message:
          'This compiled step never updates the model: outputs= names neither its state nor the optimizer’s, and MLX gives no error.',
      };
    case 'random':
      if (capturesRandomState(compiled)) return null;
      return {
        at,
        severity: 'warning',
        message:
          'Draws the same numbers in every call: the compiled function does not capture mx.random.state.',
      };
    case 'dropout':
      if (!fact.trains || capturesRandomState(compiled)) return null;
      return {
        at,
        severity: 'warning',
        message:
          'Drops the same elements in every call: the compiled function does not capture mx.random.state.',
      };
    case 'append':
      if (compiled.keywords.has('outputs')) return null;
      return {
        at,
        severity: 'warning',
        message:
          'Happens once, while MLX traces the function: later calls add nothing, and what was added has no value.',
      };
  }
}

/** Is the model an argument of the compiled function? Then it is the caller's to keep. */
function isGiven(node: Expression, { of }: TransformedValue): boolean {
  const model = node.kind === 'call' ? node.args[0]?.value : undefined;
  if (model?.kind !== 'name' || of.kind !== 'function') return false;
  return of.node.parameters.some(({ name }) => name?.text === model.id);
}

/** Do the inputs name mx.random.state, or something that is not known? */
function capturesRandomState({ keywords }: TransformedValue): boolean {
  const inputs = keywords.get('inputs');
  return inputs !== undefined && mayBeRandomState(inputs);
}

function mayBeRandomState(value: Value): boolean {
  if (value.kind === 'sequence') return value.elements.some(mayBeRandomState);
  if (value.kind === 'dict') return [...value.entries.values()].some(mayBeRandomState);
  return (
    value.kind === 'unknown' || (value.kind === 'library' && value.name === 'mlx.core.random.state')
  );
}
