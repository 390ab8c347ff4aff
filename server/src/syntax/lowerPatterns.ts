import type { Concrete } from './concrete.ts';
import { fieldOf, namedOf } from './concrete.ts';
import { lowerExpression } from './lowerExpressions.ts';
import type { Lowering } from './lowering.ts';
import type { Expression, Identifier, MatchCase } from './tree.ts';

export function lowerCase(context: Lowering, node: Concrete): MatchCase {
  const guardClause = fieldOf(node, 'guard');
  const guardNode = guardClause === undefined ? undefined : namedOf(guardClause)[0];
  const patterns = namedOf(node).filter((part) => part.type === 'case_pattern');
  const bindings: Identifier[] = [];
  for (const pattern of patterns) collectBindings(context, pattern, bindings);
  const [pattern] = patterns;
  const single = patterns.length === 1 && pattern !== undefined ? pattern : null;
  return {
    values: single === null ? null : valuesOf(context, single),
    irrefutable: single !== null && isIrrefutable(context, single),
    bindings,
    guard: guardNode === undefined ? null : lowerExpression(context, guardNode),
    body: context.lowerBody(context, fieldOf(node, 'consequence')),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

const literals = new Set([
  'integer',
  'float',
  'string',
  'concatenated_string',
  'true',
  'false',
  'none',
]);

/** The values that a pattern of literals, dotted names and their alternatives stands for. */
function valuesOf(context: Lowering, node: Concrete): Expression[] | null {
  const parts = namedOf(node);
  if (literals.has(node.type)) return [lowerExpression(context, node)];
  if (node.type === 'dotted_name') return parts.length > 1 ? [dottedName(context, node)] : null;
  if (node.type === 'union_pattern') {
    const values = parts.map((part) => valuesOf(context, part));
    return values.includes(null) ? null : (values as Expression[][]).flat();
  }
  if (node.type === 'case_pattern' && parts.length === 1 && node.children.length === 1) {
    return valuesOf(context, parts[0] as Concrete);
  }
  return null;
}

function dottedName(context: Lowering, node: Concrete): Expression {
  const [first, ...others] = namedOf(node);
  let value: Expression = {
    kind: 'name',
    id: first === undefined ? '' : context.textOf(first),
    start: context.startOf(first ?? node),
    end: context.endOf(first ?? node),
  };
  for (const part of others) {
    value = {
      kind: 'attribute',
      object: value,
      name: context.identifier(part),
      start: value.start,
      end: context.span(part).end,
    };
  }
  return value;
}

function isIrrefutable(context: Lowering, node: Concrete): boolean {
  if (node.type === 'case_pattern' && context.textOf(node).trim() === '_') return true;
  const [inner] = namedOf(node);
  return (
    node.type === 'case_pattern' && inner?.type === 'dotted_name' && namedOf(inner).length === 1
  );
}

function collectBindings(context: Lowering, node: Concrete, bindings: Identifier[]): void {
  if (node.type === 'dotted_name') {
    const parts = namedOf(node);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) bindings.push(context.identifier(only));
    return;
  }
  if (node.type === 'class_pattern') {
    for (const part of namedOf(node).slice(1)) collectBindings(context, part, bindings);
    return;
  }
  if (node.type === 'identifier') bindings.push(context.identifier(node));
  else for (const part of namedOf(node)) collectBindings(context, part, bindings);
}
