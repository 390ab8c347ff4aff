import { parse } from 'yaml';

/** An entry of torch's native_functions.yaml, as far as it is read. */
interface NativeFunction {
  readonly func: string;
  readonly structured?: boolean;
  readonly structured_delegate?: string;
  readonly dispatch?: Readonly<Record<string, string>>;
}

interface Entry {
  readonly keys: ReadonlySet<string>;
  readonly delegate: string | null;
  readonly structured: boolean;
}

/**
 * Operators that MPSFallback.mm runs on the CPU without being asked, with the last version that did; null:
 * still. Source: the registrations in the machine code of torch 2.4.1 to 2.15.0.
 */
const cpuFallbacks: ReadonlyMap<string, string | null> = new Map([
  ['_slow_conv2d_forward', null],
  ['embedding_renorm_', null],
  ['col2im', '2.6'],
  ...['im2col', ...['left', 'right'].flatMap((side) => shifts(side))].map(
    (name): [string, string] => [name, '2.4'],
  ),
]);

function shifts(side: string): string[] {
  return ['.Tensor', '.Tensor_out', '_.Tensor'].map((form) => `bitwise_${side}_shift${form}`);
}

/**
 * The operators of a torch version (`name.overload`) that have a kernel for the CPU or CUDA, but none for MPS:
 * calls of them on MPS raise NotImplementedError.
 * @param yaml torchgen/packaged/ATen/native/native_functions.yaml of the version's wheel
 * @param version such as 2.13.0
 */
export function missingOperators(yaml: string, version: string): string[] {
  const entries = new Map(
    (parse(yaml) as NativeFunction[]).map((native): [string, Entry] => [
      native.func.slice(0, native.func.indexOf('(')),
      {
        keys: new Set(
          Object.keys(native.dispatch ?? {}).flatMap((keys) =>
            keys.split(',').map((k) => k.trim()),
          ),
        ),
        delegate: native.structured_delegate ?? null,
        structured: native.structured === true,
      },
    ]),
  );
  const release = version.split('.').slice(0, 2).map(Number);
  const runsOnCpu = (name: string): boolean => {
    const until = cpuFallbacks.get(name);
    if (until === null || until === undefined) return until === null;
    return (release[1] ?? 0) <= Number(until.split('.')[1]);
  };
  return [...entries]
    .filter(([name, entry]) => isDense(entry) && !runsOnMps(entry, entries) && !runsOnCpu(name))
    .map(([name]) => name)
    .sort();
}

const isDense = ({ keys, delegate }: Entry): boolean =>
  keys.has('CPU') || keys.has('CUDA') || delegate !== null;

/** Composite keys come first: `all.dims` has both a composite kernel and a delegate. */
function runsOnMps(entry: Entry, entries: ReadonlyMap<string, Entry>): boolean {
  const { keys, delegate, structured } = entry;
  if (keys.has('MPS')) return true;
  if (keys.has('CompositeImplicitAutograd')) return true;
  if (keys.size === 0 && !structured && delegate === null) return true;
  if (keys.has('CompositeExplicitAutograd')) return true;
  if (keys.has('CompositeExplicitAutogradNonFunctional')) return true;
  return delegate !== null && entries.get(delegate)?.keys.has('MPS') === true;
}
