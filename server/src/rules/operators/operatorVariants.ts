import type { LibraryCallFact } from '../../semantics/facts.ts';
import type { Value } from '../../semantics/values.ts';

const interpolate = 'torch.nn.functional.interpolate';
const cdist = 'torch.cdist';

/** Functions that reach one operator or another by their arguments. */
export const variedFunctions: ReadonlySet<string> = new Set([interpolate, cdist]);

/** The name that the table of operators has for what a call reaches; null: its arguments do not tell. */
export function variantOf(fact: LibraryCallFact): string | null {
  if (fact.name === interpolate) return interpolation(fact);
  if (fact.name === cdist) return isDirect(fact) ? cdist : null;
  return fact.name;
}

/** `torch.nn.functional.interpolate(mode="area") in 3 dimensions` (traced on torch 2.13.0). */
function interpolation({ keywords, positional }: LibraryCallFact): string | null {
  const input = positional[0] ?? keywords.get('input');
  const mode = textOf(keywords.get('mode') ?? positional[3], 'nearest');
  const dimensions = input?.kind === 'tensor' ? (input.shape?.length ?? 0) - 2 : 0;
  const antialias = keywords.get('antialias');
  if (mode === null) return null;
  if (antialias !== undefined)
    return antialias.kind === 'constant' && antialias.value === true
      ? `${interpolate}(mode="${mode}", antialias=True)`
      : null;
  return dimensions === 3 || mode === 'trilinear'
    ? `${interpolate}(mode="${mode}") in 3 dimensions`
    : null;
}

/**
 * Does a call compute distances one by one? Those of p=2 are made with a product of matrices, which has a backward pass of
 * its own, where one side has more than 25 rows.
 */
function isDirect({ keywords, positional }: LibraryCallFact): boolean {
  const p = keywords.get('p') ?? positional[2];
  const mode = textOf(keywords.get('compute_mode') ?? positional[3], '');
  if (p?.kind === 'constant' && typeof p.value === 'number' && p.value !== 2) return true;
  if (mode === 'donot_use_mm_for_euclid_dist') return true;
  return mode === '' && [positional[0], positional[1]].every(hasFewRows);
}

function hasFewRows(value: Value | undefined): boolean {
  const rows = value?.kind === 'tensor' ? value.shape?.at(-2) : undefined;
  return typeof rows === 'number' && rows <= 25;
}

/** null: not known. */
function textOf(value: Value | undefined, absent: string): string | null {
  if (value === undefined) return absent;
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value : null;
}
