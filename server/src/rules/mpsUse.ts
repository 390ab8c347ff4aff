import type { Facts } from '../semantics/facts.ts';
import type { Device, Value } from '../semantics/values.ts';
import { isCertainly } from '../semantics/values.ts';
import { factsOf } from './factsOf.ts';

const known = new WeakMap<Facts, boolean>();

/** Does the program compute on MPS when it runs on a Mac? */
export function usesMps(facts: Facts): boolean {
  let uses = known.get(facts);
  if (uses === undefined) {
    uses = facts.facts.some(
      (fact) =>
        (fact.kind === 'deviceUse' || fact.kind === 'transfer') && isCertainly(fact.device, 'mps'),
    );
    known.set(facts, uses);
  }
  return uses;
}

const forMacs = new WeakMap<Facts, boolean>();

/**
 * Does the file itself say that Macs run it: does it ask for MPS, name or choose it as a device, compute there, or
 * use MLX? What goes wrong on a Mac only is a warning then, and for information elsewhere.
 */
export function isForMacs(facts: Facts): boolean {
  let is = forMacs.get(facts);
  if (is === undefined) {
    is =
      [...facts.askedInScope.values()].some((asked) => macs.some((one) => asked.has(one))) ||
      facts.deviceNames.length > 0 ||
      [...facts.localNames.keys()].some((library) => /^mlx(?:_lm|_vlm)?(?:\.|$)/.test(library)) ||
      factsOf(facts, 'libraryCall').some(({ name }) => name.startsWith('torch.mps.')) ||
      usesMps(facts);
    forMacs.set(facts, is);
  }
  return is;
}

const macs = ['mps', 'mpsDevice', 'metal'];

/** The device of a tensor that is certainly on MPS; null for anything else. */
export const mpsDeviceOf = (value: Value | undefined): Device | null =>
  value?.kind === 'tensor' && isCertainly(value.device, 'mps') ? value.device : null;

/** Chosen at run time, the device is MPS on a Mac only. */
export const severityOn = (device: Device): 'error' | 'warning' =>
  device.choice === undefined ? 'error' : 'warning';
