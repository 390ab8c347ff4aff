import type { Concrete } from './concrete.ts';
import { fieldOf, fieldsOf, namedOf } from './concrete.ts';
import { lowerArgument, lowerExpression } from './lowerExpressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerParameters } from './lowerParameters.ts';
import { lowerCase } from './lowerPatterns.ts';
import type {
  ExceptHandler,
  Expression,
  FunctionStatement,
  IfStatement,
  Statement,
} from './tree.ts';

type Lower = (
  context: Lowering,
  node: Concrete,
  decorators: readonly Expression[],
  /** The definition with its decorators. */
  whole: Concrete,
) => Statement | null;

/** Statements that hold statements, by tree-sitter type. */
const compound: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ['if_statement', lowerIf],
  ['for_statement', lowerFor],
  ['while_statement', lowerWhile],
  ['with_statement', lowerWith],
  ['try_statement', lowerTry],
  ['match_statement', lowerMatch],
  ['function_definition', lowerFunction],
  ['class_definition', lowerClass],
  ['decorated_definition', lowerDecorated],
]);

/** null when the node is no compound statement, or lacks what makes it one. */
export function lowerCompound(context: Lowering, node: Concrete): Statement | null {
  return compound.get(node.type)?.(context, node, [], node) ?? null;
}

const bodyOf = (context: Lowering, node: Concrete, field = 'body'): Statement[] =>
  context.lowerBody(context, fieldOf(node, field));

function lowerIf(context: Lowering, node: Concrete): Statement | null {
  const branches = [
    node,
    ...fieldsOf(node, 'alternative').filter((part) => part.type === 'elif_clause'),
  ];
  const last = fieldsOf(node, 'alternative').find((part) => part.type === 'else_clause');
  let orElse: Statement[] = last === undefined ? [] : bodyOf(context, last);
  let result: IfStatement | null = null;
  for (const branch of branches.reverse()) {
    const condition = fieldOf(branch, 'condition');
    if (condition === undefined) return null;
    const consequence = fieldOf(branch, 'consequence');
    result = {
      kind: 'if',
      elif: branch !== node,
      test: lowerExpression(context, condition),
      body: context.lowerBody(context, consequence),
      orElse,
      start: context.startOf(branch),
      end: context.endOf(node),
    };
    orElse = [result];
  }
  return result;
}

/** `elif`, `else`, `except` that lost their statement: their bodies are still readable. */
export function lowerClause(context: Lowering, node: Concrete): Statement[] | null {
  const clauses = ['elif_clause', 'else_clause', 'except_clause', 'finally_clause', 'block'];
  if (!clauses.includes(node.type)) return null;
  const block = node.type === 'block' ? node : node.children.find((part) => part.type === 'block');
  return context.lowerBody(context, block);
}

const elseOf = (context: Lowering, node: Concrete): Statement[] => {
  const clause = node.children.find((part) => part.type === 'else_clause');
  return clause === undefined ? [] : bodyOf(context, clause);
};

const isAsync = (node: Concrete): boolean => node.children.some((part) => part.type === 'async');

function lowerFor(context: Lowering, node: Concrete): Statement | null {
  const target = fieldOf(node, 'left');
  const iterable = fieldOf(node, 'right');
  if (target === undefined || iterable === undefined) return null;
  return {
    kind: 'for',
    isAsync: isAsync(node),
    target: lowerExpression(context, target),
    iterable: lowerExpression(context, iterable),
    body: bodyOf(context, node),
    orElse: elseOf(context, node),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerWhile(context: Lowering, node: Concrete): Statement | null {
  const test = fieldOf(node, 'condition');
  if (test === undefined) return null;
  return {
    kind: 'while',
    test: lowerExpression(context, test),
    body: bodyOf(context, node),
    orElse: elseOf(context, node),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerWith(context: Lowering, node: Concrete): Statement | null {
  const clause = node.children.find((part) => part.type === 'with_clause');
  if (clause === undefined) return null;
  const items = namedOf(clause).flatMap((item) => {
    const value = fieldOf(item, 'value') ?? item;
    const parts = value.type === 'tuple' && clause.children.length === 1 ? namedOf(value) : [value];
    return parts.map((part) => {
      const alias = fieldOf(part, 'alias');
      const target = alias === undefined ? undefined : namedOf(alias)[0];
      return {
        context: lowerExpression(context, part),
        target: target === undefined ? null : lowerExpression(context, target),
      };
    });
  });
  return {
    kind: 'with',
    isAsync: isAsync(node),
    items,
    body: bodyOf(context, node),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerTry(context: Lowering, node: Concrete): Statement {
  const handlers = node.children
    .filter((part) => part.type === 'except_clause' || part.type === 'except_group_clause')
    .map((part) => lowerHandler(context, part));
  const final = node.children.find((part) => part.type === 'finally_clause');
  return {
    kind: 'try',
    body: bodyOf(context, node),
    handlers,
    orElse: elseOf(context, node),
    finalBody:
      final === undefined
        ? []
        : context.lowerBody(
            context,
            final.children.find((part) => part.type === 'block'),
          ),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerHandler(context: Lowering, node: Concrete): ExceptHandler {
  const block = node.children.find((part) => part.type === 'block');
  const values = namedOf(node).filter((part) => part !== block);
  const alias = values
    .map((part) => fieldOf(part, 'alias') ?? (part.field === 'alias' ? part : undefined))
    .find(Boolean);
  const types = values
    .filter((part) => part.field !== 'alias')
    .map((part) => lowerExpression(context, part));
  const [first] = types;
  const type: Expression | null =
    first === undefined
      ? null
      : types.length === 1
        ? first
        : {
            kind: 'tuple',
            elements: types,
            start: first.start,
            end: (types.at(-1) as Expression).end,
          };
  const name = alias === undefined ? undefined : (namedOf(alias)[0] ?? alias);
  return {
    type,
    name: name === undefined ? null : context.identifier(name),
    group: node.children.some((part) => part.type === '*' || part.type === 'except*'),
    body: context.lowerBody(context, block),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerMatch(context: Lowering, node: Concrete): Statement | null {
  const subjects = fieldsOf(node, 'subject').map((part) => lowerExpression(context, part));
  const [first] = subjects;
  if (first === undefined) return null;
  const block = fieldOf(node, 'body');
  const cases = (block === undefined ? [] : namedOf(block)).filter(
    (part) => part.type === 'case_clause',
  );
  return {
    kind: 'match',
    subject:
      subjects.length === 1
        ? first
        : {
            kind: 'tuple',
            elements: subjects,
            start: first.start,
            end: (subjects.at(-1) as Expression).end,
          },
    cases: cases.map((part) => lowerCase(context, part)),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

function lowerFunction(
  context: Lowering,
  node: Concrete,
  decorators: readonly Expression[],
  whole: Concrete,
): Statement | null {
  const name = fieldOf(node, 'name');
  const parameters = fieldOf(node, 'parameters');
  const returns = fieldOf(node, 'return_type');
  if (name === undefined) return null;
  const leftOut = context.leftOut.get(node.start);
  const lowered: FunctionStatement = {
    kind: 'function',
    isAsync: isAsync(node),
    name: context.identifier(name),
    decorators,
    parameters:
      parameters === undefined ? [] : lowerParameters(context, parameters, lowerExpression),
    returns: returns === undefined ? null : lowerExpression(context, returns),
    body: leftOut === undefined ? bodyOf(context, node) : [],
    start: context.startOf(whole),
    end: context.endOf(whole),
  };
  return leftOut === undefined
    ? lowered
    : Object.defineProperty(lowered, 'body', { get: leftOut, enumerable: true });
}

function lowerClass(
  context: Lowering,
  node: Concrete,
  decorators: readonly Expression[],
  whole: Concrete,
): Statement | null {
  const name = fieldOf(node, 'name');
  const bases = fieldOf(node, 'superclasses');
  if (name === undefined) return null;
  return {
    kind: 'class',
    name: context.identifier(name),
    decorators,
    bases: bases === undefined ? [] : namedOf(bases).map((part) => lowerArgument(context, part)),
    body: bodyOf(context, node),
    start: context.startOf(whole),
    end: context.endOf(whole),
  };
}

function lowerDecorated(context: Lowering, node: Concrete): Statement | null {
  const definition = fieldOf(node, 'definition');
  if (definition === undefined) return null;
  const decorators = node.children
    .filter((part) => part.type === 'decorator')
    .flatMap((part) => namedOf(part).slice(0, 1))
    .map((part) => lowerExpression(context, part));
  return compound.get(definition.type)?.(context, definition, decorators, node) ?? null;
}
