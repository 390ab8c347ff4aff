import type { FactOf, Facts } from '../../semantics/facts.ts';
import { insertLinesAfter, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
import { isTable, isWhole } from './constantTable.ts';
import { renamedAttribute } from './renamedAttribute.ts';

export const rule: Rule = {
  meta: {
    name: 'mlx-trainable-buffer',
    code: 'MLX405',
    severity: 'warning',
    summary: 'A constant table of a module is a public array, which MLX trains',
    since: '0.1.0',
    fix: 'unsafe',
  },
  words: /mlx/i,
  on: {
    moduleAttribute(fact, report, context) {
      const { value, node } = fact;
      const name = node.name.text;
      if (value.kind !== 'mlxArray' || fact.method !== '__init__' || name.startsWith('_')) return;
      const isIndex = isWhole(value);
      if (!isTable(value, context.facts) || isKept(fact, context.facts)) return;
      const isDecayed = isIndex || usesWeightDecay(context.facts);
      report({
        at: node,
        severity: isDecayed ? 'warning' : 'info',
        message: isIndex
          ? `\`${name}\` is a public array, so that MLX counts it as a parameter: Adam makes this ${value.dtype} float32.`
          : `\`${name}\` is a public array, so that MLX trains it${isDecayed ? ', and weight decay shrinks it at each step' : ''}.`,
        fixes: fixes(fact, context),
      });
    },
  },
};

/** Frozen, or the class itself decides what is trained. */
function isKept(fact: FactOf<'moduleAttribute'>, { facts }: Facts): boolean {
  const { members, node } = fact.module.class;
  const decides = ['freeze', 'unfreeze', 'parameters', 'trainable_parameters'];
  if (decides.some((name) => members.has(name))) return true;
  return facts.some((other) => {
    if (other.kind !== 'methodCall' || other.name !== 'freeze') return false;
    if (other.object.kind !== 'instance' || other.object.class.node !== node) return false;
    const keys = other.keywords.get('keys');
    if (keys === undefined) return true;
    if (keys.kind === 'constant') return keys.value === fact.node.name.text;
    return (
      keys.kind !== 'sequence' ||
      keys.elements.some((key) => key.kind !== 'constant' || key.value === fact.node.name.text)
    );
  });
}

/** AdamW, Lion and Muon decay by default or on request. */
const usesWeightDecay = ({ facts }: Facts): boolean =>
  facts.some(
    (fact) =>
      fact.kind === 'libraryCall' &&
      fact.name.startsWith('mlx.optimizers.') &&
      (/\.(?:AdamW|Muon)$/.test(fact.name) || fact.keywords.has('weight_decay')),
  );

function fixes(fact: FactOf<'moduleAttribute'>, { module }: RuleContext): Fix[] {
  const { node, module: owner, statement } = fact;
  const name = node.name.text;
  const renamed = renamedAttribute(owner.class.node, name, `_${name}`);
  const result: Fix[] = [];
  if (renamed !== null)
    result.push(fix(`Rename it to _${name}, which MLX leaves alone`, 'unsafe', () => renamed));
  if (ownsItsLines(module, statement)) {
    result.push(
      fix('Freeze it', 'unsafe', () => [
        insertLinesAfter(module, statement, [`self.freeze(keys=["${name}"], recurse=False)`]),
      ]),
    );
  }
  return result;
}
