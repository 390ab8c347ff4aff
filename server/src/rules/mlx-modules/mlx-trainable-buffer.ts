import type { FactOf, Facts } from '../../semantics/facts.ts';
import type { MlxArrayValue, Value } from '../../semantics/values.ts';
import { insertLinesAfter, ownsItsLines } from '../edits.ts';
import type { Fix } from '../finding.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { fix } from '../rule.ts';
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

const isWhole = ({ dtype }: MlxArrayValue): boolean =>
  dtype !== null && /^(?:bool_|u?int\d+)$/.test(dtype);

/** Functions that make a table of constants. */
const makers =
  /^mlx\.core\.(?:arange|linspace|eye|identity|tri|tril|triu|hanning|hamming|blackman|bartlett)$/;
/** Functions whose arrays stand for weights: numbers to be learned or loaded. */
const weights = /^mlx\.core\.(?:random\.\w+|zeros|ones|full|zeros_like|ones_like|empty)$/;

type Operation = FactOf<'arrayOperation'>;
const operations = new WeakMap<Facts, ReadonlyMap<number, Operation>>();

function operationsOf(facts: Facts): ReadonlyMap<number, Operation> {
  let known = operations.get(facts);
  if (known === undefined) {
    known = new Map(
      facts.facts.flatMap((fact): [number, Operation][] =>
        fact.kind === 'arrayOperation' && fact.result !== null ? [[fact.result.id, fact]] : [],
      ),
    );
    operations.set(facts, known);
  }
  return known;
}

/** Is the array computed from nothing but ranges, triangles and numbers? */
function isTable(array: MlxArrayValue, facts: Facts): boolean {
  const known = operationsOf(facts);
  let made = false;
  const visit = (value: Value, depth: number): boolean => {
    if (value.kind === 'sequence') return value.elements.every((each) => visit(each, depth));
    if (value.kind === 'ndarray' || value.kind === 'tensor') return false;
    if (value.kind !== 'mlxArray') return true;
    const operation = known.get(value.id);
    // The logarithm of a range is where a state space model begins to learn.
    if (operation?.operation === 'mlx.core.log') return false;
    if (operation === undefined || depth > deepest || value.alternatives !== undefined)
      return false;
    // An empty array waits for its weights.
    const isWritten =
      operation.operation === 'mlx.core.array' &&
      isWhole(value) &&
      value.shape?.includes(0) === false;
    if (isWritten || makers.test(operation.operation)) made = true;
    else if (weights.test(operation.operation)) return /full$/.test(operation.operation);
    return operation.inputs.every((input) => visit(input, depth + 1));
  };
  return visit(array, 0) && made;
}

const deepest = 20;

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
