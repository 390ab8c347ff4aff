import type { Concrete } from './concrete.ts';
import { fieldOf, fieldsOf, namedOf } from './concrete.ts';
import { lowerClause, lowerCompound } from './lowerCompound.ts';
import { lowerExpression } from './lowerExpressions.ts';
import type { LeftOut } from './lowering.ts';
import { Lowering } from './lowering.ts';
import type {
  Comment,
  Expression,
  ImportedModule,
  ImportedName,
  MagicStatement,
  Module,
  Statement,
} from './tree.ts';

/** Lowers a whole text that lies at `offset` of `whole`. */
export function lowerModule(
  text: string,
  root: Concrete,
  magics: readonly MagicStatement[],
  offset: number,
  whole: string,
  leftOut: LeftOut = new Map(),
  outlivesText = false,
): Module {
  const context = new Lowering(text, offset, magics, root, lowerBody, leftOut, outlivesText);
  const body = withMagics(context, lowerBody(context, root));
  return {
    text: whole,
    body,
    comments: commentsOf(context, root),
    outline: null,
    cellStarts: [0],
    broken: context.broken || hasError(root),
  };
}

const hasError = (node: Concrete): boolean =>
  node.type === 'ERROR' || node.missing || node.children.some(hasError);

function commentsOf(context: Lowering, root: Concrete): Comment[] {
  const comments: Comment[] = [];
  const visit = (node: Concrete): void => {
    if (node.type === 'comment') {
      // The grammar takes the first half of the line's end for a part of it.
      const text = context.textOf(node).replace(/\r$/, '');
      const start = context.startOf(node);
      comments.push({ text, start, end: start + text.length });
    } else for (const child of node.children) visit(child);
  };
  visit(root);
  return comments;
}

/** IPython lines of the top level, where they stood. */
function withMagics(context: Lowering, body: readonly Statement[]): Statement[] {
  const magics = context.magics.map((magic) => ({
    ...magic,
    start: context.startOf(magic),
    end: context.endOf(magic),
  }));
  return [...body, ...magics].sort((a, b) => a.start - b.start);
}

/** The statements of a module or block. */
function lowerBody(context: Lowering, node: Concrete | undefined): Statement[] {
  if (node === undefined) return [];
  return namedOf(node).flatMap((part) => lowerStatement(context, part));
}

export function lowerStatement(context: Lowering, node: Concrete): Statement[] {
  const span = context.span(node);
  const compound = lowerCompound(context, node);
  if (compound !== null) return [compound];
  switch (node.type) {
    case 'expression_statement':
      return lowerExpressionStatement(context, node);
    case 'return_statement':
      return [
        { kind: 'return', value: firstExpression(context, node), start: span.start, end: span.end },
      ];
    case 'raise_statement': {
      const cause = fieldOf(node, 'cause');
      const exception = namedOf(node).find((part) => part !== cause);
      return [
        {
          kind: 'raise',
          exception: exception === undefined ? null : lowerExpression(context, exception),
          cause: cause === undefined ? null : lowerExpression(context, cause),
          start: span.start,
          end: span.end,
        },
      ];
    }
    case 'assert_statement': {
      const [test, message] = namedOf(node).map((part) => lowerExpression(context, part));
      if (test === undefined) return brokenStatement(context, node);
      return [{ kind: 'assert', test, message: message ?? null, start: span.start, end: span.end }];
    }
    case 'delete_statement': {
      const targets = namedOf(node).flatMap((part) => {
        const target = lowerExpression(context, part);
        return target.kind === 'tuple' ? target.elements : [target];
      });
      return [{ kind: 'delete', targets, start: span.start, end: span.end }];
    }
    case 'global_statement':
    case 'nonlocal_statement':
      return [
        {
          kind: node.type === 'global_statement' ? 'global' : 'nonlocal',
          names: namedOf(node).map((part) => context.identifier(part)),
          start: span.start,
          end: span.end,
        },
      ];
    case 'pass_statement':
      return [{ kind: 'pass', start: span.start, end: span.end }];
    case 'break_statement':
      return [{ kind: 'break', start: span.start, end: span.end }];
    case 'continue_statement':
      return [{ kind: 'continue', start: span.start, end: span.end }];
    case 'import_statement':
      return [
        {
          kind: 'import',
          names: namedOf(node).map((part) => importedModule(context, part)),
          start: span.start,
          end: span.end,
        },
      ];
    case 'future_import_statement':
      return [
        {
          kind: 'importFrom',
          module: '__future__',
          level: 0,
          star: false,
          names: fieldsOf(node, 'name').map((part) => importedName(context, part)),
          start: span.start,
          end: span.end,
        },
      ];
    case 'import_from_statement':
      return [lowerImportFrom(context, node)];
    case 'type_alias_statement':
      return lowerTypeAlias(context, node);
    case 'block':
      return lowerBody(context, node);
    default:
      return brokenStatement(context, node);
  }
}

function firstExpression(context: Lowering, node: Concrete): Expression | null {
  const value = namedOf(node)[0];
  return value === undefined ? null : lowerExpression(context, value);
}

/** What cannot be read, with the statements inside that can. */
function brokenStatement(context: Lowering, node: Concrete): Statement[] {
  context.broken = true;
  const parts = namedOf(node).flatMap((part): Statement[] => {
    if (/_statement$|_definition$/.test(part.type)) return lowerStatement(context, part);
    if (part.type === 'ERROR') return brokenStatement(context, part);
    const clause = lowerClause(context, part);
    if (clause !== null) return clause;
    const value = lowerExpression(context, part);
    return value.kind === 'broken' && value.parts.length === 0
      ? []
      : [{ kind: 'expression', value, start: value.start, end: value.end }];
  });
  return [
    { kind: 'brokenStatement', parts, start: context.startOf(node), end: context.endOf(node) },
  ];
}

function lowerExpressionStatement(context: Lowering, node: Concrete): Statement[] {
  const span = context.span(node);
  const parts = namedOf(node);
  const [first] = parts;
  if (first === undefined) return brokenStatement(context, node);
  if (parts.length > 1) {
    // A tuple without parentheses.
    const elements = parts.map((part) => lowerExpression(context, part));
    return [
      {
        kind: 'expression',
        value: { kind: 'tuple', elements, start: span.start, end: span.end },
        start: span.start,
        end: span.end,
      },
    ];
  }
  if (first.type === 'assignment') return lowerAssignment(context, first);
  if (first.type === 'augmented_assignment') {
    const target = fieldOf(first, 'left');
    const value = fieldOf(first, 'right');
    const operator = fieldOf(first, 'operator');
    if (target === undefined || value === undefined || operator === undefined)
      return brokenStatement(context, node);
    return [
      {
        kind: 'augmentedAssign',
        target: lowerExpression(context, target),
        operator: context.textOf(operator).replace(/=$/, ''),
        value: lowerExpression(context, value),
        start: span.start,
        end: span.end,
      },
    ];
  }
  return [
    {
      kind: 'expression',
      value: lowerExpression(context, first),
      start: span.start,
      end: span.end,
    },
  ];
}

function lowerAssignment(context: Lowering, node: Concrete): Statement[] {
  const span = context.span(node);
  const type = fieldOf(node, 'type');
  const target = fieldOf(node, 'left');
  if (target === undefined) return brokenStatement(context, node);
  if (type !== undefined) {
    const value = fieldOf(node, 'right');
    return [
      {
        kind: 'annotatedAssign',
        target: lowerExpression(context, target),
        annotation: lowerExpression(context, type),
        value: value === undefined ? null : lowerExpression(context, value),
        start: span.start,
        end: span.end,
      },
    ];
  }
  const targets: Expression[] = [];
  const halfTyped: Statement[] = [];
  let at: Concrete = node;
  while (at.type === 'assignment') {
    const left = fieldOf(at, 'left');
    const right = fieldOf(at, 'right');
    if (left === undefined || right === undefined) return brokenStatement(context, node);
    const lowered = lowerExpression(context, left);
    if (lowered.kind === 'broken' && right !== undefined) {
      // `x = torch.` and, on the next line, `y = 1`: the second assignment was meant as its own.
      halfTyped.push({
        kind: 'expression',
        value: lowered,
        start: lowered.start,
        end: lowered.end,
      });
    } else {
      targets.push(lowered);
    }
    at = right;
  }
  const value = lowerExpression(context, at);
  if (halfTyped.length > 0)
    return [{ kind: 'brokenStatement', parts: halfTyped, start: span.start, end: span.end }];
  return [{ kind: 'assign', targets, value, start: span.start, end: span.end }];
}

function importedModule(context: Lowering, node: Concrete): ImportedModule {
  const span = context.span(node);
  if (node.type === 'aliased_import') {
    const name = fieldOf(node, 'name');
    const alias = fieldOf(node, 'alias');
    return {
      module: name === undefined ? '' : dotted(context, name),
      alias: alias === undefined ? null : context.identifier(alias),
      start: span.start,
      end: span.end,
    };
  }
  return { module: dotted(context, node), alias: null, start: span.start, end: span.end };
}

const dotted = (context: Lowering, node: Concrete): string =>
  context.textOf(node).replace(/\s+/g, '');

function importedName(context: Lowering, node: Concrete): ImportedName {
  const span = context.span(node);
  if (node.type === 'aliased_import') {
    const name = fieldOf(node, 'name');
    const alias = fieldOf(node, 'alias');
    return {
      name: context.identifier(name ?? node),
      alias: alias === undefined ? null : context.identifier(alias),
      start: span.start,
      end: span.end,
    };
  }
  return { name: context.identifier(node), alias: null, start: span.start, end: span.end };
}

function lowerImportFrom(context: Lowering, node: Concrete): Statement {
  const module = fieldOf(node, 'module_name');
  const prefix = module?.children.find((part) => part.type === 'import_prefix');
  const relative = module?.type === 'relative_import';
  const name = relative ? module.children.find((part) => part.type === 'dotted_name') : module;
  return {
    kind: 'importFrom',
    module: name === undefined ? '' : dotted(context, name),
    level: prefix === undefined ? 0 : context.textOf(prefix).replace(/[^.]/g, '').length,
    star: node.children.some((part) => part.type === 'wildcard_import'),
    names: fieldsOf(node, 'name').map((part) => importedName(context, part)),
    start: context.startOf(node),
    end: context.endOf(node),
  };
}

/** `type X = int`; the grammar also reads `type(x).y = 1` so, which is an assignment. */
function lowerTypeAlias(context: Lowering, node: Concrete): Statement[] {
  const span = context.span(node);
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  if (left === undefined || right === undefined) return brokenStatement(context, node);
  const value = lowerExpression(context, right);
  if (
    context.text.slice(node.start, left.start + 1).endsWith('(') ||
    context.text[node.start + 4] === '('
  ) {
    return [
      {
        kind: 'brokenStatement',
        parts: [{ kind: 'expression', value, start: value.start, end: value.end }],
        start: span.start,
        end: span.end,
      },
    ];
  }
  const target = lowerExpression(context, left);
  return [{ kind: 'assign', targets: [target], value, start: span.start, end: span.end }];
}
