/**
 * The typed Python tree that everything above `syntax/` reads. Shaped after CPython's `ast`, with
 * half-open UTF-16 offsets into the document text (for a notebook: into its cells joined by "\n").
 */

import type { Outline } from './outline.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A name with its own place, such as an attribute's or a keyword argument's. */
export interface Identifier extends Span {
  readonly text: string;
}

export type Expression =
  | NameExpression
  | NumberLiteral
  | StringLiteral
  | FormattedString
  | ConstantLiteral
  | AttributeExpression
  | SubscriptExpression
  | SliceExpression
  | CallExpression
  | BinaryExpression
  | UnaryExpression
  | BooleanExpression
  | CompareExpression
  | ConditionalExpression
  | LambdaExpression
  | SequenceExpression
  | DictExpression
  | ComprehensionExpression
  | AwaitExpression
  | YieldExpression
  | NamedExpression
  | StarredExpression
  | BrokenExpression;

export type Statement =
  | ExpressionStatement
  | AssignStatement
  | AugmentedAssignStatement
  | AnnotatedAssignStatement
  | ReturnStatement
  | RaiseStatement
  | AssertStatement
  | DeleteStatement
  | ScopeStatement
  | SimpleStatement
  | ImportStatement
  | ImportFromStatement
  | IfStatement
  | ForStatement
  | WhileStatement
  | WithStatement
  | TryStatement
  | MatchStatement
  | FunctionStatement
  | ClassStatement
  | MagicStatement
  | BrokenStatement;

export type Node = Expression | Statement;

export interface NameExpression extends Span {
  readonly kind: 'name';
  readonly id: string;
}
export interface NumberLiteral extends Span {
  readonly kind: 'number';
  /** NaN for an imaginary literal. */
  readonly value: number;
  readonly isFloat: boolean;
}
/** A plain string, also several adjacent literals joined; `bytes` for b"…". */
export interface StringLiteral extends Span {
  readonly kind: 'string';
  /** The value with simple escapes resolved. */
  readonly value: string;
  readonly bytes: boolean;
  /** Quote characters with the prefix, of the first literal: `"`, `'`, `"""`, `r"`. */
  readonly opening: string;
}
/** f"…" or t"…": the interpolated expressions in order. */
export interface FormattedString extends Span {
  readonly kind: 'formatted';
  readonly values: readonly Expression[];
}
export interface ConstantLiteral extends Span {
  readonly kind: 'constant';
  readonly value: true | false | null | 'ellipsis';
}
export interface AttributeExpression extends Span {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: Identifier;
}
export interface SubscriptExpression extends Span {
  readonly kind: 'subscript';
  readonly object: Expression;
  readonly index: readonly Expression[];
}
export interface SliceExpression extends Span {
  readonly kind: 'slice';
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly step: Expression | null;
}
export interface Argument extends Span {
  readonly form: 'positional' | 'keyword' | 'star' | 'doubleStar';
  /** Only for `keyword`. */
  readonly name: Identifier | null;
  readonly value: Expression;
}
export interface CallExpression extends Span {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Argument[];
  /** From "(" to ")" inclusive; for a generator argument the generator's own span. */
  readonly parens: Span;
}
export interface BinaryExpression extends Span {
  readonly kind: 'binary';
  /** `+ - * / // % ** @ << >> & | ^` */
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface UnaryExpression extends Span {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | '~' | 'not';
  readonly operand: Expression;
}
/** `a and b and c` is (a and b) and c. */
export interface BooleanExpression extends Span {
  readonly kind: 'boolean';
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}
export interface CompareExpression extends Span {
  readonly kind: 'compare';
  readonly left: Expression;
  /** `== != < > <= >= in not in is is not`, one for each operand. */
  readonly operators: readonly string[];
  readonly operands: readonly Expression[];
}
export interface ConditionalExpression extends Span {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly body: Expression;
  readonly orElse: Expression;
}
export interface LambdaExpression extends Span {
  readonly kind: 'lambda';
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}
export interface SequenceExpression extends Span {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly elements: readonly Expression[];
}
export interface DictExpression extends Span {
  readonly kind: 'dict';
  /** key null for `**value`. */
  readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[];
}
export interface ComprehensionExpression extends Span {
  readonly kind: 'comprehension';
  readonly form: 'list' | 'set' | 'dict' | 'generator';
  readonly element: Expression;
  /** Only for `dict`: the value that goes with `element` as the key. */
  readonly value: Expression | null;
  readonly clauses: readonly ComprehensionClause[];
}
export interface ComprehensionClause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}
export interface AwaitExpression extends Span {
  readonly kind: 'await';
  readonly value: Expression;
}
export interface YieldExpression extends Span {
  readonly kind: 'yield';
  readonly value: Expression | null;
  readonly from: boolean;
}
export interface NamedExpression extends Span {
  readonly kind: 'named';
  readonly target: NameExpression;
  readonly value: Expression;
}
export interface StarredExpression extends Span {
  readonly kind: 'starred';
  readonly value: Expression;
}
/** Unparsable or half-typed text, and what could still be read inside it. */
export interface BrokenExpression extends Span {
  readonly kind: 'broken';
  readonly parts: readonly Expression[];
}

export interface Parameter extends Span {
  readonly form: 'plain' | 'star' | 'doubleStar' | 'keywordOnlyMarker' | 'positionalOnlyMarker';
  readonly name: Identifier | null;
  readonly annotation: Expression | null;
  readonly defaultValue: Expression | null;
}

export interface ExpressionStatement extends Span {
  readonly kind: 'expression';
  readonly value: Expression;
}
/** `a = b = value` has two targets. */
export interface AssignStatement extends Span {
  readonly kind: 'assign';
  readonly targets: readonly Expression[];
  readonly value: Expression;
}
export interface AugmentedAssignStatement extends Span {
  readonly kind: 'augmentedAssign';
  readonly target: Expression;
  /** Without the "=". */
  readonly operator: string;
  readonly value: Expression;
}
export interface AnnotatedAssignStatement extends Span {
  readonly kind: 'annotatedAssign';
  readonly target: Expression;
  readonly annotation: Expression;
  readonly value: Expression | null;
}
export interface ReturnStatement extends Span {
  readonly kind: 'return';
  readonly value: Expression | null;
}
export interface RaiseStatement extends Span {
  readonly kind: 'raise';
  readonly exception: Expression | null;
  readonly cause: Expression | null;
}
export interface AssertStatement extends Span {
  readonly kind: 'assert';
  readonly test: Expression;
  readonly message: Expression | null;
}
export interface DeleteStatement extends Span {
  readonly kind: 'delete';
  readonly targets: readonly Expression[];
}
export interface ScopeStatement extends Span {
  readonly kind: 'global' | 'nonlocal';
  readonly names: readonly Identifier[];
}
export interface SimpleStatement extends Span {
  readonly kind: 'pass' | 'break' | 'continue';
}
export interface ImportStatement extends Span {
  readonly kind: 'import';
  readonly names: readonly ImportedModule[];
}
export interface ImportedModule extends Span {
  readonly module: string;
  readonly alias: Identifier | null;
}
export interface ImportFromStatement extends Span {
  readonly kind: 'importFrom';
  /** "" for `from . import x`. */
  readonly module: string;
  /** Leading dots. */
  readonly level: number;
  readonly star: boolean;
  readonly names: readonly ImportedName[];
}
export interface ImportedName extends Span {
  readonly name: Identifier;
  readonly alias: Identifier | null;
}
/** `elif` is an IfStatement alone in `orElse`, with `elif: true`. */
export interface IfStatement extends Span {
  readonly kind: 'if';
  readonly elif: boolean;
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orElse: readonly Statement[];
}
export interface ForStatement extends Span {
  readonly kind: 'for';
  readonly isAsync: boolean;
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly orElse: readonly Statement[];
}
export interface WhileStatement extends Span {
  readonly kind: 'while';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly orElse: readonly Statement[];
}
export interface WithStatement extends Span {
  readonly kind: 'with';
  readonly isAsync: boolean;
  readonly items: readonly { readonly context: Expression; readonly target: Expression | null }[];
  readonly body: readonly Statement[];
}
export interface ExceptHandler extends Span {
  /** null for a bare `except:`. */
  readonly type: Expression | null;
  readonly name: Identifier | null;
  readonly group: boolean;
  readonly body: readonly Statement[];
}
export interface TryStatement extends Span {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  readonly handlers: readonly ExceptHandler[];
  readonly orElse: readonly Statement[];
  readonly finalBody: readonly Statement[];
}
export interface MatchCase extends Span {
  /** Literal and dotted-name patterns as expressions; null for a pattern that is not a plain value. */
  readonly values: readonly Expression[] | null;
  /** `case _:` or `case name:` without a guard. */
  readonly irrefutable: boolean;
  /** Names that the pattern binds. */
  readonly bindings: readonly Identifier[];
  readonly guard: Expression | null;
  readonly body: readonly Statement[];
}
export interface MatchStatement extends Span {
  readonly kind: 'match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}
export interface FunctionStatement extends Span {
  readonly kind: 'function';
  readonly isAsync: boolean;
  readonly name: Identifier;
  readonly decorators: readonly Expression[];
  readonly parameters: readonly Parameter[];
  readonly returns: Expression | null;
  readonly body: readonly Statement[];
}
export interface ClassStatement extends Span {
  readonly kind: 'class';
  readonly name: Identifier;
  readonly decorators: readonly Expression[];
  readonly bases: readonly Argument[];
  readonly body: readonly Statement[];
}
/** An IPython line: `%env A=1`, `!pip …`, `x?`. Its text was blanked before parsing. */
export interface MagicStatement extends Span {
  readonly kind: 'magic';
  /** "env", "time", "timeit", …; "!" for a shell line; "?" for help. */
  readonly name: string;
  /** What follows the name, trimmed. */
  readonly argument: string;
  readonly cell: boolean;
}
export interface BrokenStatement extends Span {
  readonly kind: 'brokenStatement';
  readonly parts: readonly Statement[];
}

/** A comment, "#" included. */
export interface Comment extends Span {
  readonly text: string;
}

export interface Module {
  /** The whole text that the offsets index. */
  readonly text: string;
  /** null: not told without parsing. */
  readonly outline: Outline | null;
  readonly body: readonly Statement[];
  readonly comments: readonly Comment[];
  /** Start offset of each notebook cell in order; [0] for a file. */
  readonly cellStarts: readonly number[];
  /** True when some part could not be parsed. */
  readonly broken: boolean;
  /** Where the first such part is, of what has been parsed so far. */
  readonly brokenAt: () => number | null;
  /** Parses all of it at once, which is faster than part by part where all is needed; absent: it has been. */
  readonly readAll?: () => void;
}
