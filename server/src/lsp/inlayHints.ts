import type { InlayHint, Range } from 'vscode-languageserver';
import { InlayHintKind, MarkupKind } from 'vscode-languageserver';
import type { ServerSettings } from '../protocol/messages.ts';
import type { Facts } from '../semantics/facts.ts';
import type { Evaluation } from '../semantics/recordedValues.ts';
import type { Expression, Node } from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import type { AnalysedProgram } from './documents.ts';
import { isHinted } from './hintedValue.ts';
import { deviceReason, lazinessText, originsOf, placeText } from './valueText.ts';

type HintSettings = ServerSettings['inlayHints'];

/** Where MLX documents what is lazy. */
const lazinessSource =
  '[MLX: lazy evaluation](https://ml-explore.github.io/mlx/build/html/usage/lazy_evaluation.html)';

/** Hints after the names that are assigned and the expressions that make MLX compute. */
export function inlayHintsOf(
  analysed: AnalysedProgram,
  uri: string,
  range: Range,
  settings: HintSettings,
): InlayHint[] {
  if (settings.laziness === 'off' && settings.values === 'off') return [];
  const start = analysed.offsetIn(uri, range.start.line, range.start.character);
  const end = analysed.offsetIn(uri, range.end.line, range.end.character);
  if (start === null || end === null || analysed.module.body.length === 0) return [];
  const timed = timedParts(analysed.values().facts);
  const hints: InlayHint[] = [];
  const visit = (node: Node): void => {
    if (node.end < start || node.start > end) return;
    if (node.kind === 'assign' || node.kind === 'annotatedAssign') {
      const targets = node.kind === 'assign' ? node.targets : [node.target];
      const { value } = node;
      if (value !== null)
        for (const target of targets.flatMap(namesIn))
          hints.push(...bindingHint(analysed, target, value, timed, settings));
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const statement of analysed.module.body) visit(statement);
  if (settings.laziness !== 'off') {
    for (const [node, evaluation] of analysed.values().values.evaluations()) {
      const isShown = settings.laziness === 'all' || timed.nodes.has(node);
      if (isShown && start <= node.end && node.end <= end)
        hints.push(evaluationHint(analysed, node, evaluation));
    }
  }
  return hints;
}

const namesIn = (target: Expression): readonly Expression[] =>
  target.kind === 'name' || target.kind === 'attribute'
    ? [target]
    : target.kind === 'tuple' || target.kind === 'list'
      ? target.elements.flatMap(namesIn)
      : [];

/** What timed windows are about: the arrays recorded or computed in them, and where that happens. */
interface TimedParts {
  readonly arrays: ReadonlySet<number>;
  readonly nodes: ReadonlySet<Expression>;
}

function timedParts({ facts }: Facts): TimedParts {
  const arrays = new Set<number>();
  const nodes = new Set<Expression>();
  for (const fact of facts) {
    if (fact.kind !== 'timedWindow') continue;
    for (const event of fact.paths.flat()) {
      nodes.add(event.node);
      if (event.kind === 'record') arrays.add(event.array);
      if (event.kind === 'force') for (const array of event.computed) arrays.add(array);
    }
  }
  return { arrays, nodes };
}

function bindingHint(
  analysed: AnalysedProgram,
  target: Expression,
  value: Expression,
  timed: TimedParts,
  settings: HintSettings,
): InlayHint[] {
  const { values } = analysed.values();
  const facets = values.boundAt(target);
  if (facets === null) return [];
  const isTimed = [...values.arraysAt(target)].some((array) => timed.arrays.has(array));
  const showsLaziness =
    settings.laziness === 'all' || (settings.laziness === 'timedWindows' && isTimed);
  const lazy = showsLaziness && facets.laziness === 'lazy' ? 'lazy' : '';
  const place = isHinted(analysed, facets, value, settings.values) ? placeText(facets) : '';
  const label = [lazy, place].filter((part) => part !== '').join(' · ');
  if (label === '') return [];
  const tooltip = [
    place === '' ? null : deviceReason(analysed, facets),
    lazy === '' ? null : lazinessText(analysed, facets),
    ...(place === '' ? [] : originsOf(analysed, target)),
    lazy === '' ? null : lazinessSource,
  ];
  return [hint(analysed, target, label, tooltip)];
}

function evaluationHint(
  analysed: AnalysedProgram,
  node: Expression,
  { names, count }: Evaluation,
): InlayHint {
  const which =
    names.length === 0 ? '' : `${names.length < count ? ', among them' : ':'} ${listed(names)}`;
  return hint(analysed, node, 'evaluated here', [
    `MLX computes here what it has only recorded so far: ${count} ${count === 1 ? 'array' : 'arrays'}${which}`,
    lazinessSource,
  ]);
}

const listed = (names: readonly string[]): string =>
  names.length === 1
    ? `\`${names[0]}\``
    : `${names
        .slice(0, -1)
        .map((name) => `\`${name}\``)
        .join(', ')} and \`${names.at(-1)}\``;

function hint(
  analysed: AnalysedProgram,
  after: Expression,
  label: string,
  tooltip: readonly (string | null)[],
): InlayHint {
  const lines = tooltip.filter((line) => line !== null);
  return {
    position: analysed.locate(after).range.end,
    label,
    kind: InlayHintKind.Type,
    paddingLeft: true,
    tooltip: { kind: MarkupKind.Markdown, value: lines.join('\n\n') },
  };
}
