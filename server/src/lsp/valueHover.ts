import type { ValueFacets } from '../semantics/valueFacets.ts';
import type { Expression } from '../syntax/tree.ts';
import type { AnalysedProgram } from './documents.ts';
import { codeOf, deviceReason, lazinessText, originsOf, placeText } from './valueText.ts';

const kinds: Partial<Readonly<Record<ValueFacets['kind'], string>>> = {
  tensor: 'PyTorch tensor',
  torchModule: 'PyTorch module',
  ndarray: 'NumPy array',
  mlxArray: 'MLX array',
  device: 'torch device',
};

/** What is known of the value of an expression, and where it comes from. */
export function valueHover(analysed: AnalysedProgram, node: Expression): string | null {
  const facets = analysed.values().values.valueOf(node);
  const kind = facets === null ? undefined : kinds[facets.kind];
  if (facets === null || kind === undefined) return null;
  const place = placeText(facets);
  const several =
    facets.device !== null && facets.device.length > 1 ? facets.device.join(' or ') : '';
  const gpu = facets.kind === 'mlxArray' && facets.device?.join() === 'mps' ? 'gpu' : '';
  const head = [
    `${codeOf(analysed, node)} ${kind}`,
    ...[several, gpu, place, facets.laziness ?? ''].filter((part) => part !== ''),
  ];
  const why = [
    deviceReason(analysed, facets),
    lazinessText(analysed, facets),
    ...originsOf(analysed, node),
  ];
  const lines = why.filter((line) => line !== null);
  // That it is a tensor is no news.
  if (head.length === 1 && lines.length === 0) return null;
  return [`**${head.join(' · ')}**`, ...lines].join('\n\n');
}
