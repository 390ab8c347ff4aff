import type { CudaPackageSetting, TextChange } from '../syntax/settings/setting.ts';
import type {
  AssertStatement,
  AssignStatement,
  AttributeExpression,
  BooleanExpression,
  CallExpression,
  ConditionalExpression,
  Expression,
  ForStatement,
  IfStatement,
  ImportFromStatement,
  ImportStatement,
  Span,
  Statement,
  SubscriptExpression,
  WhileStatement,
} from '../syntax/tree.ts';
import type { LazinessFact } from './lazinessFacts.ts';
import type { MlxFact } from './mlxFacts.ts';
import type { ArrayState } from './state.ts';
import type { Trail, TrailEvent } from './trail.ts';
import type { Device, Value } from './values.ts';

/** What holds of every fact. */
interface FactBase {
  /** Names of exceptions that an enclosing `try` catches without raising again. */
  readonly caught: ReadonlySet<string>;
  /** Tests around it whose outcome is unknown. */
  readonly tests: readonly Expression[];
  /** Does the file itself get there? Otherwise somebody who imports it would have to call a function. */
  readonly reached: boolean;
  /** True behind an assertion of CUDA: a Mac gets there once that is gone. */
  readonly refused: boolean;
  /** The innermost loop around it in the same body. */
  readonly loop: ForStatement | WhileStatement | null;
  /** Does a loop run it again and again, be it around a call of its function? */
  readonly repeated: boolean;
  /** The statement that was running. */
  readonly statement: Statement;
  /** Bodies (module, function) that the fact lies in: 0 is the module. */
  readonly scope: number;
}

/** A device reaches an API that allocates or moves there. */
export interface DeviceUseFact extends FactBase {
  readonly kind: 'deviceUse';
  /** The call that uses it. */
  readonly node: CallExpression;
  readonly device: Device;
  /** `.cuda()` has no device expression; what a package without a model does with a device is its own affair. */
  readonly how: 'cudaMethod' | 'toMethod' | 'argument' | 'packageArgument';
  /** The expression to replace: the argument, or the literal that it came from. */
  readonly expression: Expression | null;
}

/** A device was chosen by asking backends, and the CPU is what a Mac gets. */
export interface SelectorFact extends FactBase {
  readonly kind: 'selector';
  readonly node: ConditionalExpression | BooleanExpression | SubscriptExpression | IfStatement;
  readonly form: 'conditional' | 'if' | 'return';
  /** What a Mac gets. */
  readonly chosen: Value;
  readonly asked: ReadonlySet<string>;
  /** What decides instead of a question for CUDA: an option, so that a Mac takes either arm, or `x.is_cuda`. */
  readonly by?: 'option' | 'tensor';
  /** The statement of the arm that no Mac takes; null for a conditional expression. */
  readonly deadStatement: Statement | null;
}

/** What one `if` chose for CUDA, a second one overwrites in its `else`. */
export interface ClobberFact extends FactBase {
  readonly kind: 'clobber';
  /** The second one. */
  readonly node: IfStatement;
  readonly first: IfStatement;
  readonly name: string;
  /** The statement in the `else` of the second one. */
  readonly overwrite: Statement;
}

/** A value arrives on a device. */
export interface TransferFact extends FactBase {
  readonly kind: 'transfer';
  readonly node: CallExpression;
  readonly device: Device;
  /** What is moved or made from: tensor, ndarray, …; unknown when made from nothing. */
  readonly value: Value;
  /** dtype on arrival; null: unknown. */
  readonly dtype: string | null;
  /** The expression that names the dtype in this call, when there is one. */
  readonly dtypeExpression: Expression | null;
  readonly how: 'move' | 'create' | 'convert';
}

/** A variable of the process environment is set by the program. */
export interface EnvironmentWriteFact extends FactBase {
  readonly kind: 'environmentWrite';
  readonly node: Span;
  readonly name: string;
  /** null: not a literal. */
  readonly value: string | null;
  /** False for a number or the like, which os.environ refuses. */
  readonly isText: boolean;
  readonly valueExpression: Expression | null;
  /** What had loaded torch before, when that is certain. */
  readonly torchLoadedBy: Span | null;
  /** How the variable is set; only `assign` and `magic` are statements of their own; `file` is no Python. */
  readonly form: 'assign' | 'call' | 'magic' | 'file';
  /** In a file that is not Python: sets another variable in the same way. */
  readonly beside: ((name: string, value: string) => TextChange) | null;
}

/** A file says that packages built for CUDA alone are installed. */
export interface CudaPackageFact extends FactBase {
  readonly kind: 'cudaPackage';
  readonly node: Span;
  readonly how: CudaPackageSetting['how'];
}

/** Two clock readings are subtracted: what happened in between, one list for each path. */
export interface TimedWindowFact extends FactBase {
  readonly kind: 'timedWindow';
  /** The subtraction. */
  readonly node: Expression;
  readonly start: Trail;
  readonly end: Trail;
  readonly startStatement: Statement;
  readonly endStatement: Statement;
  /** Do both statements stand in the function that subtracts, where its names mean what they mean there? */
  readonly isOneCall: boolean;
  readonly paths: readonly (readonly TrailEvent[])[];
  /** Array ids to the names that the function could use for them when the window closed. */
  readonly arrayNames: ReadonlyMap<number, string>;
  /** What MLX knew of each array when the window closed. */
  readonly arrays: Pick<ReadonlyMap<number, ArrayState>, 'get'>;
  /** Arrays that lists, tuples and dicts hold. */
  readonly held: ReadonlySet<number>;
  /** True when the device of the work was chosen at run time, so that other machines differ. */
  readonly deviceChosen: boolean;
}

/** `timeit` or `%timeit` has timed code: what happened in it, one list for each path. */
interface TimedCodeFact extends FactBase {
  readonly kind: 'timedCode';
  /** The timer. */
  readonly node: Span;
  /** What is timed ends with this; null: it is elsewhere. */
  readonly last: Expression | AssignStatement | null;
  readonly paths: readonly (readonly TrailEvent[])[];
}

/** An attribute is read from a modelled value or a library module. */
export interface AttributeFact extends FactBase {
  readonly kind: 'attribute';
  readonly node: AttributeExpression;
  readonly object: Value;
  /** The call whose callee this is. */
  readonly call: CallExpression | null;
}

/** A library function is called. */
export interface LibraryCallFact extends FactBase {
  readonly kind: 'libraryCall';
  readonly node: CallExpression;
  readonly name: string;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Where torch creates tensors when no device is given; null: unknown. */
  readonly defaultDevice: Device | null;
  /** Where a call of MLX runs; null: unknown, or not MLX. */
  readonly mlxDevice: Device | null;
}

/** A method of a tensor, a torch module or an object of a library is called. */
export interface MethodCallFact extends FactBase {
  readonly kind: 'methodCall';
  readonly node: CallExpression;
  readonly callee: AttributeExpression;
  readonly object: Value;
  /** Where the object is: of a tensor or a torch module; null: unknown. */
  readonly device: Device | null;
  readonly name: string;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** A torch module is called on its inputs. */
export interface ModuleCallFact extends FactBase {
  readonly kind: 'moduleCall';
  readonly node: CallExpression;
  readonly module: Value;
  readonly device: Device | null;
  readonly positional: readonly Value[];
  /** Text of its own forward method, which may move its inputs; null: that of a class of torch. */
  readonly forward: string | null;
}

/** A module is imported. */
export interface ImportFact extends FactBase {
  readonly kind: 'import';
  readonly node: ImportStatement | ImportFromStatement;
  /** Dotted name as written; without the names that are taken from it. */
  readonly module: string;
}

/** A tensor is asked whether it is true, or becomes part of a text: the host needs its numbers. */
export interface TensorReadFact extends FactBase {
  readonly kind: 'tensorRead';
  readonly node: Expression;
  /** Where it is; null: unknown. */
  readonly device: Device | null;
}

/** A `for` statement takes its elements from an object of a library. */
export interface IterationFact extends FactBase {
  readonly kind: 'iteration';
  readonly node: ForStatement;
  readonly iterable: Value;
}

/** A CUDA device is what callers or options get that name none. */
export interface DeviceDefaultFact extends FactBase {
  readonly kind: 'deviceDefault';
  /** The literal. */
  readonly node: Expression;
  readonly name: string;
}

/** Only a CUDA device passes a test, whatever the device is, and nothing is done for others. */
export interface DeviceGateFact extends FactBase {
  readonly kind: 'deviceGate';
  readonly node: IfStatement;
}

/** What kind a device is, is said as if there were none but CUDA and the CPU. */
export interface DeviceKindFact extends FactBase {
  readonly kind: 'deviceKind';
  readonly node: ConditionalExpression;
}

/** A name says GPU, and its value whether there is CUDA. */
export interface GpuFlagFact extends FactBase {
  readonly kind: 'gpuFlag';
  /** The value. */
  readonly node: Expression;
}

/** An option takes CUDA or the CPU, and no MPS. */
export interface DeviceChoicesFact extends FactBase {
  readonly kind: 'deviceChoices';
  /** The list of what it takes. */
  readonly node: Expression;
  /** Is one of them `"auto"`, which leaves the choice to the program? */
  readonly isOpen: boolean;
}

/** The program ends on a Mac because it has no CUDA. */
export interface RefusalFact extends FactBase {
  readonly kind: 'refusal';
  readonly node: AssertStatement | IfStatement;
}

/** An arm that no Mac takes, because it asks for CUDA and nothing asks for what a Mac has. */
export interface CudaArmFact extends FactBase {
  readonly kind: 'cudaArm';
  readonly node: IfStatement;
  readonly body: readonly Statement[];
}

/** A value that only CUDA machines get, because it asks for CUDA and nothing else that a Mac has. */
export interface CudaValueFact extends FactBase {
  readonly kind: 'cudaValue';
  readonly node: ConditionalExpression;
}

/** A handler of torch's own error for a GPU without memory, beside none that catches a RuntimeError; or a test for the text of CUDA's. */
export interface OutOfMemoryFact extends FactBase {
  readonly kind: 'outOfMemory';
  /** The error, or the text. */
  readonly node: Expression;
}

export type Fact =
  | DeviceDefaultFact
  | DeviceChoicesFact
  | DeviceGateFact
  | DeviceKindFact
  | GpuFlagFact
  | RefusalFact
  | CudaArmFact
  | CudaValueFact
  | OutOfMemoryFact
  | DeviceUseFact
  | SelectorFact
  | ClobberFact
  | TransferFact
  | EnvironmentWriteFact
  | CudaPackageFact
  | TimedWindowFact
  | TimedCodeFact
  | AttributeFact
  | LibraryCallFact
  | MethodCallFact
  | ModuleCallFact
  | ImportFact
  | IterationFact
  | TensorReadFact
  | (FactBase & MlxFact)
  | (FactBase & LazinessFact);

export type FactKind = Fact['kind'];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

/** A fact before the interpreter adds where it happened. */
export type NewFact<F extends Fact = Fact> = F extends Fact ? Omit<F, keyof FactBase> : never;

/** All that the interpreter found out about a file. */
export interface Facts {
  readonly facts: readonly Fact[];
  /** Where the file had cost as much as one may, and nothing more was found out; null: it was run to its end. */
  readonly stoppedAt: number | null;
  /** Backends asked for anywhere in a scope (0: the module). */
  readonly askedInScope: ReadonlyMap<number, ReadonlySet<string>>;
  /** Module-level names bound to a device that was chosen with an MPS arm. */
  readonly deviceNames: readonly { readonly name: string; readonly boundAt: number }[];
  /** Local name of a library module, such as torch -> "torch" or mlx.core -> "mx". */
  readonly localNames: ReadonlyMap<
    string,
    { readonly name: string; readonly statement: Statement }
  >;
  /** Every name that the file binds anywhere. */
  readonly boundNames: ReadonlySet<string>;
  /** Path from the top of the file's project on, with a separator before it; "" for a text that has none. */
  readonly pathInProject: () => string;
  /** Does a file that this one imports need a package that no Mac has? Then importing this one raises, too. */
  readonly importsUninstallable: () => boolean;
}

/** Does an enclosing `try` swallow `exception`? */
export function isCaught(fact: Fact, exception: string): boolean {
  if (fact.caught.size === 0) return false;
  return ['BaseException', 'Exception', exception].some((name) => fact.caught.has(name));
}
