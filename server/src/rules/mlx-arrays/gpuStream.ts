import type { Fact, Facts } from '../../semantics/facts.ts';
import { mlxDeviceOf } from '../../semantics/mlxStreams.ts';
import type { Device } from '../../semantics/values.ts';
import { isCertainly } from '../../semantics/values.ts';
import { factsOf } from '../factsOf.ts';

const choosesCpu = new WeakMap<Facts, boolean>();

/** Functions that choose where MLX runs what comes after. */
const choosers: ReadonlySet<string> = new Set([
  'mlx.core.set_default_device',
  'mlx.core.set_default_stream',
  'mlx.core.stream',
]);

/** Does the file choose another device than the GPU anywhere? */
function asksForCpu(facts: Facts): boolean {
  let asks = choosesCpu.get(facts);
  if (asks === undefined) {
    asks = factsOf(facts, 'libraryCall').some(
      ({ name, positional }) =>
        choosers.has(name) && !isCertainly(mlxDeviceOf(positional[0]) ?? null, 'mps'),
    );
    choosesCpu.set(facts, asks);
  }
  return asks;
}

/**
 * Is it certain that MLX runs this on the GPU? Whoever calls a function that the file itself does not
 * reach may have chosen the CPU before, if the file does so anywhere.
 */
export const runsOnGpu = (device: Device | null, fact: Fact, facts: Facts): boolean =>
  isCertainly(device, 'mps') && (fact.reached || !asksForCpu(facts));
