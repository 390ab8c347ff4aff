import type {
  CallExpression,
  Expression,
  ForStatement,
  FunctionStatement,
  LambdaExpression,
  WhileStatement,
} from '../syntax/tree.ts';
import type { TransformedValue, Value } from './values.ts';

/** Values are asked for: MLX computes. */
interface EvaluationFact {
  readonly kind: 'evaluation';
  readonly node: Expression;
  readonly values: readonly Value[];
  /** Arrays that were lazy until now. */
  readonly computed: number;
  /** The transform whose function runs, where the value depends on what it is given; null: none. */
  readonly traced: TransformedValue | null;
}

/** Something that a compiled function does only while MLX traces it. */
export type TracedEffect =
  /** An optimizer updates a model. */
  | 'update'
  /** Random numbers are drawn: the same ones in every call. */
  | 'random'
  /** nn.Dropout drops: the same elements in every call. */
  | 'dropout'
  /** Something is added to a list or dict from outside. */
  | 'append';

interface TracedEffectFact {
  readonly kind: 'tracedEffect';
  readonly node: Expression;
  readonly effect: TracedEffect;
  readonly compiled: TransformedValue;
  /** Does the same function update a model? */
  readonly trains: boolean;
}

/** What mx.compile, mx.grad or the like made is called. */
interface TransformedCallFact {
  readonly kind: 'transformedCall';
  readonly node: CallExpression;
  readonly transformed: TransformedValue;
  readonly positional: readonly Value[];
  /** Names that its function reads from outside, with an array or a model that was another when MLX traced it. */
  readonly stale: readonly string[];
}

/** The function given to mx.grad or the like has returned. */
interface DifferentiatedFact {
  readonly kind: 'differentiated';
  /** The call that differentiates. */
  readonly node: CallExpression;
  readonly function: FunctionStatement | LambdaExpression;
  /** Expressions that took an array off the graph, and whose number is part of what is returned. */
  readonly fromHost: readonly Expression[];
  /** The loss that is returned before anything has reduced it to a number; null: it is a number. */
  readonly unreduced: Expression | null;
}

/** A loop has run for a second round. */
interface LoopFact {
  readonly kind: 'loop';
  readonly node: ForStatement | WhileStatement;
  /** Variables that each round adds lazy work to and none computes. */
  readonly growing: readonly GrowingVariable[];
  /** What updates a model whose new parameters nothing in the round computes; null: none. */
  readonly lazyUpdate: Expression | null;
  /** What is computed in the round all the same, such as a printed loss. */
  readonly evaluates: boolean;
}

export interface GrowingVariable {
  readonly name: string;
  /** What is added: the loss of `total += loss` or `losses.append(loss)`. */
  readonly node: Expression;
  /** Is it a list that grows, or a sum? */
  readonly form: 'list' | 'sum';
}

/** A thread of the program runs code on arrays or streams of another thread. */
interface ForeignStreamFact {
  readonly kind: 'foreignStream';
  readonly node: Expression;
  /** What made the thread. */
  readonly thread: Expression;
  /** The stream that another thread made; null: a lazy array. */
  readonly stream: Expression | null;
}

/** Facts about when MLX computes, before the interpreter adds where they happened. */
export type LazinessFact =
  | EvaluationFact
  | TracedEffectFact
  | TransformedCallFact
  | DifferentiatedFact
  | LoopFact
  | ForeignStreamFact;
