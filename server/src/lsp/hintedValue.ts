import type { ServerSettings } from '../protocol/messages.ts';
import type { ValueFacets } from '../semantics/valueFacets.ts';
import type { Expression, Node } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import type { AnalysedProgram } from './documents.ts';

/** dtypes that MPS does not have. */
const missingOnMps: ReadonlySet<string> = new Set(['float64', 'complex128']);

/** Is what is known of an assigned value shown where it is assigned? */
export function isHinted(
  analysed: AnalysedProgram,
  facets: ValueFacets,
  assigned: Expression,
  mode: ServerSettings['inlayHints']['values'],
): boolean {
  if (mode === 'off') return false;
  // A device that is written there needs no hint; one that is chosen does.
  if (facets.kind === 'device') return facets.asked !== null;
  if (mode === 'all') return ['tensor', 'mlxArray', 'torchModule', 'ndarray'].includes(facets.kind);
  switch (facets.kind) {
    case 'tensor':
    case 'torchModule':
      return (
        hasNewDevice(analysed, facets, assigned) || hasMissingDtype(analysed, facets, assigned)
      );
    case 'mlxArray':
      return hasNewDtype(analysed, facets, assigned);
    default:
      return false;
  }
}

/** It arrives on a device that somebody named or chose, elsewhere. */
function hasNewDevice(
  analysed: AnalysedProgram,
  facets: ValueFacets,
  assigned: Expression,
): boolean {
  const { device, deviceOrigin, asked } = facets;
  if (device?.length !== 1 || (deviceOrigin === null && asked === null)) return false;
  if (isWritten(analysed, assigned, device[0] ?? '')) return false;
  return !readsIn(analysed, assigned).some(
    (read) =>
      ['tensor', 'torchModule'].includes(read.kind) && read.device?.join() === device.join(),
  );
}

function hasMissingDtype(
  analysed: AnalysedProgram,
  { dtype }: ValueFacets,
  assigned: Expression,
): boolean {
  return (
    dtype !== null &&
    missingOnMps.has(dtype) &&
    !isWritten(analysed, assigned, dtype) &&
    !readsIn(analysed, assigned).some((read) => read.kind === 'tensor' && read.dtype === dtype)
  );
}

/** MLX has no devices to arrive on; a dtype that no operand has may surprise. */
function hasNewDtype(
  analysed: AnalysedProgram,
  { dtype }: ValueFacets,
  assigned: Expression,
): boolean {
  if (dtype === null || dtype === 'bool_' || isWritten(analysed, assigned, dtype)) return false;
  const operands = readsIn(analysed, assigned).filter(({ kind }) => kind === 'mlxArray');
  // New arrays are float32, unless they are told otherwise.
  if (operands.length === 0) return dtype !== 'float32';
  return operands.every((operand) => operand.dtype !== null && operand.dtype !== dtype);
}

const isWritten = (
  { module }: AnalysedProgram,
  { start, end }: Expression,
  word: string,
): boolean => new RegExp(`\\b${word}\\b`).test(module.text.slice(start, end));

/** What is known of the names and attributes that an expression reads. */
function readsIn(analysed: AnalysedProgram, expression: Expression): ValueFacets[] {
  const { values } = analysed.values();
  const reads: ValueFacets[] = [];
  const visit = (node: Node): void => {
    if (node.kind === 'name' || node.kind === 'attribute') {
      const read = values.valueOf(node);
      if (read !== null) reads.push(read);
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(expression);
  return reads;
}
