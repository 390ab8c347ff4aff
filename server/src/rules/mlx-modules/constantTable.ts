import type { FactOf, Facts } from '../../semantics/facts.ts';
import type { MlxArrayValue, Value } from '../../semantics/values.ts';

/** Integers or booleans, which nothing can be learned of. */
export const isWhole = ({ dtype }: MlxArrayValue): boolean =>
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
export function isTable(array: MlxArrayValue, facts: Facts): boolean {
  const known = operationsOf(facts);
  let made = false;
  const visit = (value: Value, depth: number, isMasked = false): boolean => {
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
    else if (weights.test(operation.operation))
      return isMasked ? !operation.operation.includes('random') : /full$/.test(operation.operation);
    // `mx.tril(mx.ones(…))` is a mask.
    const masks = /\.tri[lu]$/.test(operation.operation);
    return operation.inputs.every((input) => visit(input, depth + 1, masks));
  };
  return visit(array, 0) && made;
}

const deepest = 20;
