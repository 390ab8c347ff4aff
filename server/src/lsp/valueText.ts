import type { ValueFacets } from '../semantics/valueFacets.ts';
import type { Expression, Span } from '../syntax/tree.ts';
import type { AnalysedProgram } from './documents.ts';

/** `mps · float32 · 8192 x 8192`, as far as it is known; empty when nothing is. */
export function placeText(facets: ValueFacets): string {
  return [deviceText(facets), dtypeText(facets), facets.shape?.join(' x ') ?? null]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}

function deviceText({ kind, device }: ValueFacets): string | null {
  const [place, ...others] = device ?? [];
  if (place === undefined || others.length > 0 || place === 'other') return null;
  // MLX computes on the GPU unless it is told otherwise: no news.
  return kind === 'mlxArray' && place === 'mps' ? null : place;
}

const dtypeText = ({ kind, dtype }: ValueFacets): string | null =>
  kind === 'dtype' ? null : dtype;

/** Where a value comes from, newest first: one Markdown line for each step, as far as it is known. */
export function originsOf(analysed: AnalysedProgram, node: Expression): string[] {
  const { values } = analysed.values();
  const lines: string[] = [];
  const seen = new Set<Expression>();
  let at: Expression | null = node;
  while (at !== null && lines.length < 5) {
    const facets: ValueFacets | null = values.valueOf(at);
    const origin: Expression | null = facets?.origin ?? null;
    if (origin === null || seen.has(origin)) break;
    seen.add(origin);
    if (lineOf(analysed, origin) !== lineOf(analysed, node)) {
      const from = lines.length === 0 ? 'From what was made' : 'from what was made';
      lines.push(`${at === node ? 'Made' : from} ${madeAt(analysed, origin)}`);
    }
    at = sourceOf(analysed, origin);
  }
  return lines;
}

const lineOf = (analysed: AnalysedProgram, span: Span): string => {
  const { uri, range } = analysed.locate(span);
  return `${uri}:${range.start.line}`;
};

const madeAt = (analysed: AnalysedProgram, origin: Expression): string =>
  `at ${placeLink(analysed, origin)} by ${codeOf(analysed, origin)}`;

/** The operand that an expression takes its data from. */
function sourceOf(analysed: AnalysedProgram, node: Expression): Expression | null {
  if (node.kind !== 'call') return null;
  const candidates = [
    ...(node.callee.kind === 'attribute' ? [node.callee.object] : []),
    ...node.args.slice(0, 1).map(({ value }) => value),
  ];
  return candidates.find((each) => isData(analysed.values().values.valueOf(each))) ?? null;
}

const isData = (facets: ValueFacets | null): boolean =>
  facets !== null && ['tensor', 'ndarray', 'mlxArray'].includes(facets.kind);

/** Why a value is on its device: who named it, or what a choice depends on. */
export function deviceReason(analysed: AnalysedProgram, facets: ValueFacets): string | null {
  const { deviceOrigin, asked } = facets;
  const device = deviceText(facets);
  if (device === null || deviceOrigin === null) return null;
  const where = placeLink(analysed, deviceOrigin);
  const because = [...answers].flatMap(([backend, answer]) => (asked?.has(backend) ? answer : []));
  return because.length === 0
    ? `${device} is named at ${where}: ${codeOf(analysed, deviceOrigin)}`
    : `${device} is chosen at ${where} because on a Mac ${because.join(' and ')}`;
}

/** What a Mac says when it is asked for a backend (tables/mac.ts). */
const answers: ReadonlyMap<string, string> = new Map([
  ['cuda', 'CUDA is not available'],
  ['xpu', 'XPU is not available'],
  ['mps', 'MPS is available'],
  ['accelerator', 'MPS is the accelerator'],
  ['platform', 'the system is macOS on arm64'],
  ['metal', 'Metal is available'],
]);

/** When MLX computes an array: now, before, or later. */
export function lazinessText(analysed: AnalysedProgram, facets: ValueFacets): string | null {
  if (facets.laziness === null) return null;
  const nodes =
    facets.origin === null
      ? []
      : analysed.values().values.computingExpressions(facets.origin).slice(0, 2);
  const by = nodes.map((node) => `at ${placeLink(analysed, node)} by ${codeOf(analysed, node)}`);
  if (facets.laziness === 'computed')
    return by.length === 0 ? 'Computed' : `Computed ${by.join(' or ')}`;
  return by.length === 0
    ? 'Lazy: recorded, and nothing that Smelt sees computes it'
    : `Lazy: recorded, and computed only ${by.join(' or ')}`;
}

/** A link to a line of a file; a cell has no address that Markdown can follow. */
function placeLink(analysed: AnalysedProgram, span: Span): string {
  const { uri, range } = analysed.locate(span);
  const line = range.start.line + 1;
  const { isNotebook, sources } = analysed.program;
  if (!isNotebook) return `[line ${line}](${uri}#L${line})`;
  const cell = sources.findIndex((source) => source.uri === uri) + 1;
  return `line ${line} of cell ${cell}`;
}

/** The expression on one line, as Markdown code. */
export function codeOf({ module }: AnalysedProgram, { start, end }: Span): string {
  const text = module.text.slice(start, end).replace(/\s+/g, ' ');
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  const fence = short.includes('`') ? '``' : '`';
  return `${fence}${short}${fence}`;
}
