import type { Concrete } from './concrete.ts';
import { fieldOf, fieldsOf, namedOf } from './concrete.ts';
import type { Lowering } from './lowering.ts';
import { lowerNumber, lowerString } from './lowerLiterals.ts';
import { lowerParameters } from './lowerParameters.ts';
import type { Argument, ComprehensionClause, Expression, NameExpression } from './tree.ts';

/** Lowers an expression; parentheses vanish, as in CPython's tree. */
export function lowerExpression(context: Lowering, node: Concrete): Expression {
  const span = context.span(node);
  const child = (field: string): Expression => {
    const found = fieldOf(node, field);
    return found === undefined ? broken(context, node) : lowerExpression(context, found);
  };
  switch (node.type) {
    case 'identifier':
    case 'keyword_identifier':
      return node.missing
        ? broken(context, node)
        : { kind: 'name', id: context.textOf(node), start: span.start, end: span.end };
    case 'integer':
    case 'float':
      return lowerNumber(context, node);
    case 'string':
    case 'concatenated_string':
      return lowerString(context, node, lowerExpression) ?? broken(context, node);
    case 'true':
      return { kind: 'constant', value: true, start: span.start, end: span.end };
    case 'false':
      return { kind: 'constant', value: false, start: span.start, end: span.end };
    case 'none':
      return { kind: 'constant', value: null, start: span.start, end: span.end };
    case 'ellipsis':
      return { kind: 'constant', value: 'ellipsis', start: span.start, end: span.end };
    case 'parenthesized_expression':
    case 'type':
    case 'expression_statement':
    case 'format_expression': {
      const inner = namedOf(node)[0];
      return inner === undefined ? broken(context, node) : lowerExpression(context, inner);
    }
    case 'attribute':
      return lowerAttribute(context, node);
    case 'subscript': {
      const index = fieldsOf(node, 'subscript').map((part) => lowerExpression(context, part));
      return { kind: 'subscript', object: child('value'), index, start: span.start, end: span.end };
    }
    case 'generic_type': {
      const [object, ...index] = namedOf(node);
      if (object === undefined) return broken(context, node);
      return {
        kind: 'subscript',
        object: lowerExpression(context, object),
        index: index.flatMap(namedOf).map((part) => lowerExpression(context, part)),
        start: span.start,
        end: span.end,
      };
    }
    case 'slice':
      return lowerSlice(context, node);
    case 'call':
      return lowerCall(context, node);
    case 'binary_operator':
      return lowerBinary(context, node);
    case 'union_type':
      return lowerNary(context, node, '|');
    case 'unary_operator': {
      const operator = node.children[0];
      const text = operator === undefined ? '-' : context.textOf(operator);
      return {
        kind: 'unary',
        operator: text as '-' | '+' | '~',
        operand: child('argument'),
        start: span.start,
        end: span.end,
      };
    }
    case 'not_operator':
      return {
        kind: 'unary',
        operator: 'not',
        operand: child('argument'),
        start: span.start,
        end: span.end,
      };
    case 'boolean_operator': {
      const operator = fieldOf(node, 'operator')?.type === 'or' ? 'or' : 'and';
      return {
        kind: 'boolean',
        operator,
        left: child('left'),
        right: child('right'),
        start: span.start,
        end: span.end,
      };
    }
    case 'comparison_operator': {
      const [left, ...operands] = namedOf(node).filter((part) => part.field !== 'operators');
      const operators = fieldsOf(node, 'operators').map((operator) =>
        context.textOf(operator).replace(/\s+/g, ' '),
      );
      if (left === undefined || operands.length !== operators.length) return broken(context, node);
      return {
        kind: 'compare',
        left: lowerExpression(context, left),
        operators,
        operands: operands.map((operand) => lowerExpression(context, operand)),
        start: span.start,
        end: span.end,
      };
    }
    case 'conditional_expression': {
      const [body, test, orElse] = namedOf(node).map((part) => lowerExpression(context, part));
      if (body === undefined || test === undefined || orElse === undefined)
        return broken(context, node);
      return { kind: 'conditional', body, test, orElse, start: span.start, end: span.end };
    }
    case 'lambda': {
      const parameters = fieldOf(node, 'parameters');
      return {
        kind: 'lambda',
        parameters:
          parameters === undefined ? [] : lowerParameters(context, parameters, lowerExpression),
        body: child('body'),
        start: span.start,
        end: span.end,
      };
    }
    case 'tuple':
    case 'expression_list':
    case 'pattern_list':
    case 'tuple_pattern':
      return { kind: 'tuple', elements: elements(context, node), start: span.start, end: span.end };
    case 'list':
    case 'list_pattern':
      return { kind: 'list', elements: elements(context, node), start: span.start, end: span.end };
    case 'set':
      return { kind: 'set', elements: elements(context, node), start: span.start, end: span.end };
    case 'dictionary':
      return lowerDict(context, node);
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'generator_expression':
      return lowerComprehension(context, node);
    case 'await': {
      const value = namedOf(node)[0];
      return value === undefined
        ? broken(context, node)
        : {
            kind: 'await',
            value: lowerExpression(context, value),
            start: span.start,
            end: span.end,
          };
    }
    case 'yield': {
      const value = namedOf(node)[0];
      return {
        kind: 'yield',
        value: value === undefined ? null : lowerExpression(context, value),
        from: node.children.some((part) => part.type === 'from'),
        start: span.start,
        end: span.end,
      };
    }
    case 'named_expression': {
      const target = child('name');
      return target.kind === 'name'
        ? {
            kind: 'named',
            target: target as NameExpression,
            value: child('value'),
            start: span.start,
            end: span.end,
          }
        : broken(context, node);
    }
    case 'list_splat':
    case 'list_splat_pattern':
    case 'dictionary_splat':
    case 'dictionary_splat_pattern': {
      const value = namedOf(node)[0];
      return value === undefined
        ? broken(context, node)
        : {
            kind: 'starred',
            value: lowerExpression(context, value),
            start: span.start,
            end: span.end,
          };
    }
    case 'as_pattern': {
      const value = namedOf(node)[0];
      return value === undefined ? broken(context, node) : lowerExpression(context, value);
    }
    case 'print':
    case 'exec':
    case 'type_identifier':
      return { kind: 'name', id: context.textOf(node), start: span.start, end: span.end };
    default:
      return broken(context, node);
  }
}

/** What cannot be read, with the expressions inside that can. */
export function broken(context: Lowering, node: Concrete): Expression {
  context.broken = true;
  const parts = namedOf(node).flatMap((part) => {
    const lowered = lowerExpression(context, part);
    return lowered.kind === 'broken' ? lowered.parts : [lowered];
  });
  return { kind: 'broken', parts, start: context.startOf(node), end: context.endOf(node) };
}

const elements = (context: Lowering, node: Concrete): Expression[] =>
  namedOf(node).map((part) => lowerExpression(context, part));

function lowerAttribute(context: Lowering, node: Concrete): Expression {
  const object = fieldOf(node, 'object');
  const name = fieldOf(node, 'attribute');
  const dot = node.children.find((part) => part.type === '.');
  if (object === undefined || name === undefined || dot === undefined || name.missing)
    return broken(context, node);
  // `x = torch.` on one line and a name on the next parses, but nobody meant it.
  const gap = context.text.slice(dot.end, name.start);
  if (gap.includes('\n') && !gap.includes('\\') && !context.insideBrackets(dot.start)) {
    return broken(context, node);
  }
  return {
    kind: 'attribute',
    object: lowerExpression(context, object),
    name: context.identifier(name),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerSlice(context: Lowering, node: Concrete): Expression {
  const bounds: (Expression | null)[] = [null, null, null];
  let at = 0;
  for (const part of node.children) {
    if (part.type === ':') at += 1;
    else if (part.named && part.type !== 'comment' && at < 3)
      bounds[at] = lowerExpression(context, part);
  }
  return {
    kind: 'slice',
    lower: bounds[0] ?? null,
    upper: bounds[1] ?? null,
    step: bounds[2] ?? null,
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerCall(context: Lowering, node: Concrete): Expression {
  const callee = fieldOf(node, 'function');
  const list = fieldOf(node, 'arguments');
  if (callee === undefined || list === undefined) return broken(context, node);
  const args: Argument[] =
    list.type === 'generator_expression'
      ? [
          {
            form: 'positional',
            name: null,
            value: lowerExpression(context, list),
            start: context.startOf(list),
            end: context.endOf(list),
          },
        ]
      : namedOf(list).map((part) => lowerArgument(context, part));
  return {
    kind: 'call',
    callee: lowerExpression(context, callee),
    args,
    parens: context.span(list),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

export function lowerArgument(context: Lowering, node: Concrete): Argument {
  const span = context.span(node);
  if (node.type === 'keyword_argument') {
    const name = fieldOf(node, 'name');
    const value = fieldOf(node, 'value');
    if (name !== undefined && value !== undefined) {
      return {
        form: 'keyword',
        name: context.identifier(name),
        value: lowerExpression(context, value),
        start: span.start,
        end: span.end,
      };
    }
  }
  const value = lowerExpression(context, node);
  if (value.kind !== 'starred')
    return { form: 'positional', name: null, value, start: span.start, end: span.end };
  const form = node.type.startsWith('dictionary') ? 'doubleStar' : 'star';
  return { form, name: null, value: value.value, start: span.start, end: span.end };
}

/** Chains of operators are lowered from the left without recursion: generated code has thousands. */
function lowerBinary(context: Lowering, node: Concrete): Expression {
  const chain: Concrete[] = [];
  let at: Concrete | undefined = node;
  while (at !== undefined && at.type === 'binary_operator') {
    chain.push(at);
    at = fieldOf(at, 'left');
  }
  let left = at === undefined ? broken(context, node) : lowerExpression(context, at);
  for (const link of chain.reverse()) {
    const right = fieldOf(link, 'right');
    const operator = fieldOf(link, 'operator');
    if (right === undefined || operator === undefined) return broken(context, node);
    left = {
      kind: 'binary',
      operator: context.textOf(operator),
      left,
      right: lowerExpression(context, right),
      start: context.startOf(link),
      end: context.endOf(link),
    };
  }
  return left;
}

function lowerNary(context: Lowering, node: Concrete, operator: string): Expression {
  const [first, ...others] = elements(context, node);
  if (first === undefined) return broken(context, node);
  return others.reduce<Expression>(
    (left, right) => ({
      kind: 'binary',
      operator,
      left,
      right,
      start: first.start,
      end: right.end,
    }),
    first,
  );
}

function lowerDict(context: Lowering, node: Concrete): Expression {
  const entries = namedOf(node).map((part) => {
    const key = fieldOf(part, 'key');
    const value = fieldOf(part, 'value');
    if (part.type === 'pair' && key !== undefined && value !== undefined) {
      return { key: lowerExpression(context, key), value: lowerExpression(context, value) };
    }
    const lowered = lowerExpression(context, part);
    return { key: null, value: lowered.kind === 'starred' ? lowered.value : lowered };
  });
  return { kind: 'dict', entries, start: context.startOf(node), end: context.endOf(node) };
}

const comprehensionForms = {
  list_comprehension: 'list',
  set_comprehension: 'set',
  dictionary_comprehension: 'dict',
  generator_expression: 'generator',
} as const;

function lowerComprehension(context: Lowering, node: Concrete): Expression {
  const body = fieldOf(node, 'body');
  if (body === undefined) return broken(context, node);
  const clauses: { target: Expression; iterable: Expression; conditions: Expression[] }[] = [];
  for (const part of namedOf(node)) {
    if (part.type === 'for_in_clause') {
      const target = fieldOf(part, 'left');
      const iterable = fieldOf(part, 'right');
      if (target === undefined || iterable === undefined) return broken(context, node);
      clauses.push({
        target: lowerExpression(context, target),
        iterable: lowerExpression(context, iterable),
        conditions: [],
      });
    } else if (part.type === 'if_clause') {
      clauses.at(-1)?.conditions.push(...elements(context, part));
    }
  }
  const key = fieldOf(body, 'key');
  const value = fieldOf(body, 'value');
  const isPair = body.type === 'pair' && key !== undefined && value !== undefined;
  return {
    kind: 'comprehension',
    form: comprehensionForms[node.type as keyof typeof comprehensionForms],
    element: lowerExpression(context, isPair ? key : body),
    value: isPair ? lowerExpression(context, value) : null,
    clauses: clauses as ComprehensionClause[],
    start: context.startOf(node),
    end: context.endOf(node),
  };
}
