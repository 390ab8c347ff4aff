import type {
  AttributeExpression,
  CallExpression,
  ClassStatement,
  CompareExpression,
  Expression,
  SubscriptExpression,
} from '../syntax/tree.ts';
import type { ClassValue, Device, InstanceValue, MlxArrayValue, Value } from './values.ts';

/** An operation on MLX arrays is recorded. */
interface ArrayOperationFact {
  readonly kind: 'arrayOperation';
  readonly node: Expression;
  /** `+` or the canonical name of the function or the method: `mlx.core.exp`. */
  readonly operation: string;
  readonly inputs: readonly Value[];
  /** null: NumPy computes it, because its array stands on the left. */
  readonly result: MlxArrayValue | null;
  /** Where it will run; null: unknown. */
  readonly device: Device | null;
}

/** `augmented`: `x[i] += v`, which also loads. */
export type ArrayUse = 'load' | 'store' | 'augmented';

/** An MLX array is indexed. */
interface ArrayIndexFact {
  readonly kind: 'arrayIndex';
  readonly node: SubscriptExpression;
  readonly array: MlxArrayValue;
  readonly index: readonly Value[];
  readonly use: ArrayUse;
  /** Of `augmented`, without the "=". */
  readonly operator: string | null;
}

/** The truth of an MLX array is asked for: `if`, `while`, `assert`, `not`, `and`, `or`. */
interface ArrayTestFact {
  readonly kind: 'arrayTest';
  readonly node: Expression;
  readonly array: MlxArrayValue;
}

/** `==` or another operator with an MLX array on one side at least. */
interface ArrayComparisonFact {
  readonly kind: 'arrayComparison';
  readonly node: CompareExpression;
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
}

/** An attribute of an mlx.nn.Module of this file is set. */
export interface ModuleAttributeFact {
  readonly kind: 'moduleAttribute';
  readonly node: AttributeExpression;
  readonly module: InstanceValue;
  readonly value: Value;
  /** How the value holds modules; null: it holds none that are known. */
  readonly holds: 'module' | 'list' | 'tuple' | 'container' | null;
  /** The modules that it holds. */
  readonly held: readonly Value[];
  /** Does a parameter bring the value? Who passes it may have registered it. */
  readonly isGiven: boolean;
  /** Name of the method that sets it; null outside of functions. */
  readonly method: string | null;
}

/** A random key is given to a draw that another draw has used. */
interface KeyReuseFact {
  readonly kind: 'keyReuse';
  readonly node: Expression;
  readonly argument: Expression;
  /** The draw that used it first; the same node in a loop. */
  readonly first: Expression;
}

/** A module of this file is called whose class has no `__call__`. */
interface NotCallableFact {
  readonly kind: 'notCallable';
  readonly node: CallExpression;
  readonly class: ClassValue;
}

interface ClassDefinitionFact {
  readonly kind: 'classDefinition';
  readonly node: ClassStatement;
  readonly class: ClassValue;
}

/** Facts about MLX arrays and modules, before the interpreter adds where they happened. */
export type MlxFact =
  | ArrayOperationFact
  | ArrayIndexFact
  | ArrayTestFact
  | ArrayComparisonFact
  | ModuleAttributeFact
  | KeyReuseFact
  | NotCallableFact
  | ClassDefinitionFact;
