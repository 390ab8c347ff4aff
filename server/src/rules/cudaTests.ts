import type { Fact, Facts } from '../semantics/facts.ts';
import { isGpuOption } from '../semantics/gpuOptions.ts';
import { isWithoutMps } from '../semantics/withoutMps.ts';
import type {
  ClassStatement,
  Expression,
  FunctionStatement,
  Module,
  Statement,
} from '../syntax/tree.ts';
import { childrenOf } from '../syntax/visit.ts';
import { uninstallablePackages } from '../tables/cudaFunctions.ts';
import { beyondCuda } from '../tables/mac.ts';
import { ownersOf } from './owners.ts';

/** Words of options that a Mac leaves off: `args.cuda`, `use_gpu`, `distributed`, `local_rank`. */
const words =
  /cuda|gpu|nvidia|nsight|nsys|nvtx|nvprof|deepspeed|distributed|ddp|fsdp|nccl|cudnn|triton|(?:local|world)_?(?:rank|size)|rocm/i;

/** Of functions and classes: a GPU may be that of a Mac, and distributed code for gloo. */
const ownerWords = /cuda|nvidia|ddp|fsdp|nccl|cudnn|triton|rocm|tensor_?rt|cutlass/i;

/** Of arguments of decorators: `gpu="A100"`, `num_gpus=1`; not `gpu_offloadable=True`, which is about what CUDA needs. */
const argumentWords = /cuda|nvidia|cudnn|triton|rocm|^(?:(?:[a-z]+_)?gpus?|gpu_(?:count|type))$/i;

/** Packages beside those for CUDA alone: who imports one without a `try` has written for CUDA. */
const cudaPackages = new Set([
  'apex',
  'cutlass',
  'msamp',
  'nvidia',
  // Triton's server for models.
  'triton_python_backend_utils',
]);

/**
 * Is the fact in code that is for CUDA by what its author says: behind an option that only machines
 * with CUDA set, in a function, class or test that is called or marked so, or in a file that needs
 * a package of CUDA? Whether a Mac gets there is then unknown, and the unknown is not reported.
 */
export const isForCuda = (fact: Fact, module: Module): boolean =>
  isBehindCudaOption(fact) || isPlacedForCuda(module, fact.node.start);

/** A file that asks for MPS anywhere has thought of it. */
export const asksForMps = ({ askedInScope }: Facts): boolean =>
  [...askedInScope.values()].some((asked) => [...beyondCuda].some((one) => asked.has(one)));

/** Does a place lie in a function, class or file that is for CUDA? */
export const isPlacedForCuda = (module: Module, offset: number): boolean =>
  isOwnedByCuda(module.body, offset) || needsCudaPackage(module, offset);

/** Does the fact lie behind an option that only machines with CUDA set, or where the device is not MPS? */
export const isBehindCudaOption = ({ tests }: Fact): boolean =>
  tests.some((test) => isWithoutMps(test) || mentionsCuda(test) || leavesOutMacs(test));

/** Is the only reason to take it for CUDA that an option for a GPU leads there? Then the program has none for a Mac. */
export const isBehindGpuOption = (fact: Fact, module: Module): boolean =>
  isBehindCudaOption(fact) &&
  fact.tests.every((test) => isGpuOption(test) || !(isWithoutMps(test) || mentionsCuda(test))) &&
  !isPlacedForCuda(module, fact.node.start) &&
  !isInTest(fact, module);

/** `device != "cpu" and device != "mps"`: what remains is CUDA or its like. */
function leavesOutMacs(test: Expression): boolean {
  const unlike = (node: Expression): string[] => {
    if (node.kind === 'boolean' && node.operator === 'and')
      return [...unlike(node.left), ...unlike(node.right)];
    const [value] = node.kind === 'compare' && node.operators[0] === '!=' ? node.operands : [];
    return value?.kind === 'string' ? [value.value] : [];
  };
  const types = unlike(test);
  return types.includes('cpu') && types.includes('mps');
}

/** Is it reached only where several processes work together? Their tensors are on the CPU on a Mac, for gloo. */
export const isBetweenProcesses = ({ tests }: Fact): boolean =>
  tests.some((test) => mentions(test, /distributed|ddp|fsdp|world_size/i));

const mentionsCuda = (expression: Expression): boolean => mentions(expression, words);

/** Does the expression name what is sought, be it an argument's name? */
function mentions(expression: Expression, sought: RegExp, ofArguments = sought): boolean {
  const pending: Expression[] = [expression];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (sought.test(textOf(node))) return true;
    if (node.kind === 'call' && node.args.some(({ name }) => ofArguments.test(name?.text ?? '')))
      return true;
    pending.push(...(childrenOf(node) as Expression[]));
  }
  return false;
}

function textOf(node: Expression): string {
  if (node.kind === 'name') return node.id;
  if (node.kind === 'attribute') return node.name.text;
  return node.kind === 'string' ? node.value : '';
}

/** Names and decorators of the functions and classes around a place. */
const isOwnedByCuda = (body: readonly Statement[], offset: number): boolean =>
  ownersOf(body, offset).some(
    ({ name, decorators }) => ownerWords.test(name.text) || decorators.some(marksForCuda),
  );

/**
 * Does the fact lie in a test that nothing in the file calls, or in a file for pytest? Tests of CUDA are skipped in ways that
 * cannot be seen in them: by fixtures, by markers of the whole folder, by what the runner selects.
 */
export const isInTest = (fact: Fact, module: Module): boolean =>
  !fact.reached && (ownersOf(module.body, fact.node.start).some(isTest) || isTestFile(module));

/** Files for pytest and unittest. */
export const isTestFile = (module: Module): boolean => importsOf(module.body).test;

const isTest = ({ name }: FunctionStatement | ClassStatement): boolean =>
  /^_*[Tt]est|Test$/.test(name.text);

/** Is a package of CUDA imported by a body around the place? */
export function needsCudaPackage(module: Module, offset: number): boolean {
  if (importsOf(module.body).cuda) return true;
  // A function that tries to import it has another way to get it, not another way without it.
  return ownersOf(module.body, offset).some(({ body }) => {
    const { cuda, cudaInTry } = importsOf(body);
    return cuda || cudaInTry;
  });
}

/**
 * `@onlyCUDA`, `@skipIf(not TEST_CUDA)`; not `@torch.autocast("cuda")`, which only warns, `@spaces.GPU`, which
 * says something to Hugging Face alone, and `@click.option("--device", default="cuda")`.
 */
const marksForCuda = (decorator: Expression): boolean =>
  !(decorator.kind === 'call' && decorator.args.some(({ name }) => name?.text === 'default')) &&
  !mentions(decorator, /^(?:autocast|spaces)$/) &&
  mentions(decorator, words, argumentWords);

const isCudaPackage = (name: string): boolean =>
  cudaPackages.has(name) || uninstallablePackages.has(name);

/** What a body imports. */
interface BodyImports {
  /** pytest or unittest. */
  readonly test: boolean;
  /** A package of CUDA. */
  readonly cuda: boolean;
  readonly cudaInTry: boolean;
}

const imports = new WeakMap<readonly Statement[], BodyImports>();

function importsOf(body: readonly Statement[]): BodyImports {
  let known = imports.get(body);
  if (known === undefined) {
    const packages = packagesOf(body);
    known = {
      test: packages.includes('pytest') || packages.includes('unittest'),
      cuda: packages.some(isCudaPackage),
      cudaInTry: body.some(
        (statement) => statement.kind === 'try' && packagesOf(statement.body).some(isCudaPackage),
      ),
    };
    imports.set(body, known);
  }
  return known;
}

/** The packages that a body imports. */
function packagesOf(body: readonly Statement[]): string[] {
  const packages: string[] = [];
  const add = (module: string): void => void packages.push(module.split('.', 1)[0] as string);
  for (const statement of body) {
    if (statement.kind === 'import') for (const { module } of statement.names) add(module);
    else if (statement.kind === 'importFrom' && statement.level === 0) add(statement.module);
  }
  return packages;
}
