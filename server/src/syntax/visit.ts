import type { Expression, Node, Parameter } from './tree.ts';

const parametersOf = (parameters: readonly Parameter[]): Expression[] =>
  parameters.flatMap((parameter) => present(parameter.annotation, parameter.defaultValue));

const present = (...nodes: (Expression | null)[]): Expression[] =>
  nodes.filter((node): node is Expression => node !== null);

/** Direct children in source order, as far as the kinds have one. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'name':
    case 'number':
    case 'string':
    case 'constant':
    case 'pass':
    case 'break':
    case 'continue':
    case 'global':
    case 'nonlocal':
    case 'import':
    case 'importFrom':
    case 'magic':
      return [];
    case 'formatted':
      return node.values;
    case 'attribute':
      return [node.object];
    case 'subscript':
      return [node.object, ...node.index];
    case 'slice':
      return present(node.lower, node.upper, node.step);
    case 'call':
      return [node.callee, ...node.args.map((argument) => argument.value)];
    case 'binary':
    case 'boolean':
      return [node.left, node.right];
    case 'unary':
      return [node.operand];
    case 'compare':
      return [node.left, ...node.operands];
    case 'conditional':
      return [node.body, node.test, node.orElse];
    case 'lambda':
      return [...parametersOf(node.parameters), node.body];
    case 'tuple':
    case 'list':
    case 'set':
      return node.elements;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => present(key, value));
    case 'comprehension':
      return [
        ...present(node.element, node.value),
        ...node.clauses.flatMap((clause) => [clause.target, clause.iterable, ...clause.conditions]),
      ];
    case 'await':
    case 'starred':
      return [node.value];
    case 'yield':
      return present(node.value);
    case 'named':
      return [node.target, node.value];
    case 'broken':
      return node.parts;
    case 'expression':
      return [node.value];
    case 'assign':
      return [...node.targets, node.value];
    case 'augmentedAssign':
      return [node.target, node.value];
    case 'annotatedAssign':
      return present(node.target, node.annotation, node.value);
    case 'return':
      return present(node.value);
    case 'raise':
      return present(node.exception, node.cause);
    case 'assert':
      return present(node.test, node.message);
    case 'delete':
      return node.targets;
    case 'if':
    case 'while':
      return [node.test, ...node.body, ...node.orElse];
    case 'for':
      return [node.target, node.iterable, ...node.body, ...node.orElse];
    case 'with':
      return [...node.items.flatMap((item) => present(item.context, item.target)), ...node.body];
    case 'try':
      return [
        ...node.body,
        ...node.handlers.flatMap((handler): Node[] => [...present(handler.type), ...handler.body]),
        ...node.orElse,
        ...node.finalBody,
      ];
    case 'match':
      return [
        node.subject,
        ...node.cases.flatMap((matchCase): Node[] => [
          ...(matchCase.values ?? []),
          ...present(matchCase.guard),
          ...matchCase.body,
        ]),
      ];
    case 'function':
      return [
        ...node.decorators,
        ...parametersOf(node.parameters),
        ...present(node.returns),
        ...node.body,
      ];
    case 'class':
      return [...node.decorators, ...node.bases.map((base) => base.value), ...node.body];
    case 'brokenStatement':
      return node.parts;
  }
}

/** Calls `visit` for the nodes and everything inside them, parents first. */
export function walk(nodes: readonly Node[], visit: (node: Node) => void): void {
  const pending: Node[] = [...nodes].reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    visit(node);
    pending.push(...[...childrenOf(node)].reverse());
  }
}
