import type { Argument, Expression } from '../syntax/tree.ts';
import { forgetPaths } from './attributePaths.ts';
import type { CallArguments, Context, KeywordArgument } from './context.ts';
import { noArguments } from './context.ts';
import type { DictValue, SequenceValue, Value } from './values.ts';

/**
 * The evaluated arguments of a call. `**dict` stands for its keywords where they are known; `*tuple` for
 * its elements only with `inline`, as they then stand at other places than in the text.
 */
export function evaluateArguments(
  context: Context,
  args: readonly Argument[],
  inline: boolean,
): CallArguments {
  if (args.length === 0) return noArguments;
  const positional: Value[] = [];
  const positionalNodes: Expression[] = [];
  const keywords = new Map<string, KeywordArgument>();
  const spread: Value[] = [];
  let open = false;
  for (const { form, name, value: node } of args) {
    const value = context.evaluate(form === 'star' && node.kind === 'starred' ? node.value : node);
    if (value.kind === 'unknown') forgetPaths(context, node);
    if (form === 'positional') {
      positional.push(value);
      positionalNodes.push(node);
    } else if (form === 'keyword' && name !== null) {
      keywords.set(name.text, { value, node });
    } else if (inline && value.kind === 'sequence' && isWhole(context, value)) {
      positional.push(...value.elements);
      positionalNodes.push(...value.elements.map(() => node));
    } else if (value.kind === 'dict' && isWhole(context, value)) {
      for (const [key, entry] of value.entries) keywords.set(key, { value: entry, node });
    } else {
      open = true;
      spread.push(value);
    }
  }
  return { positional, positionalNodes, keywords, spread, open };
}

/** Is everything in it known, and nothing added since? */
const isWhole = (context: Context, value: SequenceValue | DictValue): boolean =>
  (value.id === undefined || context.state?.added.has(value.id) !== true) &&
  (value.kind === 'sequence' || ![...value.entries.keys()].some((key) => key.startsWith('\0')));
