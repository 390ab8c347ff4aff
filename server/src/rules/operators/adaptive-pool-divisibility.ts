import type { LibraryCallFact } from '../../semantics/facts.ts';
import { isCaught } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';
import type { Expression } from '../../syntax/tree.ts';
import { classOf } from '../moduleClass.ts';
import { mpsDeviceOf, severityOn } from '../mpsUse.ts';
import type { NewFinding, Rule, RuleContext } from '../rule.ts';
import { isBefore } from '../versions.ts';
import { macDevice } from '../words.ts';

export const rule: Rule = {
  meta: {
    name: 'adaptive-pool-divisibility',
    code: 'MPS603',
    severity: 'error',
    summary: 'Adaptive pooling is asked for a size that MPS cannot make',
    since: '0.1.0',
    fix: 'none',
  },
  words: macDevice,
  calls: (name) => name === interpolate || pools.has(ofFunctional(name)),
  on: {
    libraryCall(fact, report, context) {
      const input = fact.positional[0] ?? fact.keywords.get('input');
      const pool = pools.get(ofFunctional(fact.name)) ?? areaPool(fact, input);
      if (pool === null || isCaught(fact, 'RuntimeError')) return;
      const asked =
        fact.positional[1] ?? fact.keywords.get('output_size') ?? fact.keywords.get('size');
      const found = finding(input, pool, sizesOf(asked, pool.dimensions), context);
      if (found !== null)
        report({ ...found, at: { start: fact.node.callee.start, end: fact.node.end } });
    },
    moduleCall(fact, report, context) {
      const pool = pools.get(moduleFunctions.get(classOf(fact.module) ?? '') ?? '');
      if (pool === undefined || fact.module.origin?.kind !== 'call') return;
      if (isCaught(fact, 'RuntimeError')) return;
      const size = writtenSizes(fact.module.origin.args[0]?.value, pool.dimensions);
      const found = finding(fact.positional[0], pool, size, context);
      if (found !== null) report({ ...found, at: fact.node });
    },
  },
};

interface Pool {
  readonly takes: 'average' | 'maximum';
  readonly dimensions: number;
}

/** In one dimension torch pools a picture of one line. */
const pools: ReadonlyMap<string, Pool> = new Map<string, Pool>([
  ['adaptive_avg_pool1d', { takes: 'average', dimensions: 1 }],
  ['adaptive_avg_pool2d', { takes: 'average', dimensions: 2 }],
  ['adaptive_max_pool2d', { takes: 'maximum', dimensions: 2 }],
]);

const moduleFunctions: ReadonlyMap<string, string> = new Map([
  ['AdaptiveAvgPool1d', 'adaptive_avg_pool1d'],
  ['AdaptiveAvgPool2d', 'adaptive_avg_pool2d'],
  ['AdaptiveMaxPool2d', 'adaptive_max_pool2d'],
]);

const interpolate = 'torch.nn.functional.interpolate';

const ofFunctional = (name: string): string => name.replace('torch.nn.functional.', '');

/** `interpolate(x, size, mode="area")` pools; in three dimensions with an operator that MPS lacks. */
function areaPool({ name, positional, keywords }: LibraryCallFact, input: Value | undefined) {
  const mode = keywords.get('mode') ?? positional[3];
  if (name !== interpolate || input?.kind !== 'tensor') return null;
  if (mode?.kind !== 'constant' || mode.value !== 'area') return null;
  const dimensions = (input.shape?.length ?? 0) - 2;
  return dimensions === 1 || dimensions === 2 ? ({ takes: 'average', dimensions } as const) : null;
}

/** The last releases that pooled to other maxima than the CPU without saying so (PyTorch issue 190064). */
const wrongMaxima = '2.14';

function finding(
  input: Value | undefined,
  { takes }: Pool,
  size: readonly number[] | null,
  { environment }: RuleContext,
): Omit<NewFinding, 'at'> | null {
  const device = mpsDeviceOf(input);
  if (input?.kind !== 'tensor' || input.shape === undefined || size === null || device === null)
    return null;
  const given = input.shape.slice(-size.length);
  const wrong = given.some((length, i) => length !== null && !divides(length, size[i] ?? 1));
  if (!wrong) return null;
  const [from, to] = [given, size].map((sizes) => sizes.map((one) => one ?? '?').join(' x '));
  if (takes === 'average')
    return {
      message: `MPS pools ${from} to ${to} only when the sizes divide: this raises RuntimeError.`,
      severity: severityOn(device),
    };
  const { torch } = environment.versions;
  if (!isBefore(torch, wrongMaxima)) return null;
  return {
    message: `torch ${torch} on MPS pools ${from} to ${to} wrongly and says nothing: the sizes do not divide.`,
    severity: 'warning',
  };
}

/** The sizes that a module was made with, as they are written. */
function writtenSizes(node: Expression | undefined, dimensions: number): number[] | null {
  const nodes = node?.kind === 'tuple' || node?.kind === 'list' ? node.elements : node && [node];
  return perDimension(
    nodes?.map((each) => (each.kind === 'number' ? each.value : null)),
    dimensions,
  );
}

const divides = (length: number, size: number): boolean =>
  size === 1 || length % size === 0 || size % length === 0;

function sizesOf(value: Value | undefined, dimensions: number): number[] | null {
  const values = value?.kind === 'sequence' ? value.elements : value && [value];
  return perDimension(
    values?.map((size) =>
      size.kind === 'constant' && typeof size.value === 'number' ? size.value : null,
    ),
    dimensions,
  );
}

/** One size is that of every dimension. */
function perDimension(
  sizes: readonly (number | null)[] | undefined,
  dimensions: number,
): number[] | null {
  const known = (sizes ?? []).filter((size) => size !== null);
  if (known.length !== sizes?.length) return null;
  if (known.length === 1) return Array.from({ length: dimensions }, () => known[0] as number);
  return known.length === dimensions ? known : null;
}
