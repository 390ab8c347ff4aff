import { armsOf } from '../syntax/arms.ts';
import type { FunctionStatement, LambdaExpression, Statement } from '../syntax/tree.ts';

/** Statement lists directly inside a statement, without those of nested functions and classes. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
    case 'for':
    case 'while':
      return [statement.body, statement.orElse];
    case 'with':
      return [statement.body];
    case 'try':
      return [
        statement.body,
        ...statement.handlers.map((handler) => handler.body),
        statement.orElse,
        statement.finalBody,
      ];
    case 'match':
      return statement.cases.map((matchCase) => matchCase.body);
    case 'brokenStatement':
      return [statement.parts];
    default:
      return [];
  }
}

/** The same with the arms of all `elif` parts of one statement, so that thousands of them are no recursion. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  if (statement.kind !== 'if') return bodiesOf(statement);
  const arms = armsOf(statement);
  return [...arms.map(({ body }) => body), arms.at(-1)?.orElse ?? []];
}

const outerNames = new WeakMap<object, ReadonlyMap<string, 'global' | 'nonlocal'>>();

/** Names that the function declares `global` or `nonlocal`. */
export function declaredOuter(
  node: FunctionStatement | LambdaExpression,
): ReadonlyMap<string, 'global' | 'nonlocal'> {
  let names = outerNames.get(node);
  if (names === undefined) {
    const found = new Map<string, 'global' | 'nonlocal'>();
    const visit = (body: readonly Statement[]): void => {
      for (const statement of body) {
        if (statement.kind === 'global' || statement.kind === 'nonlocal') {
          for (const name of statement.names) found.set(name.text, statement.kind);
        }
        for (const inner of blocksOf(statement)) visit(inner);
      }
    };
    if (node.kind === 'function') visit(node.body);
    names = found;
    outerNames.set(node, names);
  }
  return names;
}

/** Does every path through these statements leave the enclosing body? */
export function leaves(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case 'return':
      case 'raise':
      case 'break':
      case 'continue':
        return true;
      case 'if':
        return blocksOf(statement).every(leaves);
      case 'with':
        return leaves(statement.body);
      case 'try':
        return leaves(statement.finalBody);
      default:
        return false;
    }
  });
}
